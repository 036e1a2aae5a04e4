// Keeps what is typed in a form until it is saved: a copy in this browser, and a warning on leaving (staff.md section 6).
// A copy belongs to a person, an address and one opening of the page; kept.js throws it away once its text has arrived.

const guard = document.getElementById("guard");
const form = guard && document.getElementById(guard.dataset.form);
const offer = document.getElementById("unsaved");
const says = document.getElementById("guard-says");
const key = guard && `unsaved:${guard.dataset.user}:${guard.dataset.address}`;
const isAnswer = guard?.dataset.posted === "yes"; // the page is what came back to a form that was sent

let page = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
let first = {}; // what the form held before anybody typed: { name: [values] }
let mine = null; // the copy of this page, where it began on the page before
let offered = null;
let isLeaving = false;
let isComposing = false;
let due = 0;

// --- What the form holds ---

const written = new Map(); // name of a rich text -> [what the server sent, the same as the editor writes it]
const editorOf = (field) => field.closest(".prose-editor")?.querySelector(".ProseMirror[contenteditable]")?.editor;

function isTyped(field) {
  if (!field.name || field.disabled || field.name.includes("__prefix__")) return false;
  if (["password", "file", "submit", "button", "reset", "image"].includes(field.type)) return false;
  if (/password|one-time-code/.test(field.autocomplete)) return false;
  return field.type !== "hidden" || field.name.endsWith("-TOTAL_FORMS");
}

function valuesOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? [field.value] : [];
  if (field.selectedOptions) return Array.from(field.selectedOptions, (option) => option.value);
  const [sent, same] = written.get(field.name) ?? [];
  return [field.value === same ? sent : field.value];
}

function state(of = form) {
  const values = {};
  for (const field of of.elements) if (isTyped(field)) (values[field.name] ??= []).push(...valuesOf(field));
  return values;
}

// The form as the server sent it, whatever the browser has filled in since.
function stateAsSent() {
  const copy = form.cloneNode(true);
  copy.reset();
  return state(copy);
}

function knowEditors() {
  for (const field of form.querySelectorAll("textarea[name]")) {
    const editor = editorOf(field);
    if (!editor || written.has(field.name)) continue;
    const html = editor.getHTML();
    written.set(field.name, [field.value, /^<(\w+)(\s[^>]*)?><\/\1>$/.test(html) ? "" : html]);
  }
}

const same = (one = [], other = []) => one.length === other.length && one.every((value, index) => value === other[index]);
const holds = (now, values) => Object.entries(values).every(([name, list]) => same(now[name], list));
const pick = (from, names) => Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));

function changed(now = state()) {
  return [...new Set([...Object.keys(first), ...Object.keys(now)])].filter((name) => !same(first[name], now[name]));
}

// --- Rows inside the form: a stored row is known by its key, a new one by its place after them ---

const ROW = /^(.+)-(\d+)-(.+)$/;
const keysOf = (prefix) => {
  const count = Number(form.elements[`${prefix}-INITIAL_FORMS`].value);
  return Array.from({ length: count }, (_none, index) => form.elements[`${prefix}-${index}-id`]?.value ?? String(index));
};
const prefixes = () => Array.from(form.querySelectorAll("[name$='-TOTAL_FORMS']"), (field) => field.name.slice(0, -"-TOTAL_FORMS".length));

// The present name of a field of the copy; null if its row is gone.
function present(name, copy) {
  const [, prefix, index, rest] = ROW.exec(name) ?? [];
  if (!(prefix in copy.rows)) return name;
  const [then, now] = [copy.rows[prefix], keysOf(prefix)];
  const place = index < then.length ? now.indexOf(then[index]) : index - then.length + now.length;
  return place < 0 ? null : `${prefix}-${place}-${rest}`;
}

function addRows(copy) {
  for (const [name, [total]] of Object.entries(copy.typed)) {
    if (!name.endsWith("-TOTAL_FORMS")) continue;
    const prefix = name.slice(0, -"-TOTAL_FORMS".length);
    if (!form.elements[name]) continue;
    const wanted = total - (copy.rows[prefix]?.length ?? 0) + keysOf(prefix).length;
    const add = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
    while (add && Number(form.elements[name].value) < wanted) add.click();
  }
}

