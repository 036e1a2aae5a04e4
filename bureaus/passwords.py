"""What we ask of a password besides Django's own rules, and for how long one lasts. The settings say which of it holds."""

import re
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from bureaus.models import Bureau, District, PasswordRecord

OLD = "old_password"  # in the session: this password is to be changed first
# Words that everybody thinks of here; the names of bureaus and districts join them.
WORDS = ("zhaoqing", "guangdong", "investment", "invest", "bureau", "admin", "password", "肇庆", "肇慶", "招商", "投资", "投資")
# So many letters and digits must be left of a password without them.
REST = 6
KINDS = ("[a-z]", "[A-Z]", "[0-9]", r"[^a-zA-Z0-9]")
WARN_DAYS = 14


class WordsOfThisSiteValidator:
    """Refuses what is little more than words about this website, e.g. Zhaoqing2026."""

    def validate(self, password, user=None):
        typed = rest = unicodedata.normalize("NFKC", password).lower()
        for word in sorted({*WORDS, *words_of_bureaus()}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != typed and sum(sign.isalnum() for sign in rest) < REST:
            raise ValidationError(gettext("This password is little more than words about this website."), code="password_of_this_site")

    def get_help_text(self):
        return gettext("Your password must be more than words about this website, such as its name or that of your bureau.")


def words_of_bureaus():
    for model in (Bureau, District):
        for slug in model.objects.order_by().values_list("slug", flat=True):
            yield from (word for word in slug.split("-") if len(word) > 3)


class KindsOfSignsValidator:
    def __init__(self, kinds=3):
        self.kinds = kinds

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in KINDS) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self):
        text = gettext("Your password must hold signs of %d of these kinds: small letters, capital letters, digits, others.")
        return text % self.kinds


class HistoryValidator:
    """Refuses the last passwords of a person. Django tells it of each new one, after the person is stored."""

    def __init__(self, number=5):
        self.number = number

    def validate(self, password, user=None):
        if user is not None and user.pk and any(check_password(password, one.encoded) for one in self.last_of(user)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password, user=None):
        if user is None or not user.pk:
            return
        PasswordRecord.objects.create(user=user, encoded=user.password)
        PasswordRecord.objects.filter(user=user).exclude(pk__in=[one.pk for one in self.last_of(user)]).delete()

    def last_of(self, user):
        return PasswordRecord.objects.filter(user_id=user.pk).order_by("-at", "-pk")[: self.number]

    def get_help_text(self):
        text = ngettext("Your password must not be your last one.", "Your password must not be one of your last %d.", self.number)
        return text if self.number == 1 else text % self.number


# --- How long a password lasts ---


def days_left(user) -> int | None:
    """For how many days the password lasts, 0 or less when it is to be changed; None where passwords last.

    A password from before they were written down is of unknown age, and so is to be changed.
    """
    if not settings.PASSWORD_LIFE_DAYS:
        return None
    changed = PasswordRecord.objects.filter(user_id=user.pk).order_by("-at").values_list("at", flat=True).first()
    return (changed + timedelta(days=settings.PASSWORD_LIFE_DAYS) - timezone.now()).days if changed else 0
