"""The staff area of parks, land and buildings, and the ways to get there."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import WordListAdmin, in_languages
from city.measures import AREA, PRICE, RENT
from parks.models import Amenity, FunctionalArea, Listing, Park, TransportLink
from publishing import bulk
from publishing.admin import PublishableAdmin
from publishing.inlines import PartInline, PictureUseInline
from publishing.languages import columns
from publishing.tables.columns import TableOptions

LINK_FIELDS = [("kind", "state", "order"), *in_languages("place"), ("mode", "km", "minutes"), *in_languages("source"), "as_of"]


class FunctionalAreaInline(PartInline):
    model = FunctionalArea
    fk_name = "park"
    add_words = _("Add a functional area")
    fields = [("kind", "order"), *in_languages("title", "role"), "industries"]


class ParkLinkInline(PartInline):
    model = TransportLink
    fk_name = "park"
    add_words = _("Add a way to get there")
    fields = LINK_FIELDS


class ListingLinkInline(PartInline):
    model = TransportLink
    fk_name = "listing"
    add_words = _("Add a way to get there")
    fields = LINK_FIELDS


class AmenityInline(PartInline):
    model = Amenity
    fk_name = "park"
    add_words = _("Add an amenity")
    fields = [("kind", "state", "order"), *in_languages("title"), "km"]


@admin.register(Park)
class ParkAdmin(PublishableAdmin):
    texts = ("title", "short_title", "summary", "positioning", "body", "address", "utilities_note")
    facts = (
        ("kind", "level"),
        ("district", "parent"),
        "districts",
        "industries",
        "contacts",
        "key_figures",
    )
    more_facts = (
        (
            _("Land and what is asked for it"),
            (("area_planned_m2", "area_developed_m2", "area_available_m2"), ("intensity_min", "output_min", "tax_min")),
        ),
        (_("Utilities"), (Park.UTILITIES,)),
        (_("Place on the map"), (("latitude", "longitude", "position_accuracy_km"), "map_id")),
    )
    autocomplete_fields = ["parent", "key_figures"]
    inlines = [PictureUseInline, FunctionalAreaInline, ParkLinkInline, AmenityInline]
    list_filter = [*PublishableAdmin.list_filter, "kind", "level"]


def faults_of_listing(values):
    """What a row of a table says of a listing that cannot be, as `(field, sentence)`."""
    if (values["latitude"] is None) != (values["longitude"] is None):
        yield "latitude" if values["latitude"] is None else "longitude", gettext("Give both latitude and longitude, or neither.")


LISTING_TABLE = TableOptions(
    key="code",
    names=(
        "code",
        "title",
        "kind",
        "park",
        "district",
        "availability",
        "available_from",
        "expires_at",
        "land_area_m2",
        "floor_area_m2",
        "divisible_min_m2",
        "tenure",
        "term_years",
        "sale_price",
        "rent",
        "price_basis",
        "planned_use_code",
        "planned_use",
        "intensity_min",
        "output_min",
        "tax_min",
        *Listing.SERVICES,
        "services_note",
        "clear_height_m",
        "floor_load_kn_m2",
        "floors",
        "power_kva",
        "industries",
        "latitude",
        "longitude",
        "summary",
        "source",
        "source_url",
        "as_of",
    ),
    measures=dict.fromkeys(("land_area_m2", "floor_area_m2", "divisible_min_m2"), AREA)
    | dict.fromkeys(("sale_price", "intensity_min", "output_min", "tax_min"), PRICE)
    | {"rent": RENT},
    order=(("available_from", "expires_at"),),
    check=faults_of_listing,
    also={
        "code": ("编号", "地块号", "宗地号", "編號"),
        "title_zh_hans": ("名称", "地块", "载体"),
        "title_zh_hant": ("名稱",),
        "kind": ("类别", "类型", "性质", "類別"),
        "park": ("园区", "園區"),
        "district": ("县区", "区县", "属地"),
        "land_area_m2": ("面积", "占地", "面積"),
        "floor_area_m2": ("厂房面积", "建面"),
        "sale_price": ("单价", "地价", "起始价", "單價"),
        "available_from": ("可供应时间", "交地时间", "起始日期"),
        "planned_use_zh_hans": ("用途", "规划用途"),
        "term_years": ("年限",),
        "services_note_zh_hans": ("备注",),
    },
)


@admin.register(Listing)
class ListingAdmin(PublishableAdmin):
    texts = ("title", "summary", "price_basis", "planned_use", "services_note")
    facts = (
        ("code", "kind"),
        ("park", "district"),
        ("availability", "available_from"),
        "industries",
    )
    more_facts = (
        (
            _("Size, price and term"),
            (
                ("land_area_m2", "floor_area_m2", "divisible_min_m2"),
                ("sale_price", "rent"),
                ("tenure", "term_years", "planned_use_code"),
                ("intensity_min", "output_min", "tax_min"),
            ),
        ),
        (_("Services at the boundary"), (Listing.SERVICES,)),
        (_("Building"), (("clear_height_m", "floor_load_kn_m2", "floors", "power_kva"),)),
        (_("Place on the map"), (("latitude", "longitude"),)),
    )
    autocomplete_fields = ["park"]
    inlines = [PictureUseInline, ListingLinkInline]
    search_fields = [*PublishableAdmin.search_fields, "code"]
    list_filter = [*PublishableAdmin.list_filter, "kind", "availability"]
    table = LISTING_TABLE
    actions = [*PublishableAdmin.actions, "mark_as_leased"]

    @admin.action(description=_("Mark as leased …"), permissions=["change"])
    def mark_as_leased(self, request, queryset):
        values = {"availability": Listing.Availability.ALLOCATED.value}
        return bulk.change_many(self, request, queryset, values, action="mark_as_leased", name=gettext("Mark as leased"))


@admin.register(TransportLink)
class CityLinkAdmin(WordListAdmin):
    """Links of the city itself; those of parks and listings stand in their forms."""

    list_display = ["place", "kind", "state", "km", "minutes"]
    list_filter = ["kind", "state"]
    search_fields = columns("place")
    fields = LINK_FIELDS

    def get_queryset(self, request):
        return super().get_queryset(request).filter(park=None, listing=None)
