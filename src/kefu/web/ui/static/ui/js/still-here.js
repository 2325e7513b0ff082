// Sessions of staff end when nobody is there. A key or the pointer tells the server once a minute that somebody is; before the end
// the page warns, and then covers itself: what was typed stays under the cover, which goes away after signing in in another tab.
import { renewed } from "./fresh-token.js";
import { toast } from "./toast.js";

const cover = document.getElementById("session-over");
const TELL = 60_000;
const IDLE_WARNING = 60;
const AGE_WARNING = 600;
const onTheWall = document.body.hasAttribute("data-wall"); // shown on when nobody is there; only old age ends it
let touched = Date.now();
let told = Date.now();
let owner = 0;
let idleEnds = Infinity;
let ageEnds = Infinity;
let warning = null;
let warnedOfAge = false;

async function askServer(ago) {
  const token = () => document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "";
  const sent = () =>
    fetch(cover.dataset.here, {
      method: ago === undefined ? "GET" : "POST",
      body: ago === undefined ? undefined : new URLSearchParams({ ago: String(ago) }),
      headers: { "X-Requested-With": "fetch", "X-CSRFToken": token() },
      cache: "no-store",
    });
  let answer = await sent();
  if (answer.status === 403 && renewed(answer.headers.get("X-Fresh-Token"))) answer = await sent();
  if (answer.status === 401 && onTheWall && ago !== undefined) return; // somebody brushed the mouse: it goes on being shown
  if (answer.status === 401) return coverUp();
  if (answer.ok) settle(await answer.json());
}

function settle({ idle, age, who }) {
  if (owner && who !== owner) return location.reload(); // somebody else has signed in: this page is not theirs
  owner = who;
  if (!idle && !onTheWall) return coverUp();
  idleEnds = onTheWall ? Infinity : Date.now() + idle * 1000;
  ageEnds = Date.now() + age * 1000;
  if (cover.open) cover.close();
  if (idle > IDLE_WARNING || onTheWall) (warning?.remove(), (warning = null));
  else warning ??= toast(cover.dataset.idle, { stay: true, action: { label: cover.dataset.stay, run: tell } });
  if (age > AGE_WARNING) warnedOfAge = false;
  else if (!warnedOfAge) (warnedOfAge = true), toast(cover.dataset.age, { stay: !onTheWall });
}

function coverUp() {
  warning?.remove();
  warning = null;
  if (!cover.open) cover.showModal();
}

function tell() {
  told = Date.now();
  askServer(Math.max(0, Math.round((told - touched) / 1000))).catch(() => {}); // no network: the next touch tells
}

function touch() {
  touched = Date.now();
  if (!cover.open && (warning || touched - told > TELL)) tell();
}

function look() {
  const soon = Math.min(idleEnds - IDLE_WARNING * 1000, ageEnds - AGE_WARNING * 1000);
  if (cover.open || !owner || Date.now() > soon - 15_000) askServer().catch(() => {});
}

if (cover) {
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"])
    document.addEventListener(kind, touch, { capture: true, passive: true });
  cover.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => document.hidden || askServer().catch(() => {}));
  window.addEventListener("focus", () => cover.open && askServer().catch(() => {}));
  setInterval(look, 30_000);
}
