"""The picture library in the staff area: uploads judged by content, texts for those who cannot see, where a picture is used."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from bureaus.rights import may
from bureaus.staff import OwnBureauAdmin, StaffForm, language_sections
from bureaus.text import clean_line
from publishing.images import ENCODINGS, is_shown_publicly, store_picture
from publishing.inlines import picture_address, thumbnail
from publishing.models import Picture
from publishing.scope import visible

STORED = ("original", "sha256", "width", "height", "rendition_widths")


class PictureForm(StaffForm):
    """A new picture has a file, unless the site does not hold it; a stored file is never replaced."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 20 MB and 40 megapixels. Pictures from phones: choose JPEG, not HEIC."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    # What became of the upload: a stored picture or a ValidationError; set by the admin before the transaction begins.
    stored = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("license"):
            is_held = cleaned["license"] != Picture.License.NOT_HELD
            if self.instance._state.adding:
                self._check_upload(is_held)
            elif is_held != self.instance.has_file:
                self.add_error("license", _("“Not held” is for pictures without a file, the other licenses for those with one."))
        return cleaned

    def _check_upload(self, is_held):
        if isinstance(self.stored, ValidationError):
            self.add_error("file", self.stored)
        elif is_held and self.stored is None:
            self.add_error("file", _("Choose a file, or the license “not held” if the site does not have the picture."))
        elif not is_held and self.stored is not None:
            self.add_error("file", _("You chose the license “not held”: then there is no file to upload."))
        elif self.stored is not None:
            for name in STORED:
                setattr(self.instance, name, getattr(self.stored, name))


class PictureAdmin(OwnBureauAdmin):
    right_to_change = "upload"
    form = PictureForm
    change_form_template = "admin/picture_change_form.html"
    list_display = ["preview", "__str__", "credit", "license", "used", "uploaded_at"]
    list_display_links = ["preview", "__str__"]
    list_filter = ["license", "is_rendering"]
    list_select_related = ["bureau"]
    search_fields = ["caption_en", "caption_zh_hans", "caption_zh_hant", "alt_en", "alt_zh_hans", "alt_zh_hant", "credit"]
    ordering = ["-uploaded_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("uses"))

    def has_change_permission(self, request, obj=None):
        """The texts of a picture on a live page are seen by the world at once."""
        if obj is not None and not may(request.user, "publish", obj) and is_shown_publicly(obj):
            return False
        return super().has_change_permission(request, obj)

    def sections(self, request, obj=None):
        facts = ["credit", "license", "license_name", "taken_on", "is_rendering"]
        return [(None, {"fields": facts if obj else ["file", *facts]}), *language_sections(["alt", "caption", "credit_name"])]

    @admin.display(description=_("preview"))
    def preview(self, picture):
        return thumbnail(picture)

    @admin.display(description=_("used"), ordering="use_count")
    def used(self, picture):
        return picture.use_count

    # --- Uploading: pictures are read and copied before the transaction, and taken away again if the form is refused ---

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        upload = request.FILES.get("file") if request.method == "POST" and object_id is None else None
        if upload is None or not self.has_add_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.stored_picture = stored = store(upload)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            if isinstance(stored, Picture) and not Picture.objects.filter(original=stored.original).exists():
                remove_files(stored)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.stored = getattr(request, "stored_picture", None)
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            shown, hidden = uses_of(obj, request.user)
            context |= {
                "uses": shown,
                "hidden_uses": hidden,
                "image": picture_address(obj, largest=True) if obj.has_file else "",
                "is_for_publishers": not self.has_change_permission(request, obj),
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)


def store(upload) -> Picture | ValidationError:
    """The upload as an unsaved picture with its copies stored, or what is wrong with it."""
    picture = Picture()
    try:
        upload.name = clean_line(upload.name)
        store_picture(picture, upload)
    except ValidationError as error:
        return error
    return picture


def remove_files(picture: Picture) -> None:
    names = ["original.jpg", *(f"{width}.{ending}" for width in picture.rendition_widths for ending in ENCODINGS)]
    for name in names:
        default_storage.delete(f"{picture.original}/{name}")


def uses_of(picture: Picture, user) -> tuple[list, int]:
    """`([(name, address)], how many more)`: the items a picture is on whose names the person may learn, and the number of others."""
    items = [use.item for use in picture.uses.prefetch_related("item") if use.item is not None]
    shown = [item for item in items if visible(user, type(item)).filter(pk=item.pk).exists()]
    return [(str(item), staff_address(item, user)) for item in shown], len(items) - len(shown)


def staff_address(item, user) -> str:
    """The staff page of an item, "" where the person has none."""
    if not may(user, "see drafts", item):
        return ""
    try:
        return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])
    except NoReverseMatch:
        return ""
