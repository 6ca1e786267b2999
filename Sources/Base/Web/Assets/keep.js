"use strict";
// Keeps one list on this device when somebody asks for it, and deletes it in one tap. Does nothing by itself.
(() => {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const name = "kept";
  const state = document.getElementById("keep-state");
  const wipe = document.querySelector("[data-wipe]");
  const open = document.querySelector("[data-kept]");

  const forget = async () => {
    await Promise.all((await caches.keys()).map((key) => caches.delete(key)));
    await Promise.all((await navigator.serviceWorker.getRegistrations()).map((one) => one.unregister()));
    try { sessionStorage.clear(); localStorage.clear(); } catch { /* storage can be switched off */ }
  };

  const keep = async (address) => {
    await forget();
    const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
    if (!answer.ok) throw new Error("no list");
    const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
    const parts = [...page.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")]
      .map((part) => new URL(part.getAttribute("href") || part.getAttribute("src"), location.origin).href);
    const cache = await caches.open(name);
    await cache.put(address, answer);
    await cache.addAll(parts);
    await navigator.serviceWorker.register("/worker.js", { scope: "/" });
    await navigator.serviceWorker.ready;
  };

  const show = async (text) => {
    const keys = await caches.has(name) ? await (await caches.open(name)).keys() : [];
    const list = keys.map((key) => new URL(key.url).pathname).find((path) => path.includes("/lists/"));
    if (wipe) wipe.hidden = !list;
    if (open) { open.hidden = !list; if (list) open.href = list; }
    if (state) state.textContent = text || (list ? state.dataset.done : "");
  };

  const hint = document.getElementById("keep-without");
  if (hint) hint.hidden = true;
  for (const button of document.querySelectorAll("[data-keep]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await keep(button.dataset.keep);
        await show();
      } catch {
        await forget().catch(() => {});
        await show(state.dataset.failed);
      }
      button.disabled = false;
    });
  }
  if (wipe) wipe.addEventListener("click", async () => {
    await forget();
    if (navigator.onLine) location.replace(wipe.dataset.wipe);
    else { await show(wipe.dataset.gone); }
  });
  show();
})();
