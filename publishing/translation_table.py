"""All translations of a bureau as one table: items by languages, with what is missing, behind or unread (staff.md S32)."""

from dataclasses import dataclass

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.audit import Action, record
from bureaus.rights import may
from bureaus.staff import LANGUAGES
from publishing import translations
from publishing.changes import at_hand
from publishing.exports import as_csv
from publishing.languages import CODES
from publishing.models import Change, Publishable, Revision, Status, TranslationState

PER_PAGE = 50


class FilterForm(forms.Form):
    """What the table shows; everything is optional."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("everything")),
            ("check", _("to check: changed or converted")),
            ("missing", _("missing")),
            ("changed", _("the original has changed")),
            ("converted", _("converted, not checked")),
        ],
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("any language")), *LANGUAGES.items()])
    mine = forms.BooleanField(label=_("Only what I have written"), required=False)

    def __init__(self, kinds, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = [(model._meta.label_lower, capfirst(model._meta.verbose_name_plural)) for model in kinds]
        self.fields["kind"].choices = [("", _("all kinds")), *names]

    def value(self, name):
        """The choice, or nothing where somebody typed another one into the address."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


@dataclass
class Entry:
    """One item and how it stands in each language."""

    item: Publishable
    translations: dict

    @property
    def kind(self):
        return capfirst(self.item._meta.verbose_name)

    @property
    def url(self):
        return reverse(f"admin:{self.item._meta.app_label}_{self.item._meta.model_name}_change", args=[self.item.pk])

    @property
    def cells(self):
        return [self.translations[code] for code in CODES]

    def has(self, what, language):
        return any(one.has(what) for one in self.translations.values() if not language or one.language == language)


# --- Which items ---


def kinds_of(site, request) -> dict:
    """The published kinds that the person works on, with their staff lists."""
    admins = {model: one for model, one in site._registry.items() if issubclass(model, Publishable)}
    return {model: one for model, one in admins.items() if one.has_view_permission(request)}


def keys(kinds, request, form) -> list[tuple]:
    """`(model, key)` of the items to show, the one changed last first."""
    found = []
    for model, model_admin in kinds.items():
        if form.value("kind") not in ("", model._meta.label_lower):
            continue
        items = at_hand(model_admin.get_queryset(request))
        if form.value("mine"):
            written = Revision.objects.filter(content_type=ContentType.objects.get_for_model(model), author=request.user)
            items = items.filter(pk__in=written.values("object_id"))
        if form.value("show"):
            items = items.filter(candidates(model, form.value("show")))
        found += [(changed, model, pk) for pk, changed in items.order_by().values_list("pk", "updated_at")]
    found.sort(key=lambda one: (one[0], one[2]), reverse=True)
    return [(model, pk) for _changed, model, pk in found]


def candidates(model, what: str):
    """The condition for items that may be missing, changed or converted, so that the others need not be read."""
    content_type = ContentType.objects.get_for_model(model)
    if what == "check":
        return Q(pk__in=TranslationState.objects.filter(content_type=content_type, to_check=True).values("object_id"))
    if what != "missing":
        return Q(pk__in=TranslationState.objects.filter(content_type=content_type).values("object_id"))
    found = lacking(model) | Q(pk__in=Change.objects.filter(content_type=content_type, state__in=Change.OPEN).values("object_id"))
    for part in model.parts:
        owner = getattr(model, part).field
        found |= Exists(owner.model._base_manager.filter(lacking(owner.model), **{owner.name: OuterRef("pk")}))
    return found


def lacking(model) -> Q:
    """Rows with a text that some language has and another has not."""
    found = Q(pk__in=[])
    for by_language in translations.text_columns(model).values():
        empty = [Q(**{column: ""}) for column in by_language.values()]
        found |= Q(*empty, _connector=Q.OR) & ~Q(*empty)
    return found


def entries(wanted: list[tuple]) -> list[Entry]:
    """The items of these keys in their newest state, in the same order; as many queries for many as for few."""
    found = {}
    for model in dict.fromkeys(model for model, _pk in wanted):
        for entry in entries_of(model, [pk for one, pk in wanted if one is model]):
            found[(model, entry.item.pk)] = entry
    return [found[key] for key in wanted if key in found]


def entries_of(model, pks) -> list[Entry]:
    content_type = ContentType.objects.get_for_model(model)
    columns = [column for by_language in translations.text_columns(model).values() for column in by_language.values()]
    items = model._base_manager.select_related("bureau").prefetch_related(*model.parts)
    items = items.only(*columns, "slug", "status", "original_language", "bureau", *model.searched_codes).in_bulk(pks)
    known, states = {}, {}
    for row in TranslationState.objects.filter(content_type=content_type, object_id__in=pks):
        known.setdefault(row.object_id, {})[row.language] = row
    drafts = Change.objects.filter(content_type=content_type, object_id__in=pks, state__in=Change.OPEN)
    for pk, rows in drafts.values_list("object_id", "revision__data"):
        states[pk] = rows
    return [Entry(item, in_newest_state(item, states.get(item.pk), known.get(item.pk, {}))) for item in items.values()]


def in_newest_state(item, rows, known):
    """A live item with an open change stands as the change would have it; everything else as it is stored."""
    if rows is None or item.status == Status.DRAFT:
        return translations.compare(translations.texts_of(item), item.original_language, known)
    return translations.compare(translations.texts_in(item, rows), translations.original_language(rows), known)


# --- The page ---


def table_view(site, request):
    """The table, or the same as CSV. For those who see drafts somewhere; each sees the rows of their own bureaus."""
    if not may(request.user, "see drafts"):
        raise PermissionDenied
    kinds = kinds_of(site, request)
    form = FilterForm(kinds, request.GET)
    wanted, what = keys(kinds, request, form), form.value("show")
    if what == "check" and not form.value("language"):
        what = ""  # these keys are exactly those: the work list counts them
    if what:
        wanted = [entry for entry in entries(wanted) if entry.has(what, form.value("language"))]
    if request.GET.get("format") == "csv":
        return export(request, form, wanted if what else entries(wanted))
    page = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = site.each_context(request) | {
        "title": gettext("Translations"),
        "form": form,
        "page": page,
        "entries": list(page) if what else entries(list(page)),
        "languages": LANGUAGES.values(),
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "admin/translations.html", context)


def export(request, form, found: list[Entry]):
    """The table as CSV; that it was taken is written down."""
    chosen = [str(dict(form.fields[name].choices)[form.value(name)]) for name in ("kind", "show", "language") if form.value(name)]
    chosen += [str(form.fields["mine"].label)] if form.value("mine") else []
    record(Action.EXPORT, request=request, detail=" · ".join(["translations", f"{len(found)} rows", *chosen]))
    headings = [gettext("Kind"), gettext("Title"), gettext("Bureau"), *LANGUAGES.values(), gettext("Address")]
    lines = [
        [
            entry.kind,
            str(entry.item),
            str(entry.item.bureau),
            *(str(one.state.label) for one in entry.cells),
            request.build_absolute_uri(entry.url),
        ]
        for entry in found
    ]
    response = as_csv(headings, lines)
    response.headers["Content-Disposition"] = f'attachment; filename="translations-{timezone.localdate().isoformat()}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
