// Before a form is sent: is the site there, and is the person still signed in? Who is not signs in beside the text (staff.md S1, S3, S5, S6).

const guard = document.getElementById("guard");
const form = guard && document.getElementById(guard.dataset.form);
const dialog = document.getElementById("sign-in-again");
const cannotSend = document.getElementById("cannot-send");
let button = null; // that was pressed
let isBusy = false; // a press is on its way; others are not sent
let isChecked = false; // the submit event that follows is our own

// Who is signed in, with a fresh token; null for nobody, undefined where the site cannot be reached.
async function session() {
  try {
    const options = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(15000) };
    const answer = await fetch(guard.dataset.session, options);
    if (answer.ok) return await answer.json();
    return answer.type === "opaqueredirect" || [401, 403].includes(answer.status) ? null : undefined;
  } catch {
    return undefined;
  }
}

async function attempt() {
  if (isBusy) return;
  isBusy = true;
  cannotSend.hidden = true;
  const found = await session();
  if (found?.user === guard.dataset.user) return send(found.token);
  isBusy = false;
  return found === undefined ? sayItCannotBeSent() : askToSignIn(found);
}

function send(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  dialog.close();
  isChecked = true;
  form.requestSubmit(button);
  isChecked = false;
  setTimeout(release, 10000); // for a person who has stopped the loading and presses again
}

function release() {
  isBusy = false;
}

function sayItCannotBeSent() {
  dialog.close();
  const row = button?.closest(".submit-row, .case-buttons") ?? form.querySelector(".submit-row, .case-buttons");
  if (row.matches(".submit-row")) row.prepend(cannotSend);
  else row.before(cannotSend);
  cannotSend.textContent = cannotSend.dataset.words;
  cannotSend.hidden = false;
}

function askToSignIn(found) {
  const other = dialog.querySelector(".somebody");
  other.hidden = !found;
  dialog.querySelector(".nobody").hidden = Boolean(found);
  if (found) other.textContent = other.dataset.words.replace("{name}", found.name);
  if (!dialog.open) dialog.showModal();
}

function watch() {
  form.addEventListener("submit", (event) => {
    if (isChecked) return;
    event.preventDefault();
    if (isBusy) return;
    button = event.submitter;
    attempt();
  });
  // The window of the sign-in tells, and so does coming back from any other window.
  const again = () => dialog.open && attempt();
  new BroadcastChannel("staff-session").addEventListener("message", again);
  addEventListener("focus", again);
  addEventListener("pageshow", (event) => event.persisted && release());
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.querySelector("a").addEventListener("click", (event) => {
    if (open(event.currentTarget.href, "sign-in", "popup,width=560,height=760")) event.preventDefault();
  });
}

if (form) watch();
