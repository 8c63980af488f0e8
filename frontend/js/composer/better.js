// 'Make it better': shows the coach's (or a model's) wording beside the draft's, and takes it on a click.
import { postJson } from "../ask.js";
import { icon, make } from "../make.js";
import { say } from "../words.js";
import { takeOut } from "./take.js";

const MODEL_WITHIN = 40_000;

function shown(diff) {
  const marked = (tag, word, text) => (text ? make(tag, {}, make("span", { class: "sr-only" }, ` ${say(word)}: `), text) : null);
  const pieces = diff.flatMap(({ same, was, now }) => (same === undefined ? [marked("del", "betterWas", was), marked("ins", "betterNow", now)] : [same]));
  return make("div", { class: "better-text" }, ...pieces.filter(Boolean));
}

/** Makes the coach's changes in the document, the last one first, as one step to undo. */
function change(composer, content, changes) {
  const { tr } = composer.view.state;
  for (const { start, end, was, now } of changes.toReversed()) {
    const range = content.range(start, was ? end : start + 1);
    if (!range) continue;
    if (!was) tr.insertText(now, range.from);
    else if (now) tr.insertText(now, range.from, range.to);
    else takeOut(tr, range);
  }
  composer.view.dispatch(tr);
}

class Dialog {
  constructor(composer) {
    this.composer = composer;
    this.content = composer.content();
    this.body = make("div", { class: "stack", role: "status" });
    this.take = make("button", { class: "btn btn--primary", type: "submit", disabled: true }, say("betterTake"));
    this.model = "model" in composer.form.dataset
      ? make("button", { class: "btn", type: "button", onclick: () => this.ask("model") }, icon("sparkles"), say("betterModel")) : null;
    const form = make("form", { method: "dialog", class: "dialog-body" }, this.body,
      make("div", { class: "dialog-foot" }, this.model, make("button", { class: "btn", type: "button", "data-closes": true }, say("betterKeep")), this.take));
    form.addEventListener("submit", () => this.made?.());
    this.element = make("dialog", { class: "dialog dialog--wide", "aria-label": say("better") }, make("h2", { class: "dialog-title" }, say("better")), form);
    this.element.addEventListener("close", () => { this.element.remove(); composer.view.focus(); });
    document.body.append(this.element);
    this.element.showModal();
  }

  say(...children) {
    this.body.replaceChildren(...children.filter(Boolean));
  }

  async ask(by) {
    this.made = null;
    this.take.disabled = true;
    this.body.setAttribute("aria-busy", "true");
    if (this.model) this.model.disabled = true;
    const { text, attachments } = this.content.body;
    const { ok, data } = await postJson(this.composer.form.dataset.betterUrl, { text, attachments, by }, { deadline: MODEL_WITHIN });
    this.body.removeAttribute("aria-busy");
    if (this.model) this.model.disabled = false;
    if (!ok) this.say(make("p", { class: "field-error" }, data?.message ?? say("betterFailed")));
    else if (by === "model") this.fromModel(data);
    else this.fromCoach(data);
  }

  fromCoach({ changes, diff }) {
    if (!changes.length) return this.say(make("p", {}, say("betterNothing")));
    this.offer(() => change(this.composer, this.content, changes));
    return this.say(make("p", { class: "muted" }, say("betterText")), shown(diff));
  }

  fromModel({ text, refused, diff }) {
    if (!text) return this.say(make("p", {}, say("betterRefused")), make("ul", { class: "bullets" }, refused.map((words) => make("li", {}, words))));
    this.offer(() => this.composer.replaceAll(text));
    return this.say(make("p", { class: "muted" }, say("betterModelText")), shown(diff));
  }

  offer(made) {
    this.made = made;
    this.take.disabled = false;
    this.take.focus();
  }
}

export function makeBetter(composer) {
  return new Dialog(composer).ask("coach");
}
