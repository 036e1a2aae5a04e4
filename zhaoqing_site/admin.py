"""The staff area: a work list in front, not a list of models; who one is there and in which language."""

from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from bureaus.rights import bureaus_where, may, memberships_of
from publishing.forms import find_page
from publishing.languages import TAGS, active_language
from publishing.models import Picture, Publishable
from publishing.scope import visible
from publishing.translation_table import table_view
from zhaoqing_site.finding import find
from zhaoqing_site.staff_session import SessionSite
from zhaoqing_site.work_list import work_list


class Suggestions(AutocompleteJsonView):
    """What a person may choose from, as in the choices of the form itself."""

    def get_queryset(self):
        model = self.model_admin.model
        if not issubclass(model, (Publishable, Picture)):
            return super().get_queryset()
        rows, has_duplicates = self.model_admin.get_search_results(self.request, visible(self.request.user, model), self.term)
        rows = rows.order_by(*self.model_admin.ordering)
        return rows.distinct() if has_duplicates else rows


class StaffSite(SessionSite):
    site_header = _("Invest Zhaoqing: staff")
    site_title = _("Invest Zhaoqing")
    index_title = _("Home")
    index_template = "admin/front_page.html"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def each_context(self, request):
        user = request.user
        return super().each_context(request) | {
            "roles": [f"{held.bureau} · {held.get_role_display()}" for held in memberships_of(user)] if user.is_authenticated else [],
            "demonstration": settings.DEMONSTRATION,
            "staff_languages": [(code, TAGS[code], name) for code, name in settings.LANGUAGES],
            "available_apps": [],
        }

    def get_app_list(self, request, app_label=None):
        """The front page says in words what there is."""
        return []

    def index(self, request, extra_context=None):
        found = work_list(self, request) | {
            "may_withdraw_elsewhere": may_withdraw_elsewhere(request.user),
            "may_translate": may(request.user, "see drafts"),
        }
        return super().index(request, (extra_context or {}) | found)

    def get_urls(self):
        """Without the address that leads from any key to its page: it would tell addresses of other bureaus' drafts."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [
            path("withdraw/", self.admin_view(self.withdraw_elsewhere), name="withdraw_elsewhere"),
            path("guide/", self.admin_view(self.guide), name="guide"),
            path("find/", self.admin_view(self.find), name="find"),
            path("translations/", self.admin_view(self.translations), name="translations"),
            *urls,
        ]

    def guide(self, request):
        """What each role does, on one page. For everybody who works here."""
        context = self.each_context(request) | {"title": _("Guide"), "text": f"admin/guide/{active_language()}.html"}
        return TemplateResponse(request, "admin/guide.html", context)

    def find(self, request):
        """What matches some words, of everything that the person may see."""
        words = request.GET.get("q", "").replace("\0", "")[:100]
        context = self.each_context(request) | {"title": _("Find"), "words": words, "groups": find(self, request, words)}
        return TemplateResponse(request, "admin/find.html", context)

    def translations(self, request):
        return table_view(self, request)

    def withdraw_elsewhere(self, request):
        """Leads the city desk from a public address to the withdrawal of what stands there."""
        if not may_withdraw_elsewhere(request.user):
            raise PermissionDenied
        address = request.GET.get("address", "").strip()
        item = find_page(address)[1] if address else None
        if isinstance(item, Publishable) and may(request.user, "withdraw", item):
            return redirect(f"admin:{item._meta.app_label}_{item._meta.model_name}_step", item.pk, "withdraw")
        title = _("Withdraw a page of another bureau")
        context = self.each_context(request) | {"title": title, "address": address}
        return TemplateResponse(request, "admin/withdraw_elsewhere.html", context)

    def app_index(self, request, app_label, extra_context=None):
        return redirect("admin:index")

    def i18n_javascript(self, request, extra_context=None):
        """The words of all scripts, the text editor's too."""
        return JavaScriptCatalog.as_view()(request)

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)


def may_withdraw_elsewhere(user) -> bool:
    """Whether the person may, in an emergency, withdraw what bureaus show at which they do not work."""
    return not bureaus_where(user, "withdraw") <= bureaus_where(user, "see drafts")
