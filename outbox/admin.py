"""What is waiting, what failed and why, and "send again". Who may see which letter is said where inquiries are known."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin, display
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models import Letter
from outbox.sending import BLOT, may_go_again, send_again


class LetterAdmin(ModelAdmin):
    """Not registered: subclasses give `get_queryset`, the permissions and `may_read`."""

    list_display = ["subject", "to", "state", "tries", "why", "next_try", "written", "left"]
    list_filter = ["state"]
    search_fields = ["to", "subject", "reference"]
    fields = ["state", "why", "last_error", "tries", "next_try", "to", "reply_to", "subject", "text", "reference", "written", "left"]
    readonly_fields = fields
    ordering = ["-created_at", "id"]
    actions = None
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/outbox/letter/letter.html"

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Letters")} | (extra_context or {}))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def may_read(self, request, letter) -> bool:
        """Whether the person may read the text of a letter that they see in the list."""
        return True

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        found.is_readable = self.may_read(request, found)
        return found

    def get_urls(self):
        again = self.admin_site.admin_view(self.again)
        return [path("<uuid:object_id>/again/", again, name="outbox_letter_again"), *super().get_urls()]

    def again(self, request, object_id):
        letter = self.get_object(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if send_again(letter):
            messages.success(request, _("The letter goes out within a minute."))
        elif not letter.body:
            messages.error(request, _("The text of this letter is no longer kept."))
        elif letter.secret == BLOT:
            messages.error(request, _("This letter held a private link that is not kept, and cannot go again. Send a new link instead."))
        else:
            messages.error(request, _("The mail server has accepted this letter already."))
        return HttpResponseRedirect(reverse("admin:outbox_letter_change", args=[letter.pk]), status=303)

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    def change_view(self, request, object_id, form_url="", extra_context=None):
        letter = self.get_object(request, object_id)
        context = {"title": letter.subject, "subtitle": None, "may_go_again": may_go_again(letter)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @display(description=_("text"))
    def text(self, letter):
        """The key of a private link belongs to its reader alone, also while the letter waits."""
        if not letter.is_readable:
            return _("Only those who answer inquiries read this.")
        if not letter.body:
            return _("Texts of letters are kept for 90 days.")
        return letter.body.replace(letter.secret, BLOT) if letter.secret else letter.body

    @display(description=_("why it has not left"))
    def why(self, letter):
        return letter.why_not_delivered or "–"

    @display(description=_("next try"), ordering="next_try_at")
    def next_try(self, letter):
        return moment(letter.next_try_at if letter.state == Letter.State.QUEUED else None)

    @display(description=_("written"), ordering="created_at")
    def written(self, letter):
        return moment(letter.created_at)

    @display(description=_("sent"), ordering="sent_at")
    def left(self, letter):
        return moment(letter.sent_at)


def moment(time) -> str:
    """Beijing time, as a mail log writes it: 2026-11-22 08:00; a dash for what has not been and will not be."""
    return timezone.localtime(time).strftime("%Y-%m-%d %H:%M") if time else "–"
