"""Projects: opportunities, enterprises and works."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from parks.rows import listing_row
from parks.views import contacts_for
from projects.filters import ProjectFilter
from projects.models import Project
from projects.rows import project_facts, project_row
from publishing.display import public_or_none
from publishing.views import PublicDetail, PublicList


class ProjectList(PublicList):
    model = Project
    filterset_class = ProjectFilter
    template_name = "projects/project_list.html"
    shows_covers = True
    title = _("Investment projects")
    lede = _("Opportunities that seek an investor or a partner, enterprises that have come, and the works that serve them.")
    export_name = "projects:export"
    export_fields = [
        "slug",
        "title",
        "summary",
        "kind",
        "stage",
        "stage_as_of",
        "district",
        "park",
        "industries",
        "investor",
        "investor_region",
        "investment_cny",
        "investment_max_cny",
        "land_area_m2",
        "output_cny_year",
        "tax_cny_year",
        "nature",
        "cooperation",
        "valid_until",
        "is_sample",
        "source",
        "as_of",
    ]

    def related(self, queryset):
        return queryset.select_related("park", "district").prefetch_related("industries")

    def row(self, item, filterset):
        return project_row(item, filterset.data.get("unit") and filterset.cleaned["unit"])

    def count_text(self, count):
        return ngettext("%d project", "%d projects", count) % count

    def context(self, filterset):
        kinds = filterset.cleaned.get("kind", [])
        tabs = [(_("All"), ""), (_("Opportunities"), "opportunity"), (_("Enterprises"), "enterprise"), (_("Infrastructure works"), "works")]
        present = set(Project.objects.public().in_language().order_by().values_list("kind", flat=True).distinct())
        return {
            "tabs": [
                {"title": title, "url": f"?kind={kind}" if kind else "?", "current": kinds == ([kind] if kind else [])}
                for title, kind in tabs
                if not kind or kind in present
            ]
        }


class ProjectDetail(PublicDetail):
    model = Project
    template_name = "projects/project_detail.html"
    list_title = _("Investment projects")
    list_name = "projects:list"

    def items(self):
        return super().items().select_related("park", "district")

    def context(self, item):
        return {
            "facts": project_facts(item),
            "industries": item.industries.public().in_language(),
            "milestones": item.milestones.all(),
            "stages": [(stage.label, stage == item.stage) for stage in Project.STAGES.get(item.kind, ())] if item.stage else [],
            "policies": item.park.policies.public().in_language() if public_or_none(item.park) else [],
            "articles": item.articles.public().in_language()[:5],
            "listings": [listing_row(listing) for listing in item.listings.public().in_language().select_related("park", "district")],
            "contacts": contacts_for(item),
            "park": public_or_none(item.park),
        }
