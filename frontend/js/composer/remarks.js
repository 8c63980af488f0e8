// The coach's remarks as underlines: they move with the words and go when their words are changed.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

export const remarksKey = new PluginKey("remarks");

function underline({ id, from, to, finding }, active) {
  const on = id === active ? " mark-on" : "";
  return Decoration.inline(from, to, { class: `mark-${finding.severity}${on}`, "data-remark": id }, { id });
}

function decorate(doc, { remarks, active, look }) {
  const inText = remarks.filter((remark) => remark.from !== null);
  const marks = inText.map((remark) => underline(remark, active));
  if (look) marks.push(Decoration.inline(look.from, look.to, { class: "mark-look" }));
  return DecorationSet.create(doc, marks);
}

/** Follows a remark through a change; null when its own words were touched. */
function follow(remark, transaction, before) {
  if (remark.from === null) return remark;
  const from = transaction.mapping.map(remark.from, 1);
  const to = transaction.mapping.map(remark.to, -1);
  if (from >= to) return null;
  const was = before.textBetween(remark.from, remark.to, "\n");
  const is = transaction.doc.textBetween(from, to, "\n");
  return was === is ? { ...remark, from, to } : null;
}

function apply(transaction, value, before) {
  let next = value;
  if (transaction.docChanged) {
    const remarks = value.remarks.map((remark) => follow(remark, transaction, before.doc)).filter(Boolean);
    next = { ...next, remarks, look: null };
  }
  const change = transaction.getMeta(remarksKey);
  if (change) next = { ...next, ...change };
  if (next === value) return value;
  return { ...next, marks: decorate(transaction.doc, next) };
}

export function remarksPlugin() {
  return new Plugin({
    key: remarksKey,
    state: {
      init: () => ({ remarks: [], active: null, look: null, marks: DecorationSet.empty }),
      apply,
    },
    props: {
      decorations: (state) => remarksKey.getState(state).marks,
    },
  });
}

export const remarksIn = (state) => remarksKey.getState(state).remarks;
export const activeIn = (state) => remarksKey.getState(state).active;

/** Puts `{remarks}`, `{active}` or `{look}` into the state without touching the text or the undo history. */
export function tell(view, change) {
  view.dispatch(view.state.tr.setMeta(remarksKey, change).setMeta("addToHistory", false));
}

const grave = { stop: 0, warn: 1, hint: 2 };

/** Grave first, then in the order of the text. */
export function inOrder(remarks) {
  return [...remarks].sort((a, b) => grave[a.finding.severity] - grave[b.finding.severity] || (a.from ?? -1) - (b.from ?? -1));
}

/** The remark after (or at) the cursor, going round. */
export function nextRemark(state) {
  const inText = remarksIn(state).filter((remark) => remark.from !== null).sort((a, b) => a.from - b.from);
  const active = inText.findIndex((remark) => remark.id === activeIn(state));
  if (active >= 0) return inText[(active + 1) % inText.length];
  return inText.find((remark) => remark.from >= state.selection.from) ?? inText[0] ?? null;
}
