// data-key: the keyboard map of the page, and the help sheet made from it.
import { make } from "./make.js";
import { say } from "./words.js";

const own = [];
let first = "";
let timer = 0;

const hidden = (element) => !element.isConnected || element.disabled || element.closest("[hidden], [inert]");

/** True where a key is meant as text. */
export function typing(target) {
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable=true], [contenteditable='']");
  return Boolean(field) && !["checkbox", "radio", "button", "submit"].includes(field.type);
}

/** A key that is no element's: `words` names it in the help sheet, `shown` are the keys listed there. */
export function onKey(keys, action, { within = null, words = "", shown = [keys] } = {}) {
  for (let i = own.length - 1; i >= 0; i -= 1) if (own[i].within && !own[i].within.isConnected) own.splice(i, 1);
  own.push({ keys, action, within, words, shown });
}

function act(element) {
  if (element.matches("input[type=radio]")) {
    element.click();
    element.dispatchEvent(new CustomEvent("goodword:key", { bubbles: true }));
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else if (element.matches("summary")) {
    element.click();
    element.focus();
  } else element.click();
}

function keyOf(event) {
  return event.key === " " ? "space" : event.key;
}

function find(keys) {
  const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === keys && !hidden(one));
  if (element) return () => act(element);
  return own.findLast((one) => one.keys === keys && (!one.within || one.within.isConnected))?.action;
}

const isStart = (key) => [...document.querySelectorAll("[data-key]")].some((one) => one.dataset.key.startsWith(`${key} `));

function onDown(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = keyOf(event);
  const keys = first ? `${first} ${key}` : key;
  clearTimeout(timer);
  const action = find(keys);
  if (!first && isStart(key)) {
    first = key;
    timer = setTimeout(() => { first = ""; }, 1200);
    return;
  }
  first = "";
  if (!action) return;
  event.preventDefault();
  action(event);
}

document.addEventListener("keydown", onDown);

/** The words an element is known by: in the help sheet and in the palette. */
export function nameOf(element) {
  const named = element.dataset.keyLabel || element.dataset.palette || element.getAttribute("aria-label");
  if (named) return named;
  const copy = (element.matches("input") ? element.closest("label") ?? element : element).cloneNode(true);
  for (const extra of copy.querySelectorAll(".count, .badge, kbd")) extra.remove();
  return (copy.textContent.trim() || element.title).replace(/\s+/g, " ");
}

function line(keys, words) {
  return make("li", {}, make("span", {}, words), make("span", { class: "nowrap" }, keys.flatMap((key) => [make("kbd", {}, key), " "])));
}

function part(title, lines) {
  return lines.length ? make("section", {}, make("h3", {}, title), make("ul", { class: "keys-lines" }, lines)) : null;
}

function parts() {
  const elements = [...document.querySelectorAll("[data-key]")].filter((one) => !hidden(one));
  const seen = new Map(elements.map((one) => [one.dataset.key, nameOf(one)]).reverse());
  const lines = [...seen].reverse();
  const go = lines.filter(([key]) => key.startsWith("g ")).map(([key, words]) => line(key.split(" "), words));
  const page = lines.filter(([key]) => !key.startsWith("g ") && key !== "?").map(([key, words]) => line([key], words));
  const lists = own.filter((one) => one.words && (!one.within || one.within.isConnected)).map((one) => line(one.shown, say(one.words)));
  if (lists.length) lists.push(line(["Enter"], say("keyOpen")));
  const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  const writing = document.querySelector("[data-composer]")
    ? [[[mod, "Enter"], "keySend"], [["Alt", "."], "keyNextRemark"], [["Alt", "Enter"], "keyTakeFix"], [["Esc"], "keyLeave"]] : [];
  page.push(line([mod, "K"], say("keyPalette")), line(["?"], say("keyHelp")));
  return [part(say("keysPage"), page), part(say("keysList"), lists),
    part(say("keysWrite"), writing.map(([keys, words]) => line(keys, say(words)))), part(say("keysGo"), go)];
}

function sheet() {
  const body = make("div", { class: "keys-list" });
  const dialog = make("dialog", { class: "dialog dialog--wide", id: "help", "aria-labelledby": "help-title" },
    make("h2", { class: "dialog-title", id: "help-title" }, say("keys")), body,
    make("div", { class: "dialog-foot" }, make("button", { class: "btn", type: "button", "data-closes": true }, say("close"))));
  dialog.addEventListener("goodword:open", () => body.replaceChildren(...parts().filter(Boolean)));
  document.body.append(dialog);
  return dialog;
}

function openHelp() {
  const dialog = document.getElementById("help");
  dialog.dispatchEvent(new CustomEvent("goodword:open"));
  dialog.showModal();
}

onKey("?", openHelp);
sheet();
