"""Parks, what lies in and around them, and the land and buildings on offer."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Contact, District
from city import quantities
from city.amounts import AreaField, LandPriceField, RentField
from city.models import Industry, KeyFigure
from publishing.languages import active_language, translated
from publishing.models import Publishable, complete_once_public


class Supply(models.TextChoices):
    """Whether a utility or service is there."""

    YES = "yes", pgettext_lazy("service", "available")
    NO = "no", pgettext_lazy("service", "not available")
    PLANNED = "planned", _("planned")
    UNKNOWN = "unknown", _("not stated")


class State(models.TextChoices):
    OPEN = "open", _("in use")
    UNDER_CONSTRUCTION = "under-construction", _("under construction")
    PLANNED = "planned", _("planned")


def supply(name):
    return models.CharField(name, max_length=8, choices=Supply, default=Supply.UNKNOWN)


def area(name, **options):
    return AreaField(name, max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], **options)


def price(name, kind=LandPriceField, **options):
    return kind(name, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], **options)


def latitude():
    return models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("WGS-84, e.g. 23.318. Points from Amap, Tencent or Baidu are shifted: convert them first."),
    )


def longitude():
    return models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )


def position_is_whole(model):
    return models.CheckConstraint(
        condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
        name=f"{model}_position_is_whole",
        violation_error_message=_("Give both latitude and longitude, or neither."),
    )


class Park(Publishable):
    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        DISTRICT = "district", _("district level")

    class Kind(models.TextChoices):
        CLUSTER = "cluster", _("industrial cluster")
        STARTING_AREA = "starting-area", _("starting area")
        HIGHTECH_ZONE = "hightech-zone", _("high-tech zone")
        DEVELOPMENT_ZONE = "development-zone", _("development zone")
        COOPERATION_ZONE = "cooperation-zone", _("cooperation zone")
        INDUSTRIAL_PARK = "industrial-park", _("industrial park")
        SPECIALIZED_PARK = "specialized-park", _("specialized park")

    short_title = translated(models.CharField(_("short title"), max_length=40, blank=True, help_text=_("For maps and tables.")))
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("lies within"), null=True, blank=True, related_name="children")
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("main district"), null=True, blank=True, related_name="parks")
    districts = models.ManyToManyField(District, verbose_name=_("all districts it spans"), blank=True, related_name="parks_reaching_in")
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    positioning = translated(models.TextField(_("positioning"), blank=True, help_text=_("What the park is for, in one paragraph.")))
    body = translated(models.TextField(_("text"), blank=True))
    address = translated(models.CharField(_("address"), max_length=200, blank=True))
    industries = models.ManyToManyField(Industry, verbose_name=_("industries"), blank=True, related_name="parks")
    contacts = models.ManyToManyField(Contact, verbose_name=_("contacts"), blank=True, related_name="parks")
    key_figures = models.ManyToManyField(KeyFigure, verbose_name=_("figures"), blank=True, related_name="parks")
    latitude = latitude()
    longitude = longitude()
    position_accuracy_km = models.DecimalField(
        _("position exact to (km)"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    map_id = models.SlugField(
        _("place on the drawn map"), blank=True, help_text=_("Identifier of the point in the schematic drawing, e.g. hightech-zone.")
    )
    area_planned_m2 = area(_("planned area (m²)"))
    area_developed_m2 = area(_("developed area (m²)"))
    area_available_m2 = area(_("available land (m²)"), help_text=_("1 mu = 666.67 m²; 1 km² = 1,500 mu."))
    intensity_min = price(_("least investment (CNY/m²)"), help_text=_("10,000 CNY per mu = 15 CNY/m²."))
    output_min = price(_("least output (CNY/m² a year)"))
    tax_min = price(_("least tax (CNY/m² a year)"))
    power = supply(_("power"))
    water = supply(_("water"))
    wastewater = supply(_("wastewater"))
    gas = supply(_("gas"))
    steam = supply(_("steam"))
    telecom = supply(_("telecom"))
    utilities_note = translated(models.TextField(_("note on utilities"), blank=True))

    long_texts = ("body", "utilities_note")
    parts = ("functional_areas", "transport_links", "amenities")
    needed = ("kind",)
    inquiry_topic = "land"
    inquiry_parameter = "park"
    UTILITIES = ("power", "water", "wastewater", "gas", "steam", "telecom")

    class Meta(Publishable.Meta):
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        constraints = [
            *Publishable.Meta.constraints,
            complete_once_public("park", "kind"),
            position_is_whole("park"),
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="park_not_within_itself"),
        ]

    def get_absolute_url(self):
        return reverse("parks:detail", args=[self.slug])

    def clean(self):
        """A park cannot lie within itself, however long the way round."""
        super().clean()
        above = self.parent
        while above is not None:
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError({"parent": _("This park lies within the one you chose: that would be a circle.")})
            above = above.parent

    @property
    def name(self):
        """The short title where there is one."""
        return self.short_title or self.title

    @property
    def area_planned_text(self):
        return quantities.land_area(self.area_planned_m2) if self.area_planned_m2 is not None else ""

    @property
    def area_available_text(self):
        return quantities.land_area(self.area_available_m2) if self.area_available_m2 is not None else ""

    @property
    def utilities(self):
        """`(name, state)` of each utility that is stated."""
        return [
            (self._meta.get_field(name).verbose_name, getattr(self, f"get_{name}_display")())
            for name in self.UTILITIES
            if getattr(self, name) != Supply.UNKNOWN
        ]


class Part(models.Model):
    """A row that belongs to one item; its key stays the same in drafts and restored versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class FunctionalArea(Part):
    class Kind(models.TextChoices):
        CENTER = "center", _("center")
        INDUSTRY = "industry", _("industry")
        LOGISTICS = "logistics", _("logistics and bonded")
        RESEARCH = "research", _("research and development")
        LIVING = "living", _("living")

    park = models.ForeignKey(Park, models.CASCADE, verbose_name=_("park"), related_name="functional_areas")
    title = translated(models.CharField(_("title"), max_length=120, blank=True))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    role = translated(models.TextField(pgettext_lazy("functional area", "role"), blank=True))
    industries = models.ManyToManyField(Industry, verbose_name=_("industries"), blank=True, related_name="functional_areas")

    class Meta(Part.Meta):
        verbose_name = _("functional area")
        verbose_name_plural = _("functional areas")

    def __str__(self):
        return self.title


