"""Every component on one page, with objects that are never saved; the numbers here are made up and say so."""

import datetime
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from bureaus.models import Bureau, Contact
from city import charts
from city.models import KeyFigure
from news.models import Article
from parks import maps
from parks.models import Park
from publishing.display import Fact, Row
from publishing.models import Picture, Status
from zhaoqing_site.frame import Everything
from zhaoqing_site.home import ParkLine, jobs, promise, steps

NUMBERS = {"industry": {"food": 5, "metal": 0, "energy": 11}}


class SampleFilter(forms.Form):
    industry = forms.MultipleChoiceField(
        label="Industry",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("food", "Food and beverage"), ("metal", "Metal processing"), ("energy", "New energy storage")],
    )
    area_min = forms.CharField(label="Available land", required=False)
    area_max = forms.CharField(label="Available land", required=False)
    unit = forms.ChoiceField(label="Unit of land", choices=[("ha", "hectares"), ("mu", "mu")], required=False)
    sort = forms.CharField(widget=forms.HiddenInput, required=False)


class SampleForm(forms.Form):
    name = forms.CharField(label="Your name")
    email = forms.EmailField(label="E-mail", help_text="We answer to this address.")
    topic = forms.ChoiceField(label="What is it about?", widget=forms.RadioSelect, choices=[("land", "Land"), ("other", "Something else")])
    phone = forms.CharField(label="Telephone", required=False)
    message = forms.CharField(label="Your plan", widget=forms.Textarea, help_text="Product, investment, land or floor area, timing")


def style_guide_context() -> dict:
    return {
        "noindex": True,
        "breadcrumb": [(_("Industrial parks"), "#"), ("Style guide", "")],
        "jobs": jobs(Everything()),
        "steps": steps(),
        "next": [("At once", "A reference number, on the screen and by e-mail"), ("Within 2 working days", "A full answer")],
        "promise": promise(),
        "state_items": state_items(),
        "cited": cited(),
        "contacts": [contact()],
        "pictures": [without_file()],
        "articles": articles(),
        "form": SampleForm({"name": "A name", "email": "name@example", "topic": "land"}),
        **lists(),
        **figures_and_charts(),
        **map_and_parks(),
    }


def lists():
    return {
        "filter_form": SampleFilter({"industry": ["energy"], "area_min": "5", "unit": "ha"}),
        "counts": NUMBERS,
        "chips": [("New energy storage", "?"), ("Available land: 5 to", "?")],
        "tabs": [
            {"title": "All", "url": "?", "count": 46, "current": True},
            {"title": "Opportunities", "url": "?kind=opportunity", "count": 31, "current": False},
        ],
        "page_obj": Paginator(range(240), 20).page(6),
        "rows": rows(),
        "facts": [Fact("Planned area", "9,042 ha (135,630 mu)", "a sample"), Fact("Least investment", ""), Fact("Level", "national")],
    }


def figures_and_charts():
    series = [figure(year, value) for year, value in ((2021, "18.4"), (2022, "19.7"), (2023, "21.2"), (2024, "22.8"))]
    beside = [figure(2024, value, title) for title, value in (("Gross output", "82"), ("Regional GDP", "23"), ("Investment", "16"))]
    return {"figures": figures(), "chart": charts.column_chart(series), "bars": charts.bar_chart(beside)}


def map_and_parks():
    pins = [maps.Pin(map_id, number, title, "#") for number, (map_id, title, *_rest) in enumerate(PARKS, 1)]
    return {"pins": pins, "parks": park_lines()}


PARKS = [
    ("hightech-zone", "Zhaoqing High-tech Industrial Development Zone", "High-tech Zone", "national", "Sihui City"),
    ("new-district", "Zhaoqing New District", "New District", "", "Dinghu District"),
    ("yuegui-zone", "Guangdong–Guangxi Cooperation Special Experimental Zone", "Guangdong–Guangxi Zone", "", "Fengkai County"),
]


def park_lines():
    return [ParkLine(number, short, "#", "", tag, "seal", place) for number, (_id, _title, short, tag, place) in enumerate(PARKS, 1)]


def rows():
    return [
        Row(
            "Sample: battery parts, phase II",
            "#",
            text="A sample row, for layout only.",
            meta=["New energy vehicles", "High-tech Zone"],
            tags=[("seeking investor", "go")],
            facts=[("investment", "CNY 620 million"), ("land", "8.4 ha"), ("updated", "2026-11-12")],
        ),
        Row("四会富溪科创园", "#", "zh-Hans", meta=["Land", "Sihui"], tags=[("Sample", "seal")], facts=[("land", "3.3 ha")]),
    ]


def figure(year, value, title="Regional GDP"):
    return KeyFigure(
        code=f"X{year}",
        slug=f"x{year}",
        subject_code="sample",
        subject_en="Sample zone",
        indicator_code="gdp",
        title_en=title,
        value=Decimal(value),
        unit="cny-billion",
        period_kind="year",
        group="economy",
        period_start=datetime.date(year, 1, 1),
        period_end=datetime.date(year, 12, 31),
        source_en="Sample values, for layout only",
    )


def figures():
    growing, planned = figure(2023, "21.2"), figure(2025, "30", "Planned investment")
    growing.growth_percent, growing.definition_en = Decimal("6.4"), "Final result; at current prices, growth at comparable prices."
    planned.nature, planned.precision, planned.note_en = "planned", "about", "As stated in the plan of 2022."
    return [growing, planned]


def contact():
    return Contact(
        name_en="Investment desk of the sample zone",
        address_en="1 Sample Road",
        phone="+867580000000",
        email="desk@example.org",
        languages="en cmn yue",
        checked_on=datetime.date(2026, 11, 10),
    )


def without_file():
    return Picture(caption_en="What the photograph shows", credit="Photographer, publisher", license="not-held")


def articles():
    now = timezone.now()
    return [
        Article(slug="sample-1", title_en="Sample headline: dock construction enters its last stage", first_published_at=now),
        Article(slug="sample-2", title_en="Sample headline without a date", is_undated=True, first_published_at=now),
    ]


def state_items():
    now = timezone.now()
    return [
        Park(slug="a", title_en="Withdrawn", status=Status.WITHDRAWN, withdrawn_at=now, withdrawal_note_en="The area is under review."),
        Park(slug="b", title_en="Expired", status=Status.LIVE, expires_at=now),
        Park(slug="c", title_zh_hans="四会", status=Status.LIVE),
        Park(slug="d", title_en="Sample", status=Status.LIVE, is_sample=True),
    ]


def cited():
    bureau = Bureau(name_en="Sample bureau", name_zh_hans="样例", name_zh_hant="樣例")
    return Park(slug="sample", title_en="Sample zone", bureau=bureau, published_at=timezone.now(), checked_on=datetime.date(2026, 11, 10))
