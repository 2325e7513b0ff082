// The thread of the open conversation: its entries in their order, and the words of the desk.
import { renewed } from "ui";

export const words = JSON.parse(document.getElementById("desk-texts")?.textContent ?? "{}");
export const log = () => document.getElementById("log");
export const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const once = (url, body, more) =>
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" }, ...more });

/** Send to the desk; a page that was open for too long gets a fresh token and sends once more. */
export async function post(url, body, more = {}) {
  const answer = await once(url, body, more);
  return answer.status === 403 && renewed(answer.headers.get("X-Fresh-Token")) ? once(url, body, more) : answer;
}
export const scroll = () => log() && (log().scrollTop = log().scrollHeight);
export const bodyOf = (values) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  return body;
};

export function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const node of [...holder.content.children]) {
    const { seq, key } = node.dataset;
    if (key) log().querySelectorAll(`.pending[data-key="${CSS.escape(key)}"]`).forEach((one) => one.remove());
    if (seq && log().querySelector(`[data-seq="${seq}"]`)) continue;
    const later = seq && [...log().querySelectorAll(":scope > [data-seq]")].find((other) => Number(other.dataset.seq) > Number(seq));
    log().insertBefore(node, later || (seq && log().querySelector(".pending, #typing")) || null);
    log().dataset.seq = Math.max(Number(log().dataset.seq), Number(seq || 0));
  }
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: log() } }));
  scroll();
}

/** What went wrong; with `again` a button that does it all the same. */
export function problem(text, again) {
  const place = document.getElementById("refused");
  place.textContent = text;
  place.hidden = !text;
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = words.send_anyway;
  button.addEventListener("click", again, { once: true });
  place.append(" ", button);
  button.focus();
}
