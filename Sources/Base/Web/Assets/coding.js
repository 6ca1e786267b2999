"use strict";
// Fills the two numbers of an exact stretch from what is selected in a text. Counts Unicode code points, as the text does.
(() => {
  const start = document.getElementById("f-start");
  const end = document.getElementById("f-end");
  const box = document.getElementById("exact");
  const picked = document.getElementById("picked");
  if (!start || !end || !box) return;

  // The place in the whole text of one end of a selection; null outside of the text.
  const place = (node, offset) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const unit = element && element.closest("[data-start]");
    if (!unit) return null;
    const before = document.createRange();
    before.selectNodeContents(unit);
    before.setEnd(node, offset);
    return Number(unit.dataset.start) + [...before.toString()].length;
  };

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    const from = place(range.startContainer, range.startOffset);
    const to = place(range.endContainer, range.endOffset);
    if (from === null || to === null || to <= from) return;
    start.value = from;
    end.value = to;
    box.open = true;
    const text = selection.toString().trim().slice(0, 80);
    picked.textContent = document.documentElement.lang === "fr" ? `« ${text} »` : `“${text}”`;
  });
})();
