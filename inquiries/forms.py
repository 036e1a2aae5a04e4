"""The public inquiry form: what an investor may send, and what a link may fill in beforehand."""

import re
import unicodedata

from django import forms
from django.core.validators import EmailValidator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bureaus.models import District
from bureaus.text import LineField, TextField
from inquiries.models import Inquiry
from inquiries.routing import item_at
from inquiries.uploads import FilesField
from parks.models import Listing, Park
from projects.models import Project

SLUG = re.compile(r"[-a-z0-9_]{1,80}", re.ASCII)
PHONE = re.compile(r"\+?[\d\s().,/#*;:\-–—+]*(?:(?:ext|x|转|轉|分机|內線)\.?\s*\d+)?", re.IGNORECASE)
EMAIL_HELP = _("Enter an e-mail address in the form name@example.com. If yours is written differently, give a telephone number instead.")


class EmailField(LineField):
    """One address; its domain may be in any script, the part before the @ may not: many mail servers refuse it."""

    widget = forms.EmailInput
    default_validators = [EmailValidator(EMAIL_HELP)]

    def to_python(self, value):
        value = super().to_python(value)
        name, at, domain = value.rpartition("@")
        return f"{name}{at}{domain.lower()}"


class PhoneField(LineField):
    widget = forms.TextInput

    def validate(self, value):
        super().validate(value)
        digits = sum(sign.isdecimal() for sign in value)
        if value and not (PHONE.fullmatch(unicodedata.normalize("NFKC", value)) and 5 <= digits <= 25):
            raise forms.ValidationError(_("Enter a telephone number with the country code, for example +852 2345 6789."), code="invalid")


class InquiryForm(forms.Form):
    use_required_attribute = False

    name = LineField(label=_("Your name"), max_length=100, error_messages={"required": _("Enter your name")})
    organization = LineField(label=_("Company or organization"), max_length=120, required=False)
    region = LineField(label=_("Country or region"), max_length=80, required=False)
    email = EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=_("Telephone"), max_length=40, required=False, help_text=_("With the country code, for example +852 or +86."))
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(value, capfirst(label)) for value, label in Inquiry.Topic.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    park = forms.ModelChoiceField(
        label=_("Park"),
        queryset=Park.objects.none(),
        to_field_name="slug",
        empty_label=_("No preference"),
        required=False,
        error_messages={"invalid_choice": _("Choose a park from the list, or none.")},
    )
    message = TextField(
        label=_("Your message"),
        max_length=5000,
        help_text=_("It helps to know the product, the investment, the land or floor area, power and water, and the timing."),
        error_messages={"required": _("Enter your message")},
    )
    files = FilesField()
    consent = forms.BooleanField(
        label=_("I agree that my details are used to answer this inquiry, as described above."),
        error_messages={"required": _("Tick the box, so that we may use your details to answer you")},
    )
    may_share = forms.BooleanField(
        label=_("My inquiry may be passed to another bureau or park of Zhaoqing if they can answer it better."), required=False
    )
    may_publish = forms.BooleanField(label=_("You may publish my question without my name."), required=False)
    listing = forms.CharField(required=False, widget=forms.HiddenInput)
    project = forms.CharField(required=False, widget=forms.HiddenInput)
    district = forms.CharField(required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    # No person sees this field; whatever fills it in is a machine.
    website = forms.CharField(required=False, label=_("Leave this field empty"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Park.objects.public().order_by("pk")
        self.fields["park"].label_from_instance = lambda park: park.name
        # One of the two is enough: neither is marked as optional.
        self.fields["email"].either = self.fields["phone"].either = True
        for name, purpose in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose
        self.fields["phone"].widget.input_type = "tel"
        self.fields["message"].widget.attrs["rows"] = 8
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}

    def clean_topic(self):
        return self.cleaned_data["topic"] or Inquiry.Topic.OTHER

    def clean_listing(self):
        return public_item(Listing, self.cleaned_data["listing"])

    def clean_project(self):
        return public_item(Project, self.cleaned_data["project"])

    def clean_district(self):
        return district_of(self.cleaned_data["district"])

    def clean_about(self):
        return local_path(self.cleaned_data["about"])

    def clean(self):
        if not {"email", "phone"} & set(self.errors) and not (self.cleaned_data["email"] or self.cleaned_data["phone"]):
            self.add_error("email", _("Enter an e-mail address or a telephone number, so that we can answer you"))

    @property
    def has_odd_characters(self):
        return any(self.has_error(name, "characters") for name in self.fields)


AUTOCOMPLETE = {"name": "name", "organization": "organization", "region": "country-name", "email": "email", "phone": "tel"}


def first_form(query) -> InquiryForm:
    """The form as a link opens it: `topic`, `park`, `listing`, `project`, `district`, `about`; what is unknown is ignored."""
    topic = query.get("topic", "")
    listing, project = public_item(Listing, query.get("listing", "")), public_item(Project, query.get("project", ""))
    park = public_item(Park, query.get("park", ""))
    if park is None and listing is not None and listing.park is not None and listing.park.is_public:
        park = listing.park
    district = district_of(query.get("district", ""))
    if topic not in Inquiry.Topic.values:  # a beginning: the investor may choose another
        topic = next((item.inquiry_topic for item in (listing, project, park) if item), "")
    page = local_path(query.get("about", "")) or next((item.get_absolute_url() for item in (listing, project, park) if item), "")
    return InquiryForm(
        initial={
            "topic": topic,
            "park": park,
            "listing": listing.slug if listing else "",
            "project": project.slug if project else "",
            "district": district.slug if district else "",
            "about": page,
        }
    )


def subject_of(form: InquiryForm):
    """The public thing that the inquiry is about, as the link or the investor says; None if there is none."""
    values = form.data if form.is_bound else form.initial
    about = item_at(local_path(values.get("about") or ""))
    return (
        public_item(Listing, values.get("listing") or "")
        or public_item(Project, values.get("project") or "")
        or (about if about is not None and about.is_public else None)
    )


def answers_of(form: InquiryForm, subject) -> dict:
    """What the form says already, complete or not; `subject` is what it is about (subject_of)."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data
    district = district_of(form.initial.get("district", ""))
    named = {name: subject if isinstance(subject, kind) else None for name, kind in (("listing", Listing), ("project", Project))}
    return form.initial | named | {"district": district}


def public_item(model, slug: str):
    if not SLUG.fullmatch(slug):
        return None
    return model.objects.public().select_related("bureau").filter(slug=slug).first()


def district_of(slug: str) -> District | None:
    return District.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None


def local_path(address: str) -> str:
    """The address if it is a path on this site, else nothing: staff will click on it."""
    is_local = address.startswith("/") and len(address) <= 300 and address.isprintable()
    return address if is_local and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
