"""The staff form of things whose versions are kept: saving, history, and two people at one thing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from bureaus.staff import OwnBureauAdmin
from publishing import changes, history, revisions
from publishing.conflict import Conflict, ConflictForm, problems
from publishing.models import Revision
from publishing.scope import InScope


class RevisedAdmin(InScope, OwnBureauAdmin):
    """A form whose save is tried first and then stored as a version; a subclass says how (`store`) and what comes next."""

    # Whether the world sees what is saved, without a draft.
    is_public_at_once = False
    change_form_template = "admin/revised_change_form.html"

    def rows_on_page(self, request):
        return self.model._base_manager.filter(pk=request.resolver_match.kwargs.get("object_id"))

    # --- What a subclass decides ---

    def before_form(self, request):
        """Prepares what was posted."""

    def as_draft(self, item, function):
        """What `function` returns while the item stands as the form shows it."""
        return function()

    def store(self, request, item, rows, **about):
        """Stores rows as the newest version and returns it; `about` is `seen`, the version they started from, kind and note."""
        raise NotImplementedError

    def after_keeping(self, request, item, revision, *, is_new):
        """The answer after a version was stored."""
        raise NotImplementedError

    def newest_of(self, item) -> Revision | None:
        """The version that the form of an item shows."""
        return changes.head(item)

    def state_of(self, item) -> str:
        """Where the item stands, in words."""
        return ""

    # --- Opening and saving ---

    def get_object(self, request, object_id, from_field=None):
        """The one object of the form, in the state that the form shows."""
        item = getattr(request, "item_in_form", None)
        if item is not None and str(item.pk) == object_id:
            return item
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        def show():
            response = super(RevisedAdmin, self).changeform_view(request, object_id, form_url, extra_context)
            return response.render() if hasattr(response, "render") else response

        self.before_form(request)
        if object_id is None:
            return show()
        item = request.item_in_form = self.get_object(request, object_id)
        if request.method == "POST":
            return self.save_draft(request, item, show)
        return self.as_draft(item, show)

    def save_draft(self, request, item, show):
        """The ordinary save, tried on the state that the form showed; what comes out of it is stored as the newest draft."""
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        seen = changes.shown(item, request.POST.get("seen"))

        def attempt():
            if seen is not None:
                revisions.apply(item, seen.data)
            response = show()
            return response, revisions.snapshot(item) if getattr(request, "is_saved", False) else None

        response, rows = revisions.dry(attempt)
        if rows is None:
            return response
        item.refresh_from_db()
        return self.keep(request, item, rows, seen)

    def keep(self, request, item, rows, seen):
        """Stores a draft, or sets it aside where a colleague has saved meanwhile; nothing typed is lost."""
        newest = changes.head(item)
        if seen is not None and newest is not None and seen != newest:
            if not revisions.difference(newest.data, rows):
                return self.after_keeping(request, item, newest, is_new=True)  # pressed twice
            if not revisions.difference(seen.data, newest.data):
                seen = newest  # the same text under a later number: published, or put back
        try:
            with transaction.atomic():
                revision = self.store(request, item, rows, seen=seen)
        except (changes.Overtaken, ValidationError):
            seen = seen or changes.shown(item, None)
            if not revisions.difference(seen.data, rows):
                messages.info(request, gettext("You had changed nothing."))
                return redirect(self.address_of(item, "change"))
            mine = changes.set_aside(item, rows, request.user, seen=seen)
            return redirect(self.address_of(item, "conflict", mine.n))
        return self.after_keeping(request, item, revision, is_new=revision != seen)

    def response_change(self, request, obj):
        """The save of a dry run has gone well; `save_draft` answers."""
        request.is_saved = True
        return HttpResponse()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= self.about_item(request, obj) if change else {}
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def about_item(self, request, item):
        """What the change page says beside the fields: which version it shows, who changed what, what was set aside."""
        newest = self.newest_of(item)
        versions = changes.of(item, Revision).defer("data")[:1000]
        latest = next(iter(versions), None)
        is_set_aside = latest is not None and latest.kind == Revision.Kind.SET_ASIDE and latest.author_id == request.user.pk
        return {
            "state": self.state_of(item),
            "seen": request.POST.get("seen") or (newest.pk if newest else ""),
            "is_editable": self.has_change_permission(request, item),
            "set_aside": self.address_of(item, "conflict", latest.n) if is_set_aside else "",
            "changed_places": history.changed_places(item, versions),
        }

    # --- Pages about one item ---

    def page_about(self, request, item, title):
        """What every page beside the form takes."""
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(item),
            "opts": self.opts,
            "item": item,
            "state": self.state_of(item),
        }

    def history_view(self, request, object_id, extra_context=None):
        return history.history_view(self, request, self.item_or_404(request, object_id))

    def version_view(self, request, object_id, number):
        return history.compare_view(self, request, self.item_or_404(request, object_id), number)

    def conflict_view(self, request, object_id, number):
        """What a person typed beside what a colleague saved meanwhile. For the person who typed it."""
        item = self.item_or_404(request, object_id)
        mine = changes.of(item, Revision).filter(n=number, kind=Revision.Kind.SET_ASIDE, author=request.user).select_related("base").first()
        if mine is None:
            raise Http404
        conflict = Conflict(item, mine)
        form = ConflictForm(conflict, request.POST if request.method == "POST" else None)
        if request.method == "POST" and self.has_change_permission(request, item) and form.is_valid():
            rows = conflict.merged(form.choices)
            for sentence in (found := problems(item, rows)):
                form.add_error(None, sentence)
            if not found:
                return self.keep(request, item, rows, conflict.theirs)
        context = self.page_about(request, item, gettext("A colleague saved meanwhile")) | {
            "conflict": conflict,
            "form": form,
            "choices": list(zip(conflict.clashes, [form[f"choice_{number}"] for number in range(len(conflict.clashes))], strict=True)),
            "is_editable": self.has_change_permission(request, item),
            "back": self.address_of(item, "change"),
        }
        return TemplateResponse(request, "admin/conflict.html", context)

    def item_or_404(self, request, object_id):
        """An item whose drafts the person may see."""
        item = self.get_object(request, object_id)
        if not self.has_view_permission(request, item):
            raise Http404
        return item

    def address_of(self, item, name, *arguments):
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[item.pk, *arguments])

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/history/<int:number>/", view(self.version_view), name=f"{name}_version"),
            path("<path:object_id>/conflict/<int:number>/", view(self.conflict_view), name=f"{name}_conflict"),
            *super().get_urls(),
        ]
