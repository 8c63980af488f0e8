// data-copy: a link whose address is copied. Where copying is not allowed the link opens.
import { behaviour } from "./bind.js";
import { toast } from "./toast.js";

async function copied(link) {
  try {
    await navigator.clipboard.writeText(link.href);
    toast(link.dataset.copy);
  } catch {
    location.assign(link.href);
  }
}

behaviour("a[data-copy]", (link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    link.closest("details[open]")?.removeAttribute("open");
    copied(link);
  });
});
