"""The address that an answer by mail goes to. It names the inquiry, with a token that nobody can make up.

`MAIL_REPLY_ADDRESS=inquiry@example.org` makes inquiry+zq-7f3k-9m2p.<token>@example.org; `@reply.example.org`, a domain all
of whose mail lies in one mailbox, makes zq-7f3k-9m2p.<token>@reply.example.org. Mail servers may write either in capitals.
"""

import base64
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_BYTES = 10  # 80 bits: 16 signs
TAG = re.compile(r"(?<![a-z0-9-])([a-z]{2}(?:-[a-z0-9]{2,8}){2})\.([a-z2-7]{16})@", re.ASCII | re.IGNORECASE)
# So many addresses of one letter are looked at.
MOST = 20


def reply_address(reference: str) -> str:
    """Where an answer to a letter about this inquiry goes; "" where no mailbox is read."""
    name, _at, domain = settings.MAIL_REPLY_ADDRESS.rpartition("@")
    if not domain:
        return ""
    tag = f"{reference.lower()}.{token_of(reference, settings.SECRET_KEY)}"
    return f"{name}+{tag}@{domain}" if name else f"{tag}@{domain}"


def reference_in(texts: Iterable[str]) -> str:
    """The inquiry whose reply address stands in one of the texts, with the right token; "" if there is none."""
    found = [match for text in texts for match in TAG.findall(text)]
    return next((reference.upper() for reference, token in found[:MOST] if is_right(reference, token)), "")


def is_right(reference: str, token: str) -> bool:
    """Letters that left before the secret key was changed can still be answered, while the old key is kept."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(token.lower(), token_of(reference, key)) for key in keys)


def token_of(reference: str, key: str) -> str:
    digest = salted_hmac("inquiries.reply_address", reference.upper(), secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()
