// Nothing that looks like a seed phrase, key, password or code leaves the browser before its owner has seen that it does.
// Forms and live suggestions ask here first; the rules are fetched when a text is long enough to hold anything.
import { say } from "./words.js";
import { draftObjections } from "./drafts.js";

const SHIELD_SHORTEST = 8;
let shieldRules;
const shieldCleared = new Map(); // field → the text that its owner says is no secret

/** What in a text looks like a secret; nothing where the rules cannot be fetched (the server looks again). */
export async function findSecrets(text) {
  if (text.trim().length < SHIELD_SHORTEST) return [];
  shieldRules ??= import(new URL("js/shield-rules.js", import.meta.url)).catch(() => ((shieldRules = null), null));
  const rules = await shieldRules;
  return rules ? rules.secretsIn(text) : [];
}

/** The text with everything found replaced by words about it. */
export function maskSecrets(text, found) {
  let kept = "";
  let at = 0;
  for (const { kind, start, end, count } of found) {
    kept += `${text.slice(at, start)}[${count ? say("shield-masked-words", { n: count }) : say(`shield-masked-${kind}`)}]`;
    at = end;
  }
  return kept + text.slice(at);
}

const shieldKinds = (found) => (found.some(({ kind }) => kind === "seed") ? "seed" : found[0].kind);

function shieldWarn(field, found, go) {
  field.closest("form").querySelector(".shield")?.remove();
  const kind = shieldKinds(found);
  const box = document.createElement("div");
  box.className = "banner bad shield";
  box.setAttribute("role", "alert");
  const inside = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = say(`shield-${kind}`);
  const advice = document.createElement("p");
  advice.textContent = say(`shield-${kind === "seed" || kind === "key" ? "wallet" : "account"}-advice`);
  const ways = document.createElement("p");
  ways.className = "cluster";
  const button = (name, run, look = "") => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn sm ${look}`;
    made.textContent = say(name);
    made.addEventListener("click", () => {
      box.remove();
      run();
    });
    ways.append(made);
    return made;
  };
  const first = button("shield-remove", () => {
    field.value = maskSecrets(field.value, found);
    shieldCleared.set(field, field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    go();
  }, "danger");
  button("shield-edit", () => {
    field.focus();
    field.setSelectionRange?.(found[0].start, found[0].end);
  });
  button("shield-none", () => (shieldCleared.set(field, field.value), go()), "quiet");
  inside.append(title, advice, ways);
  box.append(inside);
  (field.closest(".field, .search, .composer") ?? field).before(box);
  first.focus();
}

const shieldedFields = (form) => [...form.querySelectorAll("textarea, input[type=search], input[type=text], input:not([type])")].filter((field) => field.value.trim().length >= SHIELD_SHORTEST && !field.closest("[data-no-shield]"));

/** The first field of a form that holds something, else nothing. */
async function firstSecret(form) {
  for (const field of shieldedFields(form)) {
    if (shieldCleared.get(field) === field.value) continue;
    const found = await findSecrets(field.value);
    if (found.length) return { field, found };
  }
  return null;
}

// What looks like a secret is not kept on the device either.
draftObjections.push(async (form) => Boolean(await firstSecret(form)));

/** The button of a form drawn anew that does what a button of the old one did; nothing where that was no button. */
const sameButton = (form, old) =>
  old && ([...form.elements].find(({ type, name, value }) => type === old.type && name === old.name && value === old.value) ?? null);

let shieldPassing = null;
const shieldAsking = new WeakSet();
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (shieldPassing === form || !(form instanceof HTMLFormElement) || form.matches("[data-no-shield], [method=dialog]") || !shieldedFields(form).length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (shieldAsking.has(form)) return;
    shieldAsking.add(form);
    const { submitter } = event;
    const go = () => {
      // The page may have drawn the form anew meanwhile, with the words in it; one that is gone submits nothing.
      const here = form.isConnected ? form : form.id && document.getElementById(form.id);
      if (!(here instanceof HTMLFormElement)) return;
      shieldPassing = here;
      try {
        here.requestSubmit(here === form ? submitter : sameButton(here, submitter));
      } finally {
        shieldPassing = null;
      }
    };
    // A form that is asked to submit while its own submit event is on its way does nothing at all: one turn later.
    Promise.all([firstSecret(form), new Promise((next) => setTimeout(next))])
      .finally(() => shieldAsking.delete(form))
      .then(([hit]) => (hit ? shieldWarn(hit.field, hit.found, () => form.requestSubmit(submitter)) : go()));
  },
  true,
);
// Suggestions while typing: what looks like a secret is not asked about.
document.addEventListener("htmx:confirm", (event) => {
  const { elt } = event.detail;
  const form = elt.closest?.("form");
  if (event.detail.question || elt.matches?.("form") || !form || form.matches("[data-no-shield]") || !shieldedFields(form).length) return;
  event.preventDefault();
  firstSecret(form).then((hit) => hit || event.detail.issueRequest(true));
});
document.addEventListener("input", (event) => {
  if (!shieldRules && event.target.form && event.target.value?.length > 20) findSecrets(event.target.value);
});
