// Copies of unsaved text (guard.js) go once the text has arrived, after signing out, and after 14 days. On every staff page.
"use strict";
{
  const PREFIX = "unsaved:";
  const DAYS = 14;
  const user = document.querySelector("meta[name=staff]")?.content;
  const { saved } = document.currentScript.dataset;

  // The form that was sent to get this very page: the clock of the page began when it was sent.
  const taken = (name) => {
    const value = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return value;
  };
  const last = JSON.parse(taken("sent") ?? "null");
  const sent = last && Math.abs(performance.timeOrigin - last.at) < 5000 ? last : null;

  const rewrite = (key, keeps) => {
    const copies = JSON.parse(localStorage.getItem(key)).filter(keeps);
    if (copies.length) localStorage.setItem(key, JSON.stringify(copies));
    else localStorage.removeItem(key);
  };

  // What is saved leads on to another page; what is refused comes back itself, and guard.js takes the copy over.
  const [navigation] = performance.getEntriesByType("navigation");
  if (sent && (saved || (user && navigation.redirectCount))) {
    if (localStorage.getItem(sent.key)) rewrite(sent.key, (copy) => copy.page !== sent.page);
  } else if (sent) {
    document.documentElement.dataset.answers = sent.page;
  }

  const gone = user ? null : taken("signed-out");
  const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    if (gone && key.startsWith(`${PREFIX}${gone}:`)) localStorage.removeItem(key);
    else rewrite(key, (copy) => copy.at > oldest);
  }

  document.addEventListener("submit", ({ target: form, defaultPrevented }) => {
    if (defaultPrevented || form.method !== "post") return;
    if (form.getAttribute("action")?.endsWith("/logout/")) sessionStorage.setItem("signed-out", user);
    // A page between form and saving, a conflict to settle: the copy stays until that has arrived.
    else if (sent) sessionStorage.setItem("sent", JSON.stringify({ ...sent, at: Date.now() }));
  });
}
