// @ in a note offers the people of the team.
import { Plugin } from "prosemirror-state";
import { make } from "../make.js";
import { say } from "../words.js";

const SHOWN = 6;

/** The `@word` before the cursor: `{from, typed}` or null. */
function typedAt(state) {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock) return null;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 40), $from.parentOffset, null, "￼");
  const match = before.match(/(?:^|[\s(])@([\p{L}\d' .-]{0,30})$/u);
  return match ? { from: $from.pos - match[1].length - 1, typed: match[1].toLowerCase() } : null;
}

/** The ids of the people whose `@Name` stands in a text. */
export function mentioned(text, people) {
  return people.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
}

class Offer {
  constructor(view, people, isNote) {
    Object.assign(this, { view, people, isNote, at: 0, fits: [], where: null });
    this.box = make("ul", { class: "mention-menu", role: "listbox", "aria-label": say("people"), hidden: true });
    this.box.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take([...this.box.children].indexOf(event.target.closest("li")));
    });
    view.dom.parentNode.append(this.box);
  }

  update(view) {
    this.where = this.isNote() && view.hasFocus() ? typedAt(view.state) : null;
    this.fits = this.where ? this.people.filter(({ name }) => name.toLowerCase().split(" ").some((word) => word.startsWith(this.where.typed)) || name.toLowerCase().startsWith(this.where.typed)).slice(0, SHOWN) : [];
    this.at = Math.min(this.at, Math.max(this.fits.length - 1, 0));
    this.draw();
  }

  draw() {
    this.box.hidden = this.fits.length === 0;
    if (this.box.hidden) return;
    this.box.replaceChildren(...this.fits.map(({ name }, index) => make("li", { class: "menu-item", role: "option", "aria-selected": String(index === this.at) }, name)));
    const spot = this.view.coordsAtPos(this.where.from);
    const outer = this.view.dom.parentNode.getBoundingClientRect();
    this.box.style.left = `${Math.min(spot.left - outer.left, outer.width - 230)}px`;
    this.box.style.bottom = `${outer.bottom - spot.top + 4}px`;
  }

  take(index) {
    const person = this.fits[index];
    if (!person) return;
    this.view.dispatch(this.view.state.tr.insertText(`@${person.name} `, this.where.from, this.view.state.selection.from));
    this.view.focus();
  }

  key(event) {
    if (!this.fits.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.fits.length) % this.fits.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.take(this.at);
    else if (event.key === "Escape") { this.fits = []; this.draw(); } else return false;
    return true;
  }

  destroy() {
    this.box.remove();
  }
}

export function mentionsPlugin(people, isNote) {
  let offer = null;
  return new Plugin({
    view: (view) => { offer = new Offer(view, people, isNote); return offer; },
    props: { handleKeyDown: (view, event) => offer?.key(event) ?? false },
  });
}
