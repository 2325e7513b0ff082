// Short notes at the foot of the page. The server sends one with the header HX-Trigger: {"toast": {"text": "…"}}.
const TOAST_SECONDS = 6;

/** Show a note; `action` = {label, run} adds a button, `stay` keeps it until it is pressed. */
export function toast(text, { action, stay = false } = {}) {
  const note = document.createElement("p");
  note.className = "toast";
  note.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => (note.remove(), action.run()));
    note.append(" ", button);
  }
  document.getElementById("toasts")?.append(note);
  if (!stay) fade(note);
  return note;
}

function fade(note) {
  let left = setTimeout(() => note.remove(), TOAST_SECONDS * 1000);
  note.addEventListener("pointerenter", () => clearTimeout(left));
  note.addEventListener("pointerleave", () => (left = setTimeout(() => note.remove(), TOAST_SECONDS * 1000)));
}

document.querySelectorAll("#toasts .toast").forEach(fade);
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value));
