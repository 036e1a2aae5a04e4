"""The pages that tables come and go by: upload, headings, what would change, faults, the batch, the list as a file."""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bureaus.audit import Action, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.text import clean_line
from publishing import batches, importer
from publishing.models import Batch, Change, Upload
from publishing.revisions import ITEM, row_of
from publishing.tables import files, writing
from publishing.tables.cells import Names, as_python, as_stored
from publishing.tables.columns import Columns
from publishing.tables.measures import choices, fold, units_in

RECENT = 20
# Names of new rows, and of those that stay the same, that the preview spells out; the rest are counted.
SPELLED_OUT = 1_000


def columns_of(model_admin) -> Columns:
    return Columns(model_admin.model, model_admin.table)


def addresses(model_admin) -> list:
    """The addresses of a kind whose tables come and go."""
    if model_admin.table is None:
        return []
    name = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"

    def at(route, function, ending):
        def view(request, **arguments):
            return function(model_admin, request, **arguments)

        return path(route, model_admin.admin_site.admin_view(view), name=f"{name}_{ending}")

    return [
        at("import/", import_view, "import"),
        at("import/template/", template_view, "import_template"),
        at("import/<uuid:key>/", upload_view, "import_upload"),
        at("import/<uuid:key>/remarks/", remarks_view, "import_remarks"),
        at("batch/<uuid:key>/", batch_view, "batch"),
        at("export/", export_view, "export"),
    ]


def links(model_admin, request) -> dict:
    """What the list shows of all this, to those who may."""
    if model_admin.table is None:
        return {}
    query = request.GET.copy()
    query.pop("p", None)
    return {
        "import_address": address(model_admin, "import") if may(request.user, "import") else "",
        "export_address": address(model_admin, "export") if may(request.user, "export") else "",
        "export_query": query.urlencode(),
    }


def address(model_admin, ending, *arguments) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{ending}", args=arguments)


def page(model_admin, request, template, title, context):
    base = {**model_admin.admin_site.each_context(request), "title": title, "opts": model_admin.opts}
    return TemplateResponse(request, template, base | {"import_address": address(model_admin, "import")} | context)


