"""The investor's search form: what the address may say, and what happens to what it should not (investors.md 3.3, 3.4).

A wrong value never breaks a page: it is ignored, and a note on the page names it.
"""

from django import forms
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_filters.filters import Filter

from publishing.languages import active_language, to_attribute
from publishing.numbers import parse_number

WORDS_LIMIT = 100


class CodesField(forms.MultipleChoiceField):
    """Any of the known codes; unknown ones are dropped and remembered."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        given = [one for one in value or [] if one]
        known = [one for one in given if self.valid_value(one)]
        self.ignored = [one for one in given if one not in known]
        return list(dict.fromkeys(known))


class CodeField(forms.ChoiceField):
    """One known code, or the first choice."""

    def clean(self, value):
        self.ignored = [value] if value and not self.valid_value(value) else []
        return value if value and not self.ignored else self.fallback

    @property
    def fallback(self):
        return self.choices[0][0] if self.choices else ""


class NumberField(forms.CharField):
    """A number as people type it: full-width digits and thousands commas pass."""

    widget = forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value):
        self.ignored = []
        if not (value or "").strip():
            return None
        try:
            number = parse_number(value)
        except ValueError:
            number = None
        if number is None or number < 0:
            self.ignored = [value]
            return None
        return number


class WordsField(forms.CharField):
    """Search words: the first 100 characters, control characters removed."""

    widget = forms.TextInput(attrs={"class": "input", "type": "search", "autocomplete": "off", "maxlength": WORDS_LIMIT})

    def clean(self, value):
        self.ignored = []
        return "".join(one for one in (value or "") if one.isprintable())[:WORDS_LIMIT].strip()


class CodesFilter(Filter):
    """Any of these codes. A join over many rows is put into a sub-query, so that no row comes twice."""

    field_class = CodesField

    def __init__(self, field_name, *, choices, many=False, **options):
        super().__init__(field_name, choices=choices, **options)
        self.many = many

    @property
    def field(self):
        """Choices that come from the database are looked up once per page, however often they are read."""
        choices = self.extra["choices"]
        if callable(choices):
            looked_up = self.parent.looked_up
            if choices not in looked_up:
                looked_up[choices] = choices()
            self.extra["choices"] = looked_up[choices]
        return super().field

    def filter(self, queryset, value):
        if not value:
            return queryset
        condition = {f"{self.field_name}__in": value}
        if self.many:
            return queryset.filter(pk__in=queryset.model.objects.filter(**condition).order_by().values("pk"))
        return queryset.filter(**condition)


class Bound(Filter):
    """One end of a range. Items that do not state the value stay: they follow the matches.

    `stored` turns what was typed into the stored unit: `stored(number, side, cleaned_data)`, None if it cannot.
    `unit` names the parameter that says in which unit it was typed.
    """

    field_class = NumberField

    def __init__(self, field_name, side, *, stored=None, unit="", **options):
        super().__init__(field_name, **options)
        self.side = side
        self.unit = unit
        self.stored = stored or (lambda number, side, cleaned: number)

    def filter(self, queryset, value):
        bound = self.bound(value, self.parent.form.cleaned_data)
        if bound is None:
            return queryset
        self.parent.unstated |= self.is_unstated()
        return queryset.filter(self.matches(bound) | self.is_unstated())

    def bound(self, value, cleaned):
        """The stored value that was asked for; None where nothing was, or where it cannot be converted."""
        return None if value is None else self.stored(value, self.side, cleaned)

    def matches(self, bound) -> Q:
        comparison = "gte" if self.side == "min" else "lte"
        return Q(**{f"{self.field_name}__{comparison}": bound})

    def is_unstated(self) -> Q:
        return Q(**{f"{self.field_name}__isnull": True})


class Words(Filter):
    field_class = WordsField

    def filter(self, queryset, value):
        return queryset.containing(value) if value else queryset


class Setting(Filter):
    """Says how to read or show the others; filters nothing itself."""

    field_class = CodeField

    def filter(self, queryset, value):
        return queryset


UNKNOWN_CHOICES = [("show", _("show after the others")), ("hide", _("leave out"))]


def words():
    return Words(label=_("Words"))


def unknown():
    return Setting(label=_("Where nothing is stated"), choices=UNKNOWN_CHOICES)


class PublicFilterSet(FilterSet):
    """Base of the list filters. `sorts` maps a code of `sort` to the column it orders by, the first being the default.

    `sort_labels` are the orders that the page offers, in words. `ranges` names the pairs `<name>_min`, `<name>_max`.
    """

    sorts: dict[str, tuple] = {}
    sort_labels: dict[str, str] = {}
    ranges: tuple[str, ...] = ()
    # What changes the display alone and is left out of canonical addresses.
    display_parameters = ("unit", "money", "sort", "text")

    def __init__(self, data=None, queryset=None, *, looked_up=None, **options):
        self.looked_up = {} if looked_up is None else looked_up
        super().__init__(data if data is not None else QueryDict(), queryset, **options)
        self.is_bound = True
        self.unstated = Q()
        if self.data.get("sort"):
            self._keep_sort()

    def _keep_sort(self):
        """The filter form carries the order asked for, unseen."""
        unseen = forms.HiddenInput(attrs={"id": False})  # the id belongs to the visible choice
        hidden = Setting(choices=[(code, code) for name in self.sorts for code in (name, f"-{name}")], widget=unseen)
        hidden.model, hidden.parent = self.queryset.model, self
        self.filters["sort"] = hidden

    @cached_property
    def cleaned(self) -> dict:
        self.form.is_valid()
        return self.form.cleaned_data

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.swapped_ranges:
            queryset = queryset.none()
        if not self.unstated:
            return queryset.annotate(is_unstated=Value(False))
        if self.cleaned.get("unknown") == "hide":
            return queryset.exclude(self.unstated).annotate(is_unstated=Value(False))
        return queryset.annotate(is_unstated=Case(When(self.unstated, then=Value(True)), default=Value(False), output_field=BooleanField()))

    def ordered(self):
        """The filtered items in the order asked for; what does not state the column comes last both ways."""
        code = self.data.get("sort", "")
        column = self.sorts.get(code.removeprefix("-")) or next(iter(self.sorts.values()))
        descending = code.startswith("-") if code.removeprefix("-") in self.sorts else column[1]
        name = to_attribute("title", active_language()) if column[0] == "title" else column[0]
        order = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
        return self.qs.order_by("is_unstated", order, "pk")

    @cached_property
    def sort_field(self):
        """The choice of order as a bound field for the page; None where there is nothing to choose."""
        if not self.sort_labels:
            return None
        form = forms.Form({"sort": self.data.get("sort") or next(iter(self.sort_labels))})
        form.fields["sort"] = forms.ChoiceField(choices=list(self.sort_labels.items()))
        return form["sort"]

    @cached_property
    def hidden_pairs(self) -> list[tuple[str, str]]:
        """What the form for the order carries along."""
        return [(name, value) for name, values in self.known_data(without=("sort",)).lists() for value in values]

    @cached_property
    def ignored(self) -> list[tuple[str, str]]:
        """`(parameter, value)` of everything in the address that was wrong and not used."""
        self.form.is_valid()
        wrong = [(name, one) for name, field in self.form.fields.items() for one in getattr(field, "ignored", [])]
        return wrong + self._not_converted()

    def _not_converted(self):
        """Bounds whose unit leads to no stored value: amounts in a currency without a recent rate."""
        bounds = {name: one for name, one in self.filters.items() if isinstance(one, Bound) and self.cleaned.get(name) is not None}
        lost = {name: one for name, one in bounds.items() if one.bound(self.cleaned[name], self.cleaned) is None}
        units = dict.fromkeys(one.unit for one in lost.values() if one.unit)
        return [(name, self.data[name]) for name in (*lost, *units)]

    @cached_property
    def swapped_ranges(self) -> list[str]:
        """Names of ranges whose minimum is above the maximum."""
        low_high = [(name, self.cleaned.get(f"{name}_min"), self.cleaned.get(f"{name}_max")) for name in self.ranges]
        return [name for name, low, high in low_high if low is not None and high is not None and low > high]

    def address_with_swapped_ranges(self) -> str:
        data = self.known_data()
        for name in self.swapped_ranges:
            data[f"{name}_min"], data[f"{name}_max"] = data.get(f"{name}_max"), data.get(f"{name}_min")
        return f"?{data.urlencode()}"

    def known_data(self, *, without: tuple[str, ...] = ()) -> QueryDict:
        """What the address says in known parameters, without empty ones, wrong ones and the named ones."""
        data = QueryDict(mutable=True)
        wrong = set(self.ignored)
        for name in self.form.fields:
            values = [one for one in dict.fromkeys(self.data.getlist(name)) if one and (name, one) not in wrong]
            if values and name not in without:
                data.setlist(name, values)
        return data

    @cached_property
    def active(self) -> list[tuple[str, str]]:
        """`(parameter, value)` of each filter in use; settings of display do not count."""
        return [
            (name, value)
            for name, values in self.known_data().lists()
            if name not in (*self.display_parameters, "unknown") and not self._is_default(name, values)
            for value in values
        ]

    def _is_default(self, name, values):
        field = self.form.fields.get(name)
        return isinstance(field, CodeField) and values[-1] == field.fallback

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """Each active filter as `(words, address that drops it)`."""
        return [(self._in_words(name, value), self._without(name, value)) for name, value in self.active]

    def _in_words(self, name, value):
        field = self.form.fields[name]
        label = dict(getattr(field, "choices", [])).get(value)
        return label if label is not None else gettext("%(label)s: %(value)s") % {"label": field.label, "value": value}

    def _without(self, name, value):
        data = self.known_data()
        left = [one for one in data.getlist(name) if one != value]
        data.setlist(name, left)
        if not left:
            del data[name]
        return f"?{data.urlencode()}" if data else "?"

    def strictest(self) -> dict | None:
        """For an empty result: the filter whose removal brings back most items: `{"label", "address", "count"}`; None if none helps."""
        found = [{"label": label, "address": address, "count": self._count_at(address)} for label, address in self.chips]
        return max((one for one in found if one["count"]), key=lambda one: one["count"], default=None)

    def _count_at(self, address):
        return type(self)(QueryDict(address.removeprefix("?")), self.queryset, looked_up=self.looked_up).qs.count()

    @property
    def is_filtered(self):
        return bool(self.active or self.data.get("sort"))
