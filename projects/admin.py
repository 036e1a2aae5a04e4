"""The staff area of projects."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.rights import may
from bureaus.staff import in_languages
from city.measures import AREA, MONEY
from projects.models import Project, ProjectMilestone
from publishing.admin import PublishableAdmin
from publishing.inlines import PartInline, PictureUseInline
from publishing.tables.columns import TableOptions


class ProjectMilestoneInline(PartInline):
    model = ProjectMilestone
    fk_name = "project"
    add_words = _("Add a step of the project")
    fields = [("date", "date_precision", "stage"), *in_languages("title", "source"), ("is_planned", "order")]


def faults_of_project(values):
    """What a row of a table says of a project that cannot be, as `(field, sentence)`."""
    if values["kind"] and values["stage"] and values["stage"] not in Project.STAGES[values["kind"]]:
        yield "stage", gettext("This stage does not belong to this kind of project.")


PROJECT_TABLE = TableOptions(
    key="slug",
    by_title=True,
    names=(
        "slug",
        "title",
        "kind",
        "stage",
        "stage_as_of",
        "district",
        "park",
        "listings",
        "industries",
        "investor",
        "investor_region",
        "investment_cny",
        "investment_max_cny",
        "stated_amount",
        "stated_currency",
        "land_area_m2",
        "output_cny_year",
        "tax_cny_year",
        "nature",
        "works_kind",
        "cooperation",
        "valid_until",
        "market",
        "conditions",
        "name_confirmed",
        "summary",
        "source",
        "source_url",
        "as_of",
    ),
    measures=dict.fromkeys(("investment_cny", "investment_max_cny", "output_cny_year", "tax_cny_year"), MONEY) | {"land_area_m2": AREA},
    order=(("investment_cny", "investment_max_cny"),),
    whole={"valid_until": "end"},
    check=faults_of_project,
    also={
        "title_zh_hans": ("名称", "项目"),
        "title_zh_hant": ("名稱",),
        "kind": ("类别", "类型"),
        "park": ("园区",),
        "district": ("县区", "区县", "属地"),
        "investor_zh_hans": ("投资方", "企业", "投资主体"),
        "investment_cny": ("投资额", "总投资", "投资"),
        "land_area_m2": ("用地", "面积"),
        "output_cny_year": ("年产值", "产值"),
        "tax_cny_year": ("年税收", "税收"),
        "stage": ("进度", "进展"),
    },
)


@admin.register(Project)
class ProjectAdmin(PublishableAdmin):
    texts = ("title", "summary", "body", "investor", "market", "conditions")
    facts = (
        ("kind", "stage", "stage_as_of"),
        ("park", "district"),
        "listings",
        "industries",
        "contacts",
    )
    more_facts = (
        (
            _("Amounts"),
            (
                ("investment_cny", "investment_max_cny"),
                ("stated_amount", "stated_currency"),
                ("land_area_m2", "output_cny_year", "tax_cny_year", "nature"),
            ),
        ),
        (_("What belongs to its kind"), (("cooperation", "valid_until"), ("investor_region", "name_confirmed"), "works_kind")),
    )
    autocomplete_fields = ["park", "listings"]
    inlines = [PictureUseInline, ProjectMilestoneInline]
    list_filter = [*PublishableAdmin.list_filter, "kind", "stage"]
    table = PROJECT_TABLE
    change_form_template = "admin/project_change_form.html"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """With the inquiries that it came from, for those who may read them."""
        if obj is not None:
            rows = obj.source_inquiries.order_by("received_at", "pk")
            context["source_inquiries"] = [inquiry for inquiry in rows if may(request.user, "see inquiries", inquiry)]
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
