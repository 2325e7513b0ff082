// Live updates: one EventSource per stream and browser, however many tabs look at it. The tab that holds the lock
// reads the stream and tells the others; when it goes, another one takes over after the last event that it saw.
const REMEMBERED = 300;
const streams = new Map();

/**
 * Watch a stream of server-sent events; returns a function that stops watching.
 *
 * `url`: an address, or a function that fetches one (for short-lived tickets); `key` then names the stream.
 * `after`: the id of the last event that the page already shows. `events`: the names to listen to.
 * `onEvent({id, type, data})` is called once per event; `onState("open" | "connecting" | "lost")` on changes;
 * `onGap()` when events may have been missed that nobody remembers: read the page's data again.
 * The server resumes by the Last-Event-ID header or, when another tab takes over, by ?after=<id>.
 */
export function watch(url, { key, after = "", events = ["message"], onEvent, onState = () => {}, onGap = () => {} }) {
  const name = key ?? new URL(url, location.href).pathname;
  const stream = streams.get(name) ?? new Stream(name, url, String(after));
  streams.set(name, stream);
  const watcher = { onEvent, onState, onGap };
  stream.join(watcher, String(after), events);
  return () => stream.leave(watcher);
}

class Stream {
  constructor(name, url, after) {
    Object.assign(this, { name, url, last: after, start: after, watchers: new Set(), names: new Set() });
    Object.assign(this, {
      memory: [],
      source: null,
      leading: false,
      pause: 1000,
      tab: crypto.randomUUID?.() ?? String(Math.random()),
    });
    this.shared = "locks" in navigator && "BroadcastChannel" in window;
    if (!this.shared) return void this.lead();
    this.channel = new BroadcastChannel(`kefu-live ${name}`);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.quit = new AbortController();
    navigator.locks
      .request(
        `kefu-live ${name}`,
        { signal: this.quit.signal },
        () => new Promise((release) => ((this.release = release), this.lead())),
      )
      .catch((error) => {
        // Aborted: nobody here watches any more. Refused (a frame without storage on another site): this page has a stream of its own.
        if (error.name !== "SecurityError") return;
        this.shared = false;
        this.lead();
      });
  }

  join(watcher, after, events) {
    this.watchers.add(watcher);
    events.forEach((event) => this.names.add(event));
    if (this.leading) this.listen();
    else this.channel.postMessage({ tab: this.tab, after, names: [...this.names] });
    if (this.state) watcher.onState(this.state);
  }

  leave(watcher) {
    this.watchers.delete(watcher);
    if (this.watchers.size) return;
    this.source?.close();
    clearTimeout(this.retry);
    this.quit?.abort();
    this.release?.();
    this.channel?.close();
    this.channel = null;
    streams.delete(this.name);
  }

  hear({ tab, after, names, event, state, to, missed }) {
    if (event) this.deliver(event);
    if (state) this.show(state);
    if (to === this.tab) missed ? missed.forEach((one) => this.deliver(one)) : this.watchers.forEach((w) => w.onGap());
    if (tab && this.leading) {
      names.forEach((one) => this.names.add(one));
      this.listen();
      this.channel.postMessage({ to: tab, missed: this.since(after) });
      if (this.state) this.channel.postMessage({ state: this.state });
    }
  }

  /** The events after an id, or null when that lies before what is remembered. */
  since(after) {
    const place = this.memory.findIndex((event) => event.id === after);
    if (place >= 0) return this.memory.slice(place + 1);
    return after === this.start || after === "" ? [...this.memory] : null;
  }

  deliver(event) {
    if (event.id && this.memory.some((known) => known.id === event.id)) return;
    if (event.id) {
      this.last = event.id;
      this.memory.push(event);
      if (this.memory.length > REMEMBERED) this.start = this.memory.shift().id;
    }
    this.watchers.forEach((watcher) => watcher.onEvent(event));
  }

  show(state) {
    if (state === this.state) return;
    this.state = state;
    this.watchers.forEach((watcher) => watcher.onState(state));
  }

  tell(message) {
    this.channel?.postMessage(message);
    if (message.event) this.deliver(message.event);
    if (message.state) this.show(message.state);
  }

  async lead() {
    this.leading = true;
    this.heard = new Set();
    try {
      const address = new URL(typeof this.url === "function" ? await this.url() : this.url, location.href);
      if (this.last) address.searchParams.set("after", this.last);
      this.source = new EventSource(address);
    } catch {
      return this.again();
    }
    this.listen();
    this.source.onopen = () => ((this.pause = 1000), this.tell({ state: "open" }));
    this.source.onerror = () =>
      this.source.readyState === EventSource.CLOSED ? this.again() : this.tell({ state: "connecting" });
  }

  /** The browser has given up (an expired ticket, an error page): open anew, less often each time. */
  again() {
    this.tell({ state: "lost" });
    if (!this.watchers.size) return;
    this.retry = setTimeout(() => this.lead(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(this.pause * 2, 30_000);
  }

  listen() {
    if (!this.source) return;
    for (const type of this.names) {
      if (this.heard.has(type)) continue;
      this.heard.add(type);
      this.source.addEventListener(type, ({ lastEventId, data }) => {
        // An event without an id (somebody types) repeats the id before it: it is passed on, not remembered.
        this.tell({ event: { id: lastEventId === this.last ? "" : lastEventId, type, data } });
      });
    }
  }
}
