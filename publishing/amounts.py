"""Columns for amounts, prices and areas, typed as people write them and said back in words (staff.md S37)."""

from django import forms
from django.db import models
from django.utils.html import format_html

from publishing.numbers import in_full
from publishing.tables.measures import Measure, Unit, quantity


class AmountWidget(forms.TextInput):
    """A text field with the amount in words beside it; `read` takes what was typed, `say` puts a number into words."""

    def __init__(self, attrs=None, *, read=None, say=None, script=""):
        super().__init__({"class": "vTextField amount", "autocomplete": "off"} | (attrs or {}))
        self.read, self.say, self.script = read, say, script

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        words = '{}<output class="in-words" for="{}" data-amount="{}">{}</output>'
        return format_html(words, field, (attrs or {}).get("id", ""), self.script, self.words(value))

    def words(self, value) -> str:
        if value in (None, ""):
            return ""
        try:
            return self.say(self.read(str(value)))
        except forms.ValidationError:
            return ""


class AmountFormField(forms.DecimalField):
    """Takes 12000000, 1,200万元, 1.2亿元, full-width digits; stores the same number for each."""

    def __init__(self, *, measure: Measure, say, script="", **kwargs):
        self.measure = measure
        kwargs["widget"] = AmountWidget(read=self.read, say=say, script=script)
        super().__init__(**kwargs)

    def to_python(self, value):
        return None if value in self.empty_values else self.read(str(value))

    def read(self, text: str):
        return quantity(text.replace("¥", "").replace("￥", ""), self.measure, [Unit(self.measure.stored)], places=2)

    def prepare_value(self, value):
        """A stored number without its empty decimals; what somebody typed as they typed it."""
        return value if value is None or isinstance(value, str) else in_full(value)


class AmountField(models.DecimalField):
    """A decimal column whose form field reads amounts as written. To migrations it is a plain decimal.

    Each kind names its `measure` and what it `say`s of a number. An amount of money `needs_source` before it goes live.
    """

    measure: Measure
    needs_source = True
    # Which words static/js/amounts.js puts beside the field while somebody types; empty: none.
    script = ""

    def say(self, value) -> str:
        raise NotImplementedError

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def formfield(self, **kwargs):
        kwargs.pop("widget", None)
        own = {"form_class": AmountFormField, "measure": self.measure, "say": self.say, "script": self.script}
        return super().formfield(**kwargs | own)


def amounts_of(item) -> list[AmountField]:
    """The columns of an item that hold an amount of money which somebody must have stated somewhere."""
    columns = [one for one in item._meta.concrete_fields if isinstance(one, AmountField) and one.needs_source]
    return [one for one in columns if getattr(item, one.attname) is not None]
