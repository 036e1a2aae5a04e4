"""Links that lead nowhere: said at once after a step, and listed for the bureau whose pages hold them (staff.md S45)."""

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.rights import bureaus_where, may
from bureaus.staff import OwnBureauAdmin
from publishing import changes, link_check, links, revisions
from publishing.desk import Desk
from publishing.models import Decision, PageLink, Publishable, Status
from publishing.picture_uses import staff_address

State = PageLink.State
ANSWERS = {
    links.NOWHERE: _("no page of this site, or one that was taken down"),
    "private": _("an address inside a network, which nobody else can open"),
    "unknown host": _("there is no such host"),
    "timeout": _("no answer in time"),
    "certificate": _("its certificate is not valid"),
    "malformed": _("this is no address"),
    "no answer": _("no answer"),
    "404": _("not found (404)"),
    "410": _("gone for good (410)"),
    "403": _("lets no program in (403)"),
    "405": _("lets no program in (405)"),
    "429": _("lets no program in (429)"),
    "999": _("lets no program in (999)"),
}
VIEWS = {
    "broken": _("broken"),
    "by-hand": _("to be checked by hand"),
    "doubtful": _("failed once, to be tried again"),
    "checked": _("checked by hand"),
}
SENT = {Decision.Kind.SUBMITTED, Decision.Kind.PUBLISHED, Decision.Kind.PUBLISHED_ALONE}
GONE = {Status.WITHDRAWN, Status.TAKEN_DOWN}


# --- Said at once ---


def tell(request, item, step) -> None:
    """Names the links of a text that lead nowhere, or the live pages that link to what has just gone. It never stops anybody."""
    if step.target in SENT:
        change = changes.open_change(item)
        rows = change.revision.data if change is not None else revisions.snapshot(item)
        if found := links.dead_ends(item, rows):
            said = gettext("These links lead to no page of this site; the text was stored all the same:")
            messages.warning(request, sentence(said, [(address, "") for address in found]))
    elif step.target in GONE and not item.successor and (pages := linking(item, request.user)):
        said = gettext("These live pages still link to it; their bureaus find it in the list of broken links:")
        if step.target == Status.WITHDRAWN:
            said = gettext("These live pages still link to it; who follows the link finds the notice:")
        messages.warning(request, sentence(said, pages))


def linking(item, user) -> list[tuple[str, str]]:
    """`(title, address)` of the live pages that link to an item: the form where the person works, else the public page."""
    return named(links.pages_linking_to(item), user)


def named(pages, user) -> list[tuple[str, str]]:
    """The same of any pages."""
    return [(str(page), staff_address(page, user) or page.get_absolute_url()) for page in pages]


def sentence(said, found):
    listed = format_html_join(" · ", "{}", ((format_html('<a href="{}">{}</a>', url, name) if url else name,) for name, url in found))
    return format_html("{} {}", said, listed)


# --- The list ---


def shown(rows, view: str):
    """The links of a queryset that a view of the list holds; all that need a look where none is chosen."""
    if view == "checked":
        return rows.filter(checked_at__gt=timezone.now() - PageLink.QUIET)
    if view in ("broken", "by-hand", "doubtful"):
        return rows.filter(state=view)
    return rows.filter(state__in=[State.BROKEN, State.BY_HAND])


class View(admin.SimpleListFilter):
    title = _("view")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return VIEWS.items()

    def queryset(self, request, queryset):
        return shown(queryset, self.value() or "")


class PageLinkAdmin(OwnBureauAdmin):
    """A row leads to the form of its page. All that can be done here is to say that a person has looked."""

    name_of_list = _("Broken links")
    list_display = ["link", "page", "where", "answered", "found", "by_hand"]
    list_display_links = None
    list_filter = [View]
    list_select_related = ["bureau", "checked_by"]
    ordering = ["since", "pk"]
    actions = None

    def get_changelist(self, request, **kwargs):
        return Desk

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        link = self.get_object(request, object_id)
        model = link.content_type.model_class()
        return redirect(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", link.object_id)

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and "checked" in request.POST:
            return self.check_by_hand(request, request.POST["checked"])
        return super().changelist_view(request, extra_context)

    def check_by_hand(self, request, key):
        link = self.get_queryset(request).filter(pk=key, path="").first() if key.isdecimal() else None
        if link is None:
            raise Http404
        if not may(request.user, "edit", link):
            raise PermissionDenied
        link_check.confirm(link, request.user, bureaus_where(request.user, "edit"))
        messages.success(request, gettext("Noted that you have opened the link and that it is right. The site asks again in half a year."))
        return redirect(request.get_full_path())

    # --- Columns ---

    @admin.display(description=_("link"))
    def link(self, link):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', link.address, link.address)

    @admin.display(description=_("on the page"))
    def page(self, link):
        item = link.listed_item
        if item is None:
            return self.get_empty_value_display()
        kind = capfirst(item._meta.verbose_name) if isinstance(item, Publishable) else ""
        opts = item._meta
        return format_html(
            '{} · <a href="{}">{}</a>', kind, reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[item.pk]), item
        )

    @admin.display(description=_("where"))
    def where(self, link):
        model = ContentType.objects.get_for_id(link.content_type_id).model_class()
        names = [label_of(model, name) for name in link.places]
        return " · ".join(dict.fromkeys(names))

    @admin.display(description=_("answer"))
    def answered(self, link):
        if link.state == State.WORKS:
            return link.get_state_display()
        return ANSWERS.get(link.answer) or gettext("error %s") % link.answer

    @admin.display(description=_("since"), ordering="since")
    def found(self, link):
        return f"{timezone.localtime(link.since):%Y-%m-%d}" if link.since else self.get_empty_value_display()

    @admin.display(description=_("checked by hand"))
    def by_hand(self, link):
        if link.is_internal:
            return gettext("correct the link on its page")
        if link.checked_at and link.state == State.WORKS:
            name = link.checked_by.get_full_name() or link.checked_by.get_username()
            return f"{name}, {timezone.localtime(link.checked_at):%Y-%m-%d}"
        button = '<button type="submit" class="in-row" name="checked" value="{}">{}</button>'
        return format_html(button, link.pk, gettext("Opened it: it works"))


def label_of(model, name: str) -> str:
    """A column as the form calls it; the parts of an item share its columns or say it themselves."""
    for one in (model, *(getattr(model, part).rel.related_model for part in model.parts)):
        if name in {field.name for field in one._meta.concrete_fields}:
            return str(capfirst(one._meta.get_field(name).verbose_name))
    return name
