// data-pictures: remote pictures are fetched only when somebody asks.
import { getPage } from "./ask.js";
import { bind, onClick } from "./bind.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

onClick("[data-pictures]", async (button) => {
  button.disabled = true;
  const page = await getPage(button.dataset.pictures);
  const body = button.closest(".msg")?.querySelector(".msg-body");
  if (!page || !body) {
    button.disabled = false;
    toast(say("picturesFailed"));
    return;
  }
  const fresh = page.querySelector(".msg-body") ?? page.body;
  body.replaceChildren(...fresh.childNodes);
  bind(body);
  (button.closest(".pictures-off") ?? button).remove();
});
