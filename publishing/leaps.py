"""A number that became more than ten times larger or smaller: asked about once, before it is saved (staff.md S37)."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from publishing.numbers import in_full

TIMES = 10
# Field of the form: a tick for each number that is really meant, with the number as its value.
TICKS = "really"
# Numbers on a scale of their own: ten times as much says nothing.
SCALES = {"latitude", "longitude"}


@dataclass(frozen=True)
class Leap:
    """One number that leapt: `token` is what its tick says."""

    token: str
    label: str
    old: str
    new: str
    is_meant: bool


def leaps(form, cleaned) -> list[Leap]:
    """The numbers of a form that leapt from what it showed, ticked or not."""
    ticked = form.data.getlist(TICKS) if hasattr(form.data, "getlist") else []
    found = []
    for name, field in form.fields.items():
        old, new = form.initial.get(name), cleaned.get(name)
        if isinstance(field, forms.DecimalField) and name not in SCALES and is_leap(old, new):
            token = f"{name}={in_full(new)}"
            found.append(Leap(token, str(field.label), in_words(field, old), in_words(field, new), token in ticked))
    return found


def is_leap(old, new) -> bool:
    if not old or not new:
        return False
    small, large = sorted([abs(Decimal(old)), abs(Decimal(new))])
    return large > TIMES * small


def in_words(field, number) -> str:
    words = field.widget.words(in_full(number)) if hasattr(field.widget, "words") else ""
    return f"{in_full(number)} ({words})" if words else in_full(number)


def ask(form, cleaned) -> list[Leap]:
    """Refuses the numbers that leapt and are not ticked; returns all that leapt, for the form to show."""
    found = leaps(form, cleaned)
    for leap in found:
        if not leap.is_meant:
            form.add_error(leap.token.partition("=")[0], _("More than ten times the number before, or less than a tenth: really?"))
    return found