def file_response(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(model_admin, ending) -> str:
    return f"{capfirst(str(model_admin.opts.verbose_name_plural))} {timezone.localdate():%Y-%m-%d}.{ending}"


# --- Uploading ---


class UploadForm(forms.Form):
    """A file and, for those who import at several bureaus, the bureau."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB and 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.bureaus = Bureau.objects.filter(pk__in=bureaus_where(user, "import"))
        if len(self.bureaus) > 1:
            self.fields["bureau"] = forms.ModelChoiceField(self.bureaus, label=_("Bureau"))

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > files.MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 MB. Split the table, or take the pictures out of it."))
        self.content = upload.read()
        files.read(upload.name, self.content)
        return upload

    @property
    def bureau(self):
        return self.cleaned_data.get("bureau") or self.bureaus[0]


def import_view(model_admin, request):
    """Takes a table in. For holders of the right "import" at any bureau."""
    if not may(request.user, "import"):
        raise PermissionDenied
    form = UploadForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = keep_upload(model_admin, request.user, form)
        return redirect(address(model_admin, "import_upload", upload.pk))
    recent = Batch.objects.filter(
        content_type=ContentType.objects.get_for_model(model_admin.model), bureau__in=bureaus_where(request.user, "see drafts")
    ).select_related("user", "taken_back_by")[:RECENT]
    found = [(batch, address(model_admin, "batch", batch.pk)) for batch in recent]
    context = {"form": form, "batches": found, "template_address": address(model_admin, "import_template")}
    return page(model_admin, request, "admin/import.html", gettext("Import from a table"), context)


def keep_upload(model_admin, user, form) -> Upload:
    """The upload waits on the server, not in the page."""
    importer.forget_uploads()
    return Upload.objects.create(
        content_type=ContentType.objects.get_for_model(model_admin.model),
        bureau=form.bureau,
        user=user,
        name=safe_name(form.cleaned_data["file"].name),
        content=form.content,
        expires_at=timezone.now() + Upload.LIFE,
    )


def safe_name(name) -> str:
    try:
        name = clean_line(name)
    except ValidationError:
        name = ""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if stem else gettext("table")


def own_upload(model_admin, request, key) -> Upload:
    """The person's own upload of this kind that still waits; to everybody else it does not exist."""
    content_type = ContentType.objects.get_for_model(model_admin.model)
    found = Upload.objects.filter(pk=key, user=request.user, content_type=content_type, expires_at__gt=timezone.now())
    upload = found.select_related("bureau").first()
    if upload is None or not may(request.user, "import", upload):
        raise Http404
    return upload


# --- Headings, faults, preview ---


def upload_view(model_admin, request, key):
    """What an upload needs or would do, and the press that does it. For the person who uploaded it."""
    if request.method == "POST" and Batch.objects.filter(pk=key, user=request.user).exists():
        return redirect(address(model_admin, "batch", key))  # pressed twice
    upload = own_upload(model_admin, request, key)
    kind = columns_of(model_admin)
    try:
        if request.method == "POST" and "_headings" in request.POST:
            return take_headings(model_admin, request, kind, upload)
        tables, _unread = importer.read_tables(kind, upload, importer.remembered(kind, upload.bureau))
        asked = importer.questions(kind, tables)
        if asked or "headings" in request.GET:
            return headings_page(model_admin, request, kind, upload, tables, asked)
        if request.method == "POST":
            return confirm(model_admin, request, kind, upload)
        return outcome_page(model_admin, request, kind, upload)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(address(model_admin, "import"))


def outcome_page(model_admin, request, kind, upload, overtaken=()):
    """The faults, or what would change. What is shown is noted, and only that is applied."""
    outcome = importer.look(kind, upload, request.user)
    upload.plan = outcome.plan
    upload.save(update_fields=["plan"])
    counts = {state: len(outcome.of(state)) for state in (importer.NEW, importer.CHANGED, importer.SAME)}
    context = {
        "upload": upload,
        "outcome": outcome,
        "counts": counts,
        "to_do": counts["new"] + counts["changed"],
        "new": outcome.of(importer.NEW)[:SPELLED_OUT],
        "changed": outcome.of(importer.CHANGED),
        "spelled_out": SPELLED_OUT,
        "same": outcome.of(importer.SAME)[:SPELLED_OUT],
        "seen": plan_seen(upload.plan),
        "overtaken": overtaken,
        "remarks_address": address(model_admin, "import_remarks", upload.pk),
        "many_sheets": len({row.sheet for row in outcome.rows}) > 1,
        "has_sheets": any(fault.sheet for fault in outcome.faults),
    }
    title = gettext("The table has faults") if outcome.faults else gettext("What the table would change")
    return page(model_admin, request, "admin/import_outcome.html", title, context)


def plan_seen(plan) -> str:
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()


def confirm(model_admin, request, kind, upload):
    if request.POST.get("seen") != plan_seen(upload.plan):
        return outcome_page(model_admin, request, kind, upload)
    try:
        batch = importer.apply(kind, upload, request.user)
    except importer.Overtaken as error:
        if not error.rows:
            return redirect(address(model_admin, "batch", upload.pk))  # another press was faster
        return outcome_page(model_admin, request, kind, upload, overtaken=error.rows)
    except ValidationError:
        return outcome_page(model_admin, request, kind, upload)
    record(Action.IMPORT, request=request, thing=batch)
    messages.success(request, gettext("Everything is stored as drafts. The live pages are unchanged."))
    return redirect(address(model_admin, "batch", batch.pk))


def remarks_view(model_admin, request, key):
    """The person's own file with the faults marked in it."""
    upload = own_upload(model_admin, request, key)
    outcome = importer.look(columns_of(model_admin), upload, request.user)
    stem = upload.name.rpartition(".")[0] or upload.name
    return file_response(writing.with_remarks(upload, outcome.faults), writing.XLSX, f"{stem} – {gettext('remarks')}.xlsx")


# --- Headings of the bureau's own ---


def headings_page(model_admin, request, kind, upload, tables, asked):
    every_unit = [unit for measure in kind.measures for unit in choices(measure)]
    lines = []
    for table, assigned in tables:
        for one in assigned:
            column = one.column or (None if one.is_known else kind.guess(one.heading.text))
            examples = [files_text(cells[one.heading.at]) for _number, cells in table.rows if cells[one.heading.at].value is not None]
            names_unit = any(units_in(one.heading.text, measure) for measure in kind.measures)
            lines.append(
                {
                    "number": len(lines),
                    "sheet": table.sheet,
                    "heading": one.heading.text,
                    "letter": one.heading.letter,
                    "examples": examples[:3],
                    "column": column.name if column else "",
                    "units": [] if names_unit else every_unit,
                    "unit": one.units[0].code if one.units else "",
                    "is_guess": not one.is_known and column is not None,
                }
            )
    context = {"upload": upload, "lines": lines, "columns": [(column.name, column.label) for column in kind.all], "asked": asked}
    return page(model_admin, request, "admin/import_headings.html", gettext("Which column is which?"), context)


def files_text(cell) -> str:
    return str(cell.value)[:40]


def take_headings(model_admin, request, kind, upload):
    """Remembers what a person said of the headings, for the next table of the bureau too."""
    tables, _unread = importer.read_tables(kind, upload, importer.remembered(kind, upload.bureau))
    headings = [one.heading for _table, assigned in tables for one in assigned]
    codes = {code for measure in kind.measures for code, _name in choices(measure)}
    said = {}
    for number, heading in enumerate(headings):
        column, unit = request.POST.get(f"column_{number}", ""), request.POST.get(f"unit_{number}", "")
        said[fold(heading.text)] = {"column": column if column in kind.by_name else "", "unit": unit if unit in codes else ""}
    importer.remember(kind, upload.bureau, said)
    return redirect(address(model_admin, "import_upload", upload.pk))


# --- Out ---


def template_view(model_admin, request):
    """The workbook to fill in. For holders of the right "import" at any bureau."""
    if not may(request.user, "import"):
        raise PermissionDenied
    kind = columns_of(model_admin)
    names = Names(request.user, kind.model, bureaus_where(request.user, "import"))
    return file_response(writing.workbook(kind, names, []), writing.XLSX, file_name(model_admin, "xlsx"))


def export_view(model_admin, request):
    """The filtered list as a workbook or as CSV, in the columns of the import: drafts as staff see them."""
    if not may(request.user, "export"):
        raise PermissionDenied
    ending = request.GET.get("as", "xlsx")
    if ending not in ("xlsx", "csv"):
        raise Http404
    request.GET = request.GET.copy()
    request.GET.pop("as", None)
    bureaus = bureaus_where(request.user, "export")
    items = model_admin.get_changelist_instance(request).get_queryset(request).filter(bureau__in=bureaus)
    kind = columns_of(model_admin)
    names, rows = Names(request.user, kind.model, bureaus), exported(kind, items)
    content = writing.workbook(kind, names, rows) if ending == "xlsx" else writing.csv_text(kind, names, rows)
    bureau = Bureau.objects.filter(pk__in=bureaus).first() if len(bureaus) == 1 else None
    record(Action.EXPORT, request=request, bureau=bureau, detail=str(kind.model._meta.verbose_name_plural))
    return file_response(content, writing.XLSX if ending == "xlsx" else "text/csv; charset=utf-8", file_name(model_admin, ending))


def exported(kind: Columns, items) -> list[dict]:
    """The values of each item as its newest state has them. A constant number of queries."""
    many = [column.name for column in kind.all if column.is_many]
    items = list(items.defer(None).prefetch_related(None).prefetch_related(*many))
    about = {"content_type": ContentType.objects.get_for_model(kind.model), "object_id__in": [item.pk for item in items]}
    open_changes = Change.objects.filter(state__in=Change.OPEN, **about).select_related("revision")
    drafts = {change.object_id: change.revision.data[0]["fields"] for change in open_changes}
    rows = []
    for item in items:
        fields = as_stored(row_of(item, ITEM)["fields"]) | drafts.get(item.pk, {})
        rows.append({column.name: as_python(column, fields.get(column.name)) for column in kind.all})
    return rows


# --- Batches ---


def batch_view(model_admin, request, key):
    """What one import or action made, and the way back. For those who see drafts of its bureau."""
    content_type = ContentType.objects.get_for_model(model_admin.model)
    batch = Batch.objects.filter(pk=key, content_type=content_type).select_related("user", "bureau", "taken_back_by").first()
    if batch is None or not may(request.user, "see drafts", batch):
        raise Http404
    if request.method == "POST":
        name = request.POST.get("_step")
        if name is not None and name not in batches.STEPS:
            raise Http404
        return (
            take_step(model_admin, request, batch, name, request.POST.get("comment", ""))
            if name
            else take_back(model_admin, request, batch)
        )
    found = batches.members(batch)
    may_take_back = batches.may_take_back(request.user, batch)
    context = {
        "batch": batch,
        "members": [(member, address(model_admin, "change", member.item.pk)) for member in found],
        "steps": [(name, len(ready)) for name in batches.STEPS if (ready := batches.ready_for(name, found, request.user))],
        "can_go": sum(member.can_be_taken_back for member in found) if may_take_back else 0,
        "counts": {"new": sum(member.is_new for member in found), "changed": sum(not member.is_new for member in found)},
    }
    return page(model_admin, request, "admin/batch.html", batch.name, context)


def take_step(model_admin, request, batch, name, comment):
    try:
        comment = clean_line(comment)[:300]
    except ValidationError:
        comment = ""
    if name == "publish_alone" and not comment:
        messages.error(request, gettext("Say why it cannot wait for a second person."))
        return redirect(address(model_admin, "batch", batch.pk))
    count, refused = batches.take_with_all(batch, name, request.user, comment)
    if name == "submit":
        said = ngettext("%d change submitted for review.", "%d changes submitted for review.", count)
    elif name == "publish_alone":
        said = ngettext(
            "%d change published; a colleague still has to sign.", "%d changes published; a colleague still has to sign.", count
        )
    else:
        said = ngettext("%d change approved and published.", "%d changes approved and published.", count)
    messages.success(request, said % count)
    for sentence in refused[:30]:
        messages.warning(request, sentence)
    if len(refused) > 30:
        messages.warning(request, ngettext("And %d more.", "And %d more.", len(refused) - 30) % (len(refused) - 30))
    return redirect(address(model_admin, "batch", batch.pk))


def take_back(model_admin, request, batch):
    count, others = batches.take_back(batch, request.user)
    messages.success(request, ngettext("%d item taken back.", "%d items taken back.", count) % count)
    if others:
        names = ", ".join(f"{member.item} ({member.what})" for member in others[:30])
        messages.warning(request, gettext("Left as they are, since somebody has worked on them: %s") % names)
    return redirect(address(model_admin, "batch", batch.pk))
