// Setting a link on the selected words.
import { toggleMark } from "prosemirror-commands";
import { make } from "../make.js";
import { say } from "../words.js";
import { schema } from "./schema.js";

const { link } = schema.marks;

/** An address as somebody types it, made whole; empty for what is no web or mail address. */
export function wholeAddress(typed) {
  const address = typed.trim();
  if (/^(https?:\/\/|mailto:|tel:)\S+$/i.test(address)) return address;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`;
  return /^[^\s:/]+\.[^\s]+$/.test(address) ? `https://${address}` : "";
}

function set(view, href) {
  const { from, to, empty } = view.state.selection;
  if (!href) return toggleMark(link)(view.state, view.dispatch);
  const transaction = view.state.tr;
  if (empty) transaction.insertText(href.replace(/^mailto:/, ""), from);
  const end = empty ? transaction.mapping.map(to) : to;
  view.dispatch(transaction.removeMark(from, end, link).addMark(from, end, link.create({ href })));
  return true;
}

/** A command that opens a small form over the editor. `always`: also without selected words. */
export function linkCommand(place, always) {
  return (state, dispatch, view) => {
    const { from, to, empty } = state.selection;
    const has = state.doc.rangeHasMark(from, to, link);
    if (empty && !always) return false;
    if (!dispatch) return true;
    if (has) {
      view.dispatch(state.tr.removeMark(from, to, link));
      return true;
    }
    place.querySelector(".link-form")?.remove();
    const input = make("input", { class: "input", type: "text", inputmode: "url", "aria-label": say("linkAddress"), placeholder: say("linkAddress") });
    const done = () => { box.remove(); view.focus(); };
    const take = () => {
      const href = wholeAddress(input.value);
      if (input.value.trim() && !href) return input.setAttribute("aria-invalid", "true");
      if (href) set(view, href);
      return done();
    };
    const box = make("div", { class: "link-form", role: "group", "aria-label": say("link") }, input,
      make("button", { class: "btn btn--primary", type: "button", onclick: take }, say("linkSet")));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === input) { event.preventDefault(); take(); }
      if (event.key === "Escape") { event.stopPropagation(); done(); }
    });
    place.append(box);
    input.focus();
    return true;
  };
}
