// The command palette: ⌘K or Ctrl+K from anywhere, or any data-palette button.
export function openPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const input = dialog.querySelector("input");
  input.select();
  window.htmx?.trigger(input, "palette-open");
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
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) openPalette();
  else if (event.target.closest('#palette [role="option"]')) document.getElementById("palette").close();
});
