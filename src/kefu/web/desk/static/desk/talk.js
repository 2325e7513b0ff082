// The desk: one list, one open conversation, and what comes in live.
import "./choose.js";
import "./composer.js";
import { toast } from "ui";
import { bodyOf, log, post, scroll, show, words } from "./log.js";

let typingTimer, refreshTimer;

function move(by) {
  const rows = [...document.querySelectorAll("#inbox li > a")];
  const here = rows.findIndex((row) => row.getAttribute("aria-current") || row === document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, here + by))]?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog[open]") || event.metaKey || event.ctrlKey || event.altKey) return;
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") document.getElementById("keys")?.showModal();
});
document.addEventListener("live:message", ({ detail }) => {
  document.getElementById("typing")?.remove();
  show(detail.data);
  const wishes = document.getElementById("wishes");
  const typed = wishes && [...wishes.querySelectorAll("[name=said]")].some((one) => one.value); // it would be lost
  if (wishes && !typed && detail.data.includes('data-what="approval_')) window.htmx?.trigger(wishes, "refresh-wishes");
  read();
});
document.addEventListener("live:typing", ({ detail }) => {
  if (JSON.parse(detail.data).by !== "customer" || !log()) return;
  if (!document.getElementById("typing")) {
    const note = document.createElement("p");
    note.id = "typing";
    note.className = "event";
    note.textContent = words.typing;
    log().append(note);
    scroll();
  }
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => document.getElementById("typing")?.remove(), 5000);
});
document.addEventListener("live:read", ({ detail }) => {
  const { by, seq } = JSON.parse(detail.data);
  if (by === "customer") showRead(seq);
});
for (const name of ["live:inbox", "live:queue"])
  document.addEventListener(name, () => {
    clearTimeout(refreshTimer);
    refreshTimer = setTimeout(() => document.getElementById("inbox") && window.htmx?.trigger("#inbox", "refresh-inbox"), 600);
  });
document.addEventListener("live:mentioned", ({ detail }) => {
  const { talk, number, name } = JSON.parse(detail.data);
  if (log()?.dataset.base.replaceAll("-", "").includes(talk)) return;
  const who = name[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
  const text = words.mentioned.replace("{name}", () => who).replace("{number}", () => number);
  const open = () => location.assign(`/desk/${talk.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}/?view=mentioned`);
  toast(text, { action: { label: words.open, run: open }, stay: true });
});
// Taken out of what is open: there is nothing more to see here.
document.addEventListener("live:let_out", ({ detail }) => {
  const { talk } = JSON.parse(detail.data);
  const place = log();
  if (place && "guest" in place.dataset && place.dataset.base.replaceAll("-", "").includes(talk)) location.assign(words.mentioned_view);
});
document.addEventListener("live:decided", ({ detail }) => {
  const { talk, number, state } = JSON.parse(detail.data);
  const text = words[`decided_${state}`]?.replace("{number}", () => number);
  if (!text) return;
  const open = () => location.assign(`/desk/${talk.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}/`);
  toast(text, { action: { label: words.open, run: open }, stay: true });
});
document.addEventListener("live-gap", () => location.reload());

function showRead(seq) {
  log()?.querySelectorAll(".msg.mine[data-seq]").forEach((entry) => {
    if (Number(entry.dataset.seq) > seq || entry.dataset.seen !== undefined) return;
    entry.dataset.seen = "";
    entry.querySelector(".meta")?.append(` ${words.read}`);
  });
}

function read() {
  if (!log() || document.hidden) return;
  post(`${log().dataset.base}read/`, bodyOf({ seq: log().dataset.seq })).catch(() => {});
}

scroll();
showRead(Number(log()?.dataset.read ?? 0));
read();
document.addEventListener("visibilitychange", read);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "thread") return;
  scroll();
  read();
  // What had the focus is gone with the old thread: the next Tab must not begin at the top of the page.
  if (document.activeElement === document.body) log()?.focus({ preventScroll: true });
});
// Escape leaves the composer, so that single keys work again; what was written stays.
function leave(event) {
  if (event.key !== "Escape" || event.isComposing || !event.target.closest?.("#composer textarea")) return;
  if (event.target.getAttribute("aria-expanded") !== "true") log()?.focus({ preventScroll: true }); // else it closes the list
}
document.addEventListener("keydown", leave, true); // before the list is closed by the same key
// The customer’s panel is a drawer on narrow screens: Escape goes back to the talk.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#context" && !document.querySelector("dialog[open]")) location.hash = "#log";
});
const beat = () => post(document.body.dataset.heartbeat, new FormData()).catch(() => {});
setInterval(beat, 60_000);
beat();
