"""Tables that go out: the workbook to fill in, and the filtered list in the same columns (staff.md S48)."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bureaus.audit import Action, export_detail, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from publishing.models import Change
from publishing.revisions import ITEM, row_of
from publishing.tables import writing
from publishing.tables.answers import columns_of, export_name, file_response, template_name
from publishing.tables.cells import Names, as_python, as_stored
from publishing.tables.columns import Columns


def template_view(model_admin, request):
    """The workbook to fill in. For holders of the right "import" at any bureau."""
    if not may(request.user, "import"):
        raise PermissionDenied
    kind = columns_of(model_admin)
    names = Names(request.user, kind.model, bureaus_where(request.user, "import"))
    return file_response(writing.workbook(kind, names, []), writing.XLSX, template_name(model_admin))


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
    shown = model_admin.get_changelist_instance(request)
    items = shown.get_queryset(request).filter(bureau__in=bureaus)
    kind = columns_of(model_admin)
    names, rows = Names(request.user, kind.model, bureaus), exported(kind, items)
    content = writing.workbook(kind, names, rows) if ending == "xlsx" else writing.csv_text(kind, names, rows)
    bureau = Bureau.objects.filter(pk__in=bureaus).first() if len(bureaus) == 1 else None
    record(Action.EXPORT, request=request, kind=kind.model, bureau=bureau, detail=export_detail(shown, len(rows), ending))
    return file_response(content, writing.XLSX if ending == "xlsx" else "text/csv; charset=utf-8", export_name(model_admin, ending))


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
