// data-list: move through rows by key, select several, act on them together.
import { behaviour } from "./bind.js";
import { onKey } from "./keys.js";
import { say } from "./words.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")];
const boxesOf = (list) => [...list.querySelectorAll(".row-check input")];
const linkOf = (row) => row?.querySelector(".row-link");

function rowAt(list) {
  return document.activeElement?.closest("[data-row]") ?? list.querySelector('[data-row][aria-current="true"]');
}

function step(list, by) {
  const rows = rowsOf(list);
  const at = rows.indexOf(rowAt(list));
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  linkOf(row)?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** With the list out of sight (a phone, a single conversation), j and k open the next one. */
function moveOrOpen(list, by) {
  if (list.offsetParent) return step(list, by);
  const rows = rowsOf(list);
  linkOf(rows[rows.indexOf(rowAt(list)) + by])?.click();
}

function selection(list) {
  const bulk = list.querySelector("[data-bulk]");
  const count = boxesOf(list).filter((box) => box.checked).length;
  list.toggleAttribute("data-selecting", count > 0 || list.dataset.mode === "select");
  if (!bulk) return;
  bulk.hidden = count === 0;
  const words = bulk.querySelector("[data-bulk-count]");
  if (words) words.textContent = say("selected", { n: count });
}

function clear(list) {
  delete list.dataset.mode;
  for (const box of boxesOf(list)) box.checked = false;
  selection(list);
}

/** A range between the last box ticked and this one, with Shift. */
function range(list, box, last) {
  const boxes = boxesOf(list);
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
}

function fillBulk(list, bulk) {
  for (const old of bulk.querySelectorAll("input[data-chosen]")) old.remove();
  for (const box of boxesOf(list).filter((one) => one.checked)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "conversation", value: box.value });
    field.dataset.chosen = "";
    bulk.append(field);
  }
}

behaviour("[data-list]", (list) => {
  let last = null;
  list.addEventListener("click", (event) => {
    const box = event.target.closest(".row-check input");
    if (box) {
      if (event.shiftKey && last) range(list, box, last);
      last = box;
    } else if (event.target.closest("[data-bulk-clear]")) clear(list);
    else if (event.target.closest("[data-select-mode]")) {
      if (list.dataset.mode) return clear(list);
      list.dataset.mode = "select";
    } else return;
    selection(list);
  });
  list.addEventListener("htmx:afterSettle", () => selection(list));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-bulk]") && list.contains(event.target)) fillBulk(list, event.target);
  }, true);
  onKey("j", () => moveOrOpen(list, 1), { within: list, words: "keyMove", shown: ["j", "k"] });
  onKey("k", () => moveOrOpen(list, -1), { within: list });
  onKey("x", () => {
    const box = rowAt(list)?.querySelector(".row-check input");
    if (box) { box.checked = !box.checked; selection(list); }
  }, { within: list, words: "keySelect" });
});
