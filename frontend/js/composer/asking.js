// Asks once before a reply goes out that the coach would stop, or that leaves a question open.
import { icon, make } from "../make.js";
import { say } from "../words.js";

function list(items, sign, colour) {
  return make("ul", { class: "stack stack--tight" }, items.map((words) => make("li", { class: "coach-item" }, icon(sign, colour), make("span", {}, words))));
}

/** Resolves to null (back to the text) or `{reason}`. */
export function askBefore({ stops, open }) {
  return new Promise((resolve) => {
    let answer = null;
    const reason = make("textarea", { class: "textarea", required: true, rows: "2", maxlength: "500", id: "stop-reason" });
    const title = say(stops.length ? "stopTitle" : "openTitle");
    const form = make("form", { method: "dialog", class: "dialog-body" },
      stops.length ? list(stops.map(({ finding }) => finding.message), "alert-circle", "bad") : null,
      open.length ? make("p", { class: "muted" }, say("openText")) : null,
      open.length ? list(open.map(({ quote }) => quote), "circle", "soon") : null,
      stops.length ? make("div", { class: "field" }, make("label", { class: "field-label", for: "stop-reason" }, say("stopReason")), reason) : null,
      make("div", { class: "dialog-foot" },
        make("button", { class: "btn", type: "button", "data-closes": true, autofocus: !stops.length }, say("stopBack")),
        make("button", { class: stops.length ? "btn" : "btn btn--primary", type: "submit" }, say("stopSend"))));
    const dialog = make("dialog", { class: "dialog", "aria-label": title }, make("h2", { class: "dialog-title" }, title), form);
    form.addEventListener("submit", () => { answer = { reason: reason.value.trim() }; });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    if (stops.length) reason.focus();
  });
}
