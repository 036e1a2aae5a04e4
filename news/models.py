"""What the bureaus publish: articles, and the policies and services that investors ask about."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau, District
from bureaus.staff import LANGUAGES
from city import quantities
from city.amounts import MoneyField
from city.models import Industry
from parks.models import Park, Part
from projects.models import Project
from publishing.languages import columns, translated
from publishing.models import Publishable, complete_once_public


class Article(Publishable):
    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        NOTICE = "notice", _("notice")
        EVENT = "event", _("event")
        INTERPRETATION = "interpretation", _("interpretation")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.NEWS)
    body = translated(models.TextField(_("text"), blank=True))
    publisher = translated(models.CharField(_("original publisher"), max_length=120, blank=True))
    publisher_published_at = models.DateTimeField(_("published there at"), null=True, blank=True)
    publisher_url = models.URLField(_("address there"), blank=True)
    is_undated = models.BooleanField(
        _("the original bears no date"), default=False, help_text=_("The page then says “undated” instead of a date.")
    )
    featured = models.BooleanField(_("featured"), default=False, help_text=_("The newest two stand beside the articles."))
    parks = models.ManyToManyField(Park, verbose_name=_("parks"), blank=True, related_name="articles")
    projects = models.ManyToManyField(Project, verbose_name=_("projects"), blank=True, related_name="articles")
    industries = models.ManyToManyField(Industry, verbose_name=_("industries"), blank=True, related_name="articles")
    related = models.ManyToManyField("self", verbose_name=_("related articles"), blank=True)

    long_texts = ("body",)

    class Meta(Publishable.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-first_published_at", "pk"]

    def get_absolute_url(self):
        return reverse("news:detail", args=[self.slug])

    def missing_facts(self):
        return [
            (column, _("The text is missing in: %(language)s.") % {"language": language})
            for language, title, column in zip(LANGUAGES.values(), columns("title"), columns("body"), strict=True)
            if getattr(self, title) and not getattr(self, column)
        ]


class Policy(Publishable):
    class Kind(models.TextChoices):
        POLICY = "policy", _("policy")
        PROCEDURE = "procedure", _("procedure")
        SERVICE = "service", _("service")

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        DISTRICT = "district", _("district level")
        PARK = "park", _("park")

    class Validity(models.TextChoices):
        NOT_CONFIRMED = "not-confirmed", _("not confirmed")
        IN_FORCE = "in-force", _("in force")
        EXPIRED = "expired", _("expired")
        AMENDED = "amended", _("amended")
        REPEALED = "repealed", _("repealed")

    class Category(models.TextChoices):
        LAND = "land", _("land")
        EQUIPMENT = "equipment", _("equipment and plant")
        RESEARCH = "research", _("research and development")
        TALENT = "talent", _("talent")
        FINANCE = "finance", _("finance")
        TAX = "tax", _("tax")
        ENERGY = "energy", _("energy")
        LOGISTICS = "logistics", _("logistics")
        RENT = "rent", _("rent")
        HOUSING = "housing", _("housing")
        APPROVAL = "approval", _("approval")

    CURRENT = (Validity.IN_FORCE, Validity.NOT_CONFIRMED)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, blank=True)
    document_no = models.CharField(_("document number"), max_length=80, blank=True)
    issuing_body = translated(models.CharField(_("issuing body"), max_length=160, blank=True))
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    validity = models.CharField(_("validity"), max_length=14, choices=Validity, default=Validity.NOT_CONFIRMED)
    replaced_by = models.ForeignKey("self", models.PROTECT, verbose_name=_("replaced by"), null=True, blank=True, related_name="replaces")
    category = models.CharField(_("category"), max_length=12, choices=Category, blank=True)
    body = translated(models.TextField(_("in plain words"), blank=True))
    original_url = models.URLField(_("address of the official text"), blank=True)
    eligibility = translated(models.TextField(_("who qualifies"), blank=True, help_text=_("One condition per line.")))
    amount_text = translated(models.TextField(_("amount in words"), blank=True))
    rate_percent = models.DecimalField(_("rate in percent"), max_digits=6, decimal_places=2, null=True, blank=True)
    rate_base = translated(models.CharField(_("percent of what"), max_length=200, blank=True))
    cap_cny = MoneyField(_("at most (CNY)"), max_digits=18, decimal_places=2, null=True, blank=True)
    documents_needed = translated(models.TextField(_("documents needed"), blank=True, help_text=_("One document per line.")))
    office = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("office in charge"), null=True, blank=True, related_name="policies")
    promised_days = models.PositiveSmallIntegerField(_("promised (working days)"), null=True, blank=True)
    statutory_days = models.PositiveSmallIntegerField(_("statutory (working days)"), null=True, blank=True)
    fee_cny = MoneyField(_("fee (CNY)"), max_digits=10, decimal_places=2, null=True, blank=True)
    apply_from = models.DateField(_("apply from"), null=True, blank=True)
    apply_until = models.DateField(_("apply until"), null=True, blank=True)
    industries = models.ManyToManyField(Industry, verbose_name=_("industries"), blank=True, related_name="policies")
    parks = models.ManyToManyField(Park, verbose_name=_("parks"), blank=True, related_name="policies")
    districts = models.ManyToManyField(District, verbose_name=_("districts"), blank=True, related_name="policies")
    interpretation = models.ForeignKey(
        Article, models.PROTECT, verbose_name=_("interpretation"), null=True, blank=True, related_name="interprets"
    )

    searched_codes = ("document_no",)
    long_texts = ("body", "eligibility", "documents_needed")
    parts = ("steps",)
    needed = ("kind", "category")
    inquiry_topic = "policy"

    class Meta(Publishable.Meta):
        verbose_name = _("policy or service")
        verbose_name_plural = _("policies and services")
        constraints = [
            *Publishable.Meta.constraints,
            complete_once_public("policy", "kind", "category"),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(expires_on=None) | Q(effective_on__lte=F("expires_on")),
                name="policy_dates_in_order",
                violation_error_message=_("The policy ends before it begins."),
            ),
        ]

    def get_absolute_url(self):
        return reverse("policies:detail", args=[self.slug])

    @property
    def is_current(self):
        return self.validity in self.CURRENT

    @property
    def cap_text(self):
        return quantities.money(self.cap_cny) if self.cap_cny is not None else ""

    @property
    def rate_text(self):
        return quantities.percent(self.rate_percent) if self.rate_percent is not None else ""


class PolicyStep(Part):
    policy = models.ForeignKey(Policy, models.CASCADE, verbose_name=_("policy or service"), related_name="steps")
    title = translated(models.CharField(_("title"), max_length=160, blank=True))
    office = translated(models.CharField(pgettext_lazy("policy step", "office"), max_length=120, blank=True))
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    fee_cny = MoneyField(_("fee (CNY)"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self):
        return self.title
