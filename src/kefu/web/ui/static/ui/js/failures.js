// When a request fails: say what happened, whether anything is lost, and what to do. Polls rest while nobody looks.
import { renewed } from "./fresh-token.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const STATUS_WORDS = { 401: "signed-out", 403: "forbidden", 404: "gone", 429: "slow-down" };
const isPoll = (element) => /\bevery\b/.test(element.getAttribute?.("hx-trigger") ?? "");

document.addEventListener("htmx:sendError", (event) => {
  const { elt, requestConfig } = event.detail;
  if (isPoll(elt)) return;
  const form = elt.closest("form");
  if (requestConfig.verb === "get" || !form) toast(say("failed"));
  else toast(say("not-sent"), { stay: true, action: { label: say("retry"), run: () => form.requestSubmit() } });
});
const sentAgain = new WeakSet();
document.addEventListener("htmx:responseError", (event) => {
  const { elt, requestConfig, xhr } = event.detail;
  if (renewed(xhr.getResponseHeader("X-Fresh-Token")) && !sentAgain.has(elt)) {
    sentAgain.add(elt);
    return elt.matches("form") ? elt.requestSubmit(requestConfig.triggeringEvent?.submitter) : window.htmx.trigger(elt, elt.matches("input, select, textarea") ? "change" : "click");
  }
  if (!isPoll(event.detail.elt)) toast(say(STATUS_WORDS[event.detail.xhr.status] ?? "failed"));
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && sentAgain.delete(event.detail.elt));
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && isPoll(event.detail.elt)) event.preventDefault();
});
