// The reply form: the editor, the draft on the server, the coach beside it, and the send.
import { icon, make } from "../make.js";
import { postJson } from "../ask.js";
import { bind } from "../bind.js";
import { toast } from "../toast.js";
import { say } from "../words.js";
import { Coach } from "./coach.js";
import { Drafts } from "./drafts.js";
import { isEmpty, makeEditor } from "./editor.js";
import { mentioned } from "./mentions.js";
import { remarksIn } from "./remarks.js";
import { fromMarkdown, toMarkdown } from "./schema.js";
import { savedReplies } from "./saved.js";
import { send } from "./sending.js";
import { plainText } from "./text.js";
import { Uploads } from "./uploads.js";

const json = (id, otherwise) => {
  const element = id && document.getElementById(id);
  return element ? JSON.parse(element.textContent) ?? otherwise : otherwise;
};

export class Composer {
  constructor(form) {
    this.form = form;
    this.life = new AbortController();
    this.textarea = form.elements.markdown;
    this.people = json(form.dataset.mentions, []);
    this.warnedOpen = false;
    this.drafts = this.makeDrafts();
    const kept = this.drafts.kept();
    if (kept) this.textarea.value = kept.markdown;
    this.uploads = new Uploads({ url: form.dataset.uploadUrl, place: form.querySelector("[data-composer-files]"), onChange: () => this.drafts.touch() });
    this.coach = new Coach(this, form.querySelector("[data-coach]"));
    this.view = makeEditor(this.textarea, {
      keys: { "Mod-Enter": () => { this.submit(""); return true; }, Escape: () => this.leave(), ...this.coach.keys() },
      tools: form.querySelector("[data-composer-tools]"),
      isNote: () => this.isNote(), people: this.people, uploads: this.uploads,
      changed: (transaction) => this.changed(transaction),
    });
    this.listen();
    this.coach.start(json(form.dataset.review, null));
    this.showKind();
    if (kept) this.drafts.touch();
  }

  /** The form left the page: what is unsaved is saved, and nothing of it stays behind. */
  end() {
    this.drafts.save();
    this.coach.card.hide();
    this.life.abort();
  }

  get promises() { return this.coach.promises; }
  get questions() { return this.coach.questions; }

