// Live updates: what changed is announced, and parts of the page that show it fetch themselves again.
import htmx from "htmx.org";
import { getPage } from "./ask.js";
import { bind, behaviour } from "./bind.js";
import { icon, make } from "./make.js";
import { Stream } from "./stream.js";
import { say } from "./words.js";

const PATIENCE = 3000;
const NEWS = /^(message\.received|conversation\.(opened|reopened|woken|assigned|unmerged))$/;
const QUIET = /^(presence|draft|live)\b/;

let lostTimer = 0;
let wasLost = false;
const waiting = new Map();
// When each conversation last changed and was last asked for: a part that was fetched before a change and put
// in after it has missed it.
const changed = new Map();
const asked = new Map();
const FETCHING = 10_000;

/** Calls the action after a pause, once, however often it was asked for meanwhile. */
function soon(key, pause, action) {
  if (waiting.has(key)) return;
  waiting.set(key, setTimeout(() => { waiting.delete(key); if (!key.isConnected) return; action(); }, pause));
}

function refresh(element, pause) {
  soon(element, pause, () => {
    asked.set(element.dataset.liveConversation, Date.now());
    const url = element.dataset.liveCounters || element.dataset.live;
    if (element.hasAttribute("hx-get")) htmx.trigger(element, "live");
    else if (url?.startsWith("/")) htmx.ajax("GET", url, { target: element, swap: "outerHTML" });
  });
}

function refreshRow(row) {
  if (!row?.dataset.liveRow) return;
  soon(row, 300, async () => {
    const page = await getPage(row.dataset.liveRow);
    const fresh = page?.querySelector("[data-row]");
    // A row under the hand or with the focus is left as it is until the pointer goes.
    if (!fresh || row.matches(":focus-within")) return;
    if (row.querySelector(".row-check input")?.checked) fresh.querySelector(".row-check input")?.setAttribute("checked", "");
    if (row.getAttribute("aria-current")) fresh.setAttribute("aria-current", "true");
    row.replaceWith(fresh);
    htmx.process(fresh);
    bind(fresh);
  });
}

function note(list, change) {
  const id = String(change.conversation);
  const row = list.querySelector(`[data-row][data-conversation="${CSS.escape(id)}"]`);
  refreshRow(row);
  if (!NEWS.test(change.kind) || String(change.agent ?? "") === (document.body.dataset.agent ?? "none")) return;
  const first = list.querySelector("[data-row]");
  // Nothing can move under the hand where nothing stands.
  if (!first) return void soon(list, 300, () => reload(list));
  if (row === first) return;
  const seen = new Set((list.dataset.liveSeen ?? "").split(" ").filter(Boolean)).add(id);
  list.dataset.liveSeen = [...seen].join(" ");
  const button = list.querySelector("[data-live-new]");
  if (!button) return;
  button.replaceChildren(icon("arrow-left", "icon--up"), say("liveNew", { n: seen.size }));
  button.hidden = false;
}

async function reload(list) {
  const page = await getPage(list.dataset.liveList);
  const fresh = page?.querySelector("[data-rows]");
  const rows = list.querySelector("[data-rows]");
  if (!fresh || !rows) return;
  rows.replaceWith(fresh);
  list.dataset.liveSeen = "";
  const button = list.querySelector("[data-live-new]");
  if (button) button.hidden = true;
  list.scrollTop = 0;
  htmx.process(fresh);
  bind(fresh);
}

behaviour("[data-live-conversation]", (element) => {
  const { liveConversation: id } = element.dataset;
  const at = changed.get(id) ?? 0;
  if (at > (asked.get(id) ?? 0) && Date.now() - at < FETCHING) refresh(element, 150);
});

behaviour("[data-live-new]", (button) => {
  button.addEventListener("click", () => reload(button.closest("[data-live-list]")));
});

function onChange(change) {
  document.dispatchEvent(new CustomEvent("goodword:change", { detail: change }));
  if (QUIET.test(change.kind)) return;
  if (change.conversation) {
    const id = CSS.escape(String(change.conversation));
    changed.set(String(change.conversation), Date.now());
    for (const element of document.querySelectorAll(`[data-live-conversation="${id}"]`)) refresh(element, 150);
    for (const list of document.querySelectorAll("[data-live-list]")) note(list, change);
  }
  for (const element of document.querySelectorAll("[data-live-counters]")) refresh(element, 1000);
  for (const element of document.querySelectorAll("[data-live]")) {
    const wanted = element.dataset.live;
    if (wanted.startsWith("/") || change.kind.startsWith(wanted)) refresh(element, 1000);
  }
}

function everything() {
  for (const element of document.querySelectorAll("[data-live-conversation], [data-live-counters], [data-live]")) refresh(element, 150);
}

/** The page missed more than the server tells again: everything is fetched anew. */
function onReset() {
  everything();
  for (const list of document.querySelectorAll("[data-live-list]")) reload(list);
}

function onState(open) {
  const place = document.querySelector("[data-live-state]");
  if (open) {
    clearTimeout(lostTimer);
    lostTimer = 0;
    place?.replaceChildren();
    if (wasLost) everything();
    wasLost = false;
  } else if (!lostTimer) {
    lostTimer = setTimeout(() => {
      wasLost = true;
      place?.replaceChildren(make("div", { class: "banner banner--float" }, icon("wifi-off"), make("span", {}, say("liveOff"))));
    }, PATIENCE);
  }
}

function begin() {
  const { liveUrl: url, liveCursor: cursor } = document.body.dataset;
  if (!url) return;
  let stream = null;
  const start = () => {
    stream = new Stream({ url, cursor: stream?.cursor ?? cursor, onEvent: onChange, onState, onReset });
    stream.start();
  };
  start();
  addEventListener("pagehide", () => stream.end());
  addEventListener("pageshow", (event) => { if (event.persisted) start(); });
}

begin();
