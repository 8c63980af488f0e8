// Small manners of forms: send on change, show 'waiting', keep a form from being sent twice.
import { behaviour } from "./bind.js";

behaviour("[data-autosubmit]", (control) => {
  control.addEventListener("change", () => control.form?.requestSubmit());
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[data-composer], [hx-post], [hx-get]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  setTimeout(() => delete form.dataset.sent, 5000);
});

const apple = /Mac|iPhone|iPad/.test(navigator.platform);
behaviour("[data-mod-enter]", (element) => { if (apple) element.textContent = "⌘ ↵"; });
