// A form that takes its time says so while it is on its way.

for (const form of document.querySelectorAll("form[data-waits]")) {
  form.addEventListener("submit", () => {
    const note = form.querySelector(".waiting");
    if (note) note.hidden = false;
  });
}

// A page that comes back from the browser's memory waits for nothing.
window.addEventListener("pageshow", () => {
  for (const note of document.querySelectorAll(".waiting")) note.hidden = true;
});
