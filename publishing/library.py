"""The picture library in the staff area: uploads judged by content, texts for those who cannot see, where a picture is used."""

import re

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.rights import bureaus_where, may
from bureaus.staff import OwnBureauAdmin, StaffForm, in_languages
from bureaus.text import clean_line
from publishing.images import is_shown_publicly, store_picture
from publishing.inlines import picture_address, thumbnail
from publishing.languages import columns
from publishing.models import Picture
from publishing.picture_uses import remove, remove_files, restore, uses_of

STORED = ("original", "sha256", "width", "height", "rendition_widths")
# What cameras, telephones and chat programs call their files; it tells nothing to those who cannot see.
FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|webp|heic|gif|bmp|tiff?)|(img|dsc|dscn|dji|pxl|mmexport|wx_camera|微信图片|微信圖片|截图|截圖)[-_ ]?\d+\S*",
    re.IGNORECASE,
)


FOCUS = _(
    "Crops in lists and on pages keep this point in sight. Click on the picture above, or write two numbers: "
    "0 and 0 are its upper left corner, 50 and 50 its middle."
)


class Removed(admin.SimpleListFilter):
    title = _("in the library")
    parameter_name = "removed"

    def lookups(self, request, model_admin):
        return [("yes", _("removed; can be put back for 30 days"))]

    def queryset(self, request, queryset):
        return queryset.filter(removed_at__isnull=self.value() != "yes")


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
    # The picture of the library that has the same content as the upload.
    same = None

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
        elif self.same is not None:
            self.add_error(
                "file", _("This picture is in the library already. Use the one that is there, or upload it once more on purpose.")
            )
        elif is_held and self.stored is None:
            self.add_error("file", _("Choose a file, or the license “not held” if the site does not have the picture."))
        elif not is_held and self.stored is not None:
            self.add_error("file", _("You chose the license “not held”: then there is no file to upload."))
        elif self.stored is not None:
            for name in STORED:
                setattr(self.instance, name, getattr(self.stored, name))

    def file_names(self) -> list[str]:
        """Alternative texts that are only names of files."""
        texts = [self.cleaned_data.get(column, "") for column in columns("alt")]
        return list(dict.fromkeys(text for text in texts if FILE_NAME.fullmatch(text)))


class PictureAdmin(OwnBureauAdmin):
    right_to_change = "upload"
    form = PictureForm
    change_form_template = "admin/picture_change_form.html"
    list_display = ["preview", "__str__", "credit", "license", "used", "uploaded_at"]
    list_display_links = ["preview", "__str__"]
    list_filter = [Removed, "license", "is_rendering"]
    list_select_related = ["bureau"]
    search_fields = ["caption_en", "caption_zh_hans", "caption_zh_hant", "alt_en", "alt_zh_hans", "alt_zh_hant", "credit"]
    ordering = ["-uploaded_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("uses"))

    def has_change_permission(self, request, obj=None):
        """The texts of a picture on a live page are seen by the world at once."""
        if obj is not None and obj.removed_at is not None:
            return False
        if obj is not None and not may(request.user, "publish", obj) and is_shown_publicly(obj):
            return False
        return super().has_change_permission(request, obj)

    def sections(self, request, obj=None):
        first = [("credit", "license", "license_name"), ("taken_on", "is_rendering")]
        texts = (_("What it shows"), {"fields": in_languages("alt", "caption", "credit_name")})
        focus = [(_("Focal point"), {"fields": [("focal_x", "focal_y")], "description": FOCUS})] if obj and obj.has_file else []
        return [(None, {"fields": first if obj else ["file", *first]}), texts, *focus]

    @admin.display(description=_("preview"))
    def preview(self, picture):
        return thumbnail(picture)

    @admin.display(description=_("used"), ordering="use_count")
    def used(self, picture):
        return picture.use_count

    # --- Uploading: pictures are read and copied before the transaction, and taken away again if the form is refused ---

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None and "_existing" in request.POST:
            return self.use_existing(request, request.POST["_existing"])
        upload = request.FILES.get("file") if request.method == "POST" and object_id is None else None
        if upload is None or not self.has_add_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.stored_picture = stored = store(upload)
        request.same_picture = None if "again" in request.POST else same_as(stored, request.user)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            if isinstance(stored, Picture) and not Picture.objects.filter(original=stored.original).exists():
                remove_files(stored)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.stored = getattr(request, "stored_picture", None)
        form.same = getattr(request, "same_picture", None)
        return form

    def use_existing(self, request, key):
        """Takes the picture that the library has already, as if it had just been uploaded."""
        picture = self.get_object(request, key)
        if not self.has_add_permission(request) or picture.removed_at is not None:
            raise PermissionDenied
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, picture)
        messages.info(request, gettext("This is the picture that the library had already."))
        return redirect("admin:publishing_picture_change", picture.pk)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
        for name in form.file_names():
            messages.warning(
                request, gettext("“%s” is the name of a file. Say what the picture shows, for those who cannot see it.") % name
            )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["same"] = getattr(request, "same_picture", None)
        if change:
            context |= {
                "uses": uses_of(obj, request.user),
                "may_remove": may(request.user, "remove media", obj),
                "image": picture_address(obj, largest=True) if obj.has_file else "",
                "is_for_publishers": obj.removed_at is None and not self.has_change_permission(request, obj),
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # --- Out of the library, and back ---

    def get_urls(self):
        own = path("<path:object_id>/remove/", self.admin_site.admin_view(self.remove_view), name="publishing_picture_remove")
        return [own, *super().get_urls()]

    def remove_view(self, request, object_id):
        """Shows where a picture is used, and removes an unused one or puts it back. For reviewers and managers of its bureau."""
        picture = self.get_object(request, object_id)
        if not self.has_view_permission(request, picture):
            raise Http404
        if not may(request.user, "remove media", picture):
            raise PermissionDenied
        if request.method == "POST":
            return self.remove_or_restore(request, picture)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Put back into the library") if picture.removed_at else gettext("Remove from the library"),
            "opts": self.opts,
            "item": picture,
            "uses": uses_of(picture, request.user),
            "image": picture_address(picture) if picture.has_file else "",
        }
        return TemplateResponse(request, "admin/picture_remove.html", context)

    def remove_or_restore(self, request, picture):
        if "restore" in request.POST:
            restore(picture)
            messages.success(request, gettext("The picture is back in the library."))
            return redirect("admin:publishing_picture_change", picture.pk)
        try:
            remove(picture, request.user)
        except ValidationError:
            messages.error(request, gettext("This picture is in use. Take it off these pages first."))
            return redirect("admin:publishing_picture_remove", picture.pk)
        self.log_change(request, picture, gettext("Removed from the library."))
        messages.success(request, gettext("The picture is removed. It can be put back for 30 days: see the list “removed”."))
        return redirect("admin:publishing_picture_changelist")


def store(upload) -> Picture | ValidationError:
    """The upload as an unsaved picture with its copies stored, or what is wrong with it."""
    picture = Picture()
    try:
        upload.name = clean_line(upload.name)
        store_picture(picture, upload)
    except ValidationError as error:
        return error
    return picture


def same_as(stored: Picture | ValidationError, user) -> Picture | None:
    """The picture of the person's own bureaus that was uploaded from the same file."""
    if isinstance(stored, ValidationError):
        return None
    own = bureaus_where(user, "upload")
    return Picture.objects.filter(sha256=stored.sha256, bureau__in=own, removed_at=None).order_by("uploaded_at", "pk").first()
