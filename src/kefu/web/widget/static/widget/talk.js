// The chat window: sends with a key of its own, so that a retry is never a second message; shows what the stream brings;
// keeps what could not be sent on this device until it can.
const texts = JSON.parse(document.getElementById("talk-texts").textContent);
const base = document.body.dataset.base;
const embedded = "embedded" in document.body.dataset;
const KEPT = "kefu-unsent";
const TOKEN = "kefu-visitor";
const chat = () => document.getElementById("chat");
const log = () => chat().querySelector(".log");
const composer = () => document.getElementById("composer");
const uploads = new Map();
let typingTimer, lastTyping = 0, readTimer;
let minimised = false; // a frame that is not shown: nothing in it is read

async function post(url, values) {
  const body = new URLSearchParams({ v: chat().dataset.visitor }); // first: the server reads who it is before the rest
  for (const [name, value] of Object.entries(values)) if (name !== "v") for (const one of [value].flat()) body.append(name, one);
  if (embedded) body.set("embed", "1");
  return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
}

function template(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function scroll() {
  log().scrollTop = log().scrollHeight;
}

/** Put entries into the log in the order of their numbers; one that is there already is not added again. */
function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const near = log().scrollHeight - log().scrollTop - log().clientHeight < 160;
  for (const node of [...holder.content.children]) {
    const { seq, key } = node.dataset;
    if (key) log().querySelectorAll(`.pending[data-key="${CSS.escape(key)}"]`).forEach((pending) => pending.remove());
    if (seq && log().querySelector(`[data-seq="${seq}"]`)) continue;
    if (node.dataset.seqOf && log().querySelector(`[data-seq-of="${node.dataset.seqOf}"]`)) continue;
    if (seq && node.dataset.kind) log().querySelectorAll("[data-choices]").forEach((chips) => chips.remove());
    const later = seq && [...log().querySelectorAll("[data-seq]")].find((other) => Number(other.dataset.seq) > Number(seq));
    log().insertBefore(node, later || log().querySelector(".pending, #queue, #typing") || null);
    window.htmx?.process(node);
    if (seq) chat().dataset.seq = Math.max(Number(chat().dataset.seq), Number(seq));
  }
  log().querySelectorAll("time[data-when]").forEach((time) => {
    const moment = new Date(time.dateTime);
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
  });
  if (near) scroll();
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(list));
  } catch {
    // a browser without storage: what is on the screen is all there is
  }
}

/** Send one thing; it stays in the list of unsent ones until the server has answered. */
async function send(item, bubble) {
  bubble ??= pendingBubble(item);
  try {
    const answer = await post(`${base}messages/`, { ...item, talk: item.talk || chat().dataset.talk });
    if (answer.status >= 500) throw Object.assign(new Error(String(answer.status)), { told: [503, 507].includes(answer.status) && answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "" });
    keep(kept().filter((one) => one.key !== item.key));
    if (!answer.ok) return refused(bubble, item, await answer.text());
    const html = await answer.text();
    if (!chat().dataset.talk) return reload();
    show(html);
    bubble.remove();
    watchStage(html);
  } catch (error) {
    bubble.querySelector(".meta").replaceChildren(error.told || texts.not_sent, " ", retryButton(item, bubble));
    bubble.dataset.failed = "";
  }
}

function pendingBubble(item) {
  const bubble = template("pending-message");
  bubble.dataset.key = item.key;
  bubble.querySelector(".bubble").textContent = item.label || item.text || texts.file;
  log().insertBefore(bubble, log().querySelector("#queue, #typing") || null);
  scroll();
  return bubble;
}

function retryButton(item, bubble) {
  const button = document.createElement("button");
  button.className = "link";
  button.type = "button";
  button.textContent = texts.retry;
  button.addEventListener("click", () => {
    delete bubble.dataset.failed;
    bubble.querySelector(".meta").textContent = texts.sending;
    send(item, bubble);
  });
  return button;
}

/** The server says no: say why, and give the words back. */
function refused(bubble, item, reason) {
  bubble.remove();
  const box = composer().elements.text;
  if (item.text && !box.value) box.value = item.text;
  const note = document.createElement("p");
  note.className = "banner bad";
  note.setAttribute("role", "alert");
  note.textContent = reason.length < 400 ? reason : texts.not_sent;
  log().append(note);
  scroll();
}

