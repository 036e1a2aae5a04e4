"""Industries, history, pages about the city, contacts (investors.md 4.1)."""

import datetime

import pytest

from tests.factories import (
    in_three,
    make_article,
    make_bureau,
    make_contact,
    make_district,
    make_figure,
    make_industry,
    make_listing,
    make_milestone,
    make_opportunity,
    make_page,
    make_park,
    make_policy,
    make_project,
)
from tests.pages import page_of, section

pytestmark = pytest.mark.django_db


def text_at(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200
    return page_of(response).text


def test_industries_stand_by_group(visitor):
    for group, title in (("other", "Food"), ("core", "Cars"), ("supporting", "Materials")):
        make_industry(group=group, **in_three("title", title))
    text = text_at(visitor, "/en/industries/").partition("Results")[2] or text_at(visitor, "/en/industries/")
    assert (
        text.index("Core industries")
        < text.index("Cars")
        < text.index("Supporting industries")
        < text.index("Materials")
        < text.index("Food")
    )


def test_an_industry_shows_all_that_belongs_to_it(visitor):
    industry = make_industry(slug="cars")
    make_figure(industry=industry, **in_three("title", "Output"))
    for item in (
        make_project(**in_three("title", "Plant")),
        make_opportunity(**in_three("title", "Chance")),
        make_park(**in_three("title", "Park")),
        make_listing(**in_three("title", "Plot")),
        make_policy(**in_three("title", "Reward")),
        make_article(**in_three("title", "Opening")),
    ):
        item.industries.add(industry)
    text = text_at(visitor, "/en/industries/cars/")
    places = [text.rindex(word) for word in ("Output", "Plant", "Park", "Plot", "Chance", "Reward", "Opening")]
    assert places == sorted(places)


def test_history_stands_by_year_with_plans_last(visitor):
    make_milestone(date=datetime.date(2024, 1, 1), date_precision="year", is_planned=True, **in_three("title", "Airport"))
    make_milestone(date=datetime.date(2025, 4, 14), **in_three("title", "Ceremony"))
    make_milestone(date=datetime.date(2012, 10, 1), date_precision="month", **in_three("title", "Founding"), **in_three("source", "Blog"))
    text = text_at(visitor, "/en/history/")
    order = ["2012 October 2012 Founding", "2025 14 Apr 2025 Ceremony", "Planned when the source was written", "Airport planned"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "Source: Blog" in text


def test_every_milestone_has_an_anchor(visitor):
    make_milestone(slug="founding")
    assert "founding" in page_of(visitor.get("/en/history/")).ids


def test_a_page_shows_its_text_and_the_pages_below_it(visitor):
    page = make_page(slug="why", **in_three("body", "<h2>Rail</h2><p>Fast trains</p>"))
    make_page(parent=page, **in_three("title", "Below"))
    text = text_at(visitor, "/en/about/why/")
    assert "Rail Fast trains" in text
    assert "Below" in text


def test_pages_out_of_the_menu_are_reachable_but_not_listed(visitor):
    make_page(slug="hidden", in_menu=False, **in_three("title", "Small print"))
    assert "Small print" in text_at(visitor, "/en/about/hidden/")
    assert "Small print" not in text_at(visitor, "/en/about/")


# --- Figures ---


def test_a_figure_shows_all_that_belongs_to_it(visitor):
    make_figure(
        code="T1",
        value="7.635",
        unit="cny-billion",
        precision="about",
        nature="expected",
        growth_percent=None,
        **in_three("growth_note", "Growth not legible."),
        **in_three("definition", "Above designated size."),
        **in_three("note", "As announced."),
    )
    html = visitor.get("/en/figures/zhaoqing/").content.decode()
    text = section(html, "T1").text
    for words in ("about CNY 7.635 billion", "expected", "2022", "Growth not legible.", "Above designated size.", "As announced."):
        assert words in text
    assert "Source: Statistical Bulletin 2022" in text


def test_older_values_of_an_indicator_stay_as_a_series(visitor):
    for year in (2020, 2021, 2022):
        make_figure(value=year, period_start=datetime.date(year, 1, 1), period_end=datetime.date(year, 12, 31))
    page = page_of(visitor.get("/en/figures/zhaoqing/"))
    assert len(page.all("svg", **{"class": "chart"})) == 1
    assert len(page.all("div", **{"class": "figure"})) == 3


# --- Contacts ---


def test_contacts_stand_by_bureau_with_what_is_known(visitor):
    bureau = make_bureau("sihui")
    bureau.districts.add(make_district("sihui"))
    make_contact(bureau=bureau, fax="+867583611188", email="office@example.com", languages="en yue", checked_on=datetime.date(2026, 11, 2))
    text = text_at(visitor, "/en/contacts/")
    for words in (
        "Bureau of Sihui",
        "1 Xinghu Road",
        "+86 758 2899202",
        "+86 758 3611188",
        "office@example.com",
        "English, Cantonese",
        "2 Nov 2026",
    ):
        assert words in text
    assert "Opening hours Ask us" in text


def test_contacts_are_filtered_by_kind_and_language(visitor):
    make_contact(bureau=make_bureau("sihui"), kind="liaison", languages="yue")
    make_contact(bureau=make_bureau("dinghu"), kind="office", languages="en")
    make_bureau("zhaoqing")
    assert "Bureau of Sihui" in text_at(visitor, "/en/contacts/?kind=liaison&speaks=yue")
    assert "Bureau of Dinghu" not in text_at(visitor, "/en/contacts/?kind=liaison&speaks=yue")
    assert "No contact matches" in text_at(visitor, "/en/contacts/?kind=press")


def test_a_bureau_without_contact_names_the_one_that_answers_for_it(visitor):
    make_bureau("zhaoqing")
    make_bureau("dinghu")
    text = text_at(visitor, "/en/contacts/dinghu/")
    assert "Bureau of Zhaoqing takes inquiries for it" in text


def test_the_complaints_office_is_listed(visitor):
    make_contact(bureau=make_bureau("zhaoqing"), kind="complaints", **in_three("name", "Complaints office"))
    make_contact(bureau=make_bureau("zhaoqing"), kind="office")
    assert "Complaints office" in text_at(visitor, "/en/contacts/zhaoqing/")


def test_the_doubts_of_staff_stay_inside(visitor):
    make_contact(bureau=make_bureau("sihui"), doubt="Two fax numbers")
    for address in ("/en/contacts/", "/en/contacts/sihui/"):
        assert "Two fax numbers" not in visitor.get(address).content.decode()


def test_an_unknown_bureau_is_not_found(visitor):
    assert visitor.get("/en/contacts/atlantis/").status_code == 404
