"""How parks, land and buildings stand in lists and fact tables."""

from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from city import quantities
from city.models import date_in_words
from parks.models import Listing, Park
from publishing.display import Fact, ledger_day, only_public, public_or_none, row, stated, text_fact
from publishing.languages import in_one_line

LEVEL_TAGS = {Park.Level.NATIONAL: "seal"}
AVAILABILITY_TAGS = {Listing.Availability.AVAILABLE: "go", Listing.Availability.ANNOUNCED: "go"}


def titles(items) -> str:
    return in_one_line(item.title for item in items)


def park_row(park, unit: str = ""):
    available = quantities.land_area(park.area_available_m2, unit) if park.area_available_m2 is not None else _("Ask us")
    facts = [(_("available land"), available)]
    if getattr(park, "open_listings", 0):
        facts.append((_("on offer"), ngettext("%d listing", "%d listings", park.open_listings) % park.open_listings))
    return row(
        park,
        text=park.summary,
        meta=[
            text
            for text in (park.get_kind_display(), in_one_line(district_names(park)), titles(only_public(park.industries.all())))
            if text
        ],
        tags=[(park.get_level_display(), LEVEL_TAGS.get(park.level, ""))] if park.level else [],
        facts=facts,
    )


def park_facts(park) -> list[Fact]:
    """Key facts: what every investor asks comes first and reads "Ask us" where it is unknown."""
    asked = [
        Fact(_("Level"), park.get_level_display()),
        Fact(_("Kind"), park.get_kind_display()),
        Fact(_("District"), in_one_line(district_names(park))),
        Fact(_("Planned area"), land(park.area_planned_m2)),
        Fact(_("Available land"), land(park.area_available_m2)),
    ]
    return asked + stated(
        [
            Fact(_("Developed area"), land(park.area_developed_m2)),
            text_fact(_("Address"), park, "address"),
            Fact(_("Position"), position(park), accuracy(park)),
        ]
    )


def district_names(park) -> list[str]:
    """All districts that a park spans; the main one where only that is known."""
    return [district.name for district in park.districts.all()] or ([park.district.name] if park.district else [])


def land(value) -> str:
    """Land in two units, or nothing."""
    return quantities.land_area_twice(value) if value is not None else ""


def position(item) -> str:
    if item.latitude is None:
        return ""
    return f"{quantities.plain(item.latitude)}, {quantities.plain(item.longitude)}"


def accuracy(park) -> str:
    """Said where the position is not exact to half a kilometer."""
    within = park.position_accuracy_km
    if within is None or within <= Decimal("0.5"):
        return "WGS-84"
    return _("WGS-84, approximate: exact to about %s") % quantities.distance(within)


def control_facts(item) -> list[Fact]:
    """Land controls in the reader's habit, each with what it means; those not stated read "Ask us".

    A listing that states none of its own shows its park's.
    """
    park = public_or_none(getattr(item, "park", None))
    meanings = [
        ("intensity_min", _("Least investment"), _("what must be invested for each unit of land")),
        ("output_min", _("Least output a year"), _("output to be reached for each unit of land")),
        ("tax_min", _("Least tax a year"), _("tax to be paid for each unit of land")),
    ]
    facts = []
    for name, label, meaning in meanings:
        value = getattr(item, name)
        if value is None and park is not None and (value := getattr(park, name)) is not None:
            meaning = _("%s; stated for the whole park") % meaning
        facts.append(Fact(label, quantities.land_price(value) if value is not None else "", meaning))
    return facts


def supply_facts(item, names) -> list[Fact]:
    """Utilities or services; "not stated" reads "Ask us"."""
    return [Fact(capfirst(item._meta.get_field(name).verbose_name), display(item, name)) for name in names]


def display(item, name) -> str:
    return "" if getattr(item, name) == "unknown" else getattr(item, f"get_{name}_display")()


def listing_row(listing, unit: str = ""):
    area = listing.land_area_m2 if listing.is_land else None
    facts = [
        (
            _("land") if listing.is_land else _("floor area"),
            quantities.land_area(area, unit) if area is not None else listing.area_text or _("Ask us"),
        ),
        (
            _("price") if listing.sale_price_text or not listing.rent_text else _("rent"),
            listing.sale_price_text or listing.rent_text or _("Ask us"),
        ),
        (_("updated"), ledger_day(listing.updated_at)),
    ]
    return row(
        listing,
        meta=[text for text in (listing.code, listing.get_kind_display(), place_name(listing)) if text],
        tags=[(listing.get_availability_display(), AVAILABILITY_TAGS.get(listing.availability, ""))],
        facts=facts,
    )


def place_name(item) -> str:
    """The park that an item lies in, if it is public; else the district, if one is stated."""
    if park := public_or_none(item.park):
        return park.name
    return item.district.name if item.district else ""


def listing_facts(listing) -> list[Fact]:
    """Areas in two units, tenure, price with its basis."""
    facts = [
        Fact(_("Parcel or unit number"), listing.code),
        Fact(_("Kind"), listing.get_kind_display()),
        Fact(_("Availability"), listing.get_availability_display(), available_from(listing)),
    ]
    if listing.is_land:
        facts.append(Fact(_("Land area"), land(listing.land_area_m2)))
    else:
        facts.append(Fact(_("Floor area"), listing.area_text))
        facts += stated([Fact(_("Land area"), land(listing.land_area_m2))])
    smallest = listing.divisible_min_m2
    facts += stated(
        [Fact(_("Smallest part"), "" if smallest is None else land(smallest) if listing.is_land else quantities.floor_area(smallest))]
    )
    facts += [
        Fact(_("Tenure"), listing.get_tenure_display()),
        Fact(_("Sale price"), listing.sale_price_text, listing.price_basis if listing.sale_price_text else ""),
    ]
    if listing.rent_text or not listing.is_land:
        facts.append(Fact(_("Rent"), listing.rent_text, listing.price_basis if listing.rent_text and not listing.sale_price_text else ""))
    if listing.is_land:
        facts += [
            Fact(_("Planned use"), " ".join(text for text in (listing.planned_use, listing.planned_use_code) if text)),
            Fact(_("Term"), ngettext("%d year", "%d years", listing.term_years) % listing.term_years if listing.term_years else ""),
        ]
    return facts


def available_from(listing) -> str:
    return _("from %s") % date_in_words(listing.available_from) if listing.available_from else ""


def building_facts(listing) -> list[Fact]:
    if listing.is_land:
        return []
    return [
        Fact(_("Clear height"), _("%s m") % quantities.plain(listing.clear_height_m) if listing.clear_height_m is not None else ""),
        Fact(_("Floor load"), listing.floor_load_text),
        Fact(_("Floors"), str(listing.floors) if listing.floors else ""),
        Fact(_("Power"), f"{listing.power_kva:,} kVA" if listing.power_kva is not None else ""),
    ]
