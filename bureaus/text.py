"""What people type, made safe to store and to show: one validator for every form (trust.md T42).

NUL and lone surrogates are refused, since no database or spreadsheet keeps them alike. Everything is NFC, line ends
are one character. Names and titles lose the invisible characters that could turn their order round or hide a second
name; the joiners that emoji and the Indic scripts are made of stay.
"""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
# Control characters that mean nothing in a text; tab and line feed stay.
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Zero-width characters, the soft hyphen and everything that changes the direction of writing.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
JOINERS = "\u200c\u200d"
VARIATION_SELECTOR = "\ufe0f"
VIRAMA = 9  # combining class of the signs that Indic joiners follow


def clean_text(text: str) -> str:
    """The text in NFC with plain line ends. ValidationError where it holds NUL or a lone surrogate."""
    if FORBIDDEN.search(text):
        raise ValidationError(
            _("The text holds characters that cannot be stored. Type it again or paste it as plain text."), code="characters"
        )
    return CONTROLS.sub("", LINE_END.sub("\n", unicodedata.normalize("NFC", text)))


def clean_line(text: str) -> str:
    """A name or title: as `clean_text`, in one line, without invisible characters. ValidationError for a line break."""
    line = clean_text(text)
    if "\n" in line:
        raise ValidationError(_("Write this in one line."), code="line-break")
    line = INVISIBLE.sub("", line.replace("\t", " "))
    return "".join(sign for at, sign in enumerate(line) if sign not in JOINERS or _joins(line, at)).strip()


def _joins(line, at):
    """Whether the joiner at this place holds an emoji or an Indic letter together."""
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if before and unicodedata.combining(before) == VIRAMA:
        return True
    return line[at] == "\u200d" and _is_emoji(before) and _is_emoji(after)


def _is_emoji(sign):
    return sign == VARIATION_SELECTOR or bool(sign) and unicodedata.category(sign) in ("So", "Sk")


class TextField(forms.CharField):
    """A form field for text of several lines. One that is too long comes back whole: a browser told of the limit cuts it without a word."""

    widget = forms.Textarea

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def validate(self, value):
        super().validate(value)
        over = len(value) - self.max_length if self.max_length else 0
        if over > 0:
            sentence = ngettext(
                "At most %(limit)s characters fit, and this is %(over)s too many. Please shorten the text.",
                "At most %(limit)s characters fit, and these are %(over)s too many. Please shorten the text.",
                over,
            )
            raise forms.ValidationError(sentence % {"limit": f"{self.max_length:,}", "over": f"{over:,}"}, code="max_length")

    def to_python(self, value):
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


class LineField(forms.CharField):
    """A form field for a name, a title, a number: one line."""

    def to_python(self, value):
        value = super().to_python(value)
        return clean_line(value) if isinstance(value, str) else value
