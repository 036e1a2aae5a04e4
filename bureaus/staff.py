"""What every staff list and form shares: rows of the own bureaus alone, a section per language, tidy text, nothing deleted."""

import json

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import URLField
from django.http import Http404
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale
from translated_fields import to_attribute

from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.text import clean_line, clean_text

LANGUAGES = dict(settings.LANGUAGES)
CODE_OF = {name: code for code, name in LANGUAGES.items()}
# Field of a form: key of the person who typed in it.
BY = "_by"
# Button of the page that gives typed text back: the form comes back with it, and nothing is saved.
PUT_BACK = "_put_back"


TYPED_BEFORE = _("This is what you typed before you signed in. It is not saved yet: look at it, then save.")


def language_sections(texts) -> list[tuple]:
    """One section of a form per language, named in that language, with these translated fields."""
    return [(name, {"fields": [to_attribute(text, code) for text in texts], "classes": ["language"]}) for code, name in settings.LANGUAGES]


def in_languages(*texts) -> list[tuple[str, ...]]:
    """Lines of a form with the columns of a text side by side: for short texts, which need no tabs."""
    return [tuple(to_attribute(text, code) for code in LANGUAGES) for text in texts]


def language_of(field) -> str:
    """Code of the language that a column holds; "" for a column without one."""
    return getattr(field, "_translated_field_language_code", "")


def list_name(model) -> str:
    """What the list of a model's rows is called: on the front page, above the list and on the way back to it."""
    model_admin = admin.site.get_model_admin(model) if admin.site.is_registered(model) else None
    return str(getattr(model_admin, "name_of_list", "") or capfirst(model._meta.verbose_name_plural))


def labels_with_language(model, outside=()) -> dict:
    """Labels that name the language of a column, for those that stand outside a language's section."""
    return {
        field.name: format_lazy("{} · {}", capfirst(field.verbose_name), LANGUAGES[language_of(field)])
        for field in model._meta.get_fields()
        if language_of(field) and field.name not in outside
    }


class CleanTexts:
    """A form whose typed texts are made safe to store before anything looks at them (trust.md T42).

    What was typed before signing in comes back in it unsaved (staff.md section 6).
    """

    comes_back = True

    def clean(self):
        cleaned = super().clean()
        if PUT_BACK in self.data and self.prefix is None:
            self.add_error(None, TYPED_BEFORE)
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for name, value in list(cleaned.items()):
            field = self.fields[name]
            if not isinstance(value, str) or not isinstance(field, forms.CharField):
                continue
            try:
                cleaned[name] = clean_text(value) if isinstance(field.widget, forms.Textarea) else clean_line(value)
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned


class StaffForm(CleanTexts, forms.ModelForm):
    pass


class Plain:
    """Options and fields of every staff form and of the rows inside one."""

    form = StaffForm

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is None:
            return None
        if code := language_of(db_field):
            formfield.widget.attrs["lang"] = to_locale(code).replace("_", "-")
        if isinstance(formfield.widget, AdminTextareaWidget):
            formfield.widget.attrs["rows"] = 4
        if isinstance(formfield.widget, AdminSplitDateTime):
            formfield.help_text = formfield.help_text or _("Beijing time.")
            for part, name in zip(formfield.widget.widgets, (_("day"), _("time")), strict=True):
                part.attrs["aria-label"] = format_lazy("{}: {}", formfield.label, name)
        for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(formfield.widget, button):
                setattr(formfield.widget, button, False)
        return formfield


