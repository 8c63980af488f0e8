// data-presence-url: says that somebody reads or answers here, and shows who else does.
import { behaviour } from "./bind.js";
import { postJson, token } from "./ask.js";
import { icon, make } from "./make.js";
import { say } from "./words.js";

const EVERY = 15_000;
const WRITING_FOR = 30_000;

function draw(place, people) {
  const me = document.body.dataset.agent;
  const others = people.filter((person) => String(person.id) !== me && person.state !== "gone");
  place.replaceChildren(...others.map(({ name, state }) => {
    const replying = state === "replying";
    return make("span", { class: "presence-one", "data-replying": replying },
      replying ? icon("pencil") : icon("eye"), say(replying ? "replying" : "viewing", { name }));
  }));
}

behaviour("[data-presence-url]", (conversation) => {
  const { presenceUrl: url, conversation: id } = conversation.dataset;
  const place = () => conversation.querySelector("[data-presence]");
  let wrote = 0;
  let last = "";
  const state = () => (Date.now() - wrote < WRITING_FOR ? "replying" : "viewing");
  const tell = async (now) => {
    last = now;
    const answer = await postJson(url, { state: now });
    if (answer.ok && answer.data?.people && place()) draw(place(), answer.data.people);
  };
  const beat = () => {
    if (!conversation.isConnected) return clearInterval(timer);
    if (document.visibilityState === "visible") tell(state());
  };
  const timer = setInterval(beat, EVERY);
  conversation.addEventListener("input", (event) => {
    if (!event.target.closest("[data-composer]")) return;
    wrote = Date.now();
    if (last !== "replying") tell("replying");
  });
  document.addEventListener("goodword:change", ({ detail }) => {
    if (!detail.kind.startsWith("presence") || String(detail.conversation) !== id || !place()) return;
    if (detail.data?.people) draw(place(), detail.data.people);
  });
  addEventListener("pagehide", () => {
    const body = JSON.stringify({ state: "gone" });
    fetch(url, { method: "POST", keepalive: true, body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
  });
  tell("viewing");
});
