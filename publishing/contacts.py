"""The staff area of contacts: a wrong number is corrected at once, with its history."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus import telephones
from bureaus.models import LANGUAGES_SPOKEN, Contact
from bureaus.staff import StaffForm, language_sections
from publishing import changes, revisions
from publishing.models import Revision
from publishing.revised import RevisedAdmin


class TelephoneField(forms.CharField):
    """Takes a number as people write it; stores it with country code, shows it in groups."""

    widget = forms.TextInput(attrs={"class": "vTextField", "type": "tel", "autocomplete": "off"})

    def to_python(self, value):
        return telephones.read(super().to_python(value))

    def prepare_value(self, value):
        return telephones.in_groups(value) if value and value.startswith("+") and value[1:].isdigit() else value


class LanguagesField(forms.MultipleChoiceField):
    """Boxes to tick; stored as codes with a space between, in the order of the boxes."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "ticks"})

    def __init__(self, **kwargs):
        super().__init__(choices=list(LANGUAGES_SPOKEN.items()), **kwargs)

    def prepare_value(self, value):
        return value.split() if isinstance(value, str) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        chosen = super().clean(value)
        return " ".join(code for code in LANGUAGES_SPOKEN if code in chosen)


class ContactForm(StaffForm):
    phone = TelephoneField(
        label=Contact._meta.get_field("phone").verbose_name,
        required=False,
        help_text=_("As you dial it, e.g. 0758 2893000 or 189 2660 0000."),
    )
    fax = TelephoneField(label=Contact._meta.get_field("fax").verbose_name, required=False)
    languages = LanguagesField(label=Contact._meta.get_field("languages").verbose_name, required=False)


class ContactAdmin(RevisedAdmin):
    """Not under review: what is saved is public at once. Versions are kept, and two people do not overwrite each other."""

    is_public_at_once = True
    right_to_see = right_to_change = "edit contacts"
    form = ContactForm
    list_display = ["name", "kind", "telephone", "email", "checked_on"]
    list_filter = ["kind"]
    list_select_related = ["bureau"]
    search_fields = ["name_en", "name_zh_hans", "name_zh_hant", "phone", "email"]
    fieldsets = [
        (_("Telephone and mail"), {"fields": ["kind", ("phone", "fax", "email"), "languages"]}),
        *language_sections(["name", "address", "person", "job_title", "hours"]),
        (_("For staff"), {"fields": [("checked_on", "order"), "doubt"]}),
    ]

    @admin.display(description=Contact._meta.get_field("phone").verbose_name, ordering="phone")
    def telephone(self, contact):
        return telephones.in_groups(contact.phone)

    def get_search_results(self, request, queryset, search_term):
        """A telephone number is found however it is typed: 0758-269 2222, +86 758 2692222."""
        digits = "".join(sign for sign in search_term if sign.isdigit())
        if len(digits) >= 5 and not any(sign.isalpha() for sign in search_term):
            search_term = digits.lstrip("0")
        return super().get_search_results(request, queryset, search_term)

    def store(self, request, item, rows, **about):
        return changes.keep_at_once(item, rows, request.user, **about)

    def response_add(self, request, obj, post_url_continue=None):
        revision = changes.add_revision(obj, revisions.snapshot(obj), request.user, kind=Revision.Kind.DIRECT)
        return self.after_keeping(request, obj, revision, is_new=True)

    def after_keeping(self, request, item, revision, *, is_new):
        messages.success(request, gettext("Saved. It is public now.") if is_new else gettext("You had changed nothing."))
        if "_continue" in request.POST:
            return redirect(self.address_of(item, "change"))
        return redirect("admin:bureaus_contact_changelist")
