"""The staff area of standard replies: officers propose them, managers put them into use; a section per language."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin, StaffForm, language_sections
from inquiries.canned import BY_HAND, MARKS, unknown_marks
from inquiries.models import CannedReply
from publishing.languages import columns

NO_SUCH_MARK = _("There is no such mark: %s. Take one of the list above, or leave out the braces.")


class CannedReplyForm(StaffForm):
    def clean(self):
        cleaned = super().clean()
        for name, sentence in (
            ("title", _("Give it a title in one language at least.")),
            ("body", _("Write it in one language at least.")),
        ):
            shown = [column for column in columns(name) if column in self.fields]
            if shown and not any(cleaned.get(column) for column in shown):
                self.add_error(shown[0], ValidationError(sentence))
        for column in columns("body"):
            if strange := unknown_marks(cleaned.get(column) or ""):
                self.add_error(column, ValidationError(NO_SUCH_MARK % " ".join(strange)))
        return cleaned


@admin.register(CannedReply)
class CannedReplyAdmin(StaffAdmin):
    """Those of the own bureau and those for all, which the city bureau keeps. What is in use is changed by managers alone."""

    form = CannedReplyForm
    list_display = ["title", "topic", "is_used", "whose"]
    list_filter = ["is_in_use", "topic"]
    list_select_related = ["bureau"]
    search_fields = [*columns("title"), *columns("body")]
    ordering = ["order", "pk"]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).filter(Q(bureau__in=works_at(request.user)) | Q(bureau=None))

    def has_module_permission(self, request):
        return bool(works_at(request.user))

    def has_view_permission(self, request, obj=None):
        return bool(works_at(request.user))

    def has_add_permission(self, request):
        return bool(works_at(request.user))

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return bool(works_at(request.user))
        return keeps(request.user, obj) or (not obj.is_in_use and may(request.user, "answer", obj))

    def has_delete_permission(self, request, obj=None):
        return obj is not None and keeps(request.user, obj)

    def get_fieldsets(self, request, obj=None):
        facts = ["topic", "order", "answers_later", *(["is_in_use"] if self.puts_into_use(request, obj) else []), "marks"]
        return [
            (None, {"fields": [*(["bureau"] if self.asks_for_bureau(request, obj) else []), *facts]}),
            *language_sections(["title", "body"]),
        ]

    def get_changeform_initial_data(self, request):
        """What a manager writes is in use at once, unless they take the tick away."""
        ticked = {"is_in_use": True} if self.puts_into_use(request, None) else {}
        return ticked | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request, obj=None):
        return ["marks"]

    def asks_for_bureau(self, request, obj):
        return len(works_at(request.user)) > 1 or keeps(request.user, CannedReply())

    def puts_into_use(self, request, obj):
        return bool(bureaus_where(request.user, "keep replies")) if obj is None else keeps(request.user, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is Bureau:
            kwargs |= {"queryset": Bureau.objects.filter(pk__in=works_at(request.user)), "required": not keeps(request.user, CannedReply())}
            kwargs |= {"empty_label": gettext("all bureaus")} if not kwargs["required"] else {}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_form(self, request, form, change):
        reply = super().save_form(request, form, change)
        if "bureau" not in form.fields and not change:
            (reply.bureau_id,) = works_at(request.user)
        if reply.is_in_use and not keeps(request.user, reply):
            reply.is_in_use = False
        return reply

    def save_model(self, request, reply, form, change):
        super().save_model(request, reply, form, change)
        if not reply.is_in_use:
            messages.info(request, gettext("It is a proposal until a manager ticks “in use”."))

    @admin.display(description=_("title"))
    def title(self, reply):
        return reply.title

    @admin.display(description=pgettext_lazy("standard reply", "in use"), ordering="is_in_use")
    def is_used(self, reply):
        return _("yes") if reply.is_in_use else _("proposed")

    @admin.display(description=_("bureau"), ordering="bureau")
    def whose(self, reply):
        return reply.bureau or _("all bureaus")

    @admin.display(description=_("marks to fill in"))
    def marks(self, reply):
        """What may stand in braces, with an explanation of each."""
        rows = [*MARKS.items(), *((mark, format_html("{} ({})", words, gettext("by hand"))) for mark, words in BY_HAND.items())]
        return format_html('<dl class="case-facts">{}</dl>', format_html_join("", "<div><dt>{{{}}}</dt><dd>{}</dd></div>", rows))

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}


def works_at(user) -> set[int]:
    """The bureaus whose standard replies a person may propose or keep."""
    return bureaus_where(user, "answer") | bureaus_where(user, "keep replies")


def keeps(user, reply) -> bool:
    """Managers at their bureau; what is for all is the city bureau's."""
    return may(user, "keep replies", reply)