class StaffAdmin(Plain, admin.ModelAdmin):
    """Nothing is deleted, copied or edited in a list; what the person may not see answers 404."""

    # What the list is called, where that is not the plural of its rows.
    name_of_list = ""
    view_on_site = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": list_name(self.model)} | (extra_context or {}))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context |= {"title": str(obj), "subtitle": None}
        context["places"] = places(context["adminform"], context["inline_admin_formsets"])
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        """Rows whose button says what it adds: "Add another picture" is put together from two words, which no Chinese says."""
        found = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for rows in found:
            if words := getattr(rows.opts, "add_words", ""):
                data = json.loads(rows.inline_formset_data())
                data["options"]["addText"] = str(words)
                rows.inline_formset_data = json.dumps(data)
        return found

    def get_form(self, request, obj=None, change=False, **kwargs):
        if kwargs.get("fields", ()) is None:  # Django asks which fields there are, to build the sections from
            return super().get_form(request, obj, change=change, **kwargs)
        inside = [
            name
            for _title, options in self.get_fieldsets(request, obj)
            if "language" in options.get("classes", ())
            for name in options["fields"]
        ]
        labels = {"labels": labels_with_language(self.model, inside)}
        return super().get_form(request, obj, change=change, **labels | kwargs)


def places(form, inlines) -> list[dict]:
    """The parts of a form in the order in which a person thinks of them, for templates/admin/change_form.html.

    The texts in all languages together, the rows that stand `beside_text`, the facts, the other rows, and last what is
    `technical`.
    """
    sections = [{"number": number, "fieldset": fieldset} for number, fieldset in enumerate(form)]
    in_language = [one for one in sections if "language" in one["fieldset"].classes]
    technical = [one for one in sections if "technical" in one["fieldset"].classes]
    before = sections[: sections.index(in_language[0])] if in_language else []
    facts = [one for one in sections if one not in (*before, *in_language, *technical)]
    languages = [one | {"code": CODE_OF[one["fieldset"].name]} for one in in_language]
    near = [{"rows": rows} for rows in inlines if getattr(rows.opts, "beside_text", False)]
    others = [{"rows": rows} for rows in inlines if not getattr(rows.opts, "beside_text", False)]
    return [*before, *([{"languages": languages}] if languages else []), *near, *facts, *others, *technical]


class OwnBureauAdmin(StaffAdmin):
    """Rows that belong to a bureau. The bureau is set when a row is made and never by a form field afterwards."""

    right_to_see = "see drafts"
    right_to_change = "edit"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(bureau__in=bureaus_where(request.user, self.right_to_see))

    def has_module_permission(self, request):
        return may(request.user, self.right_to_see)

    def has_view_permission(self, request, obj=None):
        return may(request.user, self.right_to_see, obj)

    def has_add_permission(self, request):
        return may(request.user, self.right_to_change)

    def has_change_permission(self, request, obj=None):
        return may(request.user, self.right_to_change, obj)

    def works_at_several(self, request):
        return len(bureaus_where(request.user, self.right_to_see)) > 1

    def get_fieldsets(self, request, obj=None):
        sections = self.sections(request, obj)
        return [(None, {"fields": ["bureau"]}), *sections] if self.works_at_several(request) else sections

    def sections(self, request, obj=None):
        """The sections of the form, without the bureau."""
        return list(super().get_fieldsets(request, obj))

    def get_readonly_fields(self, request, obj=None):
        fixed = list(super().get_readonly_fields(request, obj))
        return [*fixed, "bureau"] if obj is not None and self.works_at_several(request) else fixed

    def get_list_display(self, request):
        shown = list(super().get_list_display(request))
        return [*shown, "bureau"] if self.works_at_several(request) else shown

    def get_list_filter(self, request):
        filters = list(super().get_list_filter(request))
        return [("bureau", admin.RelatedOnlyFieldListFilter), *filters] if self.works_at_several(request) else filters

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "bureau" and db_field.remote_field.model is Bureau:
            kwargs["queryset"] = Bureau.objects.filter(pk__in=bureaus_where(request.user, self.right_to_change))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_form(self, request, form, change):
        item = super().save_form(request, form, change)
        if not change and item.bureau_id is None:
            (item.bureau_id,) = bureaus_where(request.user, self.right_to_change)
        return item


class WordListAdmin(StaffAdmin):
    """Rows that all bureaus share: who holds a right at the city bureau sees and changes them."""

    right = "publish"

    def _may(self, request):
        return may(request.user, self.right, self.model())

    def has_module_permission(self, request):
        return self._may(request)

    def has_view_permission(self, request, obj=None):
        return self._may(request)

    def has_add_permission(self, request):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return self._may(request)