// --- The copies in the browser: those of other openings of the page stay until somebody decides about them ---

function stored() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
}

function store(copies) {
  try {
    if (copies.length) localStorage.setItem(key, JSON.stringify(copies));
    else localStorage.removeItem(key);
  } catch {
    // The browser's store is full or switched off: the warning on leaving is still there.
  }
}

function keep() {
  clearTimeout(due);
  due = 0;
  if (isComposing) return;
  const now = state();
  const names = changed(now);
  const copy = {
    page,
    at: Date.now(),
    first: pick(first, names),
    typed: Object.fromEntries(names.map((name) => [name, now[name] ?? []])),
    rows: Object.fromEntries(prefixes().map((prefix) => [prefix, keysOf(prefix)])),
    labels: Object.fromEntries(names.map((name) => [name, labelsOf(name)])),
    titles: Object.fromEntries(names.map((name) => [name, titleOf(name)])),
  };
  form.dataset.changed = names.length ? "yes" : "no";
  const others = stored().filter((other) => other.page !== page);
  store(names.length ? [copy, ...others] : others);
}

function soon() {
  due ||= setTimeout(keep, 200);
}

// --- The offer ---

function showOffer(copy) {
  offered = copy;
  offer.hidden = !copy;
  document.getElementById("unsaved-difference").hidden = true;
  offer.querySelector("[value=difference]").setAttribute("aria-expanded", "false");
  if (!copy) return;
  offer.querySelector("[value=put-back]").hidden = !hasPlace(copy);
  const title = document.getElementById("unsaved-title");
  title.textContent = title.dataset.words.replace("{time}", timeOf(copy.at));
}

// Whether the form still has a field for anything of the copy: a step that has been taken has none.
const hasPlace = (copy) => Object.keys(copy.typed).some((name) => fieldsNamed(present(name, copy)).length > 0);

// Choices alone say nothing once their fields are gone; what somebody wrote stays to be read.
const isWritten = (copy) =>
  Object.entries(copy.typed).some(([name, values]) => !Object.keys(copy.labels[name] ?? {}).length && values.some((value) => value.trim()));

function timeOf(at) {
  const zone = { timeZone: guard.dataset.timeZone };
  const day = new Intl.DateTimeFormat("sv", zone);
  const time = new Date(at).toLocaleTimeString("sv", { ...zone, hour: "2-digit", minute: "2-digit" });
  return day.format(at) === day.format() ? time : `${day.format(at)} ${time}`;
}

function decide() {
  store(stored().filter((copy) => copy.page !== offered.page));
  showOffer(stored().find((copy) => copy.page !== page) ?? null);
}

function putBack() {
  const copy = offered;
  addRows(copy);
  let isWhole = true;
  const filled = [];
  for (const [name, values] of Object.entries(copy.typed)) {
    if (name.endsWith("-TOTAL_FORMS")) continue;
    const target = present(name, copy);
    const fields = Array.from(form.elements).filter((field) => field.name === target && isTyped(field));
    fields.forEach((field, index) => write(field, values, index, copy.labels[name]));
    isWhole &&= fields.length > 0;
    filled.push(...fields);
  }
  document.dispatchEvent(new CustomEvent("unsaved:put-back", { detail: { fields: filled } }));
  keep();
  decide();
  says.textContent = says.dataset.putBack + (isWhole ? "" : ` ${says.dataset.gone}`);
}

function write(field, values, index, labels) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.options) choose(field, values, labels);
  else field.value = values[index] ?? "";
  editorOf(field)?.commands.setContent(field.value);
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}

// A choice that is searched for has only those options that were chosen.
function choose(field, values, labels) {
  for (const value of values) {
    if (!Array.from(field.options).some((option) => option.value === value)) field.add(new Option(labels?.[value] ?? value, value));
  }
  for (const option of field.options) option.selected = values.includes(option.value);
}

// --- The difference, in words ---

const fieldsNamed = (name) => Array.from(form.elements).filter((field) => field.name === name && isTyped(field));
const labelOf = (field) => field.labels?.[0]?.textContent.trim().replace(/[:：]$/, "") ?? "";

