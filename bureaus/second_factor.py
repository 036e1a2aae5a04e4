"""The second factor: a code from an app on the telephone, or one of ten recovery codes (trust.md T16).

Works without any other host. django-otp checks the codes, refuses one that was used and slows down guessing; of the
recovery codes only keyed hashes are stored, in its own table.
"""

import base64
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from bureaus.rights import memberships_of

ASKED = "asks_code"  # in the session: this person gives a code, whatever the setting says
SALT = "bureaus.second_factor"
SET_UP_SECONDS = 60 * 60
DIGITS = 6
CODES = 10
# Without letters and digits that are mistaken for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass
class Answer:
    """What came of a typed code: the device that accepted it, or until when no code is looked at."""

    device: TOTPDevice | StaticDevice | None = None
    wait_until: datetime | None = None

    @property
    def is_recovery(self):
        return isinstance(self.device, StaticDevice)


def has_one(user) -> bool:
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


def is_owed(request, user) -> bool:
    """Whether the person who signed in with a password still owes the code."""
    # A person who signed in during this very request has no device yet.
    if getattr(user, "otp_device", None) is not None:
        return False
    return request.session.get(ASKED, False) or is_required_of(user)


def is_required_of(user) -> bool:
    """Whether the settings ask this person for one: everybody, or those who hold certain roles, and the installer then."""
    if settings.SECOND_FACTOR or not settings.SECOND_FACTOR_ROLES:
        return settings.SECOND_FACTOR
    return user.is_superuser or any(held.role in settings.SECOND_FACTOR_ROLES for held in memberships_of(user))


# --- Setting up: the key travels in the form, signed, so that looking at the page stores nothing ---


def new_offer(user) -> str:
    return signing.dumps({"user": user.pk, "key": default_key()}, salt=SALT)


def key_of_offer(user, offer: str) -> str:
    """The key of an offer that we made to this person within the hour, else ""."""
    try:
        found = signing.loads(offer, salt=SALT, max_age=SET_UP_SECONDS)
    except signing.BadSignature:
        return ""
    return found["key"] if found["user"] == user.pk else ""


def address_for_app(user, key: str) -> str:
    """What the square code says to the app."""
    return TOTPDevice(user=user, key=key).config_url


def typed_key(key: str) -> str:
    """The key for apps without a camera, in groups of four."""
    letters = base64.b32encode(bytes.fromhex(key)).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


@transaction.atomic
def set_up(user, key: str, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """Takes the app with this key for the person's second factor if it gives the right code; with it ten new recovery codes."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    code = tidy(code)
    if not is_app_code(code) or not totp.verify(int(code), tolerance=1):
        return None
    reset(user)
    device = TOTPDevice.objects.create(user_id=user.pk, name="app", key=key, last_t=totp.t(), drift=totp.drift)
    return device, new_recovery_codes(user)


def reset(user):
    """Forgets app and recovery codes; at the next sign-in the person sets up new ones."""
    TOTPDevice.objects.filter(user_id=user.pk).delete()
    StaticDevice.objects.filter(user_id=user.pk).delete()


# --- Codes ---


def tidy(code: str) -> str:
    """As people type codes: with spaces, hyphens, small or full-width letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())


def is_app_code(code: str) -> bool:
    return len(code) == DIGITS and code.isascii() and code.isdigit()


@transaction.atomic
def check(user, code: str) -> Answer:
    """Looks at a code: six digits are the app's, anything else is a recovery code, so that one guess troubles one device."""
    code = tidy(code)
    model = TOTPDevice if is_app_code(code) else StaticDevice
    device = model.objects.select_for_update().filter(user_id=user.pk, confirmed=True).first()
    if device is None:
        return Answer()
    allowed, reason = device.verify_is_allowed()
    if not allowed:
        return Answer(wait_until=reason["locked_until"])
    right = device.verify_token(code if model is TOTPDevice else hash_of(user, code))
    return Answer(device=device if right else None)


def new_recovery_codes(user) -> list[str]:
    """Ten codes in the place of the old ones, to be shown once."""
    device, _is_new = StaticDevice.objects.get_or_create(user_id=user.pk, defaults={"name": "recovery"})
    device.token_set.all().delete()
    codes = ["".join(secrets.choice(ALPHABET) for _sign in range(10)) for _code in range(CODES)]
    for code in codes:
        device.token_set.create(token=hash_of(user, code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user_id=user.pk))


def hash_of(user, code: str) -> str:
    """96 bits, keyed: as much as the table of django-otp has room for, and worthless without the site's secret key."""
    digest = salted_hmac(SALT, f"{user.pk}:{code}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()
