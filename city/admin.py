"""The staff area of the city: figures, industries, pages, history, exchange rates."""

from itertools import count

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import WordListAdmin
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from publishing.admin import PublishableAdmin
from publishing.forms import PublishableForm
from publishing.tables.columns import TableOptions


@admin.register(Industry)
class IndustryAdmin(PublishableAdmin):
    texts = ("title", "summary", "body")
    facts = ("group", "order")
    list_filter = [*PublishableAdmin.list_filter, "group"]


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    texts = ("title", "summary", "body")
    facts = ("parent", ("in_menu", "order"))
    autocomplete_fields = ["parent"]


@admin.register(Milestone)
class MilestoneAdmin(PublishableAdmin):
    texts = ("title", "body")
    facts = (("date", "date_precision"), ("kind", "subject_code"), "is_planned")
    inlines = []
    list_filter = [*PublishableAdmin.list_filter, "kind"]


def faults_of_figure(values):
    """What a row of a table says of a figure that cannot be, as `(field, sentence)`."""
    if values["home_order"] is not None and not 1 <= values["home_order"] <= 4:
        yield "home_order", gettext("The place on the home page is 1, 2, 3 or 4.")


FIGURE_TABLE = TableOptions(
    key="code",
    names=(
        "code",
        "title",
        "subject_code",
        "subject",
        "indicator_code",
        "group",
        "value",
        "unit",
        "precision",
        "nature",
        "period_kind",
        "period_start",
        "period_end",
        "growth_percent",
        "growth_note",
        "definition",
        "note",
        "district",
        "industry",
        "home_order",
        "confirmed_on",
        "source",
        "source_url",
        "as_of",
        "staff_note",
    ),
    order=(("period_start", "period_end"),),
    whole={"period_start": "start", "period_end": "end"},
    percents=("growth_percent",),
    check=faults_of_figure,
    also={"code": ("编号",), "title_zh_hans": ("指标",), "growth_percent": ("增速", "同比", "增长"), "source_zh_hans": ("来源",)},
)


class KeyFigureForm(PublishableForm):
    """A figure gets a code where its author writes none: links point at it, and nobody should have to think one up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Links point at it, so it stays for ever. Leave it empty: the next free one is taken.")

    def clean_code(self):
        return self.cleaned_data["code"] or self._free_code()

    def _free_code(self):
        """N1, N2 ...: codes with another letter come with the site's own content."""
        taken = set(KeyFigure._base_manager.filter(code__startswith="N").values_list("code", flat=True))
        return next(code for code in (f"N{number}" for number in count(1)) if code not in taken)


@admin.register(KeyFigure)
class KeyFigureAdmin(PublishableAdmin):
    form = KeyFigureForm
    texts = ("title", "subject", "definition", "note", "growth_note")
    facts = (
        ("value", "unit", "precision"),
        ("period_kind", "period_start", "period_end"),
        ("group", "nature", "growth_percent"),
        ("district", "industry", "home_order"),
    )
    more_facts = (
        (_("Codes"), (("subject_code", "indicator_code", "code"),)),
        (_("For staff"), ("confirmed_on", "staff_note")),
    )
    inlines = []
    search_fields = [*PublishableAdmin.search_fields, "code", "indicator_code"]
    list_filter = [*PublishableAdmin.list_filter, "group", "nature"]
    table = FIGURE_TABLE


@admin.register(ExchangeRate)
class ExchangeRateAdmin(WordListAdmin):
    """Converts what pages show at once; only the city bureau keeps the rates."""

    list_display = ["currency", "date", "cny_per_unit", "source"]
    list_filter = ["currency"]
