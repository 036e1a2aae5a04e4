"""The staff area of everything that is published: a section per language, own bureau's rows, publishing steps, previews."""

from functools import cache, reduce
from operator import or_

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bureaus.models import Contact
from bureaus.rights import bureaus_where
from bureaus.staff import LANGUAGES, language_of, language_sections
from publishing import (
    asked,
    broken_links,
    changes,
    consent_page,
    contacts,
    desk,
    facts,
    library,
    preferred_words,
    readiness,
    scripts,
    sharing,
    steps,
    translation_form,
    wording_page,
    workflow,
)
from publishing.forms import PublishableForm
from publishing.inlines import PictureUseInline
from publishing.languages import CODES, TAGS, columns, languages_of, to_attribute
from publishing.models import Change, OldAddress, PageLink, Picture, PreferredWord, TakeDownAnswer, TakeDownQuestion
from publishing.preview import preview
from publishing.revised import RevisedAdmin
from publishing.richtext import clean, editor_field, editor_policy
from publishing.search import spellings
from publishing.tables import pages as tables
from publishing.tables.columns import TableOptions

admin.site.register(Picture, library.PictureAdmin)
admin.site.register(PreferredWord, preferred_words.PreferredWordAdmin)
admin.site.register(Change, desk.ChangeAdmin)
admin.site.register(TakeDownAnswer, consent_page.AnswerAdmin)
admin.site.register(TakeDownQuestion, consent_page.QuestionAdmin)
admin.site.register(PageLink, broken_links.PageLinkAdmin)
admin.site.register(Contact, contacts.ContactAdmin)


class MissingLanguage(admin.SimpleListFilter):
    title = _("missing language")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return LANGUAGES.items()

    def queryset(self, request, queryset):
        return queryset.filter(**{to_attribute("title", self.value()): ""}) if self.value() in LANGUAGES else queryset


class CheckDue(admin.SimpleListFilter):
    title = _("check of the facts")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        return [("due", _("live and not checked for a year"))]

    def queryset(self, request, queryset):
        return facts.due_for_check(queryset) if self.value() == "due" else queryset


class ChangeState(admin.SimpleListFilter):
    PUT_AWAY = "put-away"
    title = _("change")
    parameter_name = "change"

    def lookups(self, request, model_admin):
        return [*((state.value, state.label) for state in Change.OPEN), (self.PUT_AWAY, _("set aside, nobody is at work on it"))]

    def queryset(self, request, queryset):
        """Without what was put away, unless it is asked for."""
        if self.value() == self.PUT_AWAY:
            return changes.put_away(queryset)
        return changes.having_change(queryset, state=self.value()) if self.value() in Change.OPEN else changes.at_hand(queryset)


