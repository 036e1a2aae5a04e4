"""The desk of changes: every open draft, review and schedule of the own bureau in one list, whatever its kind."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bureaus.rights import bureaus_where
from bureaus.staff import OwnBureauAdmin
from publishing.languages import columns
from publishing.models import Change, Decision, Publishable

State = Change.State
SOON = timedelta(days=7)
VIEWS = {
    "waiting": _("waiting for your review"),
    "sent-back": _("sent back to you"),
    "mine": _("your drafts"),
    "others": _("drafts of colleagues"),
    "drafts": _("all drafts"),
    "with-others": _("waiting for a colleague's review"),
    "review": _("in review"),
    "approved": _("approved, not yet public"),
    "failed": _("not published as scheduled"),
    "soon": _("going live within 7 days"),
    "scheduled": _("scheduled"),
    "afterwards": _("to be signed afterwards"),
}


def shown(changes, view: str, user):
    """The changes of a queryset that a view of the desk holds for this person."""
    if view == "afterwards":
        alone = Decision.objects.filter(change=OuterRef("pk"), kind=Decision.Kind.PUBLISHED_ALONE, by=user)
        return changes.filter(awaits_signature=True, bureau__in=bureaus_where(user, "approve")).exclude(Exists(alone))
    changes = changes.filter(state__in=Change.OPEN)
    if view == "waiting":
        signed = Decision.objects.filter(change=OuterRef("pk"), kind=Decision.Kind.APPROVED, is_void=False, by=user)
        waiting = changes.filter(state=State.IN_REVIEW, bureau__in=bureaus_where(user, "approve"))
        return waiting.exclude(submitted_by=user).exclude(Exists(signed))
    if view == "sent-back":
        last = Decision.objects.filter(change=OuterRef("pk")).order_by("-at", "-pk").values("kind")[:1]
        return changes.filter(state=State.DRAFT, submitted_by=user).annotate(last=Subquery(last)).filter(last=Decision.Kind.SENT_BACK)
    if view == "failed":
        return changes.filter(state=State.APPROVED).exclude(failure="")
    if view == "approved":
        return changes.filter(state=State.APPROVED, failure="")
    if view == "mine":
        sent_back = shown(changes, "sent-back", user).order_by().values("pk")
        return changes.filter(state=State.DRAFT, opened_by=user).exclude(pk__in=sent_back)
    if view == "others":
        return changes.filter(state=State.DRAFT, bureau__in=bureaus_where(user, "publish alone")).exclude(opened_by=user)
    if view == "with-others":
        in_review = changes.filter(state=State.IN_REVIEW, bureau__in=bureaus_where(user, "publish alone"))
        return in_review.exclude(pk__in=shown(changes, "waiting", user).order_by().values("pk"))
    if view == "soon":
        return changes.filter(state=State.SCHEDULED, go_live_at__lt=timezone.now() + SOON)
    states = {
        "drafts": State.DRAFT,
        "review": State.IN_REVIEW,
        "scheduled": State.SCHEDULED,
    }
    if view in states:
        changes = changes.filter(state=states[view])
    return changes


class View(admin.SimpleListFilter):
    title = _("view")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return VIEWS.items()

    def queryset(self, request, queryset):
        return shown(queryset, self.value() or "", request.user)


class Desk(ChangeList):
    def get_results(self, request):
        """The items of the page, one query for each kind, without their long texts."""
        super().get_results(request)
        found = {}
        for content_type_id in {change.content_type_id for change in self.result_list}:
            model = ContentType.objects.get_for_id(content_type_id).model_class()
            keys = [change.object_id for change in self.result_list if change.content_type_id == content_type_id]
            long_texts = [column for name in model.long_texts for column in columns(name)]
            items = model._base_manager.filter(pk__in=keys).defer(*long_texts)
            found |= {(content_type_id, item.pk): item for item in items}
        for change in self.result_list:
            change.listed_item = found.get((change.content_type_id, change.object_id))


class ChangeAdmin(OwnBureauAdmin):
    """A row leads to the form of its item; nothing is entered or edited here."""

    name_of_list = _("Drafts and reviews")
    list_display = ["title", "kind", "what", "person", "since"]
    list_display_links = None
    list_filter = [View]
    list_select_related = ["bureau", "submitted_by", "opened_by"]
    ordering = ["changed_at", "pk"]

    def get_changelist(self, request, **kwargs):
        return Desk

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        item = self.get_object(request, object_id).item
        return redirect(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", item.pk)

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    @admin.display(description=_("title"))
    def title(self, change):
        item = change.listed_item
        if item is None:
            return self.get_empty_value_display()
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk]), item
        )

    @admin.display(description=_("kind"))
    def kind(self, change):
        model = ContentType.objects.get_for_id(change.content_type_id).model_class()
        return capfirst(model._meta.verbose_name) if issubclass(model, Publishable) else ""

    @admin.display(description=_("state"))
    def what(self, change):
        if change.state == State.SCHEDULED:
            return f"{change.get_state_display()}: {timezone.localtime(change.go_live_at):%Y-%m-%d %H:%M}"
        return change.get_state_display()

    @admin.display(description=_("by"))
    def person(self, change):
        by = change.submitted_by or change.opened_by
        return (by.get_full_name() or by.get_username()) if by else self.get_empty_value_display()

    @admin.display(description=_("since"), ordering="changed_at")
    def since(self, change):
        return f"{timezone.localtime(change.changed_at):%Y-%m-%d %H:%M}"
