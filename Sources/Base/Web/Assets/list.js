"use strict";
// A list that is printed, saved or kept: looks for words in it, and says how old it is. Works from a disk too.
(() => {
  const field = document.getElementById("filter");
  const made = document.getElementById("made");
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’']/g, " ").toLowerCase();

  for (const button of document.querySelectorAll("[data-print]")) { button.hidden = false; button.onclick = () => print(); }

  if (made) {
    const days = Math.floor((Date.now() - Date.parse(made.dateTime)) / 86400000);
    const age = document.getElementById("age");
    if (days > 0 && age) {
      age.textContent = (days === 1 ? age.dataset.one : age.dataset.other.replace("{count}", String(days))) + " " + age.dataset.old;
    }
  }

  if (!field) return;
  const items = [...document.querySelectorAll("[data-item]")].map((item) => ({ item, text: fold(item.textContent) }));
  const groups = [...document.querySelectorAll("[data-group]")];
  const found = document.getElementById("found");
  const look = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { item, text } of items) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) count++;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
    found.textContent = words.length ? found.dataset.text.replace("{count}", String(count)) : "";
  };
  document.getElementById("look").hidden = false;
  field.addEventListener("input", look);
  field.form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); look(); });
})();