class Ledger(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        long_texts = [column for name in self.model.long_texts for column in columns(name)]
        return super().get_queryset(request, exclude_parameters).defer(*long_texts)

    def get_results(self, request):
        """The open changes of the page's items, by one query."""
        super().get_results(request)
        found = changes.open_changes(list(self.result_list))
        for item in self.result_list:
            item.__dict__["_open_change"] = found.get(item.pk)


class PublishableAdmin(RevisedAdmin):
    """Each kind names its `texts` (translated fields, in order) and its `facts` (the others); all else is the same."""

    texts: tuple[str, ...] = ("title", "summary")
    facts: tuple = ()
    # Sections after the facts: `(title, lines)`.
    more_facts: tuple = ()
    rich = ("body",)
    form = PublishableForm
    # Where a kind's tables come and go as files: its columns (publishing/tables/columns.py).
    table: TableOptions | None = None
    change_form_template = "admin/publishable_change_form.html"
    change_list_template = "admin/publishable_change_list.html"
    inlines = [PictureUseInline]
    list_display = ["heading", "state", "languages", "updated"]
    list_filter = ["status", ChangeState, MissingLanguage, CheckDue]
    list_select_related = ["bureau"]
    # Of all rows: it would count what was put away.
    show_full_result_count = False
    search_fields = ["title_en", "title_zh_hans", "title_zh_hant", "slug"]
    ordering = ["-updated_at", "pk"]
    actions = ["confirm_correct"]

    # --- Who sees and changes what ---

    def has_change_permission(self, request, obj=None):
        """What is being reviewed is edited only after it has been taken back or sent back."""
        return super().has_change_permission(request, obj) and (obj is None or self.is_editable(obj))

    def is_editable(self, item):
        change = self.change_of(item)
        return change is None or change.state == Change.State.DRAFT

    def change_of(self, item):
        """The open change of an item; asks the database once per item object."""
        if "_open_change" not in item.__dict__:
            item.__dict__["_open_change"] = changes.open_change(item)
        return item.__dict__["_open_change"]

    # --- The list ---

    def get_changelist(self, request, **kwargs):
        return Ledger

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, tables.links(self, request) | (extra_context or {}))

    def get_search_results(self, request, queryset, search_term):
        """Rows that hold every word, in either Chinese script."""
        for word in search_term.split():
            conditions = [Q(**{f"{name}__icontains": one}) for name in self.get_search_fields(request) for one in spellings(word)]
            queryset = queryset.filter(reduce(or_, conditions))
        return queryset, False

    @admin.display(description=_("title"))
    def heading(self, item):
        return str(item)

    @admin.display(description=_("state"), ordering="status")
    def state(self, item):
        return self.state_of(item)

    @admin.display(description=_("languages"))
    def languages(self, item):
        return " · ".join(LANGUAGES[code] for code in languages_of(item))

    @admin.display(description=_("last changed"), ordering="updated_at")
    def updated(self, item):
        return f"{timezone.localtime(item.updated_at):%Y-%m-%d %H:%M}"

    @admin.action(description=_("Still correct: note today as the day of the check"), permissions=["change"])
    def confirm_correct(self, request, queryset):
        for item in queryset:
            facts.confirm(item, request.user)
            self.log_change(request, item, gettext("Found still correct."))
        count = len(queryset)
        self.message_user(
            request, ngettext("%d item noted as checked today.", "%d items noted as checked today.", count) % count, messages.SUCCESS
        )

    # --- The form ---

    def sections(self, request, obj=None):
        source = [tuple(columns("source")), "source_url", ("as_of", "review_by"), "to_confirm"]
        sections = language_sections(self.texts)
        if obj is not None and not self.has_change_permission(request, obj):
            rich = {column for text in self.rich for column in columns(text)}
            sections = [
                (title, options | {"fields": [rich_text(self.model, name) if name in rich else name for name in options["fields"]]})
                for title, options in sections
            ]
        sections = [
            *sections,
            (_("Facts"), {"fields": self.facts}),
            *((title, {"fields": lines}) for title, lines in self.more_facts),
            (_("Source and check"), {"fields": source, "classes": ["technical"]}),
            (_("Address and time"), {"fields": ["slug", ("original_language", "expires_at")], "classes": ["technical"]}),
        ]
        return [(title, options) for title, options in sections if options["fields"]]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        name = db_field.name
        if name in {column for text in self.rich if text in self.texts for column in columns(text)}:
            formfield = editor_field(db_field)
            formfield.widget.attrs["lang"] = TAGS[language_of(db_field)]
            return formfield
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if name == "slug":
            formfield.help_text = _("Lower-case Latin letters, digits and hyphens. Leave it empty: it is made from the English title.")
        return formfield

    # --- Saving: what is live stays as it is, the form shows and stores the draft ---

    def before_form(self, request):
        translation_form.fill(request, self.rich)

    def as_draft(self, item, function):
        """What `function` returns while the item stands as its open change would have it."""
        return changes.as_changed(item, self.change_of(item), function)

    def store(self, request, item, rows, **about):
        revision = changes.keep(item, rows, request.user, **about)
        translation_form.after_save(self, request, item, revision)
        return revision

    def after_keeping(self, request, item, revision, *, is_new):
        if name := request.POST.get("_step"):
            step = steps.step_or_404(name)
            if not is_new and changes.open_change(item) is None:
                messages.info(request, gettext("Nothing differs from the live page, so there is nothing to review."))
            elif name == "submit" and wording_page.must_be_asked(item, revision):
                return redirect(self.address_of(item, "wording"))
            elif not steps.take(request, item, step):
                messages.info(request, gettext("Your text is saved."))
            elif name == "submit":
                translation_form.warn_of_unread(request, item, revision)
            return redirect(self.address_of(item, "change"))
        if not is_new:
            messages.info(request, gettext("You had changed nothing."))
        elif changes.was_never_public(item):
            messages.success(request, gettext("Draft saved."))
        else:
            messages.success(request, gettext("Draft saved. The live page is unchanged."))
        if "_save" in request.POST:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return redirect(self.address_of(item, "change"))

    def response_add(self, request, obj, post_url_continue=None):
        revision = changes.begin(obj, request.user)
        translation_form.after_save(self, request, obj, revision)
        return self.after_keeping(request, obj, revision, is_new=True)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_editable = self.has_change_permission(request, obj) if change else True
        if scripts.BUTTON in request.POST:
            context["errors"] = []
            messages.info(request, scripts.TO_READ)
        newest = self.newest_of(obj) if change else None
        context["translations"] = translation_form.describe(
            request, context["adminform"].fieldsets, obj if change else None, newest, is_editable
        )
        response = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        response.headers["Content-Security-Policy"] = editor_policy()
        return response

    def about_item(self, request, item):
        """What the change page says above the form: state, what is missing, previews, the steps that may be taken."""
        change = self.change_of(item)
        found = workflow.steps_for(item, request.user, change)
        decisions = list(change.decisions.select_related("by")) if change is not None else []
        is_draft = change is None or change.state == Change.State.DRAFT
        missing = readiness.missing_for_publishing(item) if is_draft and (change or changes.was_never_public(item)) else []
        sent_back = next((one for one in reversed(decisions) if one.kind == one.Kind.SENT_BACK), None)
        return super().about_item(request, item) | {
            "open_change": change,
            "steps": [step for step, reason in found if not reason and not step.asks and step.name != "submit"],
            "asking_steps": [step for step, reason in found if not reason and step.asks],
            "barred_steps": [(step, reason) for step, reason in found if reason],
            "sent_back": sent_back,
            "asked_at": asked.named(item, sent_back.fields) if sent_back else [],
            "differences": [] if is_draft else steps.what_changes(item, change),
            "since_asked": [] if is_draft or sent_back is None else steps.what_changed_since(item, sent_back.revision, change),
            "signed": [one for one in decisions if one.kind == one.Kind.APPROVED and not one.is_void],
            "missing": [(readiness.place_in_form(name), sentence) for name, sentence in missing],
            "previews": self.previews(item),
            "old_slugs": self.old_slugs(item),
        }

    def newest_of(self, item):
        return changes.head_beside(item, self.change_of(item))

    def state_of(self, item):
        change = self.change_of(item)
        return state_in_words(item, change and change.state, change and change.go_live_at)

    def previews(self, item):
        return [(code, TAGS[code], LANGUAGES[code], self.address_of(item, "preview", code)) for code in CODES]

    def old_slugs(self, item):
        content_type = ContentType.objects.get_for_model(item)
        return OldAddress.objects.filter(content_type=content_type, object_id=item.pk).order_by("slug").values_list("slug", flat=True)

    def step_view(self, request, object_id, name):
        return steps.step_view(self, request, object_id, name)

    def elsewhere_view(self, request):
        """What other bureaus show to the world, as the world sees it. For those who may see drafts at theirs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = self.model.objects.public().exclude(bureau__in=bureaus_where(request.user, "see drafts")).select_related("bureau")
        long_texts = [column for name in self.model.long_texts for column in columns(name)]
        page = Paginator(shown.defer(*long_texts).order_by("bureau__order", "pk"), self.list_per_page).get_page(request.GET.get("p"))
        context = self.admin_site.each_context(request) | {"title": _("Other bureaus' live pages"), "opts": self.opts, "page": page}
        return TemplateResponse(request, "admin/elsewhere.html", context)

    def wording_view(self, request, object_id):
        return wording_page.wording_view(self, request, object_id)

    def translation_view(self, request, object_id, language):
        return translation_form.translation_view(self, request, object_id, language)

    def after_step(self, request, item):
        return self.address_of(item, "change") if self.has_view_permission(request, item) else reverse("admin:index")

    def preview_view(self, request, object_id, language):
        """The public page as the draft would have it, in one language. For those who may see drafts at its bureau."""
        item = self.item_or_404(request, object_id)
        if language not in CODES:
            raise Http404
        bar = {
            "state": self.state_of(item),
            "back": self.address_of(item, "change"),
            "previews": self.previews(item),
            "sharing": self.address_of(item, "sharing") if self.change_of(item) is not None else "",
        }
        return self.as_draft(item, lambda: preview(request, item, language, **bar))

    def sharing_view(self, request, object_id):
        return sharing.sharing_view(self, request, object_id)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            *tables.addresses(self),
            path("<path:object_id>/wording/", view(self.wording_view), name=f"{name}_wording"),
            path("elsewhere/", view(self.elsewhere_view), name=f"{name}_elsewhere"),
            path("<path:object_id>/translation/<slug:language>/", view(self.translation_view), name=f"{name}_translation"),
            path("<path:object_id>/step/<slug:name>/", view(self.step_view), name=f"{name}_step"),
            path("<path:object_id>/preview/<slug:language>/", view(self.preview_view), name=f"{name}_preview"),
            path("<path:object_id>/sharing/", view(self.sharing_view), name=f"{name}_sharing"),
            *super().get_urls(),
        ]


def state_in_words(item, change_state=None, goes_live_at=None) -> str:
    """The public state, what else a person must know of it, and how far the open change is."""
    words = [item.get_status_display()]
    if item.is_live and item.is_expired:
        words.append(gettext("expired"))
    if item.is_sample:
        words.append(gettext("sample"))
    if change_state == Change.State.SCHEDULED:
        words.append(gettext("goes live on %s") % steps.in_words(goes_live_at))
    elif change_state == Change.State.DRAFT:
        words.append(gettext("draft") if changes.was_never_public(item) else gettext("a draft differs from the live page"))
    elif change_state:
        words.append(str(Change.State(change_state).label))
    elif changes.was_never_public(item):
        words.append(gettext("set aside, nobody is at work on it"))
    return " · ".join(words)


@cache
def rich_text(model, column: str):
    """A rich text to read, for forms that cannot be edited now."""

    def shown(item):
        return SafeString(clean(getattr(item, column))) or gettext("empty")

    shown.short_description = model._meta.get_field(column).verbose_name
    shown.__name__ = f"{column}_to_read"
    return shown
