"""Rows inside an item's form: its pictures, and the parts of its kind."""

from django.contrib import admin
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.contrib.contenttypes.models import ContentType
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bureaus.rights import may
from bureaus.staff import Plain, labels_with_language
from publishing.models import Picture, PictureUse
from publishing.scope import InScope


class InOrder:
    """Rows in the order of their numbers; one without a number comes after those before it."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["order"].required = False
        form.fields["order"].help_text = _("Empty: after the rows above.")
        if form.instance._state.adding:
            form.initial["order"] = None

    def save(self, commit=True):
        last = 0
        for form in self.forms:
            if form.instance.order is None:
                form.instance.order = last + 1
            last = max(last, form.instance.order)
        return super().save(commit)


class PartFormSet(InOrder, BaseInlineFormSet):
    pass


class OfItem(InScope, Plain):
    """Who may change the item may change its rows, and take them away."""

    extra = 0
    # What the button says that adds a row.
    add_words = ""

    def _may(self, request, item):
        """Who may change the item may change its rows; nobody while it is being reviewed."""
        if item is None:
            return may(request.user, "edit", item)
        return self.admin_site.get_model_admin(self.parent_model).has_change_permission(request, item)

    def has_view_permission(self, request, obj=None):
        return may(request.user, "see drafts", obj)

    def has_add_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, obj)

    def item_id(self, request):
        return request.resolver_match.kwargs.get("object_id")


class PartInline(OfItem, admin.StackedInline):
    """Parts of one item: functional areas, milestones, steps. `fk_name` is the way to the item."""

    classes = ["collapse"]
    formset = PartFormSet

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **{"labels": labels_with_language(self.model)} | kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(*(field.name for field in self.model._meta.many_to_many))

    def rows_on_page(self, request):
        return self.model._base_manager.filter(**{self.fk_name: self.item_id(request)})

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Read once for all rows: each row would ask for the choices again."""
        formfield = super().formfield_for_manytomany(db_field, request, **kwargs)
        formfield.choices = list(formfield.choices)
        return formfield


class PictureUseFormSet(InOrder, BaseGenericInlineFormSet):
    pass


class PictureUseInline(OfItem, GenericStackedInline):
    model = PictureUse
    formset = PictureUseFormSet
    fields = [("thumbnail", "picture", "order")]
    readonly_fields = ["thumbnail"]
    autocomplete_fields = ["picture"]
    verbose_name_plural = _("Pictures; the first is the cover")
    add_words = _("Add a picture")
    beside_text = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("picture")

    def rows_on_page(self, request):
        content_type = ContentType.objects.get_for_model(self.parent_model)
        return self.model._base_manager.filter(content_type=content_type, object_id=self.item_id(request) or 0)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "picture":
            formfield.widget.can_add_related = may(request.user, "upload")
            formfield.help_text = _("Choose one from the library, or upload another.")
        return formfield

    @admin.display(description=_("preview"))
    def thumbnail(self, use):
        if not use.picture_id:
            return ""
        address = reverse("admin:publishing_picture_change", args=[use.picture_id])
        return format_html('{} <a href="{}">{}</a>', thumbnail(use.picture), address, _("Its texts"))


def thumbnail(picture: Picture):
    """The smallest copy of a picture, or what stands for a photograph that the site does not hold."""
    if not picture.has_file:
        return _("no file")
    return format_html('<img class="thumbnail" src="{}" alt="{}">', picture_address(picture), picture.alt)


def picture_address(picture: Picture, *, largest=False) -> str:
    width = (max if largest else min)(picture.rendition_widths)
    return reverse("picture", args=[picture.original, width, "jpg"])
