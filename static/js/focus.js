// The focal point of a picture by a click on it; the two number fields below do the same without script (staff.md S35).

const picture = document.getElementById("focus-picture");
const fields = ["x", "y"].map((axis) => document.getElementById(`id_focal_${axis}`));

const tenth = (number) => Math.min(100, Math.max(0, Math.round(number / 10) * 10));
const numbers = () => fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));

function show(mark) {
  const [x, y] = numbers();
  mark.style.left = `${x}%`;
  mark.style.top = `${y}%`;
  for (const crop of document.querySelectorAll(".crop")) {
    for (const name of [...crop.classList].filter((one) => /^f[xy]-/.test(one))) crop.classList.remove(name);
    crop.classList.add(`fx-${tenth(x)}`, `fy-${tenth(y)}`);
  }
}

function watch() {
  const frame = document.createElement("div");
  const mark = document.createElement("span");
  frame.className = "picked";
  mark.className = "focus-mark";
  picture.replaceWith(frame);
  frame.append(picture, mark);
  frame.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const point = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    fields.forEach((field, place) => {
      field.value = Math.round(Math.min(1, Math.max(0, point[place])) * 100);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
  for (const field of fields) field.addEventListener("input", () => show(mark));
  show(mark);
}

if (picture && fields.every(Boolean)) watch();
