"""The staff area of projects."""

from django.contrib import admin

from projects.models import Project, ProjectMilestone
from publishing.admin import PublishableAdmin
from publishing.inlines import PartInline, PictureUseInline, in_languages


class ProjectMilestoneInline(PartInline):
    model = ProjectMilestone
    fk_name = "project"
    fields = [("date", "date_precision", "stage"), *in_languages("title", "source"), ("is_planned", "order")]


@admin.register(Project)
class ProjectAdmin(PublishableAdmin):
    texts = ("title", "summary", "body", "investor", "market", "conditions")
    facts = (
        ("kind", "stage", "stage_as_of"),
        ("park", "district"),
        "listings",
        "industries",
        "contacts",
        ("investment_cny", "investment_max_cny"),
        ("stated_amount", "stated_currency"),
        ("land_area_m2", "output_cny_year", "tax_cny_year", "nature"),
        ("investor_region", "name_confirmed"),
        ("works_kind", "cooperation", "valid_until"),
    )
    autocomplete_fields = ["park", "listings"]
    inlines = [PictureUseInline, ProjectMilestoneInline]
    list_filter = [*PublishableAdmin.list_filter, "kind", "stage"]
