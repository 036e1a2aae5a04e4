// Puts a standard reply into the box without loading the page. A text that stands there stays until the person has said where the reply goes.
// For a reply that promises an answer later, the main button becomes the one that sends an update.

const box = document.getElementById("reply");
const kept = document.getElementById("kept");
const question = document.getElementById("kept-question");
const says = document.getElementById("kept-says");
const later = document.getElementById("later"); // what is said of such a text; missing where no update can be sent
const answers = document.getElementById("answers");
let asked = null; // the button whose text waits for the answer
let before = ""; // what was put in last, if nobody has changed it since

function promiseLater(is) {
  if (!later) return;
  later.hidden = !is;
  if (!is) later.querySelector("input").checked = false;
  for (const one of answers.querySelectorAll("button")) one.classList.toggle("default", one.dataset.step === (is ? "update" : "reply"));
}

function put(button, text) {
  promiseLater("later" in button.dataset || (text !== button.dataset.text && later && !later.hidden));
  box.value = before = text;
  question.hidden = true;
  for (const type of ["input", "change"]) box.dispatchEvent(new Event(type, { bubbles: true }));
  says.textContent = button.dataset.left ? says.dataset.words.replace("{marks}", button.dataset.left) : "";
  button.closest("details")?.removeAttribute("open");
  box.rows = Math.max(10, Math.min(24, text.split("\n").length + Math.ceil(text.length / 60)));
  box.focus();
  box.setSelectionRange(0, 0);
  box.scrollTop = 0;
}

function choose(button) {
  const written = box.value.trim();
  if (!written || written === before.trim() || written === button.dataset.text.trim()) return put(button, button.dataset.text);
  asked = button;
  question.hidden = false;
  question.focus();
}

function answer(how) {
  if (asked) put(asked, how === "below" ? `${box.value.trim()}\n\n${asked.dataset.text}` : asked.dataset.text);
}

if (box && kept) {
  box.addEventListener("input", () => box.value.trim() || promiseLater(false));
  kept.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    // What the server has asked, it answers itself.
    if (!button || (button.name === "how" && !asked)) return;
    event.preventDefault();
    if (button.name === "how") answer(button.value);
    else choose(button);
  });
}
