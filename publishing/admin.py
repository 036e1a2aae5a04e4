"""The staff area of everything that is published: a section per language, own bureau's rows, publishing steps, previews."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from bureaus.rights import may
from bureaus.staff import LANGUAGES, OwnBureauAdmin, language_of, language_sections
from publishing import facts, library, workflow
from publishing.addresses import keep_old_address
from publishing.forms import PublishableForm, StepForm
from publishing.inlines import PictureUseInline
from publishing.languages import CODES, TAGS, columns, languages_of, to_attribute
from publishing.models import OldAddress, Picture
from publishing.richtext import editor_field, editor_policy
from publishing.scope import InScope
from publishing.views import render_preview

admin.site.register(Picture, library.PictureAdmin)


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


class Ledger(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        long_texts = [column for name in self.model.long_texts for column in columns(name)]
        return super().get_queryset(request, exclude_parameters).defer(*long_texts)


class PublishableAdmin(InScope, OwnBureauAdmin):
    """Each kind names its `texts` (translated fields, in order) and its `facts` (the others); all else is the same."""

    texts: tuple[str, ...] = ("title", "summary")
    facts: tuple[str, ...] = ()
    rich = ("body",)
    form = PublishableForm
    change_form_template = "admin/publishable_change_form.html"
    inlines = [PictureUseInline]
    list_display = ["heading", "state", "languages", "updated"]
    list_filter = ["status", MissingLanguage, CheckDue]
    list_select_related = ["bureau"]
    search_fields = ["title_en", "title_zh_hans", "title_zh_hant", "slug"]
    ordering = ["-updated_at", "pk"]
    actions = ["confirm_correct"]

    # --- Who sees and changes what ---

    def has_change_permission(self, request, obj=None):
        """What is live is seen by the world at once, so it takes the right to publish to change it."""
        if obj is not None and obj.is_live and not may(request.user, "publish", obj):
            return False
        return super().has_change_permission(request, obj)

    def rows_on_page(self, request):
        return self.model._base_manager.filter(pk=request.resolver_match.kwargs.get("object_id"))

    # --- The list ---

    def get_changelist(self, request, **kwargs):
        return Ledger

    @admin.display(description=_("title"))
    def heading(self, item):
        return str(item)

    @admin.display(description=_("state"), ordering="status")
    def state(self, item):
        return state_in_words(item)

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
        texts, end = self.texts, ["slug", "original_language", "expires_at"]
        if obj is not None and not self.has_change_permission(request, obj):
            texts = [text for text in texts if text not in self.rich]
        elif obj is not None:
            end.append("seen")
        sections = [
            *language_sections(texts),
            (_("Facts"), {"fields": self.facts}),
            (_("Source and check"), {"fields": [*columns("source"), "source_url", "as_of", "checked_on", "review_by", "to_confirm"]}),
            (_("Address and time"), {"fields": end}),
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

    def save_model(self, request, obj, form, change):
        if "checked_on" in form.changed_data:
            obj.checked_by = request.user if obj.checked_on else None
        super().save_model(request, obj, form, change)
        if change and "slug" in form.changed_data and obj.first_published_at:
            keep_old_address(obj, form.initial["slug"])

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= self.about_item(request, obj) if change else {"steps": self.first_steps(request)}
        response = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        response.headers["Content-Security-Policy"] = editor_policy()
        return response

    def about_item(self, request, item):
        """What the change page says above the form: state, what is missing, previews, the steps that may be taken."""
        steps = workflow.available_steps(item, request.user)
        missing = [] if item.is_live else workflow.missing_for_publishing(item)
        return {
            "state": state_in_words(item),
            "steps": [step for step in steps if not step.asks],
            "asking_steps": [step for step in steps if step.asks],
            "missing": [(place_in_form(self, name), sentence) for name, sentence in missing],
            "previews": [(code, LANGUAGES[code], self.address_of(item, "preview", code)) for code in CODES],
            "old_slugs": self.old_slugs(item),
            "is_for_publishers": item.is_live and not may(request.user, "publish", item),
        }

    def first_steps(self, request):
        return [workflow.step_named("publish")] if may(request.user, "publish") else []

    def old_slugs(self, item):
        content_type = ContentType.objects.get_for_model(item)
        return OldAddress.objects.filter(content_type=content_type, object_id=item.pk).order_by("slug").values_list("slug", flat=True)

    # --- Publishing steps ---

    def response_add(self, request, obj, post_url_continue=None):
        if "_step" in request.POST:
            return self.step_after_saving(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_step" in request.POST:
            return self.step_after_saving(request, obj)
        return super().response_change(request, obj)

    def step_after_saving(self, request, item):
        """The step whose button in the form was pressed: what was typed is saved whether or not the step can be taken."""
        step = self.step_or_404(request.POST["_step"])
        if step.asks:
            return redirect(self.address_of(item, "step", step.name))
        if not self.take(request, item, step):
            messages.info(request, gettext("Your text is saved."))
        return redirect(self.address_of(item, "change"))

    def step_or_404(self, name):
        try:
            return workflow.step_named(name)
        except KeyError:
            raise Http404 from None

    def take(self, request, item, step, **answers) -> bool:
        """Takes a step and says so. A step that was taken already, by a second press, counts as taken."""
        if not may(request.user, step.right, item):
            raise PermissionDenied
        if item.status != step.target:
            try:
                workflow.take(item, step.name, request.user, **answers)
            except ValidationError as error:
                for sentence in error.messages:
                    messages.error(request, sentence)
                return False
            self.log_change(request, item, gettext(step.label).removesuffix(" …"))
        messages.success(request, gettext(step.done))
        return True

    def step_view(self, request, object_id, name):
        """Asks what a step needs to know, then takes it. For holders of the step's right at the item's bureau."""
        step = self.step_or_404(name)
        item = self.item_for_step(request, object_id, step)
        form = StepForm(item, step, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            answers = {"notes": form.notes, "successor": form.successor} if step.asks else {}
            if self.take(request, item, step, **answers):
                return redirect(self.after_step(request, item))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext(step.label).removesuffix(" …"),
            "subtitle": str(item),
            "opts": self.opts,
            "item": item,
            "step": step,
            "state": state_in_words(item),
            "form": form,
            "back": self.after_step(request, item),
        }
        return TemplateResponse(request, "admin/publishable_step.html", context)

    def item_for_step(self, request, object_id, step):
        """The own bureau's item; to the city desk also what another bureau shows to the world."""
        item = super().get_queryset(request).filter(pk=object_id).first() if object_id.isdecimal() else None
        if item is None and object_id.isdecimal():
            item = self.model.objects.public().filter(pk=object_id).first()
            if item is None or not may(request.user, step.right, item):
                raise Http404
        if item is None:
            raise Http404
        if not may(request.user, step.right, item):
            raise PermissionDenied
        return item

    def after_step(self, request, item):
        return self.address_of(item, "change") if self.has_view_permission(request, item) else reverse("admin:index")

    # --- Preview ---

    def preview_view(self, request, object_id, language):
        """The public page of an item as it stands now, in one language. For those who may see drafts at its bureau."""
        item = self.get_object(request, object_id)
        if language not in CODES or not self.has_view_permission(request, item):
            raise Http404
        with override(language):
            response = render_preview(as_if_at(request, item.get_absolute_url().partition("#")[0]), item, language)
            if hasattr(response, "render"):
                response.render()
        bar = render_to_string(
            "admin/preview_bar.html",
            {
                "state": state_in_words(item),
                "back": self.address_of(item, "change"),
                "previews": [(code, TAGS[code], LANGUAGES[code], self.address_of(item, "preview", code)) for code in CODES],
                "language": language,
            },
        )
        return with_bar(response, bar)

    def address_of(self, item, name, *arguments):
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[item.pk, *arguments])

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/step/<slug:name>/", view(self.step_view), name=f"{name}_step"),
            path("<path:object_id>/preview/<slug:language>/", view(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]


def state_in_words(item) -> str:
    """The public state, and what else a person must know of it: expired, sample."""
    words = [item.get_status_display()]
    if item.is_live and item.is_expired:
        words.append(gettext("expired"))
    if item.is_sample:
        words.append(gettext("sample"))
    return " · ".join(words)


def place_in_form(model_admin, name: str) -> str:
    """Where on the change page a field or the pictures stand, as the end of a link."""
    return "publishing-pictureuse-content_type-object_id-group" if name == "pictures" else f"id_{name}"


def as_if_at(request, address: str):
    """The request of a visitor at a public address: menu, language links and inquiry links of a preview are those of the page."""
    public = copy(request)
    public.path = public.path_info = address
    public.META = request.META | {"PATH_INFO": address, "QUERY_STRING": ""}
    public.GET = QueryDict()
    public.user = AnonymousUser()
    public.resolver_match = resolve(address)
    return public


def with_bar(response: HttpResponse, bar: str) -> HttpResponse:
    """A page with a bar above its header; the link that skips both stays the first thing in the body."""
    page = response.content.decode()
    response.content = page.replace("<header", f"{bar}<header", 1)
    response.headers["Cache-Control"] = "private, no-store"
    return response