class Listing(Publishable):
    """A plot of land or a building on offer."""

    class Kind(models.TextChoices):
        LAND = "land", _("land")
        FACTORY = "factory", _("factory")
        WAREHOUSE = "warehouse", _("warehouse")
        OFFICE = "office", _("office")

    class Tenure(models.TextChoices):
        SALE = "sale", _("sale")
        LEASE = "lease", _("lease")
        LEASE_THEN_SALE = "lease-then-sale", _("lease, then sale")
        FLEXIBLE_TERM = "flexible-term", _("flexible term")

    class Availability(models.TextChoices):
        AVAILABLE = "available", _("available")
        ANNOUNCED = "announced", _("announced")
        RESERVED = "reserved", _("reserved")
        ALLOCATED = "allocated", _("no longer available")

    # Empty is NULL: as many drafts as there are may wait for their number.
    code = models.CharField(_("parcel or unit number"), max_length=40, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, blank=True)
    park = models.ForeignKey(Park, models.PROTECT, verbose_name=_("park"), null=True, blank=True, related_name="listings")
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("district"), null=True, blank=True, related_name="listings")
    land_area_m2 = area(_("land area (m²)"))
    floor_area_m2 = area(_("floor area (m²)"))
    divisible_min_m2 = area(_("smallest part (m²)"))
    tenure = models.CharField(_("tenure"), max_length=16, choices=Tenure, blank=True)
    availability = models.CharField(_("availability"), max_length=10, choices=Availability, default=Availability.AVAILABLE)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    sale_price = price(_("sale price (CNY/m²)"), help_text=_("10,000 CNY per mu = 15 CNY/m²."))
    rent = price(_("rent (CNY/m² a month)"), RentField)
    price_basis = translated(
        models.CharField(_("basis of the price"), max_length=200, blank=True, help_text=_("E.g. starting price of the auction."))
    )
    planned_use_code = models.CharField(_("class code of the planned use"), max_length=12, blank=True, help_text=_("E.g. 100102 or M2."))
    planned_use = translated(models.CharField(_("planned use"), max_length=120, blank=True))
    term_years = models.PositiveSmallIntegerField(_("term (years)"), null=True, blank=True)
    intensity_min = price(_("least investment (CNY/m²)"), help_text=_("Overrides the park's."))
    output_min = price(_("least output (CNY/m² a year)"))
    tax_min = price(_("least tax (CNY/m² a year)"))
    power = supply(_("power"))
    water = supply(_("water"))
    sewer = supply(_("sewer"))
    gas = supply(_("gas"))
    steam = supply(_("steam"))
    telecom = supply(_("telecom"))
    road = supply(_("road"))
    leveled = supply(_("leveled ground"))
    services_note = translated(models.TextField(_("note on services"), blank=True))
    industries = models.ManyToManyField(Industry, verbose_name=_("suited industries"), blank=True, related_name="listings")
    clear_height_m = models.DecimalField(
        _("clear height (m)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    floor_load_kn_m2 = models.DecimalField(
        _("floor load (kN/m²)"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    power_kva = models.PositiveIntegerField(_("power (kVA)"), null=True, blank=True)
    latitude = latitude()
    longitude = longitude()

    searched_codes = ("code",)
    long_texts = ("services_note",)
    parts = ("transport_links",)
    needed = ("code", "kind")
    inquiry_parameter = "listing"
    SERVICES = ("power", "water", "sewer", "gas", "steam", "telecom", "road", "leveled")

    class Meta(Publishable.Meta):
        verbose_name = _("land or building")
        verbose_name_plural = _("land and buildings")
        constraints = [
            *Publishable.Meta.constraints,
            complete_once_public("listing", "code", "kind"),
            position_is_whole("listing"),
            models.CheckConstraint(
                condition=~Q(status="live")
                | (Q(kind="land", land_area_m2__isnull=False) | (~Q(kind="land") & Q(floor_area_m2__isnull=False))),
                name="listing_live_has_area",
            ),
        ]

    def get_absolute_url(self):
        return reverse("listings:detail", args=[self.slug])

    def missing_facts(self):
        column = "land_area_m2" if self.kind == self.Kind.LAND else "floor_area_m2"
        return [(column, _("The area is missing."))] if getattr(self, column) is None else []

    @property
    def is_land(self):
        return self.kind == self.Kind.LAND

    @property
    def inquiry_topic(self):
        return "land" if self.is_land else "factory"

    @property
    def area_text(self):
        """The area of its kind, in the reader's habit."""
        if self.is_land:
            return quantities.land_area(self.land_area_m2) if self.land_area_m2 is not None else ""
        return quantities.floor_area(self.floor_area_m2) if self.floor_area_m2 is not None else ""

    @property
    def sale_price_text(self):
        if self.sale_price is None:
            return ""
        return quantities.land_price(self.sale_price) if self.is_land else quantities.floor_price(self.sale_price)

    @property
    def rent_text(self):
        return quantities.rent_price(self.rent) if self.rent is not None else ""

    @property
    def floor_load_text(self):
        """kN/m², and the same in t/m²."""
        if self.floor_load_kn_m2 is None:
            return ""
        tonnes = quantities.plain(quantities.rounded(quantities.kn_to_tonnes(self.floor_load_kn_m2), 2))
        metric = f"{quantities.plain(self.floor_load_kn_m2)} kN/m²"
        return f"{metric} ({tonnes} t/m²)" if active_language() == "en" else f"{metric}（{tonnes} t/m²）"

    @property
    def services(self):
        """`(name, state)` of each service at the boundary that is stated."""
        return [
            (self._meta.get_field(name).verbose_name, getattr(self, f"get_{name}_display")())
            for name in self.SERVICES
            if getattr(self, name) != Supply.UNKNOWN
        ]


class TransportLink(Part):
    """How to get from a park, a listing or (neither) the city to a place."""

    class Kind(models.TextChoices):
        AIRPORT = "airport", _("airport")
        SEA_PORT = "sea-port", _("sea port")
        RIVER_PORT = "river-port", _("river port")
        RAIL = "rail", _("railway")
        MOTORWAY = "motorway", _("motorway")
        CITY = "city", _("city")
        CROSSING = "crossing", _("border crossing")

    class Mode(models.TextChoices):
        STRAIGHT_LINE = "straight-line", _("straight line")
        ROAD = "road", _("by road")
        RAIL = "rail", _("by rail")
        SHIP = "ship", _("by ship")

    park = models.ForeignKey(Park, models.CASCADE, verbose_name=_("park"), null=True, blank=True, related_name="transport_links")
    listing = models.ForeignKey(
        Listing, models.CASCADE, verbose_name=_("land or building"), null=True, blank=True, related_name="transport_links"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    place = translated(models.CharField(_("place or line"), max_length=120, blank=True))
    mode = models.CharField(_("measured"), max_length=14, choices=Mode, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State)
    km = models.DecimalField(_("kilometers"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)])
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    source = translated(models.CharField(_("source"), max_length=200, blank=True))
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("transport link")
        verbose_name_plural = _("transport links")
        constraints = [models.CheckConstraint(condition=Q(park=None) | Q(listing=None), name="transport_link_of_one_thing")]

    def __str__(self):
        return self.place

    @property
    def bureau_id(self):
        """The bureau of the park or listing; None (the city bureau) for links of the city."""
        owner = self.park or self.listing
        return owner.bureau_id if owner else None

    @property
    def distance_text(self):
        return quantities.distance(self.km) if self.km is not None else ""

    @property
    def minutes_text(self):
        return quantities.minutes(self.minutes) if self.minutes is not None else ""


class Amenity(Part):
    class Kind(models.TextChoices):
        HOTEL = "hotel", _("hotel")
        HOSPITAL = "hospital", _("hospital")
        SCHOOL = "school", _("school")
        HOUSING = "housing", _("housing")
        FACTORY_BUILDINGS = "factory-buildings", _("standard factory buildings")
        BANK = "bank", _("bank")
        BUS = "bus", _("bus")
        FIRE = "fire", _("fire service")
        CUSTOMS = "customs", _("customs")
        ONE_STOP = "one-stop", _("one-stop window")

    park = models.ForeignKey(Park, models.CASCADE, verbose_name=_("park"), related_name="amenities")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = translated(models.CharField(_("title"), max_length=120, blank=True))
    km = models.DecimalField(_("kilometers"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)])
    state = models.CharField(_("state"), max_length=20, choices=State)

    class Meta(Part.Meta):
        verbose_name = _("amenity")
        verbose_name_plural = _("amenities")

    def __str__(self):
        return self.title
