"""What happened to an item, in words: who changed what, who signed, and the way back to an earlier version."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.audit import Action
from bureaus.models import AuditEntry
from bureaus.staff import LANGUAGES, language_of
from publishing import changes, revisions
from publishing.models import Decision, Revision
from publishing.revisions import ITEM, fields_of, model_of, parts_of
from publishing.words import OF_NO_NEWS, Line, lines

PER_PAGE = 20
# How many changes of one field are shown.
SHOWN = 10
# What the audit log alone keeps: steps that make no version.
ON_THE_SITE = (Action.WITHDRAW, Action.TAKE_DOWN, Action.PUT_BACK)


@dataclass
class Entry:
    """One version or one decision: when, by whom, what."""

    at: object
    by: object
    what: str
    note: str
    differences: list[Line]
    revision: Revision | None = None


class FieldForm(forms.Form):
    """Whose history is asked for: a field of the item, or a part of it."""

    field = forms.ChoiceField(label=_("Only changes of"), required=False)

    def __init__(self, item, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("everything")), *changed_places(item, changes.of(item, Revision).defer("data"))]


def places(item) -> list[tuple[str, str]]:
    """`(part:field, name)` of everything whose history can be asked for."""
    found = []
    for part in (ITEM, *parts_of(item)):
        model = model_of(item, part)
        row = "" if part == ITEM else f"{capfirst(model._meta.verbose_name_plural)}: "
        for field in [*fields_of(model, part), *model._meta.many_to_many]:
            if part != ITEM and field.name in OF_NO_NEWS - {"order"}:
                continue
            language = LANGUAGES.get(language_of(field), "")
            found.append((f"{part}:{field.name}", row + " · ".join(filter(None, [capfirst(str(field.verbose_name)), language]))))
    return found


def history_view(model_admin, request, item):
    """All versions and decisions, newest first, or the changes of one field. For those who may see drafts of the bureau."""
    form = FieldForm(item, request.GET)
    place = form.cleaned_data["field"] if form.is_valid() else ""
    versions = changes.of(item, Revision).select_related("author", "base").order_by("-n")
    context = model_admin.page_about(request, item, gettext("History")) | {"field_form": form, "place": place}
    if place:
        return TemplateResponse(request, "admin/history.html", context | {"entries": changes_of_field(item, versions, place)})
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    entries = [entry_of(item, revision) for revision in shown]
    decisions = Decision.objects.filter(revision__in=[revision.pk for revision in shown]).select_related("by")
    names = dict(places(item))
    entries += [Entry(one.at, one.by, one.get_kind_display(), said(one, names), []) for one in decisions]
    entries += public_steps(item, versions, page)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    newest = changes.head(item)
    return TemplateResponse(
        request,
        "admin/history.html",
        context | {"entries": entries, "page": page, "newest": newest, "may_restore": model_admin.has_change_permission(request, item)},
    )


def said(decision, names) -> str:
    """The comment of a decision, and below it the fields that it points at."""
    return "\n".join([decision.comment, *(names[place] for place in decision.fields if place in names)])


def public_steps(item, versions, page) -> list[Entry]:
    """When the page was withdrawn, taken down and put back while the versions of this page of the history were the newest."""
    found = AuditEntry.objects.filter(kind=ContentType.objects.get_for_model(item), thing_id=str(item.pk), action__in=ON_THE_SITE)
    if page.has_next():
        found = found.filter(at__gte=page[-1].at)
    if page.has_previous():
        found = found.filter(at__lt=versions.filter(n__gt=page[0].n).last().at)
    return [Entry(one.at, one.user, one.get_action_display(), one.detail, []) for one in found.select_related("user")]


def entry_of(item, revision: Revision) -> Entry:
    found = []
    if revision.base is not None:
        found = lines(item, revisions.difference(revision.base.data, revision.data), revision.base.data, revision.data)
    return Entry(revision.at, revision.author, revision.get_kind_display(), revision.note, found, revision)


def changes_of_field(item, versions, place) -> list[Entry]:
    """The last changes of one field, newest first."""
    part, _colon, name = place.partition(":")
    entries = []
    saved = versions.exclude(kind=Revision.Kind.SET_ASIDE).values_list("pk", "changed")
    keys = [key for key, changed in saved if {(part, name), (part, "")} & {tuple(place) for place in changed}]
    for revision in versions.filter(pk__in=keys[:SHOWN]):
        differences = revisions.difference(revision.base.data, revision.data)
        found = [one for one in differences if one.part == part and one.field in (name, "")]
        said = lines(item, found, revision.base.data, revision.data)
        entries.append(Entry(revision.at, revision.author, revision.get_kind_display(), revision.note, said, revision))
    return entries


def changed_places(item, versions) -> list[tuple[str, str]]:
    """`(part:field, name)` of everything that these versions changed, in the order of the form."""
    known = {tuple(place) for version in versions if version.kind != Revision.Kind.SET_ASIDE for place in version.changed}
    return [(place, name) for place, name in places(item) if tuple(place.split(":")) in known]


def compare_view(model_admin, request, item, number):
    """A version beside the newest one, and the button that makes a draft of it. Restoring is for those who may edit."""
    revision = changes.of(item, Revision).filter(n=number).select_related("author").first()
    newest = changes.head(item)
    if revision is None or newest is None:
        raise Http404
    lost, rows = restorable(item, revision)
    if request.method == "POST":
        return restore(model_admin, request, item, revision, rows)
    differences = lines(item, revisions.difference(newest.data, rows), newest.data, rows)
    context = model_admin.page_about(request, item, gettext("Version %d") % revision.n) | {
        "revision": revision,
        "newest": newest,
        "differences": differences,
        "lost": lost,
        "may_restore": bool(differences) and model_admin.has_change_permission(request, item),
        "is_public_at_once": model_admin.is_public_at_once,
        "what": revision.get_kind_display(),
    }
    return TemplateResponse(request, "admin/compare.html", context)


def restorable(item, revision: Revision) -> tuple[list[str], list[dict]]:
    """`(what cannot come back, the state as it can stand today)`."""

    def attempt():
        lost = revisions.apply(item, revision.data)
        return lost, revisions.snapshot(item)

    try:
        return revisions.dry(attempt)
    finally:
        item.refresh_from_db()


def restore(model_admin, request, item, revision, rows):
    if not model_admin.has_change_permission(request, item):
        raise PermissionDenied
    try:
        note = gettext("Version %d") % revision.n
        model_admin.store(request, item, rows, seen=changes.head(item), kind=Revision.Kind.RESTORE, note=note)
    except (changes.Overtaken, ValidationError) as error:
        sentence = gettext("Somebody saved this item just now. Look at the newest state and try again.")
        for text in error.messages if isinstance(error, ValidationError) else [sentence]:
            messages.error(request, text)
        return redirect(model_admin.address_of(item, "version", revision.n))
    if model_admin.is_public_at_once:
        messages.success(request, gettext("Version %d is back in place.") % revision.n)
    else:
        messages.success(request, gettext("Version %d is a draft now. The live page is unchanged.") % revision.n)
    return redirect(model_admin.address_of(item, "change"))
