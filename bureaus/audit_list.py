"""The audit log to read: in words, by person, action and day, own bureau for managers, all for administrators. Nothing to change."""

import csv
import re

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from bureaus.audit import Action, export_detail, record, visible_entries
from bureaus.models import AuditEntry, Membership
from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin

# Beginnings that a spreadsheet takes for a formula; the full-width ones where it runs in Chinese.
RISKY = tuple("=+-@\t\r＝＋－＠")
# Words that entries keep as a detail; the list says them in the reader's language.
DETAILS = {
    "unknown name": _("unknown name"),
    "whole network address": _("whole network address"),
    "too many wrong codes": _("too many wrong codes"),
    "recovery code": _("recovery code"),
    "everywhere": _("everywhere"),
    "audit log": _("audit log"),
    "translations": _("translations"),
    "asked for": _("asked for"),
    "taken back": _("taken back"),
    "held": _("kept for legal reasons"),
    "hold ended": _("no longer kept for legal reasons"),
    "confirmed": _("confirmed"),
    "spam": _("spam"),
    "again": _("brought back by a backup"),
    "inquiries": _("inquiries"),
    "letters": _("texts of letters"),
    "received": _("records of letters received"),
    "sign-ins": _("failed sign-ins"),
    "entries": _("entries of the audit log"),
    "idle": _("not used for an hour"),
    "too long": _("signed in for too long"),
    **dict(Membership.Role.choices),
}
# The same with a number before them.
COUNTED = {
    "rows": ngettext_lazy("%d row", "%d rows"),
    "items": ngettext_lazy("%d item", "%d items"),
    "new": ngettext_lazy("%d new", "%d new"),
    "changed": ngettext_lazy("%d changed", "%d changed"),
}
NUMBER = re.compile(rf"(\d+) ({'|'.join(COUNTED)})")


HEADINGS = [
    _("Time (Beijing)"),
    _("Account"),
    _("Name"),
    _("Action"),
    _("Result"),
    _("Kind"),
    _("About"),
    _("Bureau"),
    _("Detail"),
    _("Network address"),
]


class Echo:
    """What a CSV writer writes into: it hands each line on."""

    def write(self, line):
        return line


@admin.register(AuditEntry)
class AuditEntryAdmin(StaffAdmin):
    name_of_list = _("Audit log")
    list_display = ["moment", "who", "action", "result", "about", "bureau", "in_words", "address"]
    list_display_links = None
    list_filter = ["action", "result", ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "bureau", "kind"]
    search_fields = ["thing", "user__username", "user__first_name", "address"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    actions = None
    show_full_result_count = False
    change_list_template = "admin/audit_list.html"

    def get_urls(self):
        return [path("export/", self.admin_site.admin_view(self.export), name="bureaus_auditentry_export"), *super().get_urls()]

    def get_list_display(self, request):
        """Without the bureau for who works at one alone."""
        shown = super().get_list_display(request)
        return shown if len(bureaus_where(request.user, "see audit")) > 1 else [name for name in shown if name != "bureau"]

    def get_queryset(self, request):
        return visible_entries(request.user).order_by(*self.ordering)

    def has_module_permission(self, request):
        return may(request.user, "see audit")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "see audit")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An entry is its line in the list."""
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    def delete_view(self, request, object_id, extra_context=None):
        raise Http404

    @admin.display(description=_("time"), ordering="at")
    def moment(self, entry):
        return in_beijing(entry.at)

    @admin.display(description=pgettext_lazy("member of staff", "person"), ordering="user")
    def who(self, entry):
        if entry.user is None:
            return _("nobody signed in")
        name, account = entry.user.get_full_name(), entry.user.get_username()
        return f"{name} ({account})" if name else account

    @admin.display(description=pgettext_lazy("what an action was about", "about"), ordering="thing")
    def about(self, entry):
        return " · ".join(part for part in (kind_in_words(entry.kind), entry.thing) if part)

    @admin.display(description=_("detail"))
    def in_words(self, entry):
        return detail_in_words(entry.detail)

    def export(self, request):
        """The filtered list as CSV; that it was taken is written down, too."""
        if not self.has_view_permission(request):
            raise Http404
        shown = self.get_changelist_instance(request)
        found = shown.get_queryset(request)
        record(Action.EXPORT, request=request, detail=f"audit log · {export_detail(shown, found.count())}")
        response = StreamingHttpResponse(self.lines(found), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate().isoformat()}.csv"'
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def lines(self, entries):
        """Text that a spreadsheet takes for what it is: a mark of its encoding in front, no formulas."""
        writer = csv.writer(Echo())
        yield "\ufeff" + writer.writerow(HEADINGS)
        for entry in entries.iterator(chunk_size=500):
            columns = [
                in_beijing(entry.at),
                entry.user.get_username() if entry.user else "",
                entry.user.get_full_name() if entry.user else "",
                entry.get_action_display(),
                entry.get_result_display(),
                kind_in_words(entry.kind),
                entry.thing,
                entry.bureau or "",
                detail_in_words(entry.detail),
                entry.address,
            ]
            yield writer.writerow([no_formula(str(column)) for column in columns])


def in_beijing(time) -> str:
    return timezone.localtime(time).strftime("%Y-%m-%d %H:%M:%S")


def kind_in_words(kind: ContentType | None) -> str:
    return str(kind.name) if kind else ""


def detail_in_words(detail: str) -> str:
    """Known words in the reader's language; roles and numbers (`spam:3 letters:40`) stand beside each other."""
    return " · ".join(map(part_in_words, detail.split(" · ")))


def part_in_words(part: str) -> str:
    if part in DETAILS:
        return str(DETAILS[part])
    if found := NUMBER.fullmatch(part):
        return str(COUNTED[found[2]] % int(found[1]))
    words = [word.partition(":") for word in part.split(" ")]
    if not all(word in DETAILS for word, _colon, _number in words):
        return part
    return " / ".join(f"{DETAILS[word]} {number}".rstrip() for word, _colon, number in words)


def no_formula(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(RISKY) else text
