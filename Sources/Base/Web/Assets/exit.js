"use strict";
// Leaves at once: by the link, by Escape three times or by Shift three times. The one history entry of this site
// (see site.js) is replaced, so that going back does not return here.
(() => {
  const link = document.getElementById("exit");
  if (!link) return;
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "…";
    try { sessionStorage.clear(); } catch { /* storage can be switched off */ }
    const go = () => location.replace(navigator.onLine === false ? "https://weather.gc.ca/" : link.href);
    const worker = navigator.serviceWorker;
    if (!worker || !worker.controller || !window.caches) return go();
    // A list is kept on this device: it goes too, but nobody waits for it.
    setTimeout(go, 300);
    caches.keys().then((keys) => Promise.all(keys.map((key) => caches.delete(key))))
      .then(() => worker.getRegistrations()).then((all) => Promise.all(all.map((one) => one.unregister())))
      .then(go, go);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let last = "", count = 0, timer = 0;
  addEventListener("keydown", (event) => {
    if (event.repeat || (event.key !== "Escape" && event.key !== "Shift")) { count = 0; return; }
    count = event.key === last ? count + 1 : 1;
    last = event.key;
    clearTimeout(timer);
    timer = setTimeout(() => { count = 0; }, 3000);
    if (count >= 3) leave();
  });
  // A page brought back by the browser from its memory is asked for anew, or shows nothing.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
