// The promises found in the draft, with what the agent said of each. Choices outlive the next review.
import { make } from "../make.js";
import { say } from "../words.js";

const hasClock = (due) => typeof due === "string" && due.includes("T");

/** The field's value for an ISO moment: the wall clock as written, without its offset. */
function shownDue(due) {
  if (!due) return "";
  return hasClock(due) ? due.slice(0, 16) : due.slice(0, 10);
}

/** What the field says, with the offset that the moment had. */
export function editedDue(before, value) {
  if (!value) return null;
  const offset = hasClock(before) ? (before.match(/(Z|[+-]\d\d:?\d\d)$/)?.[0] ?? "") : "";
  return value.includes("T") ? `${value}${value.length === 16 ? ":00" : ""}${offset}` : value;
}

export function dueField(promise, onDue) {
  const type = hasClock(promise.due) ? "datetime-local" : "date";
  const input = make("input", { class: "input input--small", type, value: shownDue(promise.due), "aria-label": `${say("promiseDue")}: ${promise.action || promise.quote}` });
  input.addEventListener("change", () => onDue(promise, editedDue(promise.due, input.value)));
  return input;
}

export class Promises {
  constructor() {
    this.choices = new Map();
    this.list = [];
  }

  /** Takes the coach's commitments that are ours; keeps earlier choices and edited dates of the same words. */
  read(commitments) {
    const ours = commitments.filter((one) => one.who === "agent" || one.who === "company");
    this.list = ours.map((one) => {
      const key = `${one.action}|${one.due_text}`;
      return { ...one, key, choice: null, ...this.choices.get(key) };
    });
  }

  choose(promise, choice) {
    this.set(promise, { choice });
  }

  due(promise, due) {
    this.set(promise, { due, choice: "keep" });
  }

  set(promise, change) {
    this.choices.set(promise.key, { ...this.choices.get(promise.key), ...change });
    Object.assign(promise, this.choices.get(promise.key));
  }

  /** As the form sends them. */
  fields() {
    return this.list.map(({ action, due, due_text, condition, kind, quote, start, end, firm, choice }) => ({ action, due, due_text, condition, kind, quote, start, end, firm, choice }));
  }
}
