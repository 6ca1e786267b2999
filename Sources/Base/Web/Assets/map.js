"use strict";
// Turns the drawn map into one that moves. Every shape and dot comes from this site; no tile of another host is loaded.
(() => {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const rows = [...document.querySelectorAll("tr[data-lat]")];
  fetch(box.dataset.base, { credentials: "omit" }).then((answer) => answer.json()).then((base) => {
    const label = box.querySelector("svg").getAttribute("aria-label");
    box.replaceChildren();
    box.classList.add("moving");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
    const map = L.map(box, { attributionControl: false, minZoom: 4, maxZoom: 9 }).setView([54.2, -125.5], 5);
    const style = (feature) => ({ className: "map-" + feature.properties.kind, weight: 1 });
    L.geoJSON(base, { style, interactive: false }).addTo(map);
    for (const row of rows) {
      const link = row.querySelector("a");
      const count = row.querySelector("td").textContent;
      const icon = L.divIcon({ className: "dot", html: "", iconSize: [22, 22] });
      const marker = L.marker([row.dataset.lat, row.dataset.lon], { icon, keyboard: true, title: `${link.textContent}: ${count}`, alt: `${link.textContent}: ${count}` });
      marker.on("click keypress", (event) => {
        if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
        location.replace(link.href);
      });
      marker.addTo(map);
      marker.getElement().textContent = count;
    }
  }).catch(() => {});
})();
