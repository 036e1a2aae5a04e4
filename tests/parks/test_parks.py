"""The pages of parks, land and buildings (investors.md 4.1, 2.5, 2.6)."""

import datetime

import pytest

from publishing.models import Status
from tests.factories import (
    in_three,
    make_amenity,
    make_article,
    make_bureau,
    make_contact,
    make_district,
    make_figure,
    make_functional_area,
    make_industry,
    make_listing,
    make_opportunity,
    make_park,
    make_policy,
    make_project,
    make_transport_link,
)
from tests.pages import page_of

pytestmark = pytest.mark.django_db


def text_at(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200
    return page_of(response).text


@pytest.fixture
def park(db):
    return make_park(slug="the-park", **in_three("title", "The Park", "园区"), level="national", district=make_district("sihui"))


def test_a_park_without_facts_asks_the_visitor_to_ask(visitor, park):
    response = visitor.get("/en/parks/the-park/")
    text = page_of(response).text
    for fact in ("Planned area", "Available land", "Least investment", "Power", "Water", "Telecom"):
        assert f"{fact} Ask us" in text
    asked = [link["href"] for link in page_of(response).all("a") if link.get("class") == "ask"]
    assert asked
    assert all("park=the-park" in address for address in asked)


def test_a_park_shows_its_facts_in_the_habit_of_the_reader(visitor, park):
    park.area_planned_m2, park.area_available_m2, park.intensity_min = 992_000_000, 903_333, 450
    park.power, park.gas = "yes", "planned"
    park.save()
    english, chinese = text_at(visitor, "/en/parks/the-park/"), text_at(visitor, "/zh-hans/parks/the-park/")
    for fact in ("992 km² (1,488,000 mu)", "90.33 ha (1,355 mu)", "CNY 4.5 million/ha", "Power Available", "Gas Planned"):
        assert fact in english
    for fact in ("992平方公里（148.8万亩）", "1355亩（90.33公顷）", "30万元/亩"):
        assert fact in chinese


def test_a_park_shows_what_lies_in_and_around_it(visitor, park):
    industry = make_industry(**in_three("title", "Robots"))
    park.industries.add(industry)
    park.key_figures.add(make_figure(**in_three("title", "Output")))
    make_functional_area(park=park, **in_three("title", "Center"))
    make_park(parent=park, **in_three("title", "Inner park"))
    make_listing(park=park, **in_three("title", "Plot"))
    make_project(park=park, **in_three("title", "Factory"))
    make_project(park=park, kind="works", stage="construction", **in_three("title", "Road"))
    make_opportunity(park=park, **in_three("title", "Chance"))
    make_policy(**in_three("title", "Reward")).parks.add(park)
    make_article(**in_three("title", "Opening")).parks.add(park)
    make_transport_link(park=park, km=12, **in_three("place", "Station"))
    make_amenity(park=park, **in_three("title", "Hotel"))
    text = text_at(visitor, "/en/parks/the-park/")
    order = [
        "Center",
        "Inner park",
        "Robots",
        "Station",
        "12 km",
        "Hotel",
        "Plot",
        "Chance",
        "Factory",
        "Road",
        "Reward",
        "Output",
        "Opening",
    ]
    places = [text.rindex(word) for word in order]
    assert places == sorted(places)


def test_a_park_lies_below_its_parent_in_the_breadcrumb(visitor, park):
    make_park(slug="inner", parent=park)
    make_park(slug="of-hidden", parent=make_park(status=Status.DRAFT, **in_three("title", "Hidden")))
    assert "The Park" in text_at(visitor, "/en/parks/inner/")
    assert "Hidden" not in text_at(visitor, "/en/parks/of-hidden/")


def test_an_approximate_position_says_so(visitor, park):
    park.latitude, park.longitude, park.position_accuracy_km = "23.318", "112.822", 3
    park.save()
    assert "23.318, 112.822 WGS-84, approximate: exact to about 3 km" in text_at(visitor, "/en/parks/the-park/")
    park.position_accuracy_km = "0.5"
    park.save()
    assert "approximate: exact" not in text_at(visitor, "/en/parks/the-park/")


def test_the_contact_of_a_park_is_its_own_then_its_bureaus_then_the_citys(visitor, park):
    def names():
        return [contact.name for contact in visitor.get("/en/parks/the-park/").context["contacts"]]

    make_contact(bureau=make_bureau("zhaoqing"), **in_three("name", "City office"))
    assert names() == ["City office"]
    make_contact(bureau=park.bureau, **in_three("name", "Bureau office"))
    make_contact(bureau=park.bureau, kind="complaints", **in_three("name", "Complaints"))
    assert names() == ["Bureau office"]
    park.contacts.add(make_contact(bureau=make_bureau("sihui"), **in_three("name", "Park desk")))
    assert names() == ["Park desk"]


def test_a_transport_link_without_distance_and_time_asks(visitor, park):
    make_transport_link(order=1, km=None, minutes=None, **in_three("place", "Airport"), **in_three("source", "One source"))
    make_transport_link(order=2, km="9.95", minutes=60, mode="road", **in_three("place", "Port"), **in_three("source", "One source"))
    text = text_at(visitor, "/en/parks/the-park/")
    assert "10 km by road · 60 minutes" in text
    assert text.count("Source: One source") == 1
    assert "Ask us Port" in text


def test_the_list_of_parks_names_level_land_and_offers(visitor, park):
    make_listing(park=park)
    make_listing(park=park, availability="reserved")
    (row,) = visitor.get("/en/parks/").context["rows"]
    assert row.tags == [("national", "seal")]
    assert ("on offer", "1 listing") in row.facts
    assert "Ask us" in text_at(visitor, "/en/parks/")


# --- Land and buildings ---


def test_land_shows_its_area_in_two_units_and_its_price_with_its_basis(visitor):
    make_listing(
        slug="plot",
        code="A-1",
        land_area_m2="903333.33",
        sale_price=450,
        tenure="sale",
        term_years=50,
        planned_use_code="100102",
        **in_three("price_basis", "Starting price"),
        **in_three("planned_use", "Industrial land"),
    )
    text = text_at(visitor, "/en/listings/plot/")
    for fact in ("A-1", "90.33 ha (1,355 mu)", "CNY 4.5 million/ha Starting price", "Tenure Sale", "50 years", "Industrial land 100102"):
        assert fact in text
    assert "1355亩（90.33公顷）" in text_at(visitor, "/zh-hans/listings/plot/")


def test_a_factory_shows_what_a_factory_needs(visitor):
    make_listing(
        slug="hall", kind="factory", floor_area_m2=12_500, rent="18.5", clear_height_m=9, floor_load_kn_m2=20, floors=2, power_kva=2000
    )
    text = text_at(visitor, "/en/listings/hall/")
    for fact in ("12,500 m²", "CNY 18.5/m²/month", "Clear height 9 m", "20 kN/m² (2.04 t/m²)", "Floors 2", "2,000 kVA"):
        assert fact in text
    assert "Land controls" not in text


def test_unknown_facts_of_a_listing_lead_to_an_inquiry_about_it(visitor):
    make_listing(slug="plot")
    page = page_of(visitor.get("/en/listings/plot/"))
    for fact in ("Tenure", "Sale price", "Term", "Power", "Road"):
        assert f"{fact} Ask us" in page.text
    asked = [link["href"] for link in page.all("a") if link.get("class") == "ask"]
    assert all("listing=plot" in address for address in asked)


def test_a_plot_shows_the_controls_of_its_park_where_it_states_none(visitor, park):
    park.intensity_min, park.tax_min = 450, 30
    park.save()
    make_listing(slug="plot", park=park, tax_min=45)
    text = text_at(visitor, "/en/listings/plot/")
    assert "Least investment CNY 4.5 million/ha" in text
    assert "Least tax a year CNY 450,000/ha" in text


def test_an_allocated_listing_shows_similar_ones_on_offer(visitor):
    make_listing(slug="gone", availability="allocated")
    make_listing(**in_three("title", "Other plot"))
    make_listing(kind="factory", **in_three("title", "Hall"))
    make_listing(availability="reserved", **in_three("title", "Reserved plot"))
    text = text_at(visitor, "/en/listings/gone/")
    assert "No longer available" in text
    assert "Other plot" in text
    assert not {"Hall", "Reserved plot"} & {word for word in ("Hall", "Reserved plot") if word in text}


def test_a_listing_says_from_when_it_is_available(visitor):
    make_listing(slug="plot", available_from=datetime.date(2027, 1, 31))
    assert "from 31 Jan 2027" in text_at(visitor, "/en/listings/plot/")


def test_tabs_of_the_list_are_its_kinds(visitor):
    make_listing(kind="land")
    make_listing(kind="factory")
    tabs = {str(tab["title"]): tab["url"] for tab in visitor.get("/en/listings/").context["tabs"]}
    assert tabs == {"All": "?", "Land": "?kind=land", "Factories": "?kind=factory"}
    assert visitor.get("/en/listings/?kind=land").context["tabs"][1]["current"]


def test_an_empty_kind_has_no_tab(visitor):
    make_listing(kind="land")
    assert "Factories" not in [str(tab["title"]) for tab in visitor.get("/en/listings/").context["tabs"]]
