"""Projects of three kinds: enterprises that came, works under way, opportunities that seek an investor."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureaus.models import Contact, District
from city import quantities
from city.amounts import MoneyField, StatedMoneyField
from city.models import Industry, Precision, date_in_words
from parks.models import Listing, Park, Part, area
from publishing.languages import translated
from publishing.models import Publishable, complete_once_public


def amount(name, kind=MoneyField, **options):
    return kind(name, max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], **options)


class Project(Publishable):
    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise")
        WORKS = "works", _("infrastructure works")
        OPPORTUNITY = "opportunity", _("opportunity")

    class Stage(models.TextChoices):
        SIGNED = "signed", _("signed")
        PRELIMINARY = "preliminary", _("preliminary work")
        CONSTRUCTION = "construction", _("under construction")
        TRIAL_PRODUCTION = "trial-production", _("trial production")
        PRODUCTION = "production", _("in production")
        COMPLETED = "completed", _("completed")
        OPEN = "open", _("seeking investor")
        IN_NEGOTIATION = "in-negotiation", _("in negotiation")
        TAKEN = "taken", _("investor found")

    class Nature(models.TextChoices):
        EXPECTED = "expected", _("expected")
        ACTUAL = "actual", _("actual")

    class WorksKind(models.TextChoices):
        ROAD = "road", _("road")
        WATER = "water", _("water supply")
        SEWAGE = "sewage", _("sewage treatment")
        POWER = "power", _("power supply")
        BUILDING = "building", _("building")

    class Cooperation(models.TextChoices):
        SOLE = "sole", _("sole investment")
        JOINT = "joint", _("joint venture")
        EQUITY = "equity", _("equity")
        LEASE = "lease", _("lease")

    # The stages that each kind passes, in order.
    STAGES = {
        Kind.ENTERPRISE: (Stage.SIGNED, Stage.CONSTRUCTION, Stage.TRIAL_PRODUCTION, Stage.PRODUCTION),
        Kind.WORKS: (Stage.PRELIMINARY, Stage.CONSTRUCTION, Stage.COMPLETED),
        Kind.OPPORTUNITY: (Stage.OPEN, Stage.IN_NEGOTIATION, Stage.TAKEN),
    }

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    stage = models.CharField(_("stage"), max_length=18, choices=Stage, blank=True)
    stage_as_of = models.DateField(_("stage as of"), null=True, blank=True)
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("district"), null=True, blank=True, related_name="projects")
    park = models.ForeignKey(Park, models.PROTECT, verbose_name=_("park"), null=True, blank=True, related_name="projects")
    listings = models.ManyToManyField(Listing, verbose_name=_("land and buildings"), blank=True, related_name="projects")
    industries = models.ManyToManyField(Industry, verbose_name=_("industries"), blank=True, related_name="projects")
    body = translated(models.TextField(_("text"), blank=True))
    investor = translated(models.CharField(_("investor"), max_length=160, blank=True))
    investor_region = models.CharField(
        _("country or region of the investor"), max_length=2, blank=True, help_text=_("Two letters, e.g. DE, HK, CN.")
    )
    investment_cny = amount(_("investment (CNY)"), help_text=_("In yuan: 1200000000, 1.2 billion or 12亿元."))
    investment_max_cny = amount(_("investment at most (CNY)"), help_text=_("For a range; opportunities only."))
    stated_amount = amount(_("amount as published"), StatedMoneyField)
    stated_currency = models.CharField(_("currency as published"), max_length=3, blank=True)
    land_area_m2 = area(_("land area (m²)"))
    output_cny_year = amount(_("output a year (CNY)"))
    tax_cny_year = amount(_("tax a year (CNY)"))
    nature = models.CharField(_("output and tax are"), max_length=8, choices=Nature, blank=True)
    works_kind = models.CharField(_("kind of works"), max_length=10, choices=WorksKind, blank=True)
    cooperation = models.CharField(_("cooperation"), max_length=8, choices=Cooperation, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    contacts = models.ManyToManyField(Contact, verbose_name=_("contacts"), blank=True, related_name="projects")
    market = translated(models.TextField(_("market"), blank=True))
    conditions = translated(models.TextField(_("conditions"), blank=True))
    name_confirmed = models.BooleanField(_("company name checked with its owner"), default=False)

    long_texts = ("body", "market", "conditions")
    parts = ("milestones",)
    needed = ("kind",)
    inquiry_topic = "project"
    inquiry_parameter = "project"

    class Meta(Publishable.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            *Publishable.Meta.constraints,
            complete_once_public("project", "kind"),
            models.CheckConstraint(
                condition=Q(stage="")
                | Q(kind="enterprise", stage__in=["signed", "construction", "trial-production", "production"])
                | Q(kind="works", stage__in=["preliminary", "construction", "completed"])
                | Q(kind="opportunity", stage__in=["open", "in-negotiation", "taken"]),
                name="project_stage_fits_kind",
                violation_error_message=_("This stage does not belong to this kind of project."),
            ),
            models.CheckConstraint(
                condition=Q(investment_cny=None) | Q(investment_max_cny=None) | Q(investment_cny__lte=models.F("investment_max_cny")),
                name="project_investment_in_order",
                violation_error_message=_("The least investment is larger than the largest."),
            ),
        ]

    def get_absolute_url(self):
        return reverse("projects:detail", args=[self.slug])

    def missing_facts(self):
        missing = []
        if self.kind == self.Kind.OPPORTUNITY and not self.cooperation:
            missing.append(("cooperation", _("Say how the investor can take part.")))
        if self.stated_amount is not None and not self.stated_currency:
            missing.append(("stated_currency", _("The currency of the amount as published is missing.")))
        return missing

    @property
    def is_opportunity(self):
        return self.kind == self.Kind.OPPORTUNITY

    @property
    def investment_text(self):
        if self.investment_cny is None and self.investment_max_cny is None:
            return ""
        return quantities.money_range(self.investment_cny, self.investment_max_cny)

    @property
    def land_area_text(self):
        return quantities.land_area(self.land_area_m2) if self.land_area_m2 is not None else ""

    @property
    def output_text(self):
        return quantities.money(self.output_cny_year) if self.output_cny_year is not None else ""

    @property
    def tax_text(self):
        return quantities.money(self.tax_cny_year) if self.tax_cny_year is not None else ""


class ProjectMilestone(Part):
    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="milestones")
    date = models.DateField(_("date"))
    date_precision = models.CharField(_("the date is exact to"), max_length=6, choices=Precision, default=Precision.DAY)
    stage = models.CharField(_("stage"), max_length=18, choices=Project.Stage, blank=True)
    title = translated(models.CharField(_("title"), max_length=120, blank=True))
    source = translated(models.CharField(_("source"), max_length=200, blank=True))
    is_planned = models.BooleanField(_("planned at the time of the source"), default=False)

    class Meta(Part.Meta):
        verbose_name = _("project milestone")
        verbose_name_plural = _("project milestones")
        ordering = ["date", "order", "pk"]

    def __str__(self):
        return self.title

    @property
    def date_text(self):
        return date_in_words(self.date, self.date_precision)
