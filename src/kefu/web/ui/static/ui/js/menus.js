// Menus made of <details>: they work without scripts; here they learn to close again.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.drop-menu[open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.drop-menu")));
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.drop-menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
// Up and down go through the open menu.
document.addEventListener("keydown", (event) => {
  const open = ["ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest?.("details.drop-menu[open]");
  if (!open) return;
  const entries = [...open.querySelectorAll(".menu :is(a[href], button:not([disabled]))")];
  const next = entries.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  entries.at(next % entries.length)?.focus();
});
