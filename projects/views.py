"""Projects: opportunities, enterprises and works."""

from django.utils.translation import gettext_lazy as _

from parks.views import contacts_for
from projects.filters import ProjectFilter
from projects.models import Project
from publishing.views import PublicDetail, PublicList


class ProjectList(PublicList):
    model = Project
    filterset_class = ProjectFilter
    template_name = "projects/project_list.html"
    export_name = "projects:export"
    export_fields = [
        "slug", "title", "summary", "kind", "stage", "stage_as_of", "district", "park", "industries", "investor", "investor_region",
        "investment_cny", "investment_max_cny", "land_area_m2", "output_cny_year", "tax_cny_year", "nature", "cooperation",
        "valid_until", "is_sample", "source", "as_of",
    ]

    def related(self, queryset):
        return queryset.select_related("park", "district").prefetch_related("industries")

    def context(self, filterset):
        kinds = filterset.cleaned.get("kind", [])
        tabs = [(_("All"), ""), (_("Opportunities"), "opportunity"), (_("Enterprises"), "enterprise"), (_("Infrastructure works"), "works")]
        present = set(Project.objects.public().in_language().order_by().values_list("kind", flat=True).distinct())
        return {
            "tabs": [
                {"label": label, "address": f"?kind={kind}" if kind else "?", "is_current": kinds == ([kind] if kind else [])}
                for label, kind in tabs
                if not kind or kind in present
            ]
        }


class ProjectDetail(PublicDetail):
    model = Project
    template_name = "projects/project_detail.html"

    def items(self):
        return super().items().select_related("park", "district")

    def context(self, item):
        return {
            "industries": item.industries.public().in_language(),
            "milestones": item.milestones.all(),
            "stages": [{"label": stage.label, "is_current": stage == item.stage} for stage in Project.STAGES[item.kind]] if item.stage else [],
            "policies": item.park.policies.public().in_language() if item.park else [],
            "articles": item.articles.public().in_language()[:5],
            "listings": item.listings.public().in_language(),
            "contacts": contacts_for(item),
            "park": item.park if item.park and item.park.is_public else None,
        }