// What the values of choices are called: { value: label }.
function labelsOf(name) {
  const labels = {};
  for (const field of fieldsNamed(name)) {
    if (field.type === "checkbox" || field.type === "radio") labels[field.value] = labelOf(field);
    for (const option of field.selectedOptions ?? []) labels[option.value] = option.text;
  }
  return labels;
}

function titleOf(name) {
  const [field] = fieldsNamed(name).length ? fieldsNamed(name) : form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
  const section = field?.closest("fieldset")?.querySelector(".fieldset-heading, .inline-heading")?.textContent.trim();
  const own = field?.type === "hidden" ? "" : fieldsNamed(name).length > 1 ? groupOf(field) : field && labelOf(field);
  return [section, own].filter(Boolean).join(" · ");
}

const groupOf = (field) => field.closest(".form-row")?.querySelector("legend, label")?.textContent.trim().replace(/[:：]$/, "");

function inWords(values, labels, isRich) {
  const plain = (value) => (isRich ? new DOMParser().parseFromString(value, "text/html").body.innerText : value);
  return values.map((value) => labels?.[value] ?? plain(value)).join(", ");
}

function toggleDifference(button) {
  const box = document.getElementById("unsaved-difference");
  box.hidden = !box.hidden;
  button.setAttribute("aria-expanded", String(!box.hidden));
  const now = state();
  const rows = Object.entries(offered.typed).map(([name, values]) => {
    const target = present(name, offered) ?? name;
    if (same(now[target], values)) return null;
    const isRich = fieldsNamed(target).some(editorOf);
    const labels = offered.labels[name];
    return [titleOf(target) || offered.titles?.[name] || "", inWords(now[target] ?? [], { ...labels, ...labelsOf(target) }, isRich), inWords(values, labels, isRich)];
  });
  box.querySelector("tbody").replaceChildren(...rows.filter(Boolean).map(lineOf));
}

function lineOf([title, ...cells]) {
  const line = document.createElement("tr");
  const head = line.appendChild(document.createElement("th"));
  head.scope = "row";
  head.textContent = title;
  const [, ...columns] = offer.querySelectorAll("thead th");
  cells.forEach((words, index) => {
    const cell = line.insertCell();
    cell.textContent = words;
    cell.dataset.column = columns[index].textContent;
  });
  return line;
}

// --- Start ---

function begin() {
  first = stateAsSent();
  const now = state();
  const copies = stored();
  mine = copies.find((copy) => isAnswer && copy.page === document.documentElement.dataset.answers) ?? null;
  // What came back unsaved, or what the browser itself has filled in again, is the text of this page.
  mine ??= copies.find((copy) => holds(now, copy.typed) && (isAnswer || changed(now).length > 0)) ?? null;
  if (mine) page = mine.page;
  if (mine) first = { ...first, ...mine.first };
  else if (isAnswer) first = {};
  const others = copies.filter((copy) => copy.page !== page && !holds(now, copy.typed) && (hasPlace(copy) || isWritten(copy)));
  store(mine ? [mine, ...others] : others);
  showOffer(others[0] ?? null);
  form.dataset.changed = changed(now).length ? "yes" : "no";
}

function listen() {
  knowEditors();
  document.addEventListener("prose-editor:ready", knowEditors);
  for (const type of ["input", "change", "click", "formset:added", "formset:removed"]) document.addEventListener(type, soon);
  globalThis.django?.jQuery?.(form).on("change", soon);
  document.addEventListener("compositionstart", () => (isComposing = true));
  document.addEventListener("compositionend", () => {
    isComposing = false;
    soon();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    keep();
    isLeaving = true;
    setTimeout(() => (isLeaving = false), 10000);
    sessionStorage.setItem("sent", JSON.stringify({ key, page, at: Date.now() }));
  });
  addEventListener("pagehide", () => due && keep());
  addEventListener("beforeunload", (event) => {
    if (isLeaving || !changed().length) return;
    event.preventDefault();
    event.returnValue = true; // Chromium before 119
  });
  offer.addEventListener("click", ({ target }) => {
    if (target.value === "put-back") putBack();
    else if (target.value === "discard") decide();
    else if (target.value === "difference") return toggleDifference(target);
    else return undefined;
    return (offer.hidden ? says : offer).focus();
  });
}

// Where there is nothing to save there is nothing to lose.
if (form?.querySelector("[type=submit]")) {
  begin();
  listen();
}
