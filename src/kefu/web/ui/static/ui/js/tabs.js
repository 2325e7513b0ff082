// Tabs with panels: role="tablist" > role="tab" aria-controls="…". Arrows move, as people expect.
function chooseTab(tab) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}
document.addEventListener("click", (event) => {
  const tab = event.target.closest('[role="tab"][aria-controls]');
  if (tab) chooseTab(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab || !["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) return;
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const forward = (event.key === "ArrowRight") === (getComputedStyle(tab).direction === "ltr") ? 1 : -1;
  const place =
    { Home: 0, End: tabs.length - 1 }[event.key] ?? (tabs.indexOf(tab) + forward + tabs.length) % tabs.length;
  tabs[place].focus();
  tabs[place].click();
  event.preventDefault();
});
