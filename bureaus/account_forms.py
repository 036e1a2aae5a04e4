"""Forms around an account: the invitation, what an invited person fills in, codes and passwords."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus import second_factor
from bureaus.models import Bureau, Membership
from bureaus.rights import bureaus_where, roles_to_grant
from bureaus.staff import CleanTexts
from bureaus.text import LineField

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "off", "size": 14}


class InviteForm(CleanTexts, forms.Form):
    """Whom to invite, for which roles. A choice of the bureau only for who looks after several."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "off", "class": "vTextField"})
    )
    bureau = forms.ModelChoiceField(Bureau.objects.none(), label=_("Bureau"))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        granted = roles_to_grant(user)
        bureaus = Bureau.objects.filter(pk__in=bureaus_where(user, "manage members"))
        self.fields["roles"].choices = [(role.value, role.label) for role in Membership.Role if role in granted]
        self.fields["bureau"].queryset = bureaus
        if len(bureaus) == 1:
            self.only_bureau = bureaus[0]
            del self.fields["bureau"]

    def clean(self):
        cleaned = super().clean()
        if hasattr(self, "only_bureau"):
            cleaned["bureau"] = self.only_bureau
        if not self.errors:
            self.look_for_known(cleaned)
        return cleaned

    def look_for_known(self, cleaned):
        """Tells of people of this very bureau alone: who works elsewhere is nobody's business here."""
        email, bureau = cleaned["email"], cleaned["bureau"]
        if email.lower() == self.user.email.lower():
            self.add_error("email", _("Nobody gives roles to themselves."))
            return
        held = Membership.objects.filter(user__email__iexact=email, user__is_active=True, bureau=bureau)
        if set(cleaned["roles"]) <= set(held.values_list("role", flat=True)):
            self.add_error("email", _("This person works at this bureau and holds these roles already."))


class JoinForm(CleanTexts, UserCreationForm):
    """What an invited person chooses for the own account."""

    first_name = LineField(
        label=pgettext_lazy("person", "Your name"), max_length=150, help_text=_("As colleagues and investors read it, e.g. Li Ming.")
    )
    language = forms.ChoiceField(label=_("Language of the staff area"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["first_name", "username"]

    field_order = ["first_name", "username", "language", "password1", "password2"]

    def __init__(self, *args, invited, language, **kwargs):
        super().__init__(*args, **kwargs)
        self.invited = invited
        self.instance.email = invited.email  # before the password is judged: it shall not resemble the address
        self.fields["first_name"].widget.attrs |= {"autocomplete": "name", "autofocus": True}
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autofocus": False}
        self.fields["username"].label = _("Name to sign in with")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _, e.g. li.ming. You type it each time.")
        self.fields["username"].initial = free_username(invited.email)
        self.fields["language"].initial = language
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("class", "vTextField")

    def clean(self):
        """A password stays exactly as it was typed."""
        typed = {name: self.cleaned_data.get(name) for name in ("password1", "password2")}
        cleaned = super().clean()
        return cleaned | {name: value for name, value in typed.items() if value is not None}


class CodeInput(forms.TextInput):
    """Comes back empty: a refused code is never typed again."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40, widget=CodeInput(attrs=CODE_ATTRIBUTES))


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"), strip=False, max_length=4096, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SetUpForm(PasswordForm, CodeForm):
    """The code that the app shows for the offered key; the password, too, where there was a second factor before."""

    field_order = ["password", "code"]

    def __init__(self, *args, user, is_new, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.key = user, ""
        self.fields["code"].label = _("Code that the app shows")
        if is_new:
            del self.fields["password"]

    def clean(self):
        cleaned = super().clean()
        self.key = second_factor.key_of_offer(self.user, self.data.get("offer", ""))
        if not self.key:
            self.add_error("code", _("This page was open for too long. Scan the new square and type its code."))
        return cleaned


def free_username(email: str) -> str:
    """A name to begin with: what stands before the @, if nobody has it."""
    name = email.split("@")[0][:30]
    return "" if User.objects.filter(username__iexact=name).exists() else name
