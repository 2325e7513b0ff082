// Writing an answer: kept on the server while one writes, sent with a key of its own, taken back within ten seconds.
import { bodyOf, log, post, problem, scroll, show, words } from "./log.js";
import { clearUploads, uploaded } from "./uploads.js";

const composer = () => document.getElementById("composer");
let lastTyping = 0, keepTimer;

/** How far one had read when one began to write: an answer to a changed thread is asked about. */
const seenBy = (form) => form.dataset.seen || log().dataset.seq;

async function send(form, more = {}) {
  const box = form.elements.text;
  const mode = form.elements.mode.value;
  const text = box.value.trim();
  const files = uploaded();
  if (!text && !files.length) return box.focus();
  problem("");
  clearTimeout(keepTimer);
  const key = form.dataset.key || crypto.randomUUID();
  const pending = document.createElement("div");
  pending.className = `msg ${mode === "note" ? "note" : "mine"} pending`;
  pending.dataset.key = key;
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.textContent = text;
  pending.append(bubble);
  log().append(pending);
  scroll();
  const body = bodyOf({ text, mode, key, seen: seenBy(form), ...more });
  for (const name of ["cc", "bcc"]) if (form.elements[name]) body.set(name, form.elements[name].value);
  if (form.dataset.macro && mode === "reply") body.set("macro", form.dataset.macro);
  files.forEach((file) => body.append("file", file));
  box.value = "";
  document.getElementById("objection").hidden = true;
  try {
    const answer = await post(form.action, body);
    if (!answer.ok)
      throw Object.assign(new Error(await answer.text()), { said: answer.status < 500, told: [503, 507].includes(answer.status) && answer.headers.get("Content-Type")?.startsWith("text/plain"), asks: answer.headers.get("X-Kefu-Ask") === "1" });
    pending.remove();
    show(await answer.text());
    clearUploads();
    delete form.dataset.key;
    delete form.dataset.macro;
    delete form.dataset.seen;
    for (const name of ["cc", "bcc"]) if (form.elements[name]) form.elements[name].value = "";
    here("viewing");
  } catch (error) {
    pending.remove();
    box.value = box.value ? `${text}\n${box.value}` : text; // nothing that was typed is lost
    if (!error.said) form.dataset.key = key; // the same message again, not a second one
    const said = (error.said || error.told) && error.message.length < 600 ? error.message : words.not_sent;
    problem(said, error.asks && (() => ((form.dataset.seen = log().dataset.seq), send(form, { ...more, sure: "1" }))));
  }
}

function keep(form) {
  clearTimeout(keepTimer);
  const values = { text: form.elements.text.value, mode: form.elements.mode.value, seen: seenBy(form) };
  const url = form.dataset.keep;
  keepTimer = setTimeout(
    () =>
      post(url, bodyOf(values), { keepalive: true })
        .then(async (answer) => {
          const state = document.getElementById("draft-state");
          if (!answer.ok || !state || url !== composer()?.dataset.keep) return;
          const objection = await answer.text();
          const hint = document.getElementById("objection");
          hint.textContent = objection;
          hint.hidden = !objection;
          state.textContent = objection ? "" : words.kept;
        })
        .catch(() => {}),
    700,
  );
}

async function takeBack(button) {
  const answer = await post(button.dataset.takeBack, new FormData()).catch(() => null);
  if (!answer?.ok) return problem((await answer?.text()) ?? words.not_sent);
  const text = await answer.text();
  button.closest(".held")?.remove();
  const box = composer()?.elements.text;
  if (!box) return location.reload(); // it is kept as the draft
  box.value = box.value.trim() ? `${text}\n\n${box.value}` : text;
  composer().querySelector("[name=mode][value=reply]").checked = true;
  box.focus();
}

async function sendNow(button) {
  const answer = await post(button.dataset.sendNow, new FormData()).catch(() => null);
  if (!answer?.ok) return problem((await answer?.text()) ?? words.not_sent);
  button.closest(".held")?.remove();
  show(await answer.text());
}

