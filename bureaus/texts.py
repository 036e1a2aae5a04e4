"""What a typed text may hold: characters that cannot be stored are refused, those that deceive the eye are dropped (trust.md T42)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Marks that turn the direction of the text, and zero-width ones. The zero-width joiner stays: emoji are made with it.
UNSEEN = re.compile("[\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def tidy(text: str) -> str:
    """The text in Unicode's composed form, without unseen characters. ValidationError where it cannot be stored."""
    if UNSTORABLE.search(text):
        raise ValidationError(_("The text holds a character that cannot be stored. Type it again instead of pasting it."))
    return UNSEEN.sub("", unicodedata.normalize("NFC", text))
