"""The pages of projects: opportunities, enterprises, works (investors.md 2.7, 4.1)."""

import datetime

import pytest

from publishing.models import Status
from tests.factories import in_three, make_listing, make_opportunity, make_park, make_policy, make_project, make_project_milestone
from tests.pages import page_of

pytestmark = pytest.mark.django_db


def text_at(visitor, address):
    return page_of(visitor.get(address)).text


def test_an_enterprise_shows_its_figures_with_their_nature(visitor):
    make_project(
        slug="plant",
        stage="construction",
        stage_as_of=datetime.date(2023, 10, 19),
        investment_cny=1_000_000_000,
        stated_amount=140_000_000,
        stated_currency="USD",
        land_area_m2=200_000,
        output_cny_year=500_000_000,
        tax_cny_year=20_000_000,
        nature="expected",
        **in_three("investor", "XPeng"),
    )
    text = text_at(visitor, "/en/projects/plant/")
    for fact in (
        "as of 19 Oct 2023",
        "XPeng",
        "CNY 1 billion published as USD 140 million",
        "20 ha (300 mu)",
        "CNY 500 million expected",
        "CNY 20 million expected",
    ):
        assert fact in text
    assert "10亿元" in text_at(visitor, "/zh-hans/projects/plant/")


def test_unknown_facts_lead_to_an_inquiry_about_the_project(visitor):
    make_project(slug="plant", stage="")
    page = page_of(visitor.get("/en/projects/plant/"))
    for fact in ("Stage", "Investor", "Investment", "Land", "Output a year", "Tax a year"):
        assert f"{fact} Ask us" in page.text
    assert all("project=plant" in link["href"] for link in page.all("a") if link.get("class") == "ask")


def test_a_stage_without_a_date_says_so(visitor):
    make_project(slug="plant", stage_as_of=None)
    assert "date not stated" in text_at(visitor, "/en/projects/plant/")


def test_the_stages_of_each_kind_stand_in_order_with_the_present_one_marked(visitor):
    for kind, stage, stages in (
        ("enterprise", "trial-production", ["signed", "under construction", "trial production", "in production"]),
        ("works", "construction", ["preliminary work", "under construction", "completed"]),
        ("opportunity", "open", ["seeking investor", "in negotiation", "investor found"]),
    ):
        make_project(slug=kind, kind=kind, stage=stage, cooperation="sole")
        response = visitor.get(f"/en/projects/{kind}/")
        assert [str(label) for label, _current in response.context["stages"]] == stages
        assert len(page_of(response).all("li", **{"aria-current": "step"})) == 1


def test_an_opportunity_says_what_is_sought_and_until_when(visitor):
    make_opportunity(
        slug="chance", cooperation="joint", valid_until=datetime.date(2027, 6, 30), investment_cny=10**7, investment_max_cny=10**8
    )
    text = text_at(visitor, "/en/projects/chance/")
    assert "Cooperation Joint venture" in text
    assert "30 Jun 2027" in text
    assert "CNY 10 million to CNY 100 million" in text
    assert "Investor" not in text.partition("Key facts")[2].partition("Investment")[0]


def test_works_ask_for_no_investment(visitor):
    make_project(slug="road", kind="works", stage="preliminary", works_kind="road")
    text = text_at(visitor, "/en/projects/road/").partition("Key facts")[2].partition("Stage")[2]
    assert "Kind of works Road" in text
    assert "Tax a year" not in text


def test_milestones_stand_by_date_and_planned_ones_are_marked(visitor):
    project = make_project(slug="plant")
    make_project_milestone(project=project, date=datetime.date(2024, 6, 1), is_planned=True, **in_three("title", "Opening"))
    make_project_milestone(project=project, date=datetime.date(2022, 3, 1), date_precision="month", **in_three("title", "Signing"))
    text = text_at(visitor, "/en/projects/plant/")
    assert text.index("March 2022 Signing") < text.index("1 Jun 2024 Opening planned")


def test_a_project_shows_its_place_its_land_and_the_policies_there(visitor):
    park = make_park(**in_three("title", "Park"))
    project = make_project(slug="plant", park=park)
    project.listings.add(make_listing(**in_three("title", "Plot")), make_listing(status=Status.DRAFT, **in_three("title", "Hidden plot")))
    make_policy(**in_three("title", "Reward")).parks.add(park)
    text = text_at(visitor, "/en/projects/plant/")
    assert all(word in text for word in ("Park", "Plot", "Reward"))
    assert "Hidden plot" not in text


def test_tabs_of_the_list_are_the_kinds_that_exist(visitor):
    make_project()
    assert [str(tab["title"]) for tab in visitor.get("/en/projects/").context["tabs"]] == ["All", "Enterprises"]
    make_opportunity()
    assert [str(tab["title"]) for tab in visitor.get("/en/projects/").context["tabs"]] == ["All", "Opportunities", "Enterprises"]


def test_the_list_shows_investment_land_and_day_of_change(visitor):
    make_project(investment_cny=10**9)
    facts = dict(visitor.get("/en/projects/").context["rows"][0].facts)
    assert facts["investment"] == "CNY 1 billion"
    assert "Ask us" in facts["land"]
    assert len(facts["updated"]) == 10
