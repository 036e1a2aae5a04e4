"""The key that every form carries: makes a form pressed twice one inquiry, and tells how long the form was open."""

import base64
import hashlib
import time

from django.core import signing
from django.utils.crypto import get_random_string, salted_hmac

# A person needs longer than this to read the form, let alone to fill it in.
MINIMUM_SECONDS = 3
SIGNER = signing.TimestampSigner(salt="inquiries.form")


class EarlierSigner(signing.TimestampSigner):
    """Signs as if a person had read the form already."""

    def timestamp(self):
        return signing.b62_encode(int(time.time()) - MINIMUM_SECONDS)


def new_key(notice: str = "", *, is_read: bool = False) -> str:
    """A key with 190 bits of chance, and the hash of the privacy notice that the form shows.

    `is_read`: the form comes back filled in, and its reader may press at once.
    """
    signer = EarlierSigner(salt=SIGNER.salt) if is_read else SIGNER
    return signer.sign(f"{get_random_string(32)}.{notice}")


def key_from(signed: str) -> str | None:
    """The inner part of a key that this site has made; None for anything else."""
    try:
        return SIGNER.unsign(signed)
    except signing.BadSignature:
        return None


def notice_of(key: str) -> str:
    """Hash of the privacy notice that the form showed."""
    return key.partition(".")[2]


def age_of(signed: str) -> int:
    """Seconds since the form was opened; less than nothing where the clock was put back in between."""
    return int(time.time()) - signing.b62_decode(signed.split(SIGNER.sep)[1])


def secret_of(key: str) -> str:
    """The secret of the tracking link, 256 bits: the same at every press, and nobody else can work it out."""
    digest = salted_hmac("inquiries.tracking", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def fingerprint(value: str) -> str:
    """SHA-256: all that is stored of a key or a secret."""
    return hashlib.sha256(value.encode()).hexdigest()
