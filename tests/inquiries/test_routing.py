"""Which bureau answers: the table of investors.md 6.5."""

import pytest

from bureaus.models import Bureau
from inquiries.routing import bureau_for, item_at
from tests.factories import make_article, make_bureau, make_district, make_listing, make_park, make_policy, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(city, dinghu, sihui):
    """One thing of each kind at a bureau of its own."""
    gaoyao = make_bureau("gaoyao")
    district = make_district("deqing")
    deqing = make_bureau("deqing")
    deqing.districts.add(district)
    city.districts.add(district)
    return {
        "listing": make_listing(bureau=dinghu),
        "park": make_park(bureau=sihui),
        "project": make_project(bureau=gaoyao),
        "district": district,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["listing", "park", "project", "district"], "dinghu"),
        (["park", "project", "district"], "sihui"),
        (["project", "district"], "gaoyao"),
        (["district"], "deqing"),
        ([], "zhaoqing"),
    ],
)
def test_first_match_answers(things, given, expected):
    assert bureau_for(topic="land", **{name: things[name] for name in given}).slug == expected


@pytest.mark.parametrize("topic", ["land", "factory", "project", "policy", "after-care", "other"])
def test_page_it_was_asked_on_decides_only_about_errors(things, topic):
    make_article(slug="news-of-sihui", bureau="sihui")
    assert bureau_for(topic=topic, about="/en/news/news-of-sihui/").slug == "zhaoqing"


@pytest.mark.parametrize("address", ["/en/news/one/", "/zh-hant/news/one/?page=2", "/en/policies/one/#top", "/en/parks/one/"])
def test_error_goes_to_the_owner_of_the_page(things, address):
    for builder in (make_article, make_policy, make_park):
        builder(slug="one", bureau="sihui")
    assert bureau_for(topic="error", about=address, listing=things["listing"]).slug == "sihui"


@pytest.mark.parametrize(
    "address", ["", "/", "/en/", "/en/parks/", "/en/parks/none/", "/fr/parks/one/", "/admin/", "/static/x.css", "/en/%00/"]
)
def test_error_on_a_page_of_nobody_goes_the_ordinary_way(things, address):
    assert bureau_for(topic="error", about=address, project=things["project"]).slug == "gaoyao"
    assert item_at(address) is None


def test_territory_without_bureau_goes_to_the_city(city):
    assert bureau_for(topic="land", district=make_district("huaiji")) == city


def test_site_that_has_not_chosen_a_city_bureau_uses_its_first(db):
    first = make_bureau("dinghu", order=1)
    make_bureau("sihui", order=2)
    assert bureau_for(topic="land") == first


def test_site_without_bureaus_cannot_route(db):
    with pytest.raises(Bureau.DoesNotExist):
        bureau_for(topic="land")