/** The window anew from the server: the stage changed, or an embedded page showed the token that it kept. */
async function reload() {
  const answer = await fetch(`${base}panel/?v=${encodeURIComponent(chat().dataset.visitor)}${embedded ? "&embed=1" : ""}`, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok) swap(await answer.text());
}

function swap(html, sent) {
  const { text, topic } = composer().elements;
  const written = { typed: text.value, topic: topic.value, caret: document.activeElement === text && text.selectionStart };
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("#chat");
  if (!fresh) throw new Error("the answer is no window"); // the one that is there stays, with all that is in it
  const active = document.activeElement;
  // Where somebody is about to prove their account stays as it is, unless it is what was just sent.
  const begun = [...log().querySelectorAll("[data-proof]")].filter((one) => !one.contains(sent) && one.querySelector("[open]"));
  const unsent = [...log().querySelectorAll(".pending[data-failed]")];
  chat().replaceWith(fresh);
  log().append(...unsent);
  for (const one of begun) log().querySelector(`[data-proof][data-seq-of="${one.dataset.seqOf}"]`)?.replaceWith(one);
  const { text: box } = composer().elements;
  box.value = written.typed;
  if (written.topic) composer().elements.topic.value = written.topic;
  if (written.caret !== false) {
    box.focus({ preventScroll: true });
    box.setSelectionRange(written.caret, written.caret);
  } else if (begun.some((one) => one.contains(active))) active.focus({ preventScroll: true });
  window.htmx?.process(chat());
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: chat() } }));
  prepare();
  scroll();
}

/** Entries that change what the head and the queue show. */
function watchStage(html) {
  if (/data-what="(queued|joined|transferred|requeued|left_queue|message_left|absent|solved|reopened)"/.test(html)) reload();
}

function submit(form) {
  delete document.body.dataset.early;
  const box = form.elements.text;
  const files = [...uploads.values()].filter((file) => file.uid).map((file) => file.uid);
  if ([...uploads.values()].some((file) => !file.uid && !file.failed)) return note(texts.still_uploading);
  if (!box.value.trim() && !files.length) return box.focus();
  const item = { text: box.value.trim(), file: files, key: crypto.randomUUID(), talk: chat().dataset.talk, topic: form.elements.topic.value };
  if (!files.length) keep([...kept(), item].slice(-20));
  box.value = "";
  uploads.clear();
  listUploads();
  grow(box);
  send(item);
}

function note(text) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  document.getElementById("toasts")?.append(toast);
  setTimeout(() => toast.remove(), 6000);
}

function grow(box) {
  box.style.blockSize = "auto";
  box.style.blockSize = `${Math.min(box.scrollHeight, 160)}px`;
}

// Files go up at once, with progress; the message that follows takes them along.
function addUploads(files) {
  if (!chat().dataset.talk) {
    return send({ text: texts.about_file, key: crypto.randomUUID(), topic: composer().elements.topic.value }).then(() => setTimeout(() => addUploads(files), 400));
  }
  for (const file of files) {
    const id = crypto.randomUUID();
    uploads.set(id, { name: file.name, part: 0 });
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    body.append("talk", chat().dataset.talk);
    body.append("v", chat().dataset.visitor);
    request.upload.onprogress = ({ loaded, total }) => update(id, { part: loaded / total });
    request.onload = () => {
      const answer = request.status === 200 ? JSON.parse(request.responseText) : null;
      update(id, answer ? { uid: answer.uid } : { failed: request.responseText.length < 300 && request.responseText ? request.responseText : texts.upload_failed });
    };
    request.onerror = () => update(id, { failed: texts.upload_failed });
    request.open("POST", `${base}files/`);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.send(body);
  }
  listUploads();
}

function update(id, change) {
  Object.assign(uploads.get(id) ?? {}, change);
  listUploads();
}

