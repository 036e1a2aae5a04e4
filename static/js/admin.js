// Names for controls that scripts of others make, and links that lead to a field behind the text editor.

const editorOf = (field) => field?.closest(".prose-editor, .flex-container, .form-row")?.querySelector(".ProseMirror");
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

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".missing a, .error-links a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  const editor = editorOf(field);
  if (editor) {
    event.preventDefault();
    editor.focus();
  }
});

new MutationObserver(nameEditors).observe(document.documentElement, { childList: true, subtree: true });
nameEditors();
