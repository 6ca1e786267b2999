"use strict";
// On a page with notes of a workshop: what others write comes in by itself, and the time that is left runs. Without it the
// page shows new notes when its button is pressed.
(() => {
  let source = null, timer = 0, end = 0;

  const element = (markup) => new DOMParser().parseFromString(markup, "text/html").body.firstElementChild;

  const put = (markup) => {
    const note = element(markup);
    if (!note) return;
    const old = document.getElementById(note.id);
    if (old && old.dataset.kind === note.dataset.kind) return old.replaceWith(note);
    if (old) old.remove();
    const list = document.querySelector(`[data-notes="${note.dataset.kind}"]`);
    if (list) list.prepend(note);
  };

  const run = () => {
    const now = document.getElementById("now");
    clearInterval(timer);
    if (!now || now.dataset.left === undefined || now.dataset.left === "0") return;
    end = performance.now() + 1000 * Number(now.dataset.left);
    timer = setInterval(() => {
      const clock = now.querySelector(".clock");
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      if (clock) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (!left) clearInterval(timer);
    }, 1000);
  };

  const listen = (board, after) => {
    if (source) source.close();
    let seen = after;
    const own = source = new EventSource(`${board.dataset.live}?after=${after}`);
    const on = (name, work) => own.addEventListener(name, (event) => { seen = event.lastEventId || seen; work(event.data); });
    on("note", put);
    on("gone", (id) => { const note = document.getElementById(id); if (note) note.remove(); });
    const show = (markup) => { const now = document.getElementById("now"); if (now) now.replaceWith(element(markup)); run(); };
    on("now", show);
    on("over", (markup) => { show(markup); own.close(); });
    // An answer that is no stream, such as that of a server in front while ours begins again: the browser gives up, we do not.
    own.addEventListener("error", () => {
      if (own.readyState === EventSource.CLOSED && own === source) setTimeout(() => own === source && listen(board, seen), 2000);
    });
  };

  const prepare = () => {
    run();
    const board = document.querySelector("[data-live]");
    if (!board) { if (source) source.close(); source = null; }
    else listen(board, board.dataset.after);
    try {
      if (board && board.dataset.phone) sessionStorage.setItem("workshop", board.dataset.phone);
      const back = document.querySelector("[data-back]"), phone = sessionStorage.getItem("workshop");
      if (back && phone) { back.elements.phone.value = phone; back.hidden = false; }
    } catch { /* storage can be switched off */ }
  };

  // The main part is another after each form.
  new MutationObserver(prepare).observe(document.body, { childList: true });
  prepare();
})();
