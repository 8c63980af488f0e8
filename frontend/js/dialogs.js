// data-opens, data-closes: dialogs by their id.
import { onClick } from "./bind.js";

onClick("[data-opens]", (button, event) => {
  const dialog = document.getElementById(button.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  button.closest("details[data-menu]")?.removeAttribute("open");
  dialog.dispatchEvent(new CustomEvent("goodword:open"));
  if (!dialog.open) dialog.showModal();
});

onClick("[data-closes]", (button, event) => {
  event.preventDefault();
  button.closest("dialog")?.close();
});

// A click on the backdrop closes what can be closed without a loss.
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || dialog.querySelector("textarea, input:not([type=search])")) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});
