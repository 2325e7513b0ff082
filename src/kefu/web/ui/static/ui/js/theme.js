// Light or dark at once; the cookie tells the server, so that the next page is painted right.
const themeNews = "BroadcastChannel" in window ? new BroadcastChannel("kefu-theme") : null;

function showTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const choice of document.querySelectorAll('[data-theme-form] [name="theme"]'))
    if (choice.value === theme) choice.setAttribute("aria-current", "true");
    else choice.removeAttribute("aria-current");
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-form]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const age = theme === "system" ? 0 : 31536000;
  document.cookie = `kefu_theme=${theme};path=/;max-age=${age};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  showTheme(theme);
  themeNews?.postMessage(theme);
});
themeNews?.addEventListener("message", (event) => showTheme(event.data));
