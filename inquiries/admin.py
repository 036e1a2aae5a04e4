"""The staff area of inquiries: the officers' inbox, and the letters."""

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.audit import Action, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin
from inquiries import correcting, month_table, new_project, person, presence, public_answers, reports, spam
from inquiries.answers_admin import PublicAnswerAdmin  # noqa: F401 (registers itself)
from inquiries.attachments import for_the_staff
from inquiries.canned_admin import CannedReplyAdmin  # noqa: F401 (registers itself)
from inquiries.case import finish_task, is_back_from_step, name_of, put_in, show_case, take_step
from inquiries.case_words import state_of
from inquiries.desk_admin import AbsenceAdmin, CalendarDayAdmin, TimeLimitAdmin  # noqa: F401 (register themselves)
from inquiries.drafts import make_draft
from inquiries.erasure_admin import ErasureAdmin  # noqa: F401 (registers itself)
from inquiries.inbox import Inbox, ViewFilter, offered_to, short
from inquiries.incoming_admin import IncomingLetterAdmin  # noqa: F401 (registers itself)
from inquiries.models import Inquiry, Transfer
from outbox.admin import LetterAdmin
from outbox.models import Letter
from publishing.languages import in_one_line


class BureauFilter(admin.SimpleListFilter):
    """Only where a person sees the inquiries of several bureaus, and only these."""

    title = _("bureau")
    parameter_name = "bureau"

    def lookups(self, request, model_admin):
        seen = bureaus_where(request.user, "see inquiries")
        return [(bureau.pk, bureau.name) for bureau in Bureau.objects.filter(pk__in=seen)] if len(seen) > 1 else []

    def queryset(self, request, queryset):
        return queryset.filter(bureau=self.value()) if (self.value() or "").isdecimal() else queryset


