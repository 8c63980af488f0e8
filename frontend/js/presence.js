// data-presence-url: says that somebody reads or answers here, and shows who else does.
import { behaviour } from "./bind.js";
import { postJson, token } from "./ask.js";
import { icon, make } from "./make.js";
import { say } from "./words.js";

const EVERY = 15_000;
const WRITING_FOR = 30_000;
const SETTLE = 400;

/** One open conversation, for as long as it stands on the page. */
class Here {
  constructor(conversation) {
    this.conversation = conversation;
    this.url = conversation.dataset.presenceUrl;
    this.wrote = 0;
    this.state = "";
    this.timer = setInterval(() => this.beat(), EVERY);
    conversation.addEventListener("input", (event) => { if (event.target.closest("[data-composer]")) this.writes(); });
    this.tell();
  }

  beat() {
    if (document.visibilityState === "visible") this.tell();
  }

  writes() {
    this.wrote = Date.now();
    if (this.state !== "replying") this.tell();
  }

  async tell() {
    this.state = Date.now() - this.wrote < WRITING_FOR ? "replying" : "viewing";
    const answer = await postJson(this.url, { state: this.state });
    if (answer.ok && answer.data.people) this.draw(answer.data.people);
  }

  hear(change) {
    if (!change.kind.startsWith("presence") || String(change.conversation) !== this.conversation.dataset.conversation) return;
    if (change.data?.people) return this.draw(change.data.people);
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.tell(), SETTLE);
  }

  draw(people) {
    const me = document.body.dataset.agent;
    const others = people.filter((person) => String(person.id) !== me && person.state !== "gone");
    const signs = others.map(({ name, state }) => make("span", { class: "presence-one", "data-replying": state === "replying" },
      icon(state === "replying" ? "pencil" : "eye"), say(state === "replying" ? "replying" : "viewing", { name })));
    document.querySelector("[data-presence]")?.replaceChildren(...signs);
  }

  leave() {
    clearInterval(this.timer);
    clearTimeout(this.asking);
  }

  goodbye() {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    fetch(this.url, { method: "POST", keepalive: true, body: JSON.stringify({ state: "gone" }), headers }).catch(() => {});
  }
}

let here = null;

behaviour("[data-presence-url]", (conversation) => {
  here?.leave();
  if (here && here.url !== conversation.dataset.presenceUrl) here.goodbye();
  here = new Here(conversation);
});

document.addEventListener("goodword:change", ({ detail }) => here?.hear(detail));
addEventListener("pagehide", () => here?.goodbye());
addEventListener("pageshow", (event) => { if (event.persisted) here?.tell(); });
