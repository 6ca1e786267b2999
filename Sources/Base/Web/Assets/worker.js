"use strict";
// Is there only while somebody keeps a list. The network always comes first; without it, the kept list is shown.
const name = "kept";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = async (request) => {
  if (new URL(request.url).pathname === "/exit") return Response.redirect("https://weather.gc.ca/");
  const exact = await caches.match(request, { cacheName: name, ignoreVary: true });
  if (exact) return exact;
  if (request.mode !== "navigate" || !await caches.has(name)) return Response.error();
  const cache = await caches.open(name);
  const list = (await cache.keys()).find((key) => new URL(key.url).pathname.includes("/lists/"));
  return list ? Response.redirect(list.url) : Response.error();
};

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(fetch(request).catch(() => kept(request)));
});
