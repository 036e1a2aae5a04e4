"""The pages by which a table comes in: upload, faults, what would change; and the addresses of all pages of tables."""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.audit import Action, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.text import clean_line
from publishing import importer
from publishing.languages import in_one_line
from publishing.models import Batch, Upload
from publishing.tables import files, outcome, writing
from publishing.tables.answers import address, columns_of, file_response, page
from publishing.tables.batch_page import batch_view
from publishing.tables.export_page import export_view, template_view
from publishing.tables.heading_page import headings_page, take_headings
from publishing.tables.headings import questions, read_tables, remembered
from publishing.tables.judging import look

RECENT = 20
# Names of new rows, and of those that stay the same, that the preview spells out; the rest are counted.
SPELLED_OUT = 1_000


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
        tables, _unread = read_tables(kind, upload, remembered(kind, upload.bureau))
        asked = questions(kind, tables)
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
    found = look(kind, upload, request.user)
    upload.plan = found.plan
    upload.save(update_fields=["plan"])
    counts = {state: len(found.of(state)) for state in (outcome.NEW, outcome.CHANGED, outcome.SAME)}
    context = {
        "upload": upload,
        "outcome": found,
        "unread": in_one_line(found.unread),
        "skipped": in_one_line(found.skipped),
        "counts": counts,
        "to_do": counts["new"] + counts["changed"],
        "new": found.of(outcome.NEW)[:SPELLED_OUT],
        "changed": found.of(outcome.CHANGED),
        "spelled_out": SPELLED_OUT,
        "same": found.of(outcome.SAME)[:SPELLED_OUT],
        "seen": plan_seen(upload.plan),
        "overtaken": overtaken,
        "remarks_address": address(model_admin, "import_remarks", upload.pk),
        "many_sheets": len({row.sheet for row in found.rows}) > 1,
        "has_sheets": any(fault.sheet for fault in found.faults),
    }
    title = gettext("The table has faults") if found.faults else gettext("What the table would change")
    return page(model_admin, request, "admin/import_outcome.html", title, context)


def plan_seen(plan) -> str:
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()


def confirm(model_admin, request, kind, upload):
    if request.POST.get("seen") != plan_seen(upload.plan):
        return outcome_page(model_admin, request, kind, upload)
    try:
        with transaction.atomic():
            batch = importer.apply(kind, upload, request.user)
            made = upload.plan.values()
            numbers = [(sum(row[1] == state for row in made), state) for state in (outcome.NEW, outcome.CHANGED)]
            record(
                Action.IMPORT, request=request, thing=batch, detail=" · ".join(f"{number} {state}" for number, state in numbers if number)
            )
    except importer.Overtaken as error:
        if not error.rows:
            return redirect(address(model_admin, "batch", upload.pk))  # another press was faster
        return outcome_page(model_admin, request, kind, upload, overtaken=error.rows)
    except ValidationError:
        return outcome_page(model_admin, request, kind, upload)
    messages.success(request, gettext("Everything is stored as drafts. The live pages are unchanged."))
    return redirect(address(model_admin, "batch", batch.pk))


def remarks_view(model_admin, request, key):
    """The person's own file with the faults marked in it."""
    upload = own_upload(model_admin, request, key)
    found = look(columns_of(model_admin), upload, request.user)
    stem = upload.name.rpartition(".")[0] or upload.name
    return file_response(writing.with_remarks(upload, found.faults), writing.XLSX, f"{stem} – {gettext('remarks')}.xlsx")
