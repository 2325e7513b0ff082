// Single-key shortcuts: data-key="r" on a button or link. Never inside fields; off with <html data-shortcuts="off">.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || event.repeat) return;
  if (document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea")) target.focus();
  else target.click();
  if (target.matches("summary")) target.focus(); // of a menu: the next Tab or arrow is inside it
});
// ⌘↵ or Ctrl+↵ sends what is being written.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && event.target.matches?.("textarea"))
    event.target.form?.requestSubmit();
});
