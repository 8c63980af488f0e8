// data-confirm: asks before a form is sent or a button acts.
import { make } from "./make.js";
import { say } from "./words.js";

const agreed = new WeakSet();

/** A dialog with a sentence; resolves to true when the person says yes. */
export function confirm(sentence, yes = say("yes")) {
  return new Promise((resolve) => {
    const answer = (value) => () => { dialog.close(); resolve(value); };
    const dialog = make("dialog", { class: "dialog", "aria-label": sentence },
      make("p", {}, sentence),
      make("div", { class: "dialog-foot" },
        make("button", { class: "btn", type: "button", onclick: answer(false) }, say("cancel")),
        make("button", { class: "btn btn--primary", type: "button", autofocus: true, onclick: answer(true) }, yes)));
    dialog.addEventListener("close", () => { resolve(false); dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function hold(element, event, again) {
  if (agreed.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await confirm(element.dataset.confirm, element.dataset.confirmYes))) return;
  agreed.add(element);
  again();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm) hold(form, event, () => form.requestSubmit(event.submitter ?? undefined));
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-confirm], a[data-confirm]");
  if (button) hold(button, event, () => button.click());
}, true);
