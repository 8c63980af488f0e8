// The coach at the writer's elbow: takes reviews, keeps underlines, card and panel in step.
import { Mapping } from "prosemirror-transform";
import { TextSelection } from "prosemirror-state";
import { makeBetter } from "./better.js";
import { Card } from "./card.js";
import { forgetCustomerWords, showCustomerWords } from "./customer.js";
import { isEmpty } from "./editor.js";
import { Panel } from "./panel.js";
import { Promises } from "./promises.js";
import { takeOut } from "./take.js";
import { activeIn, inOrder, nextRemark, remarksIn, tell } from "./remarks.js";

const HOVER = 220;
const idOf = (finding, index) => `${finding.rule}|${finding.quote}|${index}`.replace(/\s+/g, " ");
const same = (finding) => `${finding.rule}|${finding.quote}`;

/** An open question stands under 'They asked' already. */
const isListed = (finding, questions) => finding.category === "unanswered_question" && finding.in === "customer" && (questions ?? []).length > 0;

export class Coach {
  constructor(composer, element) {
    this.composer = composer;
    this.card = new Card(composer.life.signal);
    this.promises = new Promises();
    this.questions = [];
    this.disputed = new Set();
    this.trail = [];
    this.reviewed = false;
    this.panel = new Panel(element, {
      showQuestion: (question) => this.showQuestion(question),
      showPromise: (promise) => this.look(promise.span),
      openRemark: (remark, button) => this.open(remark, button),
      choose: (promise, choice) => { this.promises.choose(promise, choice); this.draw(); },
      better: () => makeBetter(composer),
      due: (promise, due) => { this.promises.due(promise, due); this.draw(); },
    });
  }

  get view() { return this.composer.view; }

  keys() {
    return {
      "Alt-.": () => this.next(),
      "Alt-Enter": () => this.takeFirst(),
    };
  }

  start(review) {
    const { dom } = this.view;
    dom.addEventListener("mouseover", (event) => this.hover(event));
    dom.addEventListener("mouseout", () => { clearTimeout(this.hovering); if (this.card.hovering) this.card.hideSoon(); });
    dom.addEventListener("click", (event) => {
      const remark = this.remarkUnder(event.target);
      if (remark) this.show(remark);
    });
    this.composer.form.addEventListener("scroll", () => this.card.hide(), true);
    if (review) this.take(review, this.composer.content());
    else this.draw();
  }

  /** A review of `content`; the text may have moved on since, and the places move with it. */
  take(review, content) {
    const later = content.doc === this.view.state.doc ? null : this.changesSince(content.doc);
    const spanOf = (start, end) => {
      const range = content.range(start, end);
      if (!range) return null;
      if (!later) return range;
      const from = later.map(range.from, 1);
      const to = later.map(range.to, -1);
      return from < to && content.doc.textBetween(range.from, range.to) === this.view.state.doc.textBetween(from, to) ? { from, to } : null;
    };
    const findings = (review.findings ?? []).filter((finding) => !this.disputed.has(same(finding)) && !isListed(finding, review.questions));
    const remarks = findings.map((finding, index) => {
      const span = finding.in === "customer" ? null : spanOf(finding.start, finding.end);
      if (!span && finding.in !== "customer" && finding.end > finding.start) return null;
      return { id: idOf(finding, index), from: span?.from ?? null, to: span?.to ?? null, finding };
    }).filter(Boolean);
    // Of a note only the promises are read; what the customer asked waits for the reply.
    if (!this.composer.isNote()) this.questions = (review.questions ?? []).map((question) => ({ ...question, span: question.answered_by ? spanOf(...question.answered_by) : null }));
    this.promises.read((review.commitments ?? []).map((one) => ({ ...one, span: spanOf(one.start, one.end) })));
    this.reviewed = true;
    const active = remarks.some(({ id }) => id === activeIn(this.view.state)) ? activeIn(this.view.state) : null;
    tell(this.view, { remarks, active });
    this.draw();
  }

  /** Every change since a document, kept while a review of it is on its way. */
  changesSince(doc) {
    const at = this.trail.findIndex((one) => one.before === doc);
    const mapping = new Mapping();
    if (at >= 0) for (const one of this.trail.slice(at)) mapping.appendMapping(one.mapping);
    return mapping;
  }

  textChanged(transaction) {
    this.trail = [...this.trail.slice(-300), { before: transaction.before, mapping: transaction.mapping }];
    const move = (span) => {
      if (!span) return null;
      const from = transaction.mapping.map(span.from, 1);
      const to = transaction.mapping.map(span.to, -1);
      return from < to ? { from, to } : null;
    };
    for (const one of [...this.questions, ...this.promises.list]) one.span = move(one.span);
    this.card.hide();
    forgetCustomerWords();
    if (isEmpty(transaction.doc)) this.reviewed = false;
  }

