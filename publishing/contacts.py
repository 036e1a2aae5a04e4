"""The staff area of contacts: a wrong number is corrected at once, with its history."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import language_sections
from publishing import changes, revisions
from publishing.models import Revision
from publishing.revised import RevisedAdmin


class ContactAdmin(RevisedAdmin):
    """Not under review: what is saved is public at once. Versions are kept, and two people do not overwrite each other."""

    is_public_at_once = True
    right_to_see = right_to_change = "edit contacts"
    list_display = ["name", "kind", "phone", "email", "checked_on"]
    list_filter = ["kind"]
    list_select_related = ["bureau"]
    search_fields = ["name_en", "name_zh_hans", "name_zh_hant", "phone", "email"]
    fieldsets = [
        (_("Telephone and mail"), {"fields": ["kind", "phone", "fax", "email", "languages"]}),
        *language_sections(["name", "address", "person", "job_title", "hours"]),
        (_("For staff"), {"fields": ["checked_on", "doubt", "order"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        """A telephone number is found however it is typed: 0758-269 2222, +86 758 2692222."""
        digits = "".join(sign for sign in search_term if sign.isdigit())
        if len(digits) >= 5 and not any(sign.isalpha() for sign in search_term):
            search_term = digits.lstrip("0")
        return super().get_search_results(request, queryset, search_term)

    def store(self, request, item, rows, **about):
        return changes.keep_at_once(item, rows, request.user, **about)

    def response_add(self, request, obj, post_url_continue=None):
        revision = changes.add_revision(obj, revisions.snapshot(obj), request.user, kind=Revision.Kind.DIRECT)
        return self.after_keeping(request, obj, revision, is_new=True)

    def after_keeping(self, request, item, revision, *, is_new):
        messages.success(request, gettext("Saved. It is public now.") if is_new else gettext("You had changed nothing."))
        if "_continue" in request.POST:
            return redirect(self.address_of(item, "change"))
        return redirect("admin:bureaus_contact_changelist")
