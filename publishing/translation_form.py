"""Translations in the staff form: how each language stands, a proposal for Traditional Chinese, and "still correct"."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext

from bureaus.rights import may
from bureaus.staff import CODE_OF, LANGUAGES
from publishing import changes, revisions, scripts, translations
from publishing.effects import UNREAD
from publishing.languages import CODES, columns
from publishing.revisions import ITEM, Difference, model_of
from publishing.words import lines

# Hidden field of a form whose Traditional texts a conversion has filled.
CONVERTED = "converted"


def fill(request, rich) -> None:
    """Fills the posted form where the person asked for a proposal; `rich` are the names of rich texts."""
    if scripts.BUTTON in request.POST:
        names = {column for name in rich for column in columns(name)}
        request.POST, filled = scripts.proposal(request.POST, names)
        if filled:
            request.POST[CONVERTED] = scripts.TRADITIONAL
        else:
            messages.info(request, gettext("No Traditional Chinese field is empty where Simplified Chinese has a text."))


def after_save(model_admin, request, item, revision) -> None:
    """What the person said about translations with this save: a conversion taken over, a translation read."""
    if request.POST.get(CONVERTED) == scripts.TRADITIONAL and revision.author == request.user:
        translations.note_conversion(item, revision)
    for language in CODES:
        if f"fits_{language}" in request.POST:
            confirm(model_admin, request, item, revision, language)


def confirm(model_admin, request, item, revision, language):
    translations.confirm(item, revision.data, revision.n, language, request.user)
    model_admin.log_change(request, item, gettext("%s: read and found correct.") % LANGUAGES[language])
    messages.success(request, gettext("%s: noted as read and correct.") % LANGUAGES[language])


def warn_of_unread(request, item, revision) -> None:
    if translations.is_unread(item, revision.data):
        messages.warning(request, UNREAD)


def describe(request, fieldsets, item, newest, is_editable) -> dict:
    """Puts above each language's section of a form how that language stands; returns the same by language."""
    found, rows = {}, []
    if item is not None:
        rows = newest.data if newest else revisions.snapshot(item)
        found = translations.translations(item, rows)
    for title, options in fieldsets:
        if "language" in options.get("classes", ()):
            context = about(item, rows, CODE_OF[title], found.get(CODE_OF[title]))
            context |= {"is_editable": is_editable, "is_filled": CONVERTED in request.POST}
            options["description"] = render_to_string("admin/translation_state.html", context)
    return found


def about(item, rows, language, translation) -> dict:
    context = {
        "language": language,
        "name": LANGUAGES[language],
        "translation": translation,
        "can_convert": language == scripts.TRADITIONAL,
    }
    if translation is not None:
        context |= {
            "changes_of_original": lines(item, translations.changes_of_original(item, rows, translation), rows),
            "converted": labels(item, rows, translation.converted, language),
            "missing": labels(item, rows, translation.missing, language) if translation.has_title else [],
        }
    return context


def labels(item, rows, places, language) -> list[str]:
    """What the texts at these places are called."""
    found = []
    for part, key, name in places:
        column = translations.text_columns(model_of(item, part))[name][language]
        found.append(Difference(part, str(item.pk) if part == ITEM else key, column, "", ""))
    return [line.label.removesuffix(f" · {LANGUAGES[language]}") for line in lines(item, found, rows)]


def translation_view(model_admin, request, object_id, language):
    """Notes a translation as read and correct, also while the change is in review. For those who edit at the item's bureau."""
    item = model_admin.item_or_404(request, object_id)
    if language not in CODES:
        raise Http404
    if not may(request.user, "edit", item):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    newest = changes.head(item)
    if newest is not None:
        confirm(model_admin, request, item, newest, language)
    return redirect(model_admin.address_of(item, "change"))
