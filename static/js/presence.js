// Who else has this item open, and whether somebody has saved it meanwhile: asked every 15 seconds (staff.md S11).

const region = document.getElementById("presence");
const guard = document.getElementById("guard");
const form = document.getElementById(guard.dataset.form);
const SECONDS = 15;
const newPage = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
let page = newPage();
let isOver = false; // the page is left, the session has ended, or the item is gone

function question(extra = {}) {
  const body = new FormData();
  const { kind, item } = region.dataset;
  const told = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, kind, item, page, base: form.elements.seen?.value ?? "" };
  for (const [name, value] of Object.entries({ ...told, changed: form.dataset.changed ?? "no", ...extra })) body.append(name, value);
  if (!form.querySelector("[type=submit]")) body.append("reads", "yes");
  // What a page asks by itself keeps no session alive; the header says so.
  return fetch(region.dataset.address, { method: "POST", body, redirect: "manual", keepalive: true, headers: { "X-Background": "1" } });
}

async function ask() {
  if (isOver) return;
  try {
    const answer = await question(document.hidden ? { unseen: "yes" } : {});
    if (answer.ok) show((await answer.json()).lines);
    else isOver = answer.status !== 403; // 403: another tab has signed in anew; sending.js brings the fresh token
  } catch {
    // No network: nothing is known of others, and nothing is said of them.
    show([]);
  }
}

// Read aloud only when something is new.
function show(lines) {
  if (lines.join("\n") === region.dataset.shown) return;
  region.dataset.shown = lines.join("\n");
  const paragraphs = lines.map((line) => Object.assign(document.createElement("p"), { textContent: line }));
  region.replaceChildren(...paragraphs);
}

if (form) {
  ask();
  setInterval(ask, SECONDS * 1000);
  document.addEventListener("visibilitychange", ask);
  // The first change, which guard.js notes on the form, is told at once: others read of it with their next question.
  new MutationObserver(ask).observe(form, { attributeFilter: ["data-changed"] });
  addEventListener("pagehide", () => {
    if (!isOver) question({ leaves: "yes" }).catch(() => {});
    isOver = true;
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    [page, isOver] = [newPage(), false];
    ask();
  });
}
