"""Requests to erase a person: administrators confirm them, managers follow those of their bureau. Nobody reads a letter here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin
from inquiries import erasing
from inquiries.models import Erasure
from inquiries.person import what_is_held
from outbox.admin import moment


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("waits for confirmation")), ("done", _("done"))]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.filter(done_at=None, inquiry__erased_at=None)
        return queryset.filter(inquiry__erased_at__isnull=False) if self.value() == "done" else queryset


@admin.register(Erasure)
class ErasureAdmin(StaffAdmin):
    list_display = ["reference", "bureau", "origin", "asked", "state", "asker", "confirmer"]
    list_display_links = ["reference"]
    list_filter = [StateFilter, "origin"]
    list_select_related = ["inquiry__bureau", "asked_by", "confirmed_by"]
    search_fields = ["inquiry__reference"]
    ordering = ["-asked_at", "pk"]
    actions = None
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}

    def get_queryset(self, request):
        own = Q(inquiry__bureau__in=bureaus_where(request.user, "request erasure"))
        return super().get_queryset(request).filter(own | Q(inquiry__bureau__in=bureaus_where(request.user, "erase")))

    def has_module_permission(self, request):
        return may(request.user, "erase") or may(request.user, "request erasure")

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        """The audit log is the history."""
        raise Http404

    def get_urls(self):
        confirm = self.admin_site.admin_view(self.confirm)
        return [path("<int:object_id>/erase/", confirm, name="inquiries_erasure_erase"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.page(request, self.get_object(request, object_id))

    def page(self, request, erasure, status=200):
        inquiry = erasure.inquiry
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Erase the person of %s") % inquiry.reference,
            "erasure": erasure,
            "inquiry": inquiry,
            "state": self.state(erasure),
            "went": [(erasing.KINDS[name], number) for name, number in erasure.counts.items() if name in erasing.KINDS and number],
            **what_is_held(inquiry),
            "may_confirm": may(request.user, "erase", inquiry) and not inquiry.erased_at,
            "why_not": "" if inquiry.erased_at else erasing.why_not_confirm(erasure, request.user),
        }
        return TemplateResponse(request, "admin/inquiries/erasure/erasure.html", context, status=status)

    def confirm(self, request, object_id):
        erasure = self.get_object(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request.user, "erase", erasure.inquiry):
            raise PermissionDenied
        try:
            erasing.confirm(erasure, request.user, request)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return self.page(request, self.get_object(request, str(object_id)), status=400)
        messages.success(request, _("The person is erased. A last letter tells them so; it is deleted when it has left."))
        return HttpResponseRedirect(reverse("admin:inquiries_erasure_change", args=[erasure.pk]), status=303)

    @admin.display(description=_("reference"), ordering="inquiry__reference")
    def reference(self, erasure):
        return erasure.inquiry.reference

    @admin.display(description=_("bureau"), ordering="inquiry__bureau")
    def bureau(self, erasure):
        return erasure.inquiry.bureau.short_name or erasure.inquiry.bureau.name

    @admin.display(description=_("asked"), ordering="asked_at")
    def asked(self, erasure):
        return moment(erasure.asked_at)

    @admin.display(description=_("state"))
    def state(self, erasure):
        if erasure.done_at:
            return _("erased %s") % moment(erasure.done_at)
        if erasure.inquiry.erased_at:
            return _("erased; the last letter, files or mailbox follow")
        return _("waits for confirmation")

    @admin.display(description=_("asked by"), ordering="asked_by")
    def asker(self, erasure):
        return name_of(erasure.asked_by)

    @admin.display(description=_("confirmed by"), ordering="confirmed_by")
    def confirmer(self, erasure):
        return name_of(erasure.confirmed_by)


def name_of(person) -> str:
    return (person.get_full_name() or person.get_username()) if person else "–"
