// The conversation's scrolling pane: opens at what is new, and keeps its place and what is unfolded when parts are
// fetched again. The event `goodword:end` sends it to its end.
import { behaviour } from "./bind.js";

const NEAR_END = 80;
let last = { conversation: null, top: 0 };

const idOf = (pane) => pane.closest("[data-conversation]")?.dataset.conversation ?? "";
const atEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR_END;
const toEnd = (pane) => { pane.scrollTop = pane.scrollHeight; };

/** Goes to the new, and stays there while pictures arrive, until somebody scrolls. */
function openAtNew(pane) {
  const asked = location.hash && pane.querySelector(location.hash.replace(/[^#\w-]/g, ""));
  const messages = pane.querySelectorAll(".msg");
  // A first letter is read from its beginning, however long it is.
  const mark = asked || pane.querySelector(".msg-new") || (messages.length === 1 ? messages[0] : null);
  const place = () => { pane.scrollTop = mark ? mark.offsetTop - pane.offsetTop - 8 : pane.scrollHeight; };
  place();
  const watcher = new ResizeObserver(place);
  watcher.observe(pane);
  if (pane.firstElementChild) watcher.observe(pane.firstElementChild);
  for (const sign of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(sign, () => watcher.disconnect(), { once: true, passive: true });
  }
}

/** Names of the folds of a pane: the message and which of its folds. */
function folds(pane) {
  return [...pane.querySelectorAll("details:not([data-menu])")].map((fold) => {
    const message = fold.closest("[id]");
    return { fold, name: `${message.id}/${[...message.querySelectorAll("details")].indexOf(fold)}` };
  });
}

behaviour("[data-scroll-end]", (pane) => {
  const conversation = idOf(pane);
  if (conversation && conversation === last.conversation) pane.scrollTop = last.top;
  else openAtNew(pane);
  last = { conversation, top: pane.scrollTop };
  let end = false;
  let stays = atEnd(pane);
  pane.addEventListener("scroll", () => {
    last = { conversation, top: pane.scrollTop };
    stays = atEnd(pane);
  }, { passive: true });
  // The newest words stay in sight while the editor below grows and shrinks.
  new ResizeObserver(() => { if (stays) toEnd(pane); }).observe(pane);
  pane.addEventListener("goodword:end", () => toEnd(pane));

  let open = new Set();
  pane.addEventListener("htmx:beforeSwap", () => {
    end = atEnd(pane);
    open = new Set(folds(pane).filter(({ fold }) => fold.open).map(({ name }) => name));
  });
  pane.addEventListener("htmx:afterSwap", () => {
    for (const { fold, name } of folds(pane)) if (open.has(name)) fold.open = true;
  });
  pane.addEventListener("htmx:afterSettle", () => { if (end) toEnd(pane); });
});
