// The desk: one list, one open conversation. Sends with a key of its own; a retry is never a second message.
const words = JSON.parse(document.getElementById("desk-texts")?.textContent ?? "{}");
const log = () => document.getElementById("log");
const composer = () => document.getElementById("composer");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const uploads = new Map();
let lastTyping = 0, typingTimer, refreshTimer;

const post = (url, body) => fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" } });
const scroll = () => log() && (log().scrollTop = log().scrollHeight);

function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const node of [...holder.content.children]) {
    const { seq, key } = node.dataset;
    if (key) log().querySelectorAll(`.pending[data-key="${CSS.escape(key)}"]`).forEach((one) => one.remove());
    if (seq && log().querySelector(`[data-seq="${seq}"]`)) continue;
    const later = [...log().querySelectorAll(":scope > [data-seq]")].find((other) => Number(other.dataset.seq) > Number(seq));
    log().insertBefore(node, later || log().querySelector(".pending, #typing") || null);
    log().dataset.seq = Math.max(Number(log().dataset.seq), Number(seq || 0));
  }
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: log() } }));
  scroll();
}

function problem(text) {
  const place = document.getElementById("refused");
  place.textContent = text;
  place.hidden = !text;
}

async function send(form) {
  const box = form.elements.text;
  const mode = form.elements.mode.value;
  const text = box.value.trim();
  const files = [...uploads.values()].filter((file) => file.uid);
  if (!text && !files.length) return box.focus();
  problem("");
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
  const body = new FormData();
  body.set("text", text);
  body.set("mode", mode);
  body.set("key", key);
  if (form.dataset.macro && mode === "reply") body.set("macro", form.dataset.macro);
  files.forEach((file) => body.append("file", file.uid));
  box.value = "";
  try {
    const answer = await post(form.action, body);
    if (!answer.ok) throw Object.assign(new Error(await answer.text()), { said: answer.status < 500 });
    show(await answer.text());
    pending.remove();
    uploads.clear();
    listUploads();
    delete form.dataset.key;
    delete form.dataset.macro;
    localStorage.removeItem(`kefu-draft:${form.dataset.draft}`);
  } catch (error) {
    pending.remove();
    box.value = box.value ? `${text}\n${box.value}` : text; // nothing that was typed is lost
    if (!error.said) form.dataset.key = key; // the same message again, not a second one
    problem(error.said && error.message.length < 400 ? error.message : words.not_sent);
  }
}

function addUploads(list) {
  for (const file of list) {
    const id = crypto.randomUUID();
    uploads.set(id, { name: file.name });
    const body = new FormData();
    body.append("file", file);
    post(`${log().dataset.base}files/`, body)
      .then(async (answer) => Object.assign(uploads.get(id) ?? {}, answer.ok ? { uid: (await answer.json()).uid } : { failed: await answer.text() }))
      .catch(() => Object.assign(uploads.get(id) ?? {}, { failed: words.upload_failed }))
      .finally(listUploads);
  }
  listUploads();
}

function listUploads() {
  composer()?.querySelector("[data-upload-list]").replaceChildren(
    ...[...uploads].map(([id, file]) => {
      const item = document.createElement("li");
      item.className = "file";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn quiet icon-only sm";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${words.remove} ${file.name}`);
      remove.addEventListener("click", () => (uploads.delete(id), listUploads()));
      item.append(`${file.name} ${file.failed ?? (file.uid ? "✓" : "…")}`, remove);
      return item;
    }),
  );
}

function move(by) {
  const rows = [...document.querySelectorAll("#inbox li > a")];
  const here = rows.findIndex((row) => row.getAttribute("aria-current") || row === document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, here + by))]?.click();
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer") return;
  event.preventDefault();
  send(event.target);
});
document.addEventListener("click", (event) => {
  const insert = event.target.closest("[data-insert]");
  if (!insert) return;
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
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key === "r" || event.key === "n") {
    const mode = composer()?.querySelector(`[name=mode][value=${event.key === "r" ? "reply" : "note"}]`);
    if (!mode) return;
    mode.checked = true;
    mode.dispatchEvent(new Event("change", { bubbles: true }));
    composer().elements.text.focus();
    event.preventDefault();
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-uploads]")) {
    addUploads([...event.target.files]);
    event.target.value = "";
  }
  if (event.target.name === "mode" && event.target.form?.id === "composer") {
    event.target.form.elements.text.placeholder = event.target.value === "note" ? words.write_note : words.write_reply;
    event.target.form.classList.toggle("note", event.target.value === "note");
  }
});
document.addEventListener("input", (event) => {
  if (event.target.form?.id !== "composer" || event.target.name !== "text") return;
  if (event.target.form.elements.mode.value === "note" || Date.now() - lastTyping < 3000) return;
  lastTyping = Date.now();
  post(`${log().dataset.base}typing/`, new FormData()).catch(() => {});
});
document.addEventListener("paste", (event) => {
  if (event.target.form?.id === "composer" && event.clipboardData.files.length) {
    event.preventDefault();
    addUploads([...event.clipboardData.files]);
  }
});
document.addEventListener("live:message", ({ detail }) => {
  document.getElementById("typing")?.remove();
  show(detail.data);
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
  const body = new FormData();
  body.set("seq", log().dataset.seq);
  post(`${log().dataset.base}read/`, body).catch(() => {});
}

scroll();
showRead(Number(log()?.dataset.read ?? 0));
read();
document.addEventListener("visibilitychange", read);
document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "thread" && (scroll(), read()));
const beat = () => post(document.body.dataset.heartbeat, new FormData()).catch(() => {});
setInterval(beat, 60_000);
beat();
