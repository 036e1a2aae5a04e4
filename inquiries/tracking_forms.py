"""What an investor can send from the tracking page."""

import unicodedata
import uuid

from django import forms
from django.core.validators import EmailValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bureaus.text import LineField, TextField
from inquiries.forms import EmailField
from inquiries.models import Inquiry
from inquiries.uploads import FilesField

LONGEST_TEXT = 5000


class TrackingForm(forms.Form):
    """`key` is the number of the form: pressed twice, it is done once."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        for name in ("body", "reason", "text"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"rows": 6 if name == "body" else 4, "dir": "auto"}


class WriteForm(TrackingForm):
    body = TextField(label=_("Message to the bureau"), max_length=LONGEST_TEXT, required=False)
    files = FilesField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # One of the two is enough: neither is marked as optional.
        self.fields["body"].either = True

    def clean(self):
        if not self.errors and not self.cleaned_data["body"].strip() and not self.cleaned_data["files"]:
            self.add_error("body", _("Write something, or choose a file"))


class ReopenForm(TrackingForm):
    reason = TextField(
        label=_("What is still open?"),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say what is still open, so that the bureau can go on with it")},
    )
    files = FilesField()


class RateForm(TrackingForm):
    grade = forms.TypedChoiceField(
        label=_("How well were you served?"),
        choices=[(value, capfirst(label)) for value, label in Inquiry.Grade.choices],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five ratings")},
    )
    text = TextField(label=_("What should we know?"), max_length=1000, required=False)


class WithdrawForm(TrackingForm):
    reason = TextField(label=_("Why do you withdraw it?"), max_length=1000, required=False, help_text=_("This helps the bureau improve."))


class ChangeForm(TrackingForm):
    # What was on the page: if the investor has written more meanwhile, that is not overwritten.
    what = forms.CharField(widget=forms.HiddenInput)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    body = TextField(label=_("Your message"), max_length=LONGEST_TEXT, error_messages={"required": _("Write the text first")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 10


class RenewForm(forms.Form):
    """`key` is one that this site has made (form_key.py): the new secret follows from it, the same at every press."""

    key = forms.CharField(widget=forms.HiddenInput)


class KnownEmailField(EmailField):
    """The address that an inquiry was sent with: there is no other way to be reached on this form."""

    default_validators = [EmailValidator(_("Enter an e-mail address in the form name@example.com."))]


class LostForm(forms.Form):
    use_required_attribute = False
    reference = LineField(
        label=_("Reference of your inquiry"),
        max_length=40,
        help_text=_("It begins with ZQ and stands in every letter from us, for example ZQ-7F3K-9M2P."),
        error_messages={"required": _("Enter the reference of your inquiry")},
    )
    email = KnownEmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The address that you gave with the inquiry."),
        error_messages={"required": _("Enter your e-mail address")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_reference(self):
        return as_stored(self.cleaned_data["reference"])


def as_stored(reference: str) -> str:
    """A reference as people copy it: small letters, full-width ones, without hyphens, with blanks."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", reference).upper() if sign.isalnum())
    return f"{signs[:2]}-{signs[2:6]}-{signs[6:]}"
