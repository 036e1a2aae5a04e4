"""The filters of the city's lists, and how typed areas and amounts become stored ones."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bureaus.models import District
from city import quantities
from city.models import ExchangeRate, Industry, KeyFigure, Milestone
from publishing.filters import CodesFilter, PublicFilterSet, Setting, words
from publishing.languages import columns

# Absent, bounds are hectares in every language (investors.md 3.3).
UNIT_CHOICES = [(code, quantities.AREA_NAMES[code]) for code in ("ha", "mu", "m2", "km2", "acre")]
MONEY_CHOICES = [(code, name) for code, (_currency, _factor, name) in quantities.MONEY_UNITS.items()]


def unit():
    return Setting(label=_("Unit of land"), choices=UNIT_CHOICES)


def money():
    return Setting(label=_("Currency and unit"), choices=MONEY_CHOICES)


def half_of_last_digit(number: Decimal) -> Decimal:
    """Half a step of a converted area as it is shown, so that what reads as equal matches."""
    if number >= 1000:
        return Decimal("0.5")
    return Decimal("0.05") if number >= 100 else Decimal("0.005")


def stored_area(number: Decimal, side: str, cleaned: dict) -> Decimal:
    """Square meters of a bound typed in the visitor's unit, widened by half of the last digit shown."""
    unit_code = cleaned.get("unit") or "ha"
    step = half_of_last_digit(number) if unit_code != "m2" else Decimal(0)
    widened = number - step if side == "min" else number + step
    return quantities.to_m2(max(widened, Decimal(0)), unit_code)


def stored_money(number: Decimal, side: str, cleaned: dict) -> Decimal | None:
    """Yuan of an amount typed in the visitor's currency; None where no rate is recent enough to convert."""
    currency, factor, _name = quantities.MONEY_UNITS[cleaned.get("money") or "cny-million"]
    rate = Decimal(1) if currency == "CNY" else ExchangeRate.objects.recent(currency)
    return number * factor * rate if rate is not None else None


def district_choices():
    return [(district.slug, district.name) for district in District.objects.all()]


def industry_choices():
    return [
        (industry.slug, industry.title)
        for industry in Industry.objects.public().in_language().defer("body_en", "body_zh_hans", "body_zh_hant")
    ]


def subject_choices():
    """The subjects of figures, each under its name."""
    found = {}
    for figure in KeyFigure.objects.public().order_by("subject_code", "pk").only("subject_code", *columns("subject")):
        found.setdefault(figure.subject_code, figure.subject)
    return list(found.items())


def milestone_subjects():
    """The subjects of milestones under the names that the figures give them; those without figures are left out."""
    names = dict(subject_choices())
    codes = Milestone.objects.public().order_by("subject_code").values_list("subject_code", flat=True).distinct()
    return [(code, names[code]) for code in codes if code in names]


def year_choices(queryset, column):
    """The years that a list holds, newest first."""
    years = queryset.exclude(**{column: None}).dates(column, "year", order="DESC")
    return [(str(date.year), str(date.year)) for date in years]


class IndustryFilter(PublicFilterSet):
    q = words()

    sorts = {"order": ("order", False), "title": ("title", False), "updated": ("updated_at", True)}

    class Meta:
        model = Industry
        fields = []


class FigureFilter(PublicFilterSet):
    q = words()
    subject = CodesFilter("subject_code", label=_("Subject"), choices=subject_choices)
    group = CodesFilter("group", label=_("Group"), choices=KeyFigure.Group.choices)
    year = CodesFilter("period_end__year", label=_("Year"), choices=lambda: year_choices(KeyFigure.objects.public(), "period_end"))

    sorts = {"code": ("code", False), "title": ("title", False), "updated": ("updated_at", True)}

    class Meta:
        model = KeyFigure
        fields = []


class MilestoneFilter(PublicFilterSet):
    q = words()
    subject = CodesFilter("subject_code", label=_("Subject"), choices=milestone_subjects)
    kind = CodesFilter("kind", label=_("Kind"), choices=Milestone.Kind.choices)

    sorts = {"date": ("date", False), "title": ("title", False)}

    class Meta:
        model = Milestone
        fields = []
