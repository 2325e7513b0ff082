// Live updates without a line of script: <ul data-live="/live/…" data-events="message typing" data-after="41"> gets DOM events
// named live:message and so on, for hx-trigger="live:message". data-ticket="/…" names a page that answers {"url": "…"} instead.
import { watch } from "./live.js";

const liveStops = new Map();

async function freshTicket(page) {
  const answer = await fetch(page, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).url;
}

function enliven(element) {
  const { live, ticket, events = "message", after = "" } = element.dataset;
  const fire = (type, detail) => element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  const stop = watch(ticket ? () => freshTicket(ticket) : live, {
    key: ticket,
    after,
    events: events.split(" "),
    onEvent: (event) => fire(`live:${event.type}`, event),
    onState: (state) => ((element.dataset.liveState = state), fire("live-state", { state })),
    onGap: () => fire("live-gap", {}),
  });
  liveStops.set(element, stop);
}

function scanLive(root) {
  for (const [element, stop] of liveStops) if (!element.isConnected) (stop(), liveStops.delete(element));
  for (const element of root.querySelectorAll("[data-live], [data-ticket]"))
    if (!liveStops.has(element)) enliven(element);
}

scanLive(document);
document.addEventListener("htmx:load", () => scanLive(document));
