"""The investor's search form for parks, and for land and buildings."""

from django.utils.translation import gettext_lazy as _

from city.filters import district_choices, industry_choices, stored_area, unit
from parks.models import Listing, Park
from publishing.filters import Bound, CodesFilter, PublicFilterSet, unknown, words


def park_choices():
    return [
        (park.slug, park.name)
        for park in Park.objects.public()
        .in_language()
        .only("slug", "title_en", "title_zh_hans", "title_zh_hant", "short_title_en", "short_title_zh_hans", "short_title_zh_hant")
    ]


class ParkFilter(PublicFilterSet):
    q = words()
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    district = CodesFilter("districts__slug", many=True, label=_("District"), choices=district_choices)
    level = CodesFilter("level", label=_("Level"), choices=Park.Level.choices)
    kind = CodesFilter("kind", label=_("Kind"), choices=Park.Kind.choices)
    area_min = Bound("area_available_m2", "min", stored=stored_area, label=_("Available land"))
    area_max = Bound("area_available_m2", "max", stored=stored_area, label=_("Available land"))
    unit = unit()
    unknown = unknown()

    ranges = ("area",)
    sorts = {"order": ("pk", False), "title": ("title", False), "area": ("area_available_m2", True), "updated": ("updated_at", True)}
    sort_labels = {"order": _("Our order"), "title": _("Name"), "-area": _("Available land, largest first"), "-updated": _("Last updated")}

    class Meta:
        model = Park
        fields = []


class ListingFilter(PublicFilterSet):
    q = words()
    kind = CodesFilter("kind", label=_("Kind"), choices=Listing.Kind.choices)
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    park = CodesFilter("park__slug", label=_("Park"), choices=park_choices)
    district = CodesFilter("district__slug", label=_("District"), choices=district_choices)
    availability = CodesFilter("availability", label=_("Availability"), choices=Listing.Availability.choices)
    tenure = CodesFilter("tenure", label=_("Tenure"), choices=Listing.Tenure.choices)
    area_min = Bound("land_area_m2", "min", stored=stored_area, label=_("Land"))
    area_max = Bound("land_area_m2", "max", stored=stored_area, label=_("Land"))
    unit = unit()
    floor_min = Bound("floor_area_m2", "min", label=_("Floor area (m²)"))
    floor_max = Bound("floor_area_m2", "max", label=_("Floor area (m²)"))
    height_min = Bound("clear_height_m", "min", label=_("Clear height (m)"))
    load_min = Bound("floor_load_kn_m2", "min", label=_("Floor load (kN/m²)"))
    power_min = Bound("power_kva", "min", label=_("Power (kVA)"))
    rent_max = Bound("rent", "max", label=_("Rent (CNY/m² a month)"))
    price_max = Bound("sale_price", "max", label=_("Price (CNY/m²)"))
    unknown = unknown()

    ranges = ("area", "floor")
    sorts = {
        "updated": ("updated_at", True),
        "title": ("title", False),
        "area": ("land_area_m2", True),
        "rent": ("rent", False),
        "price": ("sale_price", False),
        "published": ("published_at", True),
    }
    sort_labels = {
        "-updated": _("Last updated"),
        "title": _("Name"),
        "-area": _("Land, largest first"),
        "rent": _("Rent, lowest first"),
        "price": _("Price, lowest first"),
    }

    class Meta:
        model = Listing
        fields = []
