// Ctrl/Cmd+K: every action, view and page that carries data-palette, and a search.
import { icon, make } from "./make.js";
import { nameOf, typing } from "./keys.js";
import { say } from "./words.js";

const SHOWN = 12;
let dialog = null;
let choices = [];
let at = 0;

function gather() {
  const seen = new Set();
  return [...document.querySelectorAll("[data-palette]")].filter((element) => !element.closest("dialog")).map((element) => ({
    words: nameOf(element),
    keys: element.dataset.key ?? "",
    icon: element.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "arrow-right",
    run: () => element.click(),
  })).filter(({ words }) => words && !seen.has(words) && seen.add(words));
}

/** How well words fit: every typed word must begin a word of the name (2) or stand inside it (1). */
function fit(name, typed) {
  const text = name.toLowerCase();
  let sum = 0;
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (text.startsWith(word) || text.includes(` ${word}`)) sum += 2;
    else if (text.includes(word)) sum += 1;
    else return 0;
  }
  return sum || 1;
}

function searchFor(typed) {
  const form = document.querySelector("[data-palette-search]");
  if (!form || !typed.trim()) return [];
  const run = () => location.assign(`${form.getAttribute("action") || location.pathname}?q=${encodeURIComponent(typed.trim())}`);
  return [{ words: say("paletteSearch", { words: typed.trim() }), keys: "", icon: "search", run }];
}

function item(choice, index) {
  return make("li", { class: "menu-item", role: "option", id: `palette-${index}`, "aria-selected": String(index === at) },
    icon(choice.icon), make("span", { class: "cut" }, choice.words), choice.keys ? make("kbd", {}, choice.keys) : null);
}

function draw() {
  const list = dialog.querySelector(".palette-list");
  const input = dialog.querySelector("input");
  list.replaceChildren(...choices.map(item));
  dialog.querySelector(".palette-none").hidden = choices.length > 0;
  if (choices.length) input.setAttribute("aria-activedescendant", `palette-${at}`);
  else input.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function look(typed) {
  const found = gather().map((choice) => ({ choice, points: fit(choice.words, typed) })).filter(({ points }) => points > 0);
  found.sort((a, b) => b.points - a.points);
  choices = [...found.slice(0, SHOWN).map(({ choice }) => choice), ...searchFor(typed)];
  at = 0;
  draw();
}

function take(index) {
  const choice = choices[index];
  dialog.close();
  choice?.run();
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && choices.length) {
    at = (at + step + choices.length) % choices.length;
    draw();
  } else if (event.key === "Enter") take(at);
  else return;
  event.preventDefault();
}

function build() {
  const input = make("input", {
    class: "palette-input", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list",
    "aria-autocomplete": "list", "aria-label": say("paletteTitle"), placeholder: say("paletteHint"), autocomplete: "off", spellcheck: "false",
  });
  const list = make("ul", { class: "palette-list", id: "palette-list", role: "listbox", "aria-label": say("paletteTitle") });
  const none = make("p", { class: "palette-none", hidden: true }, say("paletteNone"));
  const made = make("dialog", { class: "dialog palette", id: "palette", "aria-label": say("paletteTitle") }, input, list, none);
  input.addEventListener("input", () => look(input.value));
  input.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("li");
    if (chosen) take([...list.children].indexOf(chosen));
  });
  made.addEventListener("goodword:open", () => { input.value = ""; look(""); });
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  return made;
}

dialog = build();

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  // Inside the editor the same keys set a link when words are selected.
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (typing(event.target) && event.target.closest(".ProseMirror") && !getSelection().isCollapsed) return;
  event.preventDefault();
  dialog.dispatchEvent(new CustomEvent("goodword:open"));
  dialog.showModal();
});
