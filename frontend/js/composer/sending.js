// What happens when the reply is sent: asked first, sent once, every answer said, nothing lost.
import htmx from "htmx.org";
import { postForm } from "../ask.js";
import { icon, make } from "../make.js";
import { toast, undoable } from "../toast.js";
import { say } from "../words.js";
import { askBefore } from "./asking.js";
import { remarksIn } from "./remarks.js";

const WAIT_FOR_COACH = 1500;

const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

function formOf(composer, { close, later }, reason) {
  const { form } = composer;
  const content = composer.content();
  const fields = new FormData(form);
  fields.set("markdown", content.body.markdown);
  fields.set("text", content.body.text);
  fields.set("revision", String(composer.drafts.revision));
  fields.set("close", close);
  fields.set("later", later);
  fields.set("reason", reason);
  fields.set("attachments", JSON.stringify(content.body.attachments));
  fields.set("promises", JSON.stringify(composer.promises.fields()));
  fields.set("mentions", JSON.stringify(composer.isNote() ? composer.mentions(content.body.text) : []));
  fields.delete("files");
  // As urlencoded: a multipart body would turn line ends into CR LF and shift the offsets.
  return new URLSearchParams(fields);
}

/** Null when the agent goes back to the text, else the reason given. */
async function agreed(composer) {
  if (composer.isNote()) return { reason: "" };
  await Promise.race([composer.drafts.save(), pause(WAIT_FOR_COACH)]);
  const stops = remarksIn(composer.view.state).filter(({ finding }) => finding.severity === "stop");
  const open = composer.warnedOpen ? [] : composer.questions.filter(({ answered }) => answered === "no");
  if (!stops.length && !open.length) return { reason: "" };
  const answer = await askBefore({ stops, open });
  composer.warnedOpen = true;
  return answer;
}

function moved(composer, { message, html, seen, revision }) {
  composer.form.elements.seen.value = seen ?? "";
  composer.drafts.resume(revision ?? composer.drafts.revision);
  const page = new DOMParser().parseFromString(html ?? "", "text/html");
  const words = make("div", { class: "prose" });
  words.append(...page.body.childNodes);
  composer.banner(make("div", { class: "banner banner--card composer-moved", role: "alert" }, icon("alert-triangle"),
    make("div", { class: "composer-moved-body" }, make("strong", {}, message), words),
    make("button", { class: "icon-btn", type: "button", "aria-label": say("close"), onclick: () => composer.banner(null) }, icon("x"))));
  refreshThread(composer);
}

function refreshThread(composer) {
  for (const thread of document.querySelectorAll("[data-live-conversation]")) {
    if (thread.dataset.liveConversation === composer.form.dataset.conversation) htmx.trigger(thread, "live");
  }
}

function sent(composer, data) {
  const words = say(composer.isNote() ? "noted" : "sent");
  const key = composer.form.dataset.conversation;
  composer.drafts.forget();
  composer.drafts.stopped = Boolean(data.redirect);
  if (data.undo_url) undoable(words, { url: data.undo_url, until: data.undo_until, keep: Boolean(data.redirect), key });
  else if (!data.redirect) toast(data.said || words);
  if (data.redirect) return location.assign(data.redirect);
  composer.clear(data.revision ?? 0);
  document.querySelector("[data-scroll-end]")?.dispatchEvent(new CustomEvent("goodword:end"));
  return refreshThread(composer);
}

/** Sends the form as it stands; `close` is '1' for send and close, `later` names the moment it leaves at. */
export async function send(composer, how) {
  const { form } = composer;
  if (form.dataset.sending) return;
  if (!composer.hasContent()) return void toast(say("empty"));
  const yes = await agreed(composer);
  if (!yes) return void composer.view.focus();
  form.dataset.sending = "yes";
  const buttons = [...form.querySelectorAll("[data-send], [name=close], [name=later]")];
  for (const button of buttons) button.disabled = true;
  composer.saved(say("sending"));
  const answer = await postForm(form.getAttribute("action"), formOf(composer, how, yes.reason), { deadline: 30_000 });
  for (const button of buttons) button.disabled = false;
  delete form.dataset.sending;
  composer.saved("");
  if (answer.ok && answer.data?.ok) sent(composer, answer.data);
  else if (answer.status === 409 && answer.data?.moved) moved(composer, answer.data);
  else if (answer.data?.errors) composer.complain(answer.data.errors.join(" "));
  else composer.complain(answer.data?.message ?? say("sendFailed"));
}
