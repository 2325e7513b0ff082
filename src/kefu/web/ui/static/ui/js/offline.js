// Reading offline: pages that say <html data-keep-offline> are kept on the device, as a stranger would see them.
const note = document.getElementById("offline-note");
const showOffline = () => note && (note.hidden = navigator.onLine);
addEventListener("online", showOffline);
addEventListener("offline", showOffline);
showOffline();

if ("serviceWorker" in navigator && document.querySelector('link[rel="manifest"]')) {
  navigator.serviceWorker.register("/sw.js").catch(() => {}); // private windows refuse; the site works without
  if ("keepOffline" in document.documentElement.dataset && navigator.onLine)
    navigator.serviceWorker.ready.then((registration) =>
      registration.active?.postMessage({
        keep: location.pathname + location.search,
        language: document.documentElement.lang,
      }),
    );
}
