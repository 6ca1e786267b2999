"use strict";
// With script the whole visit is one history entry: links replace the page, the search form fills the list in place.
// What a visitor saves is kept in this tab only and gone with it.
(() => {
  const store = {
    get: (key) => { try { return JSON.parse(sessionStorage.getItem(key) || "[]"); } catch { return []; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or off */ } },
  };
  const plain = (event) => !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || !plain(event) || link.getAttribute("target") || link.id === "exit") return;
    // A link of a drawing says its address as text only.
    const to = new URL(link.getAttribute("href"), document.baseURI);
    if (to.origin !== location.origin) return;
    if (to.hash && to.pathname === location.pathname && to.search === location.search) return;
    event.preventDefault();
    location.replace(to.href);
  });

  // The name of the filter whose change asked for the list; it keeps the focus.
  let refill = "";

  const collect = (form, button) => {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.append(button.name, button.value);
    return fields;
  };

  const show = async (action, fields, focus, again) => {
    const answer = await fetch(action, { method: "POST", body: fields, credentials: "omit" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main && again) throw answer;
    // Plain files without a program behind them answer no form: the lists can be searched in the page.
    if (!main) return location.replace(location.pathname.replace(/^(\/[^/]+)\/.*$/, "$1/lists"));
    const wasOpen = document.querySelector("#search details[open]");
    document.querySelector("main").replaceWith(document.adoptNode(main));
    const filters = document.querySelector("#search details");
    if (wasOpen && filters) filters.open = true;
    document.title = page.title;
    history.replaceState(null, "", action);
    prepare();
    const target = document.querySelector(focus) || document.querySelector("main");
    if (focus === "h1") target.tabIndex = -1;
    target.focus({ preventScroll: focus !== "h1" });
    if (focus === "h1") scrollTo(0, 0);
  };

  // For a form that does no more when it comes twice: sent until there is an answer. What is typed stays as it is.
  const insist = (form, button, action, fields) => {
    if (button) button.disabled = true;
    // The answer is another page: what would be typed meanwhile would be lost with this one.
    for (const field of form.elements) field.readOnly = true;
    show(action, fields, "h1", true).catch(() => {
      form.querySelector("[data-waiting]").hidden = false;
      setTimeout(() => insist(form, button, action, fields), 1000);
    });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.plain !== undefined || form.origin === "null") return;
    const button = event.submitter;
    const action = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    if (new URL(action).origin !== location.origin) return;
    event.preventDefault();
    const fields = collect(form, button);
    if (form.id === "search") store.set("search", [action, fields.toString()]);
    keep(form, fields);
    const focus = refill ? `#search [name="${refill}"]` : "h1";
    refill = "";
    if (form.dataset.again !== undefined) return insist(form, button, action, fields);
    show(action, fields, focus).catch(() => { form.dataset.plain = ""; form.submit(); });
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.name === "service" && event.target.type === "checkbox") return remember(event.target);
    if (form && form.id === "search" && event.target.matches("select, [type=checkbox]")) {
      refill = event.target.name;
      form.requestSubmit();
    }
  });

  const remember = (box) => {
    const kept = new Set(store.get("saved"));
    if (box.checked) kept.add(box.value); else kept.delete(box.value);
    store.set("saved", [...kept]);
    count();
  };

  const keep = (form, fields) => {
    const kept = new Set(store.get("saved"));
    const removed = fields.get("remove");
    if (removed) { kept.delete(removed); store.set("saved", [...kept]); }
    for (const id of fields.getAll("service")) if (id !== removed) kept.add(id);
    if (form.dataset.saves !== undefined) store.set("saved", [...kept]);
    if (form.dataset.carries !== undefined) {
      fields.delete("service");
      for (const id of kept) fields.append("service", id);
    }
  };

  const count = () => {
    const kept = store.get("saved").length;
    for (const link of document.querySelectorAll("a[href$='/saved']")) {
      link.dataset.count = kept ? String(kept) : "";
    }
  };

  // A private page says nothing more once its stay is over; what was typed stays, to be sent again.
  let idle;
  const leaveLater = () => {
    clearTimeout(idle);
    const [notes, desk] = ["stay", "form-token"].map((name) => document.querySelector(`main input[name=${name}]`));
    if (!notes && !desk) return;
    idle = setTimeout(() => {
      const fields = [...document.querySelectorAll("main textarea, main input:not([type=hidden])")];
      if (fields.some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked)) return;
      location.replace(location.pathname.replace(/^(\/[^/]+)\/.*$/, notes ? "$1/notes" : "$1/desk"));
    }, 1205000);
  };

  const prepare = () => {
    leaveLater();
    const kept = new Set(store.get("saved"));
    for (const box of document.querySelectorAll("input[type=checkbox][name=service]")) box.checked = kept.has(box.value);
    for (const button of document.querySelectorAll("[data-print]")) { button.hidden = false; button.onclick = () => print(); }
    const back = document.getElementById("back");
    const search = store.get("search");
    if (back && search.length === 2) {
      back.hidden = false;
      back.onclick = () => show(search[0], new URLSearchParams(search[1]), "h1");
    }
    count();
  };

  if (/\/saved$/.test(location.pathname) && !document.querySelector("[data-listed]") && store.get("saved").length) {
    const fields = new URLSearchParams();
    for (const id of store.get("saved")) fields.append("service", id);
    show(location.pathname, fields, "h1").catch(() => {});
  }
  prepare();
})();
