// Names for controls that scripts of others make, and links that lead to a field behind the text editor.

// The menu of the editor shows its choices in the editor's style: only one of the two can be written in.
const editorOf = (field) => field?.closest(".prose-editor, .flex-container, .form-row")?.querySelector(".ProseMirror[contenteditable]");
const labelOf = (field) => document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.replace(/:$/, "").trim() ?? "";

function nameEditors() {
  for (const field of document.querySelectorAll("textarea[data-django-prose-editor-configurable]")) {
    const editor = editorOf(field);
    if (editor && !editor.hasAttribute("aria-label")) {
      editor.setAttribute("aria-label", labelOf(field));
      editor.lang = field.lang;
    }
  }
}

// The editor names its buttons in English; the catalogue of the page knows the words of the staff's language.
function translateEditors() {
  if (typeof gettext !== "function") return;
  for (const button of document.querySelectorAll(".prose-menubar [title]")) {
    const name = gettext(button.title);
    if (name === button.title) continue;
    button.title = name;
    button.setAttribute("aria-label", name);
  }
  for (const choice of document.querySelectorAll(".prose-menubar__option > *, .prose-editor-dialog option")) {
    const name = gettext(choice.textContent.trim());
    if (name !== choice.textContent.trim()) choice.textContent = name;
  }
}

// The search boxes of choices (select2) take the label of the field that they stand for.
function nameChoices() {
  for (const box of document.querySelectorAll(".select2-container")) {
    const field = box.previousElementSibling;
    const label = field?.id && labelOf(field);
    for (const control of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
      if (label && control.getAttribute("aria-label") !== label) control.setAttribute("aria-label", label);
    }
    for (const list of box.querySelectorAll("ul.select2-selection__rendered:not([role])")) list.setAttribute("role", "group");
    for (const entry of box.querySelectorAll("ul.select2-selection__rendered > li:not([role])")) entry.setAttribute("role", "none");
  }
}

function nameAll() {
  nameEditors();
  translateEditors();
  nameChoices();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".missing a, .error-links a, .asked-at a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  const editor = editorOf(field);
  if (editor) {
    event.preventDefault();
    editor.focus();
  }
});

// A form pressed twice is sent once. What sending.js holds back, while it asks for the session, is not sent yet. A file leaves
// the page where it is: there a second press is meant.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Letters from which a Chinese word is being composed are no word to search for yet.
const isComposing = (event) => event.isComposing && event.target.matches?.(".select2-search__field");
for (const type of ["input", "keyup"]) {
  document.addEventListener(type, (event) => isComposing(event) && event.stopImmediatePropagation(), true);
}
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.(".select2-search__field")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
nameAll();
