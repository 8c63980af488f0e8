// One connection for all windows of a browser: a lock elects the window that holds the EventSource, a channel shares it.
const CHANNEL = "goodword-live";
const KEPT_EVENTS = 200;
const RETRY = 3000;

const numbers = (cursor) => String(cursor ?? "").split("-").map(Number);

/** Whether one place in the event log lies after another; '12-3' or '12'. */
export function later(one, other) {
  const [a, b] = [numbers(one), numbers(other)];
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    if ((a[i] || 0) !== (b[i] || 0)) return (a[i] || 0) > (b[i] || 0);
  }
  return false;
}

export class Stream {
  /** `onEvent(event)` for each change once, in order; `onState(open)` when the connection comes or goes,
   *  `onReset()` when too much was missed. */
  constructor({ url, cursor, onEvent, onState, onReset }) {
    Object.assign(this, { url, cursor, onEvent, onState, onReset, source: null, leads: false, recent: [], retry: 0, release: null });
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
    this.channel?.addEventListener("message", (message) => this.hear(message.data));
  }

  start() {
    if (!navigator.locks || !this.channel) return this.lead();
    this.stop = new AbortController();
    const hold = () => new Promise((release) => { this.release = release; this.lead(); });
    navigator.locks.request(CHANNEL, { signal: this.stop.signal }, hold).catch(() => {});
    this.channel.postMessage({ hello: this.cursor });
  }

  end() {
    this.stop?.abort();
    clearTimeout(this.retry);
    this.source?.close();
    this.release?.();
    this.leads = false;
  }

  lead() {
    this.leads = true;
    this.connect();
  }

  connect() {
    const url = new URL(this.url, location.href);
    if (this.cursor) url.searchParams.set("after", this.cursor);
    this.source = new EventSource(url);
    this.source.addEventListener("open", () => this.state(true));
    this.source.addEventListener("change", (message) => this.take({ cursor: message.lastEventId, event: JSON.parse(message.data) }, true));
    this.source.addEventListener("reset", (message) => this.reset(message.lastEventId, true));
    this.source.addEventListener("error", () => {
      this.state(false);
      if (this.source.readyState !== EventSource.CLOSED) return;
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.connect(), RETRY);
    });
  }

  /** The server cannot go on from our place: it goes on from its own. */
  reset(cursor, tell) {
    this.cursor = cursor || null;
    this.recent = [];
    if (tell) this.channel?.postMessage({ reset: this.cursor });
    this.onReset();
  }

  state(open, tell = true) {
    this.open = open;
    this.onState(open);
    if (tell && this.leads) this.channel?.postMessage({ open });
  }

  take(item, tell) {
    if (item.cursor && this.cursor && !later(item.cursor, this.cursor)) return;
    if (item.cursor) this.cursor = item.cursor;
    if (tell) {
      this.recent = [...this.recent.slice(1 - KEPT_EVENTS), item];
      this.channel?.postMessage({ item });
    }
    this.onEvent(item.event);
  }

  /** What another window says: a change, the state, or that it has just come and knows things up to a place. */
  hear(data) {
    if (data.item) this.take(data.item, false);
    else if ("reset" in data && !this.leads) this.reset(data.reset, false);
    else if ("open" in data && !this.leads) this.state(data.open, false);
    else if ("hello" in data && this.leads) {
      for (const item of this.recent) if (later(item.cursor, data.hello)) this.channel.postMessage({ item });
      this.channel.postMessage({ open: this.open });
    }
  }
}