@admin.register(Inquiry)
class InquiryAdmin(StaffAdmin):
    """A list and one page per inquiry; everything that happens to it is a step of `workflow.STEPS`."""

    list_display = ["reference", "sent", "topic", "about_what", "sender", "state", "due", "officer"]
    list_display_links = ["reference"]
    list_filter = [ViewFilter, "topic", "language", BureauFilter]
    list_select_related = ["bureau", "assignee", "park", "listing", "project", "district"]
    search_fields = ["reference", "name", "organization", "email", "phone", "message"]
    ordering = ["answer_by", "pk"]
    actions = None
    change_list_template = "admin/inquiries/inbox.html"

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}

    def get_queryset(self, request):
        """With those that are offered to a bureau whose manager decides whether to accept them."""
        rows = super().get_queryset(request)
        return rows.filter(Q(pk__in=rows.visible_to(request.user).order_by().values("pk")) | Q(pk__in=offered_to(request.user)))

    def has_module_permission(self, request):
        return may(request.user, "see inquiries")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "see inquiries")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_changelist(self, request, **kwargs):
        return Inbox

    def get_list_display(self, request):
        several = len(bureaus_where(request.user, "see inquiries")) > 1
        return [*self.list_display, "bureau_name"] if several else self.list_display

    def changelist_view(self, request, extra_context=None):
        ways = {
            "may_report": may(request.user, "report on inquiries"),
            "may_export": may(request.user, "export inquiries"),
        }
        return super().changelist_view(request, {"title": _("Inquiries")} | ways | (extra_context or {}))

    def get_urls(self):
        def staff(view):
            return self.admin_site.admin_view(view)

        return [
            path("reference/<slug:reference>/", staff(self.by_reference), name="inquiries_inquiry_reference"),
            path("reports/", staff(self.reports), name="inquiries_inquiry_reports"),
            path("ledger/", staff(self.ledger), name="inquiries_inquiry_ledger"),
            path("<int:object_id>/step/<slug:name>/", staff(self.step), name="inquiries_inquiry_step"),
            path("<int:object_id>/presence/", staff(self.presence), name="inquiries_inquiry_presence"),
            path("<int:object_id>/kept/<int:reply_id>/", staff(self.kept), name="inquiries_inquiry_kept"),
            path("<int:object_id>/follow-up/<int:task_id>/", staff(self.follow_up), name="inquiries_inquiry_follow_up"),
            path("<int:object_id>/file/<uuid:file_id>/", staff(self.file), name="inquiries_inquiry_file"),
            path("<int:object_id>/project/", staff(self.project), name="inquiries_inquiry_project"),
            path("<int:object_id>/correct/", staff(self.correct), name="inquiries_inquiry_correct"),
            path("<int:object_id>/person/", staff(self.person), name="inquiries_inquiry_person"),
            path("<int:object_id>/public-answer/", staff(self.public_answer), name="inquiries_inquiry_public_answer"),
            *super().get_urls(),
        ]

    def by_reference(self, request, reference):
        """The address in the letters to officers."""
        found = self.get_queryset(request).filter(reference=reference).first()
        if found is None:
            return self.moved_on(request, reference=reference)
        return HttpResponseRedirect(reverse("admin:inquiries_inquiry_change", args=[found.pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        key = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        inquiry = self.get_queryset(request).filter(pk=key).first()
        if inquiry is None:
            return self.moved_on(request, id=key)
        if request.method == "GET" and not is_back_from_step(request, inquiry):
            record(Action.VIEW, request=request, thing=inquiry)
        return show_case(self, request, inquiry)

    def moved_on(self, request, **which):
        """Old letters lead to what another bureau has by now: whoever had it is told where it is, all others that it is not found."""
        own = bureaus_where(request.user, "answer")
        moves = Transfer.objects.filter(state__in=[Transfer.State.DONE, Transfer.State.REFUSED])
        moves = moves.filter(Q(from_bureau__in=own) | Q(to_bureau__in=own)).order_by().values("inquiry")
        inquiry = Inquiry.objects.filter(pk__in=moves, **which).select_related("bureau").first()
        if inquiry is None:
            raise Http404
        words = {"reference": inquiry.reference, "bureau": inquiry.bureau.name}
        messages.warning(request, _("%(reference)s is with %(bureau)s now. Ask there.") % words)
        return HttpResponseRedirect(reverse("admin:inquiries_inquiry_changelist"))

    def step(self, request, object_id, name):
        return take_step(self, request, str(object_id), name)

    def reports(self, request):
        return reports.view(self, request)

    def ledger(self, request):
        return month_table.view(self, request)

    def presence(self, request, object_id):
        return presence.ping(self, request, str(object_id))

    def kept(self, request, object_id, reply_id):
        return put_in(self, request, str(object_id), reply_id)

    def follow_up(self, request, object_id, task_id):
        return finish_task(self, request, str(object_id), task_id)

    def file(self, request, object_id, file_id):
        """A file of the thread, saved under its name. For those who may read its message."""
        return for_the_staff(self.get_object(request, str(object_id)), request.user, file_id)

    def project(self, request, object_id):
        done = _("A draft of the project is made. Close the inquiry when you have told the investor.")
        return make_draft(self, request, object_id, new_project, done)

    def correct(self, request, object_id):
        return correcting.view(self, request, str(object_id))

    def person(self, request, object_id):
        return person.show(self, request, str(object_id))

    def public_answer(self, request, object_id):
        return make_draft(self, request, object_id, public_answers)

    def history_view(self, request, object_id, extra_context=None):
        """The thread is the history."""
        raise Http404

    @admin.display(description=pgettext_lazy("date", "received"), ordering="received_at")
    def sent(self, inquiry):
        return short(inquiry.received_at)

    @admin.display(description=pgettext_lazy("inquiry", "about"))
    def about_what(self, inquiry):
        return inquiry.subject

    @admin.display(description=pgettext_lazy("person", "name"), ordering="name")
    def sender(self, inquiry):
        return format_html("<bdi>{}</bdi>", inquiry.name)

    @admin.display(description=_("status"), ordering="status")
    def state(self, inquiry):
        if inquiry.is_undelivered:
            return format_html('{} <strong class="late">{}</strong>', state_of(inquiry), _("e-mail not delivered"))
        if inquiry.erased_at:
            return _("%s, person erased") % state_of(inquiry)
        if inquiry.is_raised:
            return format_html('{} <strong class="late">{}</strong>', state_of(inquiry), _("the sender has written again"))
        if inquiry.status == Inquiry.Status.SPAM and inquiry.spam_reason:
            return f"{state_of(inquiry)}: {in_one_line(spam.in_words(inquiry.spam_reason))}"
        return state_of(inquiry)

    @admin.display(description=_("answer due"), ordering="answer_by")
    def due(self, inquiry):
        return format_html('<strong class="late">{}</strong>', inquiry.due_words) if inquiry.is_late else inquiry.due_words

    @admin.display(description=_("bureau"), ordering="bureau")
    def bureau_name(self, inquiry):
        return inquiry.bureau.short_name or inquiry.bureau.name

    @admin.display(description=_("officer"), ordering="assignee")
    def officer(self, inquiry):
        return name_of(inquiry.assignee)


@admin.register(Letter)
class OwnLetterAdmin(LetterAdmin):
    """A letter belongs to the bureau of the inquiry that its reference names; a letter of no inquiry to the city bureau.

    Registered here because the outbox knows neither inquiries nor bureaus, and must not.
    """

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}

    def get_queryset(self, request):
        bureaus = bureaus_where(request.user, "see mail")
        rows = super().get_queryset(request)
        own = rows.filter(reference__in=Inquiry.objects.filter(bureau__in=bureaus).order_by().values("reference"))
        return own | rows.filter(reference="") if may(request.user, "see mail", Letter()) else own

    def has_module_permission(self, request):
        return may(request.user, "see mail")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "see mail")

    def may_read(self, request, letter):
        """The installer sees that a letter is stuck and why, not what investors are told."""
        inquiry = Inquiry.objects.filter(reference=letter.reference).first()
        return inquiry is None or may(request.user, "see inquiries", inquiry)
