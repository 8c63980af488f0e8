// The card of one remark: what, why, the better words, and 'I disagree'.
import { icon, make } from "../make.js";
import { say } from "../words.js";

export const signs = { stop: ["alert-circle", "bad"], warn: ["alert-triangle", "soon"], hint: ["info", ""] };

function fixButton(suggestion, first, take) {
  const words = suggestion === "" ? say("takeOut") : suggestion;
  return make("button", { class: "remark-fix", type: "button", onclick: () => take(suggestion) },
    make("span", {}, words), first ? make("kbd", {}, "Alt ↵") : null);
}

function body(remark, { take, disagree, next }) {
  const { severity, message, why, practice, suggestions = [] } = remark.finding;
  const [sign, colour] = signs[severity];
  return [
    make("p", { class: "remark-what" }, icon(sign, colour), make("span", {}, make("span", { class: "sr-only" }, `${say(`severity_${severity}`)}: `), message)),
    why ? make("p", { class: "remark-why" }, why) : null,
    suggestions.length ? make("div", { class: "remark-fixes" }, suggestions.slice(0, 4).map((one, index) => fixButton(one, index === 0, take))) : null,
    make("div", { class: "remark-foot" },
      make("span", { class: "remark-practice" }, practice ? say("practice", { id: practice }) : ""),
      make("span", {},
        make("button", { class: "btn btn--quiet btn--small", type: "button", onclick: disagree }, say("disagree")),
        make("button", { class: "btn btn--quiet btn--small", type: "button", title: `${say("nextRemark")} (Alt+.)`, onclick: next }, say("nextRemark")))),
  ];
}

/** Below the words where there is room, else above; never outside the window, and beside the panel where it fits. */
function place(card, box) {
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = box.bottom + 6;
  const top = below + height < innerHeight - 8 ? below : Math.max(8, box.top - height - 6);
  card.style.top = `${top}px`;
  const right = Math.min(box.within && box.within.width >= width ? box.within.right : innerWidth, innerWidth - 8);
  card.style.left = `${Math.max(8, Math.min(box.left, right - width))}px`;
}

export class Card {
  constructor(signal) {
    this.element = null;
    this.remark = null;
    this.back = null;
    document.addEventListener("pointerdown", (event) => {
      if (this.element && !this.element.contains(event.target) && !event.target.closest?.("[data-remark]")) this.hide();
    }, { signal });
    addEventListener("resize", () => this.hide(), { signal });
  }

  /** `box` is where the words stand; `focus` moves there, and `back` is where it returns. */
  show(remark, { box, actions, focus = false, back = null }) {
    if (this.remark?.id === remark.id && this.element && !focus) return;
    this.hide();
    this.remark = remark;
    this.back = back;
    this.element = make("div", { class: `remark-card remark--${remark.finding.severity}`, role: "dialog", "aria-label": remark.finding.message, "data-remark-card": true }, body(remark, actions));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.hide(true);
    });
    this.element.addEventListener("pointerleave", () => { if (this.hovering) this.hideSoon(); });
    this.element.addEventListener("pointerenter", () => clearTimeout(this.hiding));
    this.element.style.position = "fixed";
    document.body.append(this.element);
    place(this.element, box);
    if (focus) this.element.querySelector("button")?.focus();
  }

  hideSoon() {
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => this.hide(), 250);
  }

  hide(giveBack = false) {
    clearTimeout(this.hiding);
    const had = this.element?.contains(document.activeElement);
    this.element?.remove();
    this.element = null;
    this.remark = null;
    this.hovering = false;
    if (giveBack || had) this.back?.();
  }
}
