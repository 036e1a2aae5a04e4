// Warns five minutes before the session ends. Tabs of one browser share the session, so they tell each other when it was used.

const note = document.getElementById("session-note");
const WARN = 5 * 60;
const KEY = "session-ends";
let ends = 0; // seconds since 1970
let timer = 0;

const now = () => Date.now() / 1000;

function watch() {
  clearTimeout(timer);
  const left = ends - now();
  note.hidden = left > WARN;
  note.querySelector("[data-before]").hidden = left <= 0;
  note.querySelector("[data-after]").hidden = left > 0;
  if (left <= 0) return;
  const time = new Date(ends * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  note.querySelector("[data-time]").textContent = time;
  timer = setTimeout(watch, 1000 * Math.max(1, left > WARN ? left - WARN : left));
}

function lasts(seconds) {
  ends = now() + Number(seconds);
  try {
    localStorage.setItem(KEY, String(ends));
  } catch {
    // A browser that keeps nothing warns in each tab by itself.
  }
  watch();
}

async function stay() {
  const answer = await fetch(note.dataset.stay, {
    method: "POST",
    headers: { "X-CSRFToken": note.querySelector("[name=csrfmiddlewaretoken]").value },
    redirect: "error",
  }).catch(() => null);
  if (answer?.ok) lasts((await answer.json()).seconds);
}

if (note) {
  addEventListener("storage", (event) => {
    if (event.key !== KEY || !event.newValue) return;
    ends = Number(event.newValue);
    watch();
  });
  // A page that slept, with its computer or in the background, has slept through its timer.
  document.addEventListener("visibilitychange", watch);
  note.querySelector("button").addEventListener("click", stay);
  lasts(note.dataset.left);
}