function listUploads() {
  const list = composer().querySelector("[data-upload-list]");
  list.replaceChildren(
    ...[...uploads].map(([id, file]) => {
      const item = document.createElement("li");
      item.className = "file";
      const name = document.createElement("span");
      const state = document.createElement("small");
      state.textContent = file.failed || (file.uid ? texts.uploaded : `${Math.round(file.part * 100)} %`);
      name.append(file.name, state);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn quiet icon-only sm";
      remove.setAttribute("aria-label", `${texts.remove} ${file.name}`);
      remove.textContent = "×";
      remove.addEventListener("click", () => (uploads.delete(id), listUploads()));
      item.append(name, remove);
      return item;
    }),
  );
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "composer") {
    event.preventDefault();
    if (event.submitter?.dataset.person !== undefined) return press({ value: "human", label: event.submitter.textContent.trim() });
    submit(form);
  } else if (form.matches("[data-choices]")) {
    event.preventDefault();
    press({ value: event.submitter.value, label: event.submitter.textContent.trim() });
  } else if (form.matches("[data-tell]")) {
    event.preventDefault();
    post(form.action, Object.fromEntries(new FormData(form))).then(async (answer) => note(await answer.text())).catch(() => note(texts.not_sent));
  } else if (form.matches("[data-step]")) {
    event.preventDefault();
    const given = new FormData(form, event.submitter); // which button it was belongs to it
    form.querySelectorAll("button").forEach((button) => (button.disabled = true));
    post(form.action, Object.fromEntries(given))
      .then(async (answer) => step(form, await answer.text()))
      .catch(() => note(texts.not_sent))
      .finally(() => form.querySelectorAll("button").forEach((button) => (button.disabled = false)));
  } else if (form.matches("[data-act]")) {
    event.preventDefault();
    post(form.action, Object.fromEntries(new FormData(form))).then(async (answer) => swap(await answer.text(), form)).catch(() => note(texts.not_sent));
  }
});

/** The next step of a form, in its place: nothing else in the window moves. */
function step(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("[data-step], [role=status]");
  if (!fresh) throw new Error("the answer is no step");
  form.replaceWith(fresh);
  fresh.scrollIntoView({ block: "nearest" });
  (fresh.querySelector("input:not([type=hidden])") ?? composer().elements.text).focus(); // done: go on writing
}

/** A button of the bot: what stands on it is said, what it means goes along. */
function press({ value, label }) {
  log().querySelectorAll("[data-choices]").forEach((chips) => chips.remove());
  send({ text: label, label, choice: value, key: crypto.randomUUID(), talk: chat().dataset.talk, topic: composer().elements.topic.value });
}

document.addEventListener("click", (event) => {
  const topic = event.target.closest("[data-topics] button");
  if (topic) {
    topic.parentElement.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === topic)));
    composer().elements.topic.value = topic.value;
    composer().elements.text.focus();
  }
  if (event.target.closest("[data-minimise]")) parent.postMessage({ kefu: "minimise" }, "*");
  if (event.target.closest("[data-dictate]")) dictate();
});
document.addEventListener("keydown", (event) => {
  if (event.target.name === "text" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (event.key === "Escape" && embedded) parent.postMessage({ kefu: "minimise" }, "*");
});
document.addEventListener("input", (event) => {
  if (event.target.name !== "text") return;
  grow(event.target);
  if (chat().dataset.talk && Date.now() - lastTyping > 3000) {
    lastTyping = Date.now();
    post(`${base}typing/`, { talk: chat().dataset.talk }).catch(() => {});
  }
});
document.addEventListener("toggle", ({ target }) => target.open && target.matches("[data-proof] details") && target.scrollIntoView({ block: "nearest" }), true);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-uploads]")) {
    addUploads([...event.target.files]);
    event.target.value = "";
  }
});
for (const kind of ["dragover", "drop"])
  document.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    if (kind === "drop") addUploads([...event.dataTransfer.files]);
  });
document.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  addUploads([...event.clipboardData.files]);
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.parameters.v = chat().dataset.visitor; // an embedded window has no cookie
});
document.addEventListener("live:message", ({ detail }) => {
  document.getElementById("typing")?.remove();
  show(detail.data);
  watchStage(detail.data);
  markRead();
  if (embedded && (minimised || document.hidden) && /data-kind="(agent|bot)"/.test(detail.data)) parent.postMessage({ kefu: "unread" }, "*");
});
document.addEventListener("live:typing", ({ detail }) => {
  if (JSON.parse(detail.data).by !== "agent") return;
  if (!document.getElementById("typing")) log().append(template("typing-message"));
  scroll();
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => document.getElementById("typing")?.remove(), 5000);
});
document.addEventListener("live:read", ({ detail }) => {
  const { by, seq } = JSON.parse(detail.data);
  if (by === "agent") showRead(seq);
});
document.addEventListener("live:queue", ({ detail }) => {
  const { position, seconds, leave } = JSON.parse(detail.data);
  const panel = document.getElementById("queue");
  if (!panel) return reload();
  panel.querySelector("[data-queue-position]").textContent = position;
  const minutes = Math.max(1, Math.round((seconds ?? 0) / 60));
  panel.querySelector("[data-queue-wait]").textContent =
    seconds === null ? texts.nobody : seconds === 0 ? texts.next : texts.wait.replace("%(minutes)s", minutes);
  if (leave) panel.querySelector("[data-leave]").open = true;
});
document.addEventListener("live-gap", reload);
addEventListener("online", resend);
document.addEventListener("visibilitychange", () => document.hidden || markRead());

