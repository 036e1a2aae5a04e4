// The texts of a form by language: a tab for each, or all of them side by side (staff.md section 8).
// It stands right behind them in the page, so that they never jump; without it they stand one under another (S85).
"use strict";
{
  const box = document.currentScript.previousElementSibling;
  const bar = box.querySelector(".language-bar");
  const words = bar.querySelector(".language-tabs").dataset;
  const tabs = Array.from(bar.querySelectorAll("[role=tab]"));
  const panels = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const button = bar.querySelector(".side-by-side");
  const isWide = matchMedia("(min-width: 1100px)");
  // Which tab was open last, in this tab of the browser; how the person likes to see the languages, in this browser.
  const TAB = "language-tab";
  const VIEW = "language-view";

  // A browser that keeps nothing begins anew each time.
  const recall = (store, name) => {
    try {
      return window[store].getItem(name);
    } catch {
      return null;
    }
  };
  const keep = (store, name, value) => {
    try {
      window[store].setItem(name, value);
    } catch {
      // As above.
    }
  };

  const isBeside = () => isWide.matches && recall("localStorage", VIEW) === "side-by-side";
  const chosen = () => tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const holding = (target) => panels.findIndex((panel) => panel.contains(target ?? null));
  const targetOf = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));

  // --- Showing ---

  function show(index) {
    const beside = isBeside();
    box.dataset.view = beside ? "side-by-side" : "tabs";
    button.hidden = !isWide.matches;
    button.setAttribute("aria-pressed", String(beside));
    bar.querySelector("[role=tablist]").hidden = beside;
    tabs.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
      const panel = panels[place];
      if (beside || place === index) panel.removeAttribute("hidden");
      else panel.setAttribute("hidden", "until-found"); // the browser's own search opens it
      // Side by side there are no tabs, and so no panels of tabs.
      for (const [name, value] of [["role", "tabpanel"], ["aria-labelledby", tab.id]]) {
        if (beside) panel.removeAttribute(name);
        else panel.setAttribute(name, value);
      }
    });
  }

  function open(index, { focus = false } = {}) {
    if (index < 0) return;
    show(index);
    keep("sessionStorage", TAB, panels[index].id);
    if (focus) tabs[index].focus();
  }

  // --- What a tab says: a fault, no text, or how the translation stands ---

  const isText = (field) => field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
  const fieldsOf = (panel) => Array.from(panel.querySelectorAll("input, textarea")).filter((field) => field.name && isText(field));
  const isEmpty = (field) => !field.value.replace(/<[^>]*>/g, "").trim();
  const hasNoText = (panel) => fieldsOf(panel).length > 0 && fieldsOf(panel).every(isEmpty);
  const faultsOf = (panel) => panel.querySelectorAll(".errorlist").length;

  function say(index) {
    const [tab, panel] = [tabs[index], panels[index]];
    const state = panel.querySelector(".translation-state");
    const name = state && Array.from(state.classList).find((one) => one !== "translation-state");
    const note = tab.querySelector(".tab-state");
    tab.classList.toggle("wrong", faultsOf(panel) > 0);
    if (faultsOf(panel)) note.textContent = words.wrong;
    else if (hasNoText(panel)) note.textContent = words.empty;
    // What was missing when the page was made is being written now.
    else note.textContent = !state || name === "missing" ? "" : (state.dataset.short ?? state.textContent.split(" · ")[0].trim());
    note.className = `tab-state ${faultsOf(panel) ? "" : hasNoText(panel) ? "empty" : (name ?? "")}`;
  }

  // --- Moving ---

  const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

  bar.addEventListener("keydown", (event) => {
    const from = tabs.indexOf(event.target);
    if (from < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    let to = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : null;
    if (event.key in KEYS) to = (from + KEYS[event.key] + tabs.length) % tabs.length;
    if (to === null) return;
    event.preventDefault();
    open(to, { focus: true });
  });
  tabs.forEach((tab, index) => tab.addEventListener("click", () => open(index)));
  button.addEventListener("click", () => {
    keep("localStorage", VIEW, isBeside() ? "tabs" : "side-by-side");
    show(chosen());
  });
  isWide.addEventListener("change", () => show(chosen()));

  // Whatever leads to a field leads into its tab: lines of what is missing or wrong, marks, an address with a #.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link) open(holding(targetOf(link.hash)));
  });
  addEventListener("hashchange", () => {
    const index = holding(targetOf(location.hash));
    if (index < 0 || !panels[index].hasAttribute("hidden")) return;
    open(index);
    targetOf(location.hash).scrollIntoView({ block: "center" });
  });
  for (const [index, panel] of panels.entries()) panel.addEventListener("beforematch", () => open(index));
  // Text that is put back is shown: the open tab stays if some of it stands there.
  document.addEventListener("unsaved:put-back", ({ detail }) => {
    const places = detail.fields.map(holding).filter((index) => index >= 0);
    if (places.length && !places.includes(chosen())) open(places[0]);
    sayAll();
  });

  const sayAll = () => panels.forEach((_panel, index) => say(index));
  for (const type of ["input", "change", "focusout"]) document.addEventListener(type, ({ target }) => target instanceof Node && holding(target) >= 0 && sayAll());

  // --- The first view ---

  function first() {
    const wrong = panels.findIndex(faultsOf);
    if (wrong >= 0) return wrong;
    const asked = holding(targetOf(location.hash));
    if (asked >= 0) return asked;
    const last = panels.findIndex((panel) => panel.id === recall("sessionStorage", TAB));
    if (last >= 0) return last;
    const own = panels.findIndex((panel) => panel.id === `language-${box.dataset.interface}`);
    if ("new" in box.dataset || own < 0 || !hasNoText(panels[own])) return Math.max(own, 0);
    return Math.max(panels.findIndex((panel) => !hasNoText(panel)), 0);
  }

  bar.hidden = false;
  sayAll();
  show(first());

  // Django's script goes to the first control of a new form, which is a tab: the person wants to write.
  addEventListener("load", () => {
    const isAtStart = document.activeElement === document.body || tabs.includes(document.activeElement);
    if ("new" in box.dataset && isAtStart && !document.querySelector(".error-links")) fieldsOf(panels[chosen()])[0]?.focus();
  });
}
