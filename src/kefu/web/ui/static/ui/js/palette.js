// The command palette: ⌘K or Ctrl+K from anywhere, or any data-palette button. What it ran last comes first the next time.
const RECENT_KEY = "kefu-palette-recent";
const RECENT_KEPT = 12;

function recentRuns() {
  try {
    return (localStorage.getItem(RECENT_KEY) ?? "").split(" ").filter(Boolean);
  } catch {
    return []; // no storage, no memory
  }
}

function remember(name) {
  const names = [name, ...recentRuns().filter((other) => other !== name)].slice(0, RECENT_KEPT);
  try {
    localStorage.setItem(RECENT_KEY, names.join(" "));
  } catch {
    // as above
  }
}

/** Whether the list answers what stands in the field: what is asked while one types comes a moment later. */
function isAnswered(input) {
  return document.querySelector("#palette-none [data-query]")?.dataset.query === input.value.trim().slice(0, 100);
}

let waitingToRun = false;

export function openPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog || dialog.open || document.querySelector("dialog[open]")) return;
  const input = dialog.querySelector("[role=combobox]");
  dialog.querySelector("[name=recent]").value = recentRuns().join(" ");
  input.value = "";
  document.getElementById("palette-list").replaceChildren();
  document.getElementById("palette-none").replaceChildren();
  waitingToRun = false;
  dialog.showModal();
  input.focus();
  window.htmx?.trigger(input, "palette-open");
}

/** What stands in the page is pressed, or (key:n) its key is. */
function press(what) {
  const key = /^key:(.+)$/.exec(what)?.[1];
  if (key) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  else document.querySelector(what)?.click();
}

document.addEventListener("keydown", (event) => {
  if (
    (event.metaKey || event.ctrlKey) &&
    !event.shiftKey &&
    event.key.toLowerCase() === "k" &&
    document.getElementById("palette")
  ) {
    event.preventDefault();
    openPalette();
  }
});
// Enter never runs what was found for other words: it waits until the list has caught up.
document.addEventListener(
  "keydown",
  (event) => {
    if (!event.target.matches?.("#palette [role=combobox]")) return;
    if (event.key !== "Enter") return void (waitingToRun = false);
    if (event.isComposing || isAnswered(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    waitingToRun = true;
  },
  { capture: true },
);
// Settled, not merely swapped in: only then does htmx know what an entry posts.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "palette-list" || !waitingToRun) return;
  const input = document.querySelector("#palette [role=combobox]");
  if (!isAnswered(input)) return;
  waitingToRun = false;
  document.querySelector('#palette-list [aria-selected="true"]')?.click();
});
// Closed before anything else hears of the press: a dialog that is opened by it keeps the focus, a key finds no dialog open.
document.addEventListener(
  "click",
  (event) => {
    const option = event.target.closest('#palette [role="option"]');
    if (!option) return;
    document.getElementById("palette").close();
    if (option.dataset.run) remember(option.dataset.run);
    if (option.dataset.press) press(option.dataset.press);
  },
  { capture: true },
);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) openPalette();
});