function showRead(seq) {
  log().querySelectorAll(".msg.mine[data-seq]").forEach((entry) => {
    if (Number(entry.dataset.seq) > seq || entry.dataset.seen !== undefined) return;
    entry.dataset.seen = "";
    entry.querySelector(".meta")?.append(` ${texts.read}`);
  });
}

function markRead() {
  clearTimeout(readTimer);
  readTimer = setTimeout(() => {
    if (!document.hidden && !minimised && chat().dataset.talk) post(`${base}read/`, { talk: chat().dataset.talk, seq: chat().dataset.seq }).catch(() => {});
  }, 300);
}

function resend() {
  const arrived = (item) => log().querySelector(`[data-seq][data-key="${CSS.escape(item.key)}"]`);
  keep(kept().filter((item) => !arrived(item)));
  for (const item of kept()) {
    const bubble = log().querySelector(`.pending[data-key="${CSS.escape(item.key)}"]`);
    send(item, bubble ?? undefined);
  }
}

/** Speaking instead of typing, where the browser can hear. */
function dictate() {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const ear = new Recognition();
  ear.lang = document.documentElement.lang;
  ear.onresult = ({ results }) => {
    composer().elements.text.value = [...results].map((result) => result[0].transcript).join("");
    grow(composer().elements.text);
  };
  ear.onerror = () => note(texts.not_heard);
  ear.start();
}

function prepare() {
  if (window.SpeechRecognition || window.webkitSpeechRecognition) chat().querySelectorAll("[data-dictate]").forEach((button) => (button.hidden = false));
  grow(composer().elements.text);
  showRead(Number(chat().dataset.read));
  markRead();
}

/** Where the browser grants a frame no storage, the host page holds the token that keeps the talk. */
function holdToken() {
  try {
    localStorage.setItem(TOKEN, chat().dataset.visitor);
  } catch {
    const host = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
    if (host && parent !== window) parent.postMessage({ kefu: "token", token: chat().dataset.visitor }, host);
  }
}

async function begin() {
  if (embedded) {
    const token = (() => { try { return localStorage.getItem(TOKEN); } catch { return null; } })();
    if (token && token !== chat().dataset.visitor) {
      chat().dataset.visitor = token;
      await reload();
    }
    addEventListener("message", async ({ data, source }) => {
      if (source !== parent) return;
      if (typeof data?.kefuShown === "boolean") {
        minimised = !data.kefuShown;
        markRead();
      }
      if (typeof data?.kefuToken === "string" && data.kefuToken !== chat().dataset.visitor && !chat().dataset.talk) {
        chat().dataset.visitor = data.kefuToken;
        reload();
      }
      if (typeof data?.kefuIdentity !== "string") return;
      const answer = await fetch("/widget/identity/", { method: "POST", body: new URLSearchParams({ token: data.kefuIdentity }) });
      if (!answer.ok) return note((await answer.json()).error);
      chat().dataset.visitor = (await answer.json()).visitor;
      holdToken();
      reload();
    });
    parent.postMessage({ kefu: "ready" }, "*");
    document.addEventListener("submit", () => setTimeout(holdToken, 1000));
    try { localStorage.setItem(TOKEN, chat().dataset.visitor); } catch { /* the host page holds it with the first words */ }
  }
  prepare();
  scroll();
  resend();
  document.body.dataset.ready = ""; // from here on Enter sends
  if ("early" in document.body.dataset) composer().requestSubmit();
  // Keeps the place in the queue while the window is open, and finds out when a stage was missed.
  setInterval(() => chat().dataset.stage === "queued" && markRead(), 60_000);
}

begin();
