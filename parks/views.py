"""Parks, and the land and buildings on offer."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bureaus.models import Contact
from parks.filters import ListingFilter, ParkFilter
from parks.models import Listing, Park, TransportLink
from parks.places import map_context, parks_around
from parks.rows import building_facts, control_facts, listing_facts, listing_row, park_facts, park_row, supply_facts
from publishing.display import public_or_none, row
from publishing.views import PublicDetail, PublicList

OPEN = [Listing.Availability.AVAILABLE, Listing.Availability.ANNOUNCED]


class ParkList(PublicList):
    model = Park
    filterset_class = ParkFilter
    template_name = "parks/park_list.html"
    shows_covers = True
    title = _("Industrial parks")
    lede = _("Parks and zones of Zhaoqing, with what they are for, their land and who answers for them.")
    export_name = "parks:export"
    export_fields = [
        "slug",
        "title",
        "summary",
        "level",
        "kind",
        "parent",
        "district",
        "districts",
        "industries",
        "area_planned_m2",
        "area_developed_m2",
        "area_available_m2",
        "latitude",
        "longitude",
        "position_accuracy_km",
        "source",
        "as_of",
    ]

    def related(self, queryset):
        open_listings = Count("listings", filter=Q(listings__in=Listing.objects.public().filter(availability__in=OPEN)), distinct=True)
        return (
            queryset.select_related("district", "parent").prefetch_related("industries", "districts").annotate(open_listings=open_listings)
        )

    def row(self, item, filterset):
        return park_row(item, filterset.data.get("unit") and filterset.cleaned["unit"])

    def count_text(self, count):
        return ngettext("%d park", "%d parks", count) % count

    def context(self, filterset):
        return {"map": map_context(parks_around()) if not filterset.active else {}}


class ParkDetail(PublicDetail):
    model = Park
    template_name = "parks/park_detail.html"
    list_title = _("Industrial parks")
    list_name = "parks:list"

    def items(self):
        return super().items().select_related("district", "parent")

    def above(self, item):
        parent = public_or_none(item.parent)
        return [(parent.name, parent.get_absolute_url())] if parent else []

    def context(self, item):
        projects = item.projects.public().in_language().order_by("kind", "pk")
        around = list(parks_around(item))
        return {
            "map": map_context(around, item),
            "facts": park_facts(item),
            "controls": control_facts(item),
            "utilities": supply_facts(item, Park.UTILITIES),
            "functional_areas": item.functional_areas.all(),
            "children": [row(one, text=one.summary) for one in around if one.parent_id == item.pk],
            "industries": item.industries.public().in_language(),
            "listings": [listing_row(listing) for listing in item.listings.public().in_language().order_by("-updated_at", "pk")],
            "projects": projects_by_kind(projects),
            "policies": item.policies.public().in_language(),
            "figures": item.key_figures.public().in_order(),
            "articles": item.articles.public().in_language()[:5],
            "answers": item.public_answers.public().in_language().defer("body_en", "body_zh_hans", "body_zh_hant")[:10],
            "transport": transport(item),
            "amenities": item.amenities.all(),
            "contacts": contacts_for(item),
        }


class ListingList(PublicList):
    model = Listing
    filterset_class = ListingFilter
    template_name = "parks/listing_list.html"
    shows_covers = True
    title = _("Land and factories")
    lede = _("Industrial land, factories and other buildings on offer. What is not stated here, the bureau will tell you.")
    export_name = "listings:export"
    export_fields = [
        "code",
        "slug",
        "title",
        "kind",
        "park",
        "district",
        "availability",
        "available_from",
        "tenure",
        "land_area_m2",
        "floor_area_m2",
        "divisible_min_m2",
        "sale_price",
        "rent",
        "price_basis",
        "planned_use_code",
        "planned_use",
        "term_years",
        "clear_height_m",
        "floor_load_kn_m2",
        "floors",
        "power_kva",
        "industries",
        "latitude",
        "longitude",
        "is_sample",
        "source",
        "as_of",
    ]

    def related(self, queryset):
        return queryset.select_related("park", "district").prefetch_related("industries")

    def row(self, item, filterset):
        return listing_row(item, filterset.data.get("unit") and filterset.cleaned["unit"])

    def count_text(self, count):
        return ngettext("%d listing", "%d listings", count) % count

    def context(self, filterset):
        kinds = filterset.cleaned.get("kind", [])
        tabs = [(_("All"), ""), (_("Land"), "land"), (_("Factories"), "factory")]
        present = set(Listing.objects.public().in_language().order_by().values_list("kind", flat=True).distinct())
        return {
            "tabs": [
                {"title": title, "url": f"?kind={kind}" if kind else "?", "current": kinds == ([kind] if kind else [])}
                for title, kind in tabs
                if not kind or kind in present
            ]
        }


class ListingDetail(PublicDetail):
    model = Listing
    template_name = "parks/listing_detail.html"
    list_title = _("Land and factories")
    list_name = "listings:list"

    def items(self):
        return super().items().select_related("park", "park__district", "district")

    def context(self, item):
        similar = Listing.objects.public().in_language().filter(kind=item.kind, availability__in=OPEN).exclude(pk=item.pk)
        similar = similar.select_related("park", "district").order_by("-updated_at", "pk")[:3]
        return {
            "facts": listing_facts(item),
            "building": building_facts(item),
            "controls": control_facts(item) if item.is_land else [],
            "services": supply_facts(item, Listing.SERVICES),
            "industries": item.industries.public().in_language(),
            "policies": item.park.policies.public().in_language() if public_or_none(item.park) else [],
            "transport": transport(item),
            "similar": [listing_row(one) for one in similar] if item.availability not in OPEN or not item.is_public else [],
            "contacts": contacts_for(item.park or item),
            "park": public_or_none(item.park),
        }


def projects_by_kind(projects) -> list[dict]:
    """Projects of a park under the name of their kind: `{"title", "rows"}`; only kinds that are there.

    Seen from below, a project is data: its kind and stage in words, no import of its app.
    """
    titles = {"opportunity": _("Opportunities"), "enterprise": _("Enterprises"), "works": _("Infrastructure works")}
    groups = []
    for kind, title in titles.items():
        found = [project for project in projects if project.kind == kind]
        rows = [row(one, text=one.summary, tags=[(one.get_stage_display(), "")] if one.stage else []) for one in found]
        if rows:
            groups.append({"kind": kind, "title": title, "rows": rows})
    return groups


def transport(item) -> dict:
    """The item's own links (a listing's park's too) and those of the whole city; of each source the first link that names it."""
    own = Q(park=item) if isinstance(item, Park) else Q(listing=item) | Q(park__isnull=False, park=item.park_id)
    links, sources = list(TransportLink.objects.filter(own | Q(park=None, listing=None)).order_by("order", "pk")), {}
    for link in links:
        sources.setdefault(link.source, link)
    is_incomplete = not all(link.distance_text or link.minutes_text for link in links)
    return {"links": links, "sources": [link for source, link in sources.items() if source], "is_incomplete": is_incomplete}


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