  makeDrafts() {
    const { draftUrl: url, conversation: key, revision } = this.form.dataset;
    return new Drafts({
      url, key, revision: Number(revision) || 0, signal: this.life.signal,
      content: () => this.content(),
      onAnswer: (data, content) => this.answered(data, content),
      onState: (word) => this.saved(say(word)),
      onConflict: (data) => this.otherWindow(data),
    });
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { name, value } = event.submitter ?? {};
      this.submit(name === "close" ? value : "", name === "later" ? value : "");
    });
    this.form.addEventListener("change", (event) => {
      if (event.target.name === "kind") this.showKind();
      if (event.target.matches("[data-attach]")) this.attach(event.target);
    });
    this.form.addEventListener("goodword:key", (event) => { if (event.target.name === "kind") this.view.focus(); });
    this.form.addEventListener("htmx:beforeCleanupElement", () => setTimeout(() => { if (!this.form.isConnected) this.end(); }));
    document.addEventListener("goodword:change", ({ detail }) => this.heard(detail), { signal: this.life.signal });
    savedReplies(this.form, this);
  }

  /** The customer wrote while a draft stands here: said beside the draft, however far the thread is scrolled. */
  heard({ kind, conversation }) {
    if (kind !== "message.received" || String(conversation) !== this.form.dataset.conversation || !this.hasContent()) return;
    const name = this.form.dataset.customerName || say("theCustomer");
    const show = () => {
      document.querySelector("[data-live-conversation] .msg:last-of-type")?.scrollIntoView({ block: "center" });
      this.banner(null);
    };
    this.banner(make("div", { class: "banner banner--info banner--card composer-moved", role: "status" }, icon("mail"),
      make("span", { class: "composer-moved-body" }, say("wroteAgain", { name })),
      make("button", { class: "btn btn--small", type: "button", onclick: show }, say("showIt"))));
  }

  isNote() {
    return new FormData(this.form).get("kind") === "note";
  }

  showKind() {
    this.form.dataset.kind = this.isNote() ? "note" : "reply";
    const word = this.form.querySelector("[data-send-word]");
    if (word) word.textContent = say(this.isNote() ? "sendNote" : "sendReply");
    for (const element of this.form.querySelectorAll("[data-reply-only]")) element.hidden = this.isNote();
    this.view.dispatch(this.view.state.tr);
    this.coach.kindChanged();
  }

  /** What is saved, with the way back from its text to the document as it is now. */
  content() {
    const { doc } = this.view.state;
    const { text, range } = plainText(doc);
    const body = { markdown: toMarkdown(doc), text, kind: this.isNote() ? "note" : "reply", attachments: this.uploads.ids() };
    return { body, range, doc };
  }

  hasContent() {
    return !isEmpty(this.view.state.doc) || this.uploads.ids().length > 0;
  }

  changed(transaction) {
    if (transaction.docChanged) {
      this.textarea.value = toMarkdown(transaction.doc);
      this.coach.textChanged(transaction);
      this.drafts.touch();
    }
    this.coach.stateChanged(transaction);
  }

  answered(data, content) {
    if (!this.form.isConnected) return;
    const at = new Date(data.saved_at ?? Date.now());
    const clock = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
    this.saved(say("savedAt", { time: clock }));
    if (data.review && content.body.kind === this.form.dataset.kind) this.coach.take(data.review, content);
  }

  saved(words) {
    this.form.querySelector("[data-composer-saved]").textContent = words;
  }

  banner(element) {
    this.form.querySelector("[data-composer-banner]").replaceChildren(...(element ? [element] : []));
  }

  complain(words) {
    this.banner(make("div", { class: "banner banner--bad banner--card composer-moved", role: "alert" }, icon("alert-circle"), make("span", {}, words)));
  }

  submit(close, later = "") {
    this.banner(null);
    return send(this, { close, later });
  }

  /** Escape: first the card goes, then the editor gives the keys back to the page. */
  leave() {
    if (this.coach.card.element) {
      this.coach.card.hide();
      return true;
    }
    this.view.dom.blur();
    this.form.closest("[data-conversation]:not(form)")?.querySelector(".conv-title")?.focus?.();
    return true;
  }

  attach(input) {
    for (const file of input.files) this.uploads.attach(file);
    input.value = "";
  }

  mentions(text) {
    return mentioned(text, this.people);
  }

  insert(markdown) {
    const { state } = this.view;
    const slice = fromMarkdown(markdown).slice(0);
    const part = fromMarkdown(markdown);
    const fragment = part.childCount === 1 && part.firstChild.isTextblock ? part.firstChild.content : part.content;
    const transaction = fragment === part.content ? state.tr.replaceSelection(slice) : state.tr.replaceWith(state.selection.from, state.selection.to, fragment);
    this.view.dispatch(transaction.scrollIntoView());
    this.view.focus();
  }

  replaceAll(markdown) {
    const { state } = this.view;
    this.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, fromMarkdown(markdown).content));
  }

  clear(revision) {
    this.replaceAll("");
    this.drafts.forget();
    this.drafts.resume(revision);
    this.uploads.place.replaceChildren();
    this.warnedOpen = false;
    if (this.form.elements.later_at) this.form.elements.later_at.value = "";
    this.coach.clear();
  }

  otherWindow({ revision, markdown }) {
    const decide = (take) => () => {
      this.drafts.resume(revision);
      if (take) this.replaceAll(markdown);
      this.banner(null);
      this.drafts.touch();
    };
    this.banner(make("div", { class: "banner banner--card composer-moved", role: "alert" }, icon("alert-triangle"),
      make("div", { class: "composer-moved-body" }, make("strong", {}, say("otherTab")), make("p", { class: "muted" }, markdown)),
      make("button", { class: "btn btn--small", type: "button", onclick: decide(true) }, say("otherTake")),
      make("button", { class: "btn btn--small", type: "button", onclick: decide(false) }, say("otherKeep"))));
    bind(this.form);
  }

  async dispute(remark) {
    const { rule, quote, practice } = remark.finding;
    const answer = await postJson(this.form.dataset.disputeUrl, { rule, quote, practice, text: this.content().body.text });
    if (answer.ok) toast(say("disagreed"));
  }

  remarks() {
    return remarksIn(this.view.state);
  }
}
