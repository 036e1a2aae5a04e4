"""The word lists in the staff area: each bureau keeps its own, the city bureau also those for all."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureaus.rights import bureaus_where, may
from bureaus.staff import OwnBureauAdmin, StaffForm
from publishing.models import PreferredWord

RIGHT = "keep words"


class PreferredWordForm(StaffForm):
    """A word of one bureau; of all, where somebody of the city bureau leaves the bureau empty."""

    # Whose word it is where the form does not ask; whether it may be for all.
    owner = None
    may_be_for_all = False

    def clean(self):
        cleaned = super().clean()
        if "bureau" in self.fields and not cleaned.get("bureau") and not self.may_be_for_all and "bureau" not in self.errors:
            self.add_error("bureau", _("Choose a bureau."))
        bureau = cleaned.get("bureau") if "bureau" in self.fields else self.instance.bureau_id or self.owner
        same = PreferredWord.objects.filter(bureau=bureau, language=cleaned.get("language"), instead_of=cleaned.get("instead_of"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("instead_of", _("This word is in the list already."))
        if cleaned.get("use") and cleaned.get("use") == cleaned.get("instead_of"):
            self.add_error("use", _("This is the same word."))
        return cleaned


class PreferredWordAdmin(OwnBureauAdmin):
    right_to_change = RIGHT
    form = PreferredWordForm
    fields = ["language", "instead_of", "use", "note"]
    list_display = ["instead_of", "use", "language", "whose", "note"]
    list_filter = ["language"]
    list_select_related = ["bureau"]
    search_fields = ["instead_of", "use", "note"]
    ordering = ["language", "instead_of", "pk"]
    actions = None

    def get_queryset(self, request):
        """Also the words for all, which everybody's texts are held against."""
        own = bureaus_where(request.user, self.right_to_see)
        return super(OwnBureauAdmin, self).get_queryset(request).filter(Q(bureau__in=own) | Q(bureau=None))

    def has_view_permission(self, request, obj=None):
        return may(request.user, self.right_to_see, obj if obj is not None and obj.bureau_id else None)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, RIGHT, obj)

    def keeps_for_all(self, request):
        return may(request.user, RIGHT, PreferredWord())

    def sections(self, request, obj=None):
        asks = self.keeps_for_all(request) and not self.works_at_several(request)
        return [(None, {"fields": [*(["bureau"] if asks else []), *self.fields]})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        own = bureaus_where(request.user, RIGHT)
        form.owner = next(iter(own)) if len(own) == 1 else None
        form.may_be_for_all = self.keeps_for_all(request)
        return form

    def save_form(self, request, form, change):
        """Where the form asks for the bureau, an empty one means: for all."""
        if "bureau" in form.fields:
            return super(OwnBureauAdmin, self).save_form(request, form, change)
        return super().save_form(request, form, change)

    @admin.display(description=_("bureau"), ordering="bureau")
    def whose(self, word):
        return word.bureau or _("all bureaus")
