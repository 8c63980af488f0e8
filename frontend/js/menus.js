// details[data-menu]: closes on Escape, outside click and choice; arrows move; an input may filter.
import { behaviour } from "./bind.js";

const ITEMS = ".menu-item:not([hidden]):not(:disabled)";

function close(menu, focus) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

function move(menu, step) {
  const items = [...menu.querySelectorAll(ITEMS)];
  if (!items.length) return;
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length].focus();
}

function onKey(menu, event) {
  if (!menu.open) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close(menu, true);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(menu, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.matches("[data-menu-filter]")) {
    event.preventDefault();
    menu.querySelector(ITEMS)?.click();
  }
}

function filter(menu, words) {
  const wanted = words.trim().toLowerCase();
  for (const item of menu.querySelectorAll(".menu-item")) item.hidden = !item.textContent.toLowerCase().includes(wanted);
}

behaviour("details[data-menu]", (menu) => {
  const input = menu.querySelector("[data-menu-filter]");
  menu.addEventListener("keydown", (event) => onKey(menu, event));
  menu.addEventListener("toggle", () => { if (menu.open && input) { input.value = ""; filter(menu, ""); input.focus(); } });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
  });
  input?.addEventListener("input", () => filter(menu, input.value));
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const chosen = event.target.closest?.(".menu-item");
    if (!menu.contains(event.target) || (chosen && menu.contains(chosen))) close(menu, false);
  }
});
