// data-scroll-end: a conversation opens at what is new, and stays there while pictures arrive.
import { behaviour } from "./bind.js";

behaviour("[data-scroll-end]", (pane) => {
  const asked = location.hash && pane.querySelector(location.hash.replace(/[^#\w-]/g, ""));
  const mark = asked || pane.querySelector(".msg-new");
  const place = () => { pane.scrollTop = mark ? mark.offsetTop - pane.offsetTop - 8 : pane.scrollHeight; };
  place();
  const watcher = new ResizeObserver(place);
  if (pane.firstElementChild) watcher.observe(pane.firstElementChild);
  for (const sign of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(sign, () => watcher.disconnect(), { once: true, passive: true });
  }
});

/** True when the pane shows its end, so that something new may be scrolled to. */
export function atEnd(pane) {
  return pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
}

behaviour("[data-live-conversation]", (thread) => {
  const pane = thread.closest("[data-scroll-end]");
  if (!pane) return;
  let end = false;
  thread.addEventListener("htmx:beforeSwap", () => { end = atEnd(pane); });
  thread.addEventListener("htmx:afterSettle", () => { if (end) pane.scrollTop = pane.scrollHeight; });
});