  /** Draws the panel anew when the typing took a remark away or made the draft begin or end. */
  stateChanged(transaction) {
    if (!transaction.docChanged) return;
    const now = `${remarksIn(this.view.state).length}|${isEmpty(this.view.state.doc)}`;
    if (now !== this.drawn) this.draw();
  }

  kindChanged() {
    this.card.hide();
    if (this.composer.isNote()) tell(this.view, { remarks: [], active: null });
    if (this.composer.hasContent()) this.composer.drafts.touch();
    this.draw();
  }

  clear() {
    this.promises = new Promises();
    this.questions = [];
    this.reviewed = false;
    tell(this.view, { remarks: [], active: null, look: null });
    this.draw();
  }

  draw() {
    this.drawn = `${remarksIn(this.view.state).length}|${isEmpty(this.view.state.doc)}`;
    this.panel.draw({
      questions: this.questions, promises: this.promises.list, remarks: remarksIn(this.view.state),
      wrote: !isEmpty(this.view.state.doc), reviewed: this.reviewed, isNote: this.composer.isNote(),
    });
  }

  remarkUnder(target) {
    const id = target.closest?.("[data-remark]")?.dataset.remark;
    return id ? remarksIn(this.view.state).find((remark) => remark.id === id) : null;
  }

  hover(event) {
    clearTimeout(this.hovering);
    const remark = this.remarkUnder(event.target);
    if (!remark) return;
    clearTimeout(this.card.hiding);
    this.hovering = setTimeout(() => { this.show(remark); this.card.hovering = true; }, HOVER);
  }

  actionsFor(remark) {
    return {
      take: (words) => this.apply(remark, words),
      disagree: () => this.disagree(remark),
      next: () => this.next(true),
    };
  }

  /** The card over the remark's words in the editor. */
  show(remark, focus = false) {
    const start = this.view.coordsAtPos(remark.from);
    const end = this.view.coordsAtPos(remark.to, -1);
    const box = { left: start.left, top: start.top, bottom: end.bottom, within: this.view.dom.getBoundingClientRect() };
    tell(this.view, { active: remark.id });
    this.card.show(remark, { box, actions: this.actionsFor(remark), focus, back: () => this.view.focus() });
  }

  /** From the panel: shows the words, in the draft or in the customer's message, and opens the card there. */
  open(remark, button) {
    const back = () => button.isConnected && button.focus();
    if (remark.from === null) {
      showCustomerWords(remark.finding.quote);
      this.card.show(remark, { box: button.getBoundingClientRect(), actions: this.actionsFor(remark), focus: true, back });
      return;
    }
    this.reveal(remark.from);
    this.show(remark, true);
    this.card.back = back;
  }

  reveal(pos) {
    const { node } = this.view.domAtPos(pos);
    (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).scrollIntoView({ block: "nearest" });
  }

  next(focus = false) {
    const remark = nextRemark(this.view.state);
    if (!remark) {
      const other = inOrder(remarksIn(this.view.state))[0];
      if (other) this.open(other, this.view.dom);
      return true;
    }
    const spot = TextSelection.create(this.view.state.doc, remark.to);
    this.view.dispatch(this.view.state.tr.setSelection(spot).scrollIntoView());
    this.show(remark, focus);
    return true;
  }

  takeFirst() {
    const remark = this.card.remark ?? remarksIn(this.view.state).find(({ id }) => id === activeIn(this.view.state));
    const words = remark?.finding.suggestions?.[0];
    if (words === undefined) return true;
    this.apply(remark, words);
    return true;
  }

  apply(remark, words) {
    const now = remarksIn(this.view.state).find(({ id }) => id === remark.id) ?? remark;
    const { tr } = this.view.state;
    this.card.back = null;
    this.card.hide();
    if (now.from === null) tr.insertText(words, this.view.state.selection.from);
    else if (words) tr.insertText(words, now.from, now.to);
    else takeOut(tr, now);
    const remarks = remarksIn(this.view.state).filter(({ id }) => id !== now.id);
    this.view.dispatch(tr);
    if (now.from === null) tell(this.view, { remarks });
    this.view.focus();
    this.draw();
  }

  disagree(remark) {
    this.disputed.add(same(remark.finding));
    this.card.hide(true);
    tell(this.view, { remarks: remarksIn(this.view.state).filter(({ id }) => id !== remark.id), active: null });
    this.draw();
    this.composer.dispute(remark);
  }

  look(span) {
    if (!span) return;
    tell(this.view, { look: span });
    this.reveal(span.from);
  }

  showQuestion(question) {
    forgetCustomerWords();
    showCustomerWords(question.quote);
    tell(this.view, { look: question.span });
    if (question.span) this.reveal(question.span.from);
  }
}
