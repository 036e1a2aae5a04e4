"""Parks, and the land and buildings on offer."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from bureaus.models import Contact
from parks.filters import ListingFilter, ParkFilter
from parks.models import Listing, Park, TransportLink
from publishing.views import PublicDetail, PublicList

OPEN = [Listing.Availability.AVAILABLE, Listing.Availability.ANNOUNCED]


class ParkList(PublicList):
    model = Park
    filterset_class = ParkFilter
    template_name = "parks/park_list.html"
    export_name = "parks:export"
    export_fields = [
        "slug", "title", "summary", "level", "kind", "parent", "district", "districts", "industries", "area_planned_m2",
        "area_developed_m2", "area_available_m2", "latitude", "longitude", "position_accuracy_km", "source", "as_of",
    ]

    def related(self, queryset):
        open_listings = Count("listings", filter=Q(listings__in=Listing.objects.public().filter(availability__in=OPEN)), distinct=True)
        return queryset.select_related("district", "parent").prefetch_related("industries", "districts").annotate(open_listings=open_listings)


class ParkDetail(PublicDetail):
    model = Park
    template_name = "parks/park_detail.html"

    def items(self):
        return super().items().select_related("district", "parent")

    def context(self, item):
        projects = list(item.projects.public().in_language().prefetch_related("industries").order_by("pk"))
        return {
            "functional_areas": item.functional_areas.all(),
            "children": item.children.public().in_language().select_related("district").order_by("pk"),
            "industries": item.industries.public().in_language(),
            "listings": item.listings.public().in_language().order_by("-updated_at", "pk"),
            "enterprises": [project for project in projects if project.kind == "enterprise"],
            "works": [project for project in projects if project.kind == "works"],
            "opportunities": [project for project in projects if project.kind == "opportunity"],
            "policies": item.policies.public().in_language(),
            "figures": item.key_figures.public().in_order(),
            "articles": item.articles.public().in_language()[:5],
            "links": transport_links(item),
            "amenities": item.amenities.all(),
            "contacts": contacts_for(item),
        }


class ListingList(PublicList):
    model = Listing
    filterset_class = ListingFilter
    template_name = "parks/listing_list.html"
    export_name = "listings:export"
    export_fields = [
        "code", "slug", "title", "kind", "park", "district", "availability", "available_from", "tenure", "land_area_m2",
        "floor_area_m2", "divisible_min_m2", "sale_price", "rent", "price_basis", "planned_use_code", "planned_use", "term_years",
        "clear_height_m", "floor_load_kn_m2", "floors", "power_kva", "industries", "latitude", "longitude", "is_sample", "source", "as_of",
    ]

    def related(self, queryset):
        return queryset.select_related("park", "district").prefetch_related("industries")

    def context(self, filterset):
        kinds = filterset.cleaned.get("kind", [])
        return {
            "tabs": [
                {"label": _("All"), "address": "?", "is_current": not kinds},
                {"label": _("Land"), "address": "?kind=land", "is_current": kinds == ["land"]},
                {"label": _("Factories"), "address": "?kind=factory", "is_current": kinds == ["factory"]},
            ]
        }


class ListingDetail(PublicDetail):
    model = Listing
    template_name = "parks/listing_detail.html"

    def items(self):
        return super().items().select_related("park", "park__district", "district")

    def context(self, item):
        similar = Listing.objects.public().in_language().filter(kind=item.kind, availability__in=OPEN).exclude(pk=item.pk)
        return {
            "industries": item.industries.public().in_language(),
            "policies": item.park.policies.public().in_language() if item.park else [],
            "links": transport_links(item),
            "similar": similar.select_related("park", "district").order_by("-updated_at", "pk")[:3] if not item.is_public or item.availability == "allocated" else [],
            "contacts": contacts_for(item.park or item),
            "park": item.park if item.park and item.park.is_public else None,
        }


def transport_links(item):
    """The item's own links (a listing's park's too), then those of the whole city."""
    own = Q(park=item) if isinstance(item, Park) else Q(listing=item) | Q(park__isnull=False, park=item.park_id)
    return TransportLink.objects.filter(own | Q(park=None, listing=None)).order_by("order", "pk")


def contacts_for(item):
    """Who answers about a park or project: its own contacts; else the desk and office of its bureau; else the city's."""
    chosen = Q(pk__in=[])
    if hasattr(item, "contacts"):
        chosen = Q(pk__in=item.contacts.values("pk"))
    found = list(
        Contact.objects.filter(chosen | Q(bureau=item.bureau_id) | Q(bureau__takes_unrouted=True))
        .annotate(is_chosen=Count("pk", filter=chosen))
        .select_related("bureau")
        .exclude(kind__in=[Contact.Kind.COMPLAINTS, Contact.Kind.PRESS])
    )
    for belongs in (lambda one: one.is_chosen, lambda one: one.bureau_id == item.bureau_id, lambda one: True):
        if some := [one for one in found if belongs(one)]:
            return some
    return []
