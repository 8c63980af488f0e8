// The coach's panel beside the editor: what they asked, what you promise, remarks. Plain lists of buttons.
import { icon, make } from "../make.js";
import { say } from "../words.js";
import { signs } from "./card.js";
import { dueField } from "./promises.js";
import { inOrder } from "./remarks.js";

const SHOWN = 5;
const answers = { yes: ["check-circle", "good", "answered"], partly: ["circle-dot", "soon", "partly"], no: ["circle", "", "open"] };

function questionButton(question, index, show) {
  const [sign, colour, word] = answers[question.answered] ?? answers.no;
  return make("li", {}, make("button", { class: "coach-item", type: "button", "data-at": `q${index}`, "data-done": question.answered === "yes", onclick: () => show(question) },
    icon(sign, colour), make("span", {}, make("span", { class: "coach-item-words" }, question.quote.trim()), make("span", { class: "sr-only" }, `, ${say(word)}`))));
}

function remarkButton(remark, open) {
  const [sign, colour] = signs[remark.finding.severity];
  return make("li", {}, make("button", { class: "coach-item", type: "button", "data-at": remark.id, onclick: (event) => open(remark, event.currentTarget) },
    icon(sign, colour), make("span", { class: "coach-item-words" }, make("span", { class: "sr-only" }, `${say(`severity_${remark.finding.severity}`)}: `), remark.finding.message)));
}

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function promiseChip(promise, { choose, due, show }) {
  const shown = promise.choice;
  const pressed = (value) => String(shown === value);
  // What the button shows decides: a new date keeps the promise before the button says so.
  const press = (value) => choose(promise, shown === value ? null : value);
  const kept = promise.choice === "drop" ? "no" : promise.choice === "keep" ? "yes" : null;
  return make("li", { class: "promise-chip", "data-kept": kept },
    make("button", { class: "promise-words", type: "button", "data-at": `p${promise.key}`, onclick: () => show(promise) }, sentence(promise.action || promise.quote)),
    kept === "no" ? null : make("div", { class: "promise-due" }, dueField(promise, due)),
    make("div", { class: "promise-choice" },
      make("button", { class: "btn btn--small", type: "button", "data-at": `k${promise.key}`, "aria-pressed": pressed("keep"), onclick: () => press("keep") }, icon("check"), say("promiseKeep")),
      make("button", { class: "btn btn--quiet btn--small", type: "button", "data-at": `n${promise.key}`, "aria-pressed": pressed("drop"), onclick: () => press("drop") }, say("promiseNot"))));
}

function part(title, count, children) {
  return [make("p", { class: "coach-head" }, make("span", {}, title), count ? make("span", { class: "count" }, count) : null), ...children];
}

/** Replaces a part's content and keeps the focus where it was; a field being edited is left alone. */
function redraw(place, children) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.matches("input")) return;
  const at = focused?.dataset.at;
  place.replaceChildren(...children);
  place.hidden = children.length === 0;
  if (at) (place.querySelector(`[data-at="${CSS.escape(at)}"]`) ?? place.querySelector("button"))?.focus();
}

export class Panel {
  /** `actions`: showQuestion, showPromise, openRemark, choose, due, better. */
  constructor(element, actions) {
    this.actions = actions;
    this.asked = make("section", { class: "coach-part", "aria-label": say("asked"), hidden: true });
    this.promised = make("section", { class: "coach-part", "aria-label": say("promised"), hidden: true });
    this.remarked = make("section", { class: "coach-part", "aria-label": say("remarks"), hidden: true });
    this.well = make("p", { class: "coach-well", hidden: true });
    this.better = make("button", { class: "btn btn--small coach-better", type: "button", hidden: true, onclick: () => actions.better() }, icon("wand-2"), say("better"));
    this.status = make("p", { class: "sr-only", role: "status" });
    this.words = make("span", {});
    this.toggle = make("button", { class: "coach-toggle", type: "button", "aria-expanded": "false" }, this.words, icon("chevron-down"));
    this.toggle.addEventListener("click", () => {
      const open = element.toggleAttribute("data-open");
      this.toggle.setAttribute("aria-expanded", String(open));
    });
    this.element = element;
    element.replaceChildren(this.toggle, this.asked, this.promised, this.remarked, this.better, this.well, this.status);
  }

  /** Beside a note stand only the promises that it tells of, and nothing where it tells of none. */
  draw({ isNote, ...found }) {
    this.element.toggleAttribute("data-quiet", isNote && !found.promises.length);
    this.drawFound(isNote ? { ...found, questions: [], remarks: [], reviewed: false } : found);
    if (isNote) this.well.hidden = true;
  }

  drawFound({ questions, promises, remarks, wrote, reviewed }) {
    const { showQuestion, openRemark } = this.actions;
    const done = questions.filter((question) => question.answered === "yes").length;
    redraw(this.asked, questions.length ? part(say("asked"), say("askedCount", { done, all: questions.length }),
      [make("ul", { class: "coach-list" }, questions.map((question, index) => questionButton(question, index, showQuestion)))]) : []);
    redraw(this.promised, promises.length ? part(say("promised"), "",
      [make("ul", { class: "coach-list stack stack--tight" }, promises.map((promise) => promiseChip(promise, { ...this.actions, show: this.actions.showPromise })))]) : []);
    const shown = inOrder(remarks).slice(0, SHOWN);
    const more = remarks.length - shown.length;
    redraw(this.remarked, remarks.length ? part(say("remarks"), String(remarks.length),
      [make("ul", { class: "coach-list" }, shown.map((remark) => remarkButton(remark, openRemark))),
        more ? make("p", { class: "coach-more" }, say("more", { n: more })) : null].filter(Boolean)) : []);
    this.better.hidden = !wrote || !reviewed || !remarks.length;
    this.sayWell({ wrote, reviewed, remarks, questions, done });
    this.summarise(remarks.length, questions.length - done, promises.length, wrote && reviewed);
  }

  sayWell({ wrote, reviewed, remarks, questions, done }) {
    const well = wrote && reviewed && !remarks.length && done === questions.length;
    const words = questions.length > 1 ? say("wellAll", { n: questions.length }) : say(questions.length ? "wellOne" : "wellAlone");
    this.well.hidden = !well && wrote;
    if (well) this.well.replaceChildren(icon("check-circle"), make("span", {}, words));
    else if (!wrote) this.well.replaceChildren(make("span", {}, say("coachEmpty")));
  }

  summarise(remarks, open, promises, wrote) {
    this.words.textContent = say(wrote ? "coachShort" : open ? "coachAsked" : "coach", { remarks, open });
    const words = wrote ? say("coachSummary", { remarks, open, promises }) : "";
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}
