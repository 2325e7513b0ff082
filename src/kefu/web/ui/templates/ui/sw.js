// The service worker of the help centre. It keeps the files of the design and the articles that were read, as a stranger
// would see them (fetched without cookies), and serves them when the network is away. It never touches anything else.
const FILES = "kefu-files {{ version|escapejs }}";
const KEPT = "kefu-kept";
const OFFLINE = "{% url 'ui-offline' %}";
const MOST = 100;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(FILES).then((cache) => cache.addAll([OFFLINE, "{% load static %}{% static 'ui/js/kept.js' %}"{% for file in files %}, "{{ file|escapejs }}"{% endfor %}])),
  );
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("kefu-files ") && name !== FILES).map((name) => caches.delete(name)))),
  );
  self.clients.claim();
});

async function keep(address, language) {
  const answer = await fetch(address, { credentials: "omit", headers: { "Accept-Language": language } });
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(KEPT);
  await cache.delete(address, { ignoreVary: true });
  await cache.put(address, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map((request) => cache.delete(request)));
}

self.addEventListener("message", (event) => {
  if (!event.data?.keep) return;
  const address = new URL(event.data.keep, self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(keep(address.href, event.data.language).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(
      fetch(request).catch(async () => {
        const kept = await (await caches.open(KEPT)).match(request.url, { ignoreVary: true });
        return kept ?? (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
      }),
    );
  } else if (["style", "script", "image"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()));
  }
});
