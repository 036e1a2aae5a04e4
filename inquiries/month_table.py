"""The table of a month (台账) as a workbook in the bureau's columns: asked what for, written down, marked with who took it (S71)."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bureaus.audit import Action, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.text import LineField
from inquiries import clock
from inquiries.case_words import name_of, state_of
from inquiries.models import Inquiry
from publishing.tables.writing import HEAD, XLSX, put, saved, sheet_name

MONTHS = 24
SHORTEST_REASON = 5
# (heading, width, what the cell says): times in Beijing, as text.
COLUMNS = [
    (gettext_lazy("Reference"), 14, lambda row: row.reference),
    (pgettext_lazy("date", "Received"), 18, lambda row: clock.in_digits(row.received_at)),
    (gettext_lazy("Topic"), 18, lambda row: row.get_topic_display()),
    (pgettext_lazy("inquiry", "About"), 30, lambda row: str(row.subject or "")),
    (gettext_lazy("District"), 14, lambda row: str(row.district or "")),
    (gettext_lazy("Asked on the page"), 30, lambda row: row.about),
    (gettext_lazy("Language"), 12, lambda row: row.get_language_display()),
    (gettext_lazy("Bureau"), 24, lambda row: str(row.bureau)),
    (gettext_lazy("Officer"), 14, lambda row: name_of(row.assignee)),
    (gettext_lazy("Status"), 14, lambda row: str(state_of(row))),
    (gettext_lazy("Answer due"), 18, lambda row: clock.in_digits(row.answer_by)),
    (gettext_lazy("First answered"), 18, lambda row: clock.in_digits(row.first_answered_at) if row.first_answered_at else ""),
    (gettext_lazy("Late"), 8, lambda row: _("yes") if is_late(row) else _("no")),
    (gettext_lazy("Result due"), 18, lambda row: clock.in_digits(row.result_by)),
    (gettext_lazy("Closed"), 18, lambda row: clock.in_digits(row.closed_at) if row.closed_at else ""),
    (gettext_lazy("Result"), 18, lambda row: row.get_result_display()),
    (gettext_lazy("Times reopened"), 10, lambda row: row.reopened),
    (gettext_lazy("Rating"), 10, lambda row: row.get_rating_display() if row.rating else ""),
]
PERSONAL = [
    (pgettext_lazy("person", "Name"), 20, lambda row: row.name),
    (gettext_lazy("Company or organization"), 26, lambda row: row.organization),
    (gettext_lazy("Country or region"), 18, lambda row: row.region),
    (gettext_lazy("E-mail"), 28, lambda row: row.email),
    (gettext_lazy("Telephone"), 20, lambda row: row.phone),
    (gettext_lazy("Message"), 60, lambda row: row.message),
]


class TableForm(forms.Form):
    bureau = forms.ModelChoiceField(label=gettext_lazy("Bureau"), queryset=Bureau.objects.none(), empty_label=None)
    month = forms.ChoiceField(label=gettext_lazy("Month"))
    reason = LineField(
        label=gettext_lazy("What the table is for"),
        min_length=SHORTEST_REASON,
        max_length=200,
        help_text=gettext_lazy("It is written down with your name, e.g. monthly report to the city government."),
    )
    personal = forms.BooleanField(
        label=gettext_lazy("Include names, contact details and messages of the investors"),
        required=False,
        help_text=gettext_lazy("Only where the purpose needs them. Whoever gets the file must protect them."),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bureau"].queryset = Bureau.objects.filter(pk__in=bureaus_where(user, "export inquiries"))
        self.fields["month"].choices = months()


def months() -> list[tuple[str, str]]:
    """This month and those before it, newest first."""
    today = timezone.now().astimezone(clock.BEIJING).date()
    first = [date(today.year + (today.month - 1 - back) // 12, (today.month - 1 - back) % 12 + 1, 1) for back in range(MONTHS)]
    return [(f"{day:%Y-%m}", date_format(day, "YEAR_MONTH_FORMAT")) for day in first]


def view(model_admin, request):
    """For managers: the question what for, then the file."""
    if not may(request.user, "export inquiries"):
        raise PermissionDenied
    form = TableForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return file_of(request, **form.cleaned_data)
    context = model_admin.admin_site.each_context(request) | {"title": _("Monthly ledger"), "form": form, "opts": model_admin.opts}
    return TemplateResponse(request, "admin/inquiries/month_table.html", context, status=400 if form.is_bound else 200)


def file_of(request, bureau, month, reason, personal) -> HttpResponse:
    rows = rows_of(bureau, month)
    kind = "with personal data" if personal else "without personal data"
    record(Action.EXPORT, request=request, bureau=bureau, detail=f"inquiries {month}, {len(rows)}, {kind}: {reason}"[:300])
    mark = _("Taken by %(who)s on %(moment)s for: %(reason)s") % {
        "who": name_of(request.user),
        "moment": clock.in_digits(timezone.now()),
        "reason": reason,
    }
    response = HttpResponse(workbook(bureau, month, rows, mark, personal=personal), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="inquiries-{bureau.slug}-{month}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def rows_of(bureau: Bureau, month: str) -> list[Inquiry]:
    """What came in during a month in Beijing and belongs to the bureau; no spam."""
    year, number = map(int, month.split("-"))
    first = datetime(year, number, 1, tzinfo=clock.BEIJING)
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=clock.BEIJING)
    rows = Inquiry.objects.filter(bureau=bureau, received_at__gte=first, received_at__lt=following).exclude(status=Inquiry.Status.SPAM)
    related = ("bureau", "assignee", "park", "listing", "project", "district")
    return list(rows.select_related(*related).order_by("received_at", "pk"))


def is_late(row: Inquiry) -> bool:
    """The first answer came, or is still to come, after it was due. A later question has its own due time."""
    if row.first_answered_at is None:
        return (row.is_open or row.waits_for_answer) and row.answer_by < timezone.now()
    return row.first_answered_at > clock.add_working_days(row.received_at, row.answer_days)


def workbook(bureau, month, rows, mark, *, personal) -> bytes:
    """The mark stands above the headings and at the foot of each printed page. Text is text: no cell is a formula."""
    columns = [*COLUMNS, *(PERSONAL if personal else [])]
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(month)
    put(sheet.cell(1, 1), f"{bureau.name} · {month}")
    put(sheet.cell(2, 1), mark)
    sheet.cell(1, 1).font, sheet.cell(2, 1).font = Font(bold=True, size=14), Font(italic=True)
    put(sheet.cell(4, 1), _("No."))
    for at, (heading, width, _value) in enumerate(columns, 2):
        put(sheet.cell(4, at), str(heading))
        sheet.column_dimensions[get_column_letter(at)].width = width
    for cell in sheet[4]:
        cell.font, cell.fill = Font(bold=True), HEAD
    for number, row in enumerate(rows, 1):
        sheet.cell(4 + number, 1).value = number
        for at, (_heading, _width, value) in enumerate(columns, 2):
            said = value(row)
            put(sheet.cell(4 + number, at), said if isinstance(said, int) else str(said))
    sheet.freeze_panes = "C5"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = mark.replace("&", "&&")[:200]
    book.properties.creator, book.properties.description = "Invest Zhaoqing", mark
    return saved(book)
