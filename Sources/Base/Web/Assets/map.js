"use strict";
// Turns the drawn map into one that moves. Every shape and dot comes from this site; no tile of another host is loaded.
(() => {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const rows = [...document.querySelectorAll("tr[data-lat]")];
  const size = 28;

  // Pushes dots apart until each can be pressed; a line shows where a pushed one belongs.
  const spread = (map, dots) => {
    for (const dot of dots) dot.at = map.latLngToLayerPoint(dot.home);
    for (let round = 0, touches = true; touches && round < 200; round++) {
      touches = false;
      dots.forEach((left, n) => dots.slice(n + 1).forEach((right) => {
        const apart = right.at.distanceTo(left.at);
        if (apart >= size + 1) return;
        touches = true;
        const way = apart ? right.at.subtract(left.at).divideBy(apart) : L.point(1, 0);
        const half = way.multiplyBy((size + 2 - apart) / 2);
        left.at = left.at.subtract(half);
        right.at = right.at.add(half);
      }));
    }
    for (const dot of dots) {
      const place = map.layerPointToLatLng(dot.at);
      dot.marker.setLatLng(place);
      dot.line.setLatLngs([dot.home, place]);
    }
  };

  fetch(box.dataset.base, { credentials: "omit" }).then((answer) => answer.json()).then((base) => {
    const label = box.querySelector("svg").getAttribute("aria-label");
    box.replaceChildren();
    box.classList.add("moving");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
    const map = L.map(box, { attributionControl: false, minZoom: 4, maxZoom: 9 }).setView([54.2, -125.5], 5);
    const style = (feature) => ({ className: "map-" + feature.properties.kind, weight: 1 });
    L.geoJSON(base, { style, interactive: false }).addTo(map);
    const dots = rows.map((row) => {
      const link = row.querySelector("a");
      const count = row.querySelector("td").textContent;
      const name = `${link.textContent}: ${count}`;
      const home = L.latLng(row.dataset.lat, row.dataset.lon);
      const line = L.polyline([home, home], { className: "map-way", weight: 2, interactive: false }).addTo(map);
      const icon = L.divIcon({ className: "dot", html: "", iconSize: [size, size] });
      const marker = L.marker(home, { icon, keyboard: true, title: name, alt: name });
      marker.on("click keypress", (event) => {
        if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
        location.replace(link.href);
      });
      marker.addTo(map);
      marker.getElement().textContent = count;
      return { home, line, marker };
    });
    if (dots.length) map.fitBounds(L.latLngBounds(dots.map((dot) => dot.home)), { padding: [size, size], maxZoom: 7, animate: false });
    spread(map, dots);
    map.on("zoomend", () => spread(map, dots));
  }).catch(() => {});
})();
