// data-drawer: folds a pane where it fits beside the others, slides it in where it does not.
import { behaviour, onClick } from "./bind.js";

const narrow = matchMedia("(max-width: 1100px)");
const KEPT = "goodword.folded";

function kept() {
  return new Set((localStorage.getItem(KEPT) ?? "").split(" ").filter(Boolean));
}

function say(button, open) {
  button.setAttribute("aria-expanded", String(open));
}

function slide(pane, open) {
  pane.toggleAttribute("data-open", open);
  if (open) (pane.querySelector("a, button, summary") ?? pane).focus({ preventScroll: true });
}

onClick("[data-drawer]", (button) => {
  const pane = document.getElementById(button.dataset.drawer);
  if (!pane) return;
  if (narrow.matches) {
    const open = !pane.hasAttribute("data-open");
    slide(pane, open);
    for (const one of document.querySelectorAll(`[data-drawer="${pane.id}"]`)) say(one, open);
    if (!open) document.querySelector(`[data-drawer="${pane.id}"]:not(.side-close)`)?.focus();
    return;
  }
  const folded = kept();
  if (!folded.delete(pane.id)) folded.add(pane.id);
  localStorage.setItem(KEPT, [...folded].join(" "));
  pane.closest(".panes").dataset.folded = [...folded].join(" ");
  say(button, !folded.has(pane.id));
});

behaviour(".panes", (panes) => { panes.dataset.folded = [...kept()].join(" "); });
behaviour("[data-drawer]", (button) => say(button, !narrow.matches && !kept().has(button.dataset.drawer)));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  for (const pane of document.querySelectorAll(".side[data-open]")) slide(pane, false);
});
