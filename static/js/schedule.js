// The button that schedules names the time that stands in the fields, so that nobody presses what they do not mean (staff.md S28).

const form = document.getElementById("step_form");
const button = form.querySelector("button[data-words]");
const [day, time] = ["go_live_at_0", "go_live_at_1"].map((name) => form.elements[name]);

// The fields hold a time of Beijing, wherever the browser is: it is read and written without any zone.
function inWords(typed) {
  const moment = new Date(`${typed}Z`);
  const year = typed.startsWith(String(new Date().getFullYear())) ? {} : { year: "numeric" };
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...year, timeZone: "UTC" }).format(moment);
  return `${date} ${typed.slice(11)}`;
}

function name() {
  const typed = day.value && time.value ? `${day.value}T${time.value.slice(0, 5)}` : "";
  form.elements.confirmed.value = typed;
  button.textContent = typed ? button.dataset.words.replace("{time}", inWords(typed)) : button.dataset.without;
}

for (const field of [day, time]) field.addEventListener("input", name);
addEventListener("pageshow", name);
name();