/** Tell the others that one is here; and learn who else is. */
export function here(what) {
  const place = document.getElementById("here");
  if (!place) return;
  post(place.dataset.url, bodyOf({ what }), { keepalive: true })
    .then((answer) => answer.json())
    .then(({ others }) => {
      people.clear();
      others.forEach(({ who, what: does, name }) => people.set(who, { does, name, at: Date.now() }));
      showPeople();
    })
    .catch(() => {});
}
const people = new Map();
function showPeople() {
  const place = document.getElementById("here");
  if (!place) return;
  const shown = [...people.values()].filter(({ at }) => Date.now() - at < 60_000);
  place.replaceChildren(
    ...shown.map(({ does, name }) => {
      const line = document.createElement("span");
      line.className = `tag ${does === "writing" ? "warn" : ""}`;
      line.textContent = (does === "writing" ? words.writes : words.views).replace("{name}", name);
      return line;
    }),
  );
}
document.addEventListener("live:here", ({ detail }) => {
  const { talk, who, what, name } = JSON.parse(detail.data);
  const place = document.getElementById("here");
  if (!place || place.dataset.talk !== talk || Number(place.dataset.me) === who) return;
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  if (what === "gone") people.delete(who);
  else people.set(who, { does: what, name: name[language], at: Date.now() });
  showPeople();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer") return;
  event.preventDefault();
  const asks = event.submitter?.name === "approve"; // it goes out once a second person has agreed
  event.submitter?.closest("dialog")?.close();
  send(event.target, asks ? { approve: event.submitter.value, why: event.target.elements.why.value } : {});
});
document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-send-at]");
  if (at) {
    const moment = at.dataset.sendAt || document.getElementById("send-at").value;
    if (!moment) return document.getElementById("send-at").focus();
    at.closest("dialog").close();
    return send(composer(), { at: moment });
  }
  const back = event.target.closest("[data-take-back]");
  if (back) return takeBack(back);
  const now = event.target.closest("[data-send-now]");
  if (now) return sendNow(now);
  const all = event.target.closest("[data-cc]");
  if (all) {
    composer().elements.cc.value = all.dataset.cc;
    return composer().elements.cc.focus();
  }
  const insert = event.target.closest("[data-insert]");
  if (!insert || !composer()) return;
  const box = composer().elements.text;
  box.value = [box.value.trim(), insert.dataset.insert].filter(Boolean).join("\n\n");
  if (insert.dataset.macro) composer().dataset.macro = insert.dataset.macro;
  for (const id of ["insert-article", "choose-macro"]) document.getElementById(id)?.close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog[open]") || event.metaKey || event.ctrlKey || event.altKey) return;
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.key === "z") [...document.querySelectorAll("[data-take-back]")].at(-1)?.click();
  if (event.key !== "r" && event.key !== "n") return;
  const mode = composer()?.querySelector(`[name=mode][value=${event.key === "r" ? "reply" : "note"}]`);
  if (!mode) return;
  mode.checked = true;
  mode.dispatchEvent(new Event("change", { bubbles: true }));
  composer().elements.text.focus();
  event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.name !== "mode" || event.target.form?.id !== "composer") return;
  event.target.form.elements.text.placeholder = event.target.value === "note" ? words.write_note : words.write_reply;
  event.target.form.classList.toggle("note", event.target.value === "note");
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.id !== "composer" || event.target.name !== "text") return;
  form.dataset.seen ||= log().dataset.seq;
  if (!event.target.value.trim()) delete form.dataset.seen;
  keep(form);
  if (Date.now() - lastTyping < 3000) return;
  lastTyping = Date.now();
  here("writing");
  if (form.elements.mode.value !== "note") post(`${log().dataset.base}typing/`, new FormData()).catch(() => {});
});

// The thread may be drawn anew while one writes: what stands in the box goes along.
let carried = null;
const fieldsIn = (dialog) => [...dialog.querySelectorAll("input:not([type=hidden]), textarea, select")];
/** The dialog that is open in the thread with what is in it, and whether it is its own form that is being answered. */
function dialogOpenIn(thread, asking) {
  const dialog = thread.querySelector("dialog[open]");
  if (!dialog) return null;
  return { id: dialog.id, answered: dialog.contains(asking), values: fieldsIn(dialog).map((one) => [one.value, one.checked]) };
}
/** Open it again, unless it was answered and all is well; what went wrong is said in it, where one looks. */
function reopen({ id, answered, values }) {
  const dialog = document.getElementById(id);
  const notice = answered && document.querySelector("#log > .banner[role=alert]");
  if (!dialog || (answered && !notice)) return;
  const fields = fieldsIn(dialog);
  fields.forEach((one, index) => values[index] && ([one.value, one.checked] = values[index]));
  if (notice) dialog.querySelector("form[method=post]").prepend(notice);
  dialog.showModal();
  if (answered) return;
  fields[0]?.focus();
  // What loads by itself listens from now on only: it is told once more.
  document.addEventListener("htmx:afterSettle", () => (fields[0]?.blur(), fields[0]?.focus()), { once: true });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = composer();
  if (event.detail.target.id !== "thread" || !form) return;
  carried = { action: form.action, text: form.elements.text.value, mode: form.elements.mode.value, seen: form.dataset.seen };
  const box = form.elements.text;
  carried.focus = document.activeElement === box && [box.selectionStart, box.selectionEnd];
  carried.dialog = dialogOpenIn(event.detail.target, event.detail.requestConfig?.elt);
  const opened = /desk\/([0-9a-f-]{36})/.exec(event.detail.pathInfo?.requestPath ?? "")?.[1];
  if (!opened || !form.action.includes(opened)) here("gone");
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "thread") return;
  const form = composer();
  if (form && carried?.action === form.action && (carried.text || carried.focus)) {
    form.elements.text.value = carried.text;
    const mode = form.querySelector(`[name=mode][value=${carried.mode}]`);
    if (mode) mode.checked = true; // who was only let in writes notes alone
    form.classList.toggle("note", form.elements.mode.value === "note");
    if (carried.seen) form.dataset.seen = carried.seen;
    if (carried.focus) {
      form.elements.text.focus();
      form.elements.text.setSelectionRange(...carried.focus);
    }
  }
  if (form && carried?.dialog && carried.action === form.action) reopen(carried.dialog);
  carried = null;
  people.clear();
  here("viewing");
});

setInterval(() => {
  document.querySelectorAll(".held[data-until]").forEach((one) => {
    const left = Math.ceil((Date.parse(one.dataset.until) - Date.now()) / 1000);
    const place = one.querySelector("[data-countdown]");
    if (place) place.textContent = words.goes_out.replace("{n}", Math.max(0, left));
    if (left <= 0) one.querySelector("[data-take-back]")?.remove();
  });
  showPeople();
}, 500);
setInterval(() => document.hidden || here(composer()?.elements.text.value.trim() ? "writing" : "viewing"), 20_000);
addEventListener("pagehide", () => here("gone"));
here("viewing");
