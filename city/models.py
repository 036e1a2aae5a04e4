"""Facts of the city that others point at: industries, figures, pages, history, exchange rates."""

import calendar
import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureaus.models import District
from bureaus.staff import LANGUAGES
from city import quantities
from publishing.languages import active_language, columns, translated
from publishing.models import Publishable, PublishableQuerySet, complete_once_public

# An older exchange rate converts nothing (investors.md 7.2).
RATE_LIFE_DAYS = 90


class Industry(Publishable):
    class Group(models.TextChoices):
        CORE = "core", _("core industry")
        SUPPORTING = "supporting", _("supporting industry")
        OTHER = "other", _("other industry")

    group = models.CharField(_("group"), max_length=12, choices=Group, blank=True)
    body = translated(models.TextField(_("text"), blank=True))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    long_texts = ("body",)
    needed = ("group",)

    class Meta(Publishable.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["order", "pk"]
        constraints = [*Publishable.Meta.constraints, complete_once_public("industry", "group")]

    def get_absolute_url(self):
        return reverse("city:industry", args=[self.slug])


class Page(Publishable):
    """A page about the city or this website."""

    body = translated(models.TextField(_("text"), blank=True))
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("under"), null=True, blank=True, related_name="children")
    in_menu = models.BooleanField(_("in the list of pages"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    long_texts = ("body",)

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["order", "pk"]

    def get_absolute_url(self):
        return reverse("city:page", args=[self.slug])

    def missing_facts(self):
        return [
            (column, _("The text is missing in: %(language)s.") % {"language": language})
            for language, title, column in zip(LANGUAGES.values(), columns("title"), columns("body"), strict=True)
            if getattr(self, title) and not getattr(self, column)
        ]


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def date_in_words(date: datetime.date, precision: str = Precision.DAY) -> str:
    """18 Nov 2026 · 2026年11月18日; Nov 2026 · 2026年11月; 2026 · 2026年, in the active language."""
    english = active_language() == "en"
    pattern = {
        Precision.DAY: "j M Y" if english else "Y年n月j日",
        Precision.MONTH: "F Y" if english else "Y年n月",
        Precision.YEAR: "Y" if english else "Y年",
    }[precision]
    return formats.date_format(date, pattern)


class Milestone(Publishable):
    class Kind(models.TextChoices):
        FOUNDING = "founding", _("founding")
        PLAN = "plan", _("plan")
        CEREMONY = "ceremony", _("ceremony")
        OPENING = "opening", _("opening")
        RESULT = "result", pgettext_lazy("kind of milestone", "result")

    date = models.DateField(_("date"), null=True, blank=True)
    date_precision = models.CharField(_("the date is exact to"), max_length=6, choices=Precision, default=Precision.DAY)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    subject_code = models.SlugField(_("subject"), blank=True, help_text=_("Address part of the park it is about, e.g. new-district."))
    is_planned = models.BooleanField(_("planned at the time of the source"), default=False)
    body = translated(models.TextField(_("text"), blank=True))

    needs_summary = False
    needed = ("date", "kind")

    class Meta(Publishable.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["date", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            complete_once_public("milestone", "kind"),
            models.CheckConstraint(condition=Q(status="draft") | Q(date__isnull=False), name="milestone_dated_once_public"),
        ]

    def get_absolute_url(self):
        return f"{reverse('city:history')}#{self.slug}"

    @property
    def date_text(self):
        return date_in_words(self.date, self.date_precision) if self.date else ""


class KeyFigureQuerySet(PublishableQuerySet):
    def in_order(self):
        return self.order_by("subject_code", "group", "indicator_code", F("period_end").desc(nulls_last=True), "pk")


class KeyFigure(Publishable):
    """One figure: value, unit, period, nature, source. The title is the name of the indicator."""

    class Group(models.TextChoices):
        ECONOMY = "economy", _("economy")
        INDUSTRY = "industry", pgettext_lazy("group of figures", "industry")
        INVESTMENT = "investment", _("investment")
        TRADE = "trade", _("foreign trade and investment")
        FINANCE = "finance", _("public finance")
        ENTERPRISES = "enterprises", _("enterprises")
        LAND = "land", _("land")
        TRANSPORT = "transport", _("transport")
        COSTS = "costs", _("costs")

    class Exactness(models.TextChoices):
        EXACT = "exact", _("exact")
        ABOUT = "about", _("about")
        OVER = "over", _("over")
        WITHIN = "within", _("within")

    class Nature(models.TextChoices):
        ACTUAL = "actual", _("actual")
        EXPECTED = "expected", _("expected")
        PLANNED = "planned", _("planned")
        TARGET = "target", _("target")

    class PeriodKind(models.TextChoices):
        YEAR = "year", _("a year")
        HALF = "half", _("a half-year")
        QUARTER = "quarter", _("a quarter")
        MONTHS = "months", _("months")
        POINT = "point", _("a day")
        TO_DATE = "to-date", _("to date")

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("Stays for ever, e.g. F34; links point at it."))
    subject_code = models.SlugField(_("subject code"), blank=True, help_text=_("E.g. zhaoqing, hightech-zone."))
    subject = translated(models.CharField(_("subject"), max_length=120, blank=True))
    indicator_code = models.SlugField(_("indicator code"), max_length=80, blank=True, help_text=_("The same for every period, e.g. gdp."))
    group = models.CharField(_("group"), max_length=12, choices=Group, blank=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, blank=True, choices=[(code, unit.name) for code, unit in quantities.UNITS.items()])
    precision = models.CharField(_("exactness"), max_length=8, choices=Exactness, default=Exactness.EXACT)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.ACTUAL)
    period_kind = models.CharField(_("period"), max_length=8, choices=PeriodKind, blank=True)
    period_start = models.DateField(_("from"), null=True, blank=True)
    period_end = models.DateField(_("to"), null=True, blank=True)
    growth_percent = models.DecimalField(_("growth in percent"), max_digits=7, decimal_places=2, null=True, blank=True)
    growth_note = translated(models.CharField(_("note on growth"), max_length=200, blank=True))
    definition = translated(models.CharField(_("definition"), max_length=300, blank=True))
    note = translated(models.CharField(_("note"), max_length=300, blank=True))
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("district"), null=True, blank=True, related_name="key_figures")
    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name=_("industry"), null=True, blank=True, related_name="key_figures")
    home_order = models.PositiveSmallIntegerField(
        _("place on the home page"), null=True, blank=True, help_text=_("1 to 4; empty: not on the home page.")
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    staff_note = models.TextField(_("note for staff"), blank=True)

    objects = KeyFigureQuerySet.as_manager()
    searched = ("title", "subject")
    searched_codes = ("code",)
    needs_summary = False
    needed = ("subject_code", "indicator_code", "group", "unit", "period_kind")

    class Meta(Publishable.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["code", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(home_order=None) | Q(home_order__gte=1, home_order__lte=4),
                name="keyfigure_home_order_1_to_4",
                violation_error_message=_("The place on the home page is 1, 2, 3 or 4."),
            ),
            models.CheckConstraint(
                condition=Q(period_start=None) | Q(period_end=None) | Q(period_start__lte=F("period_end")),
                name="keyfigure_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(status="live") | Q(value__isnull=False),
                name="keyfigure_live_has_value",
            ),
            complete_once_public("keyfigure", "subject_code", "indicator_code", "group", "unit", "period_kind"),
        ]

    def __str__(self):
        return f"{self.code} · {self.title}"

    def get_absolute_url(self):
        subject = reverse("city:subject", args=[self.subject_code]) if self.subject_code else reverse("city:figures")
        return f"{subject}#{self.code}"

    def missing_facts(self):
        missing = [
            (column, _("The source is missing: a figure without a source is not public."))
            for column in columns("source")
            if not getattr(self, column)
        ]
        missing += [(column, _("The subject is missing.")) for column in columns("subject") if not getattr(self, column)]
        missing += [
            (column, _("The name of the indicator is needed in all three languages."))
            for column in columns("title")
            if not getattr(self, column)
        ]
        if self.value is None:
            missing.append(("value", _("The value is missing.")))
        if self.as_of is None and self.period_end is None and self.period_kind != self.PeriodKind.TO_DATE:
            missing.append(("as_of", _("Say for which day or period the figure holds.")))
        return missing

    @property
    def value_text(self):
        """The value with unit and exactness: about CNY 7.635 billion · 约76.35亿元. Empty for a draft without the two."""
        if self.value is None or not self.unit:
            return ""
        text = quantities.quantity(self.value, self.unit)
        if self.precision == self.Exactness.EXACT:
            return text
        return {
            self.Exactness.ABOUT: gettext("about %s"),
            self.Exactness.OVER: gettext("over %s"),
            self.Exactness.WITHIN: gettext("within %s"),
        }[self.precision] % text

    @property
    def growth_text(self):
        """+6.4%, or the note on why there is none, or nothing."""
        if self.growth_percent is not None:
            return quantities.percent(self.growth_percent, signed=True)
        return self.growth_note

    @property
    def period_text(self):
        """2016 · January-September 2022 · end of 2022 · to date, in the active language."""
        return period_in_words(self.period_kind, self.period_start, self.period_end)

    @property
    def checked_text(self):
        """When somebody last found the figure still correct: checked Nov 2026."""
        english = active_language() == "en"
        return gettext("checked %s") % formats.date_format(self.checked_on, "M Y" if english else "Y年n月")

    @property
    def period_with_growth(self):
        """January-September 2022, +6.4% · 2022年1—9月，+6.4%."""
        growth = quantities.percent(self.growth_percent, signed=True) if self.growth_percent is not None else ""
        comma = ", " if active_language() == "en" else "，"
        return f"{self.period_text}{comma}{growth}" if growth else self.period_text

    @property
    def nature_text(self):
        """Shown beside the value unless the figure is an actual one."""
        return "" if self.nature == self.Nature.ACTUAL else self.get_nature_display()


def period_in_words(kind: str, start: datetime.date | None, end: datetime.date | None) -> str:
    """The period of a figure in the active language. A period without dates says that its source states none."""
    if end is None:
        return gettext("to date; the source states no date")
    english = active_language() == "en"
    kinds = KeyFigure.PeriodKind
    if kind == kinds.YEAR:
        return date_in_words(end, Precision.YEAR)
    if kind == kinds.HALF:
        return gettext("first half of %d") % end.year if end.month <= 6 else gettext("second half of %d") % end.year
    if kind == kinds.QUARTER:
        return gettext("quarter %(quarter)d of %(year)d") % {"quarter": (end.month + 2) // 3, "year": end.year}
    if kind == kinds.MONTHS:
        if start is None or (start.year, start.month) == (end.year, end.month):
            return date_in_words(end, Precision.MONTH)
        if english:
            return f"{calendar.month_name[start.month]}-{calendar.month_name[end.month]} {end.year}"
        return f"{end.year}年{start.month}—{end.month}月"
    if (end.month, end.day) == (12, 31) and kind == kinds.POINT:
        return gettext("end of %d") % end.year
    if kind == kinds.TO_DATE:
        return gettext("to %s") % date_in_words(end)
    return date_in_words(end)


class ExchangeRateQuerySet(models.QuerySet):
    def recent(self, currency: str):
        """CNY for one unit of a currency, from a rate of the last 90 days; None where there is none: nothing is converted."""
        oldest = timezone.localdate() - datetime.timedelta(days=RATE_LIFE_DAYS)
        return self.filter(currency=currency, date__gte=oldest).order_by("-date").values_list("cny_per_unit", flat=True).first()


class ExchangeRate(models.Model):
    """What one unit of a foreign currency is worth in yuan on a day."""

    class Currency(models.TextChoices):
        USD = "USD", _("US dollar")
        EUR = "EUR", _("euro")
        HKD = "HKD", _("Hong Kong dollar")

    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    cny_per_unit = models.DecimalField(_("CNY for one"), max_digits=10, decimal_places=4, validators=[MinValueValidator(0)])
    date = models.DateField(_("date"))
    source = models.CharField(_("source"), max_length=200, help_text=_("E.g. China Foreign Exchange Trade System, central parity."))

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-date", "currency", "pk"]
        constraints = [models.UniqueConstraint(fields=["currency", "date"], name="exchange_rate_once_a_day")]

    def __str__(self):
        return f"{self.currency} {self.date}"
