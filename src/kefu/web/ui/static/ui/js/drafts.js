// Drafts: <form data-draft="ticket:new"> is kept on this device while one writes, until the server has taken it.
import { pageLanguage, say } from "./words.js";
import { toast } from "./toast.js";

const DRAFT = "kefu-draft:";
const SENT = "kefu-draft-sent:";
const WEEK = 7 * 86400_000;
const draftTimers = new WeakMap();
/** Questions to ask before a form is kept: each gets the form and promises whether it must not be. */
export const draftObjections = [];

const fieldsOf = (form) =>
  [...form.elements].filter(
    (f) =>
      f.name &&
      f.name !== "csrfmiddlewaretoken" &&
      !["password", "file", "hidden", "submit", "button"].includes(f.type) &&
      !f.closest("[data-no-draft]"),
  );

function saveDraft(form) {
  const values = fieldsOf(form).map((f) => [
    f.name,
    f.value,
    ["checkbox", "radio"].includes(f.type) ? f.checked : null,
  ]);
  const written = fieldsOf(form).some(
    (f) => f.matches("textarea, input:not([type=checkbox], [type=radio])") && f.value.trim(),
  );
  if (!written) return localStorage.removeItem(DRAFT + form.dataset.draft);
  localStorage.setItem(DRAFT + form.dataset.draft, JSON.stringify({ at: Date.now(), values }));
  const time = new Intl.DateTimeFormat(pageLanguage(), { timeStyle: "short" }).format(new Date());
  form.querySelectorAll("[data-draft-status]").forEach((place) => (place.textContent = say("draft-saved", { time })));
}

function restoreDraft(form) {
  const stored = JSON.parse(localStorage.getItem(DRAFT + form.dataset.draft) ?? "null");
  if (!stored) return;
  if (Date.now() - stored.at > WEEK) return forgetDraft(form.dataset.draft);
  const texts = fieldsOf(form).filter((f) => f.matches("textarea, input:not([type=checkbox], [type=radio])"));
  if (texts.some((f) => f.value.trim())) return; // the server's words are newer
  for (const [name, value, checked] of stored.values)
    for (const f of fieldsOf(form).filter((f) => f.name === name))
      if (checked === null) f.value = value;
      else if (f.value === value) f.checked = checked;
  toast(say("draft-restored"), {
    action: { label: say("discard"), run: () => (form.reset(), forgetDraft(form.dataset.draft)) },
  });
}

/** Forget a draft; call it when what was written has arrived by another way than a form. */
export function forgetDraft(key) {
  localStorage.removeItem(DRAFT + key);
}

function forgetAllDrafts() {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(DRAFT))
    .forEach((key) => localStorage.removeItem(key));
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.draft) return;
  clearTimeout(draftTimers.get(form));
  draftTimers.set(
    form,
    setTimeout(async () => (await Promise.all(draftObjections.map((objects) => objects(form)))).some(Boolean) || saveDraft(form), 400),
  );
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forget-drafts]")) return forgetAllDrafts();
  if (!form.dataset.draft) return;
  clearTimeout(draftTimers.get(form));
  saveDraft(form);
  sessionStorage.setItem(SENT + form.dataset.draft, "1");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt; // a field that asks for something says nothing about whether its form was sent
  if (!form.matches?.("form[data-draft]")) return;
  sessionStorage.removeItem(SENT + form.dataset.draft);
  if (event.detail.successful && event.detail.requestConfig.verb === "post") forgetDraft(form.dataset.draft);
});
// A draft that was sent and whose form did not come back with errors has arrived.
function settleSent() {
  for (const key of Object.keys(sessionStorage).filter((key) => key.startsWith(SENT))) {
    const name = key.slice(SENT.length);
    if (!document.querySelector(`form[data-draft="${CSS.escape(name)}"] [aria-invalid="true"]`)) forgetDraft(name);
    sessionStorage.removeItem(key);
  }
}
try {
  settleSent();
} catch {
  // a frame on another site whose browser grants it no storage: nothing was kept
}
document.querySelectorAll("form[data-draft]").forEach(restoreDraft);
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root === document.body) return;
  if (root.matches?.("form[data-draft]")) restoreDraft(root);
  root.querySelectorAll?.("form[data-draft]").forEach(restoreDraft);
});
