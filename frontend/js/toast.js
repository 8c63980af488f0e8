// A short word at the foot of the page, with an undo where there is one. Survives one change of page.
import { behaviour } from "./bind.js";
import { postForm } from "./ask.js";
import { icon, make } from "./make.js";
import { say } from "./words.js";

const KEPT = "goodword.toast";
const STAYS = 6000;

function place() {
  return document.querySelector("[data-toasts]") ?? document.body;
}

/** Says a sentence; answers a function that takes it away. */
export function toast(sentence, { undo = null, until = null } = {}) {
  const box = make("div", { class: "toast" }, make("span", {}, sentence));
  const gone = () => { clearInterval(ticking); box.remove(); };
  const ends = until ?? Date.now() + STAYS;
  const left = make("span", { class: "toast-left", "aria-hidden": "true" });
  if (undo) {
    const button = make("button", { class: "btn", type: "button" }, icon("undo-2"), say("undo"));
    button.addEventListener("click", () => { button.disabled = true; undo().finally(gone); });
    box.append(left, button);
  }
  box.append(make("button", { class: "icon-btn", type: "button", "aria-label": say("close"), onclick: gone }, icon("x")));
  const tick = () => {
    const seconds = Math.ceil((ends - Date.now()) / 1000);
    if (seconds <= 0 && !(!undo && box.matches(":hover, :focus-within"))) gone();
    else left.textContent = `${Math.max(seconds, 0)} s`;
  };
  const ticking = setInterval(tick, 250);
  tick();
  place().append(box);
  return gone;
}

/** Undoes at `url`, then goes where the answer says, or loads the page again. */
async function undoAt(url, key) {
  const answer = await postForm(url, {});
  if (!answer.ok) {
    toast(answer.data?.message ?? say("undoFailed"));
    return;
  }
  const back = new CustomEvent("goodword:undone", { detail: { ...answer.data, key }, cancelable: true });
  if (!document.dispatchEvent(back)) return;
  if (answer.data?.redirect) location.assign(answer.data.redirect);
  else location.reload();
}

/** A toast with undo; `keep` shows it on the next page as well. */
export function undoable(sentence, { url, until, keep = false, key = "" }) {
  const ends = new Date(until).getTime() || Date.now() + 10_000;
  if (keep) sessionStorage.setItem(KEPT, JSON.stringify({ sentence, url, until: ends, key }));
  else toast(sentence, { until: ends, undo: () => undoAt(url, key) });
}

function fromLastPage() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const { sentence, url, until, key } = JSON.parse(kept);
  if (until > Date.now()) toast(sentence, { until, undo: () => undoAt(url, key) });
}

function announce(element) {
  const { toast: sentence, toastUndo: url } = element.dataset;
  if (url) undoable(sentence, { url, until: element.dataset.toastUntil });
  else toast(sentence);
}

behaviour("[data-toast]", (element) => {
  if (element.matches("button, a")) element.addEventListener("click", () => announce(element));
  else announce(element);
});

document.addEventListener("goodword:toast", (event) => toast(event.detail.value ?? event.detail));
fromLastPage();
