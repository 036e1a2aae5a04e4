// A mark beside each field that somebody has changed: it leads to who changed it, from what to what.
// And a word beside each field that a reviewer asks to change.

for (const link of document.querySelectorAll(".field-histories a")) {
  const [part, name] = link.dataset.place.split(":");
  const label = part === "" && document.querySelector(`.form-row label[for="id_${CSS.escape(name)}"], .form-row label[for="id_${CSS.escape(name)}_0"]`);
  if (!label) continue;
  const mark = link.cloneNode();
  mark.className = "field-history";
  mark.title = link.closest("details").querySelector("summary").textContent + ": " + link.textContent;
  mark.setAttribute("aria-label", mark.title);
  mark.textContent = "↺";
  label.parentElement.append(mark);
}

const asked = document.querySelector(".asked-at");
for (const link of asked?.querySelectorAll("a") ?? []) {
  const label = document.querySelector(`.form-row label[for="${CSS.escape(link.hash.slice(1))}"]`);
  label?.parentElement.append(Object.assign(document.createElement("span"), { className: "asked", textContent: asked.dataset.words }));
}
