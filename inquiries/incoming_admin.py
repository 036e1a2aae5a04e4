"""The letters that came in, and what became of each. Those that belong to no inquiry wait for the city bureau to look at them."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin
from inquiries.incoming import TO_LOOK_AT, waiting
from inquiries.mailbox import MailboxError, account_of
from inquiries.models import IncomingLetter
from outbox.admin import moment


class ToLookAt(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("yes", _("to be looked at"))]

    def queryset(self, request, queryset):
        return waiting(queryset) if self.value() == "yes" else queryset


def folder_to_look_in() -> str:
    """Where the letters lie that somebody has to look at; "" where no mailbox is read."""
    try:
        return account_of(settings.IMAP_URL).unassigned if settings.IMAP_URL else ""
    except MailboxError:
        return ""


@admin.register(IncomingLetter)
class IncomingLetterAdmin(StaffAdmin):
    """A letter belongs to the bureau of its inquiry; a letter of no inquiry to the city bureau. The texts are not here."""

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}

    list_display = ["fetched", "outcome", "inquiry", "seen"]
    list_display_links = None
    list_filter = [ToLookAt, "outcome"]
    list_select_related = ["message__inquiry"]
    ordering = ["-fetched_at", "fingerprint"]
    actions = ["mark_seen"]
    show_full_result_count = False
    change_list_template = "admin/inquiries/incomingletter/change_list.html"

    def get_queryset(self, request):
        own = Q(message__inquiry__bureau__in=bureaus_where(request.user, "see mail"))
        return super().get_queryset(request).filter(own | Q(message=None) if self.has_look_permission(request) else own)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"unassigned": folder_to_look_in()} | (extra_context or {}))

    def has_module_permission(self, request):
        return may(request.user, "see mail")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "see mail")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_look_permission(self, request):
        return may(request.user, "see mail", self.model())  # what has no bureau belongs to the city bureau

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    @admin.action(description=_("Has been looked at in the mailbox"), permissions=["look"])
    def mark_seen(self, request, rows):
        number = rows.filter(pk__in=waiting(IncomingLetter.objects.all()).values("pk")).update(seen_at=timezone.now())
        self.message_user(request, ngettext("%d letter marked.", "%d letters marked.", number) % number)

    @admin.display(description=_("fetched"), ordering="fetched_at")
    def fetched(self, row):
        return moment(row.fetched_at)

    @admin.display(description=_("inquiry"))
    def inquiry(self, row):
        if row.message is None:
            return "–"
        inquiry = row.message.inquiry
        return format_html('<a href="{}">{}</a>', reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]), inquiry.reference)

    @admin.display(description=_("looked at"))
    def seen(self, row):
        if row.seen_at:
            return moment(row.seen_at)
        waits = row.outcome in TO_LOOK_AT and row.message_id is None
        return format_html('<strong class="late">{}</strong>', _("not yet")) if waits else ""
