// The unit of a column is asked for as soon as a measure is chosen, and beside measures only; without script the next page asks.

function unitCell(select) {
  const measure = select.selectedOptions[0].dataset.measure;
  const cell = document.getElementById(`unit_of_${select.dataset.number}`);
  cell.replaceChildren();
  if (!measure) return;
  const named = cell.dataset.named !== undefined;
  const template = document.getElementById(named ? "unit_named" : `units_${measure}`);
  cell.append(template.content.cloneNode(true));
  const units = cell.querySelector("select");
  if (!units) return;
  units.name = `unit_${select.dataset.number}`;
  units.setAttribute("aria-labelledby", `${select.getAttribute("aria-labelledby")} unit_name`);
}

for (const select of document.querySelectorAll("select[data-number]")) {
  select.addEventListener("change", () => unitCell(select));
}
