// Keeps the draft on the server: after each pause, one request at a time, and in this browser until it is there.
import { postJson, token } from "../ask.js";

const PAUSE = 350;
const AT_LATEST = 3000;
const RETRY = 5000;

export class Drafts {
  /** `content()` answers what to save; `onAnswer(data, content)`, `onState(word)`, `onConflict(data)` hear of it. */
  constructor({ url, key, revision, content, onAnswer, onState, onConflict, signal }) {
    Object.assign(this, { url, key: `goodword.draft.${key}`, revision, content, onAnswer, onState, onConflict });
    this.dirty = false;
    this.flight = null;
    this.stopped = false;
    addEventListener("pagehide", () => this.leave(), { signal });
  }

  /** What this browser kept because the server never had it, or null. */
  kept() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key));
      return kept && kept.revision >= this.revision ? kept : null;
    } catch {
      return null;
    }
  }

  touch() {
    this.dirty = true;
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + AT_LATEST - now)));
  }

  /** Saves what is unsaved; never two requests at once. Resolves when the newest words were answered or failed. */
  async save() {
    clearTimeout(this.timer);
    if (this.flight) return this.flight.then(() => (this.dirty ? this.save() : undefined));
    if (!this.dirty || this.stopped) return undefined;
    this.flight = this.send();
    try {
      await this.flight;
    } finally {
      this.flight = null;
    }
    return this.dirty && this.online ? this.save() : undefined;
  }

  async send() {
    const content = this.content();
    this.dirty = false;
    this.since = null;
    sessionStorage.setItem(this.key, JSON.stringify({ ...content.body, revision: this.revision }));
    const answer = await postJson(this.url, { ...content.body, revision: this.revision });
    this.online = answer.ok && answer.data !== null;
    if (this.stopped) return;
    if (this.online) {
      this.revision = answer.data.revision ?? this.revision;
      if (!this.dirty) sessionStorage.removeItem(this.key);
      this.onAnswer(answer.data, content);
    } else if (answer.status === 409) {
      this.stopped = true;
      this.onConflict(answer.data);
    } else {
      this.dirty = true;
      this.onState(answer.status === 401 || answer.status === 403 ? "loggedOut" : "notSaved");
      this.timer = setTimeout(() => this.save(), RETRY);
    }
  }

  /** After a conflict was decided: go on from the other's revision. */
  resume(revision) {
    this.revision = revision;
    this.stopped = false;
  }

  forget() {
    clearTimeout(this.timer);
    this.dirty = false;
    this.since = null;
    sessionStorage.removeItem(this.key);
  }

  leave() {
    if (!this.dirty || this.stopped || !this.url) return;
    const body = JSON.stringify({ ...this.content().body, revision: this.revision });
    sessionStorage.setItem(this.key, body);
    fetch(this.url, { method: "POST", keepalive: body.length < 60_000, body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } }).catch(() => {});
  }
}
