"""The queries of a staff page do not grow with its rows (architecture.md section 7, staff.md S84)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.models import Membership
from tests import factories
from tests.factories import make_bureau, make_member, make_picture, use_picture

MANY = {
    "parks_park": lambda: factories.make_park(),
    "parks_listing": lambda: factories.make_listing(park=factories.make_park()),
    "projects_project": lambda: factories.make_project(park=factories.make_park()),
    "news_article": lambda: factories.make_article(),
    "news_policy": lambda: factories.make_policy(),
    "city_industry": lambda: factories.make_industry(),
    "city_page": lambda: factories.make_page(),
    "city_milestone": lambda: factories.make_milestone(),
    "city_keyfigure": lambda: factories.make_figure(),
    "bureaus_contact": lambda: factories.make_contact(),
    "publishing_picture": lambda: use_picture(factories.make_park(), make_picture(with_file=False)),
}


def queries_of(client, address):
    client.get(address)  # a session is noted once, when it begins
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def manager_of_two(db):
    """Sees the column and the filter of bureaus too."""
    person = make_member("dm", Membership.Role.MANAGER)
    Membership.objects.create(user=person, bureau=make_bureau("sihui"), role=Membership.Role.MANAGER)
    return person


@pytest.mark.parametrize("name", MANY)
def test_s84_a_list_of_two_hundred_asks_as_often_as_one_of_twenty(name, manager_of_two, signed_in):
    client, address = signed_in(manager_of_two), reverse(f"admin:{name}_changelist")
    for _row in range(20):
        MANY[name]()
    few = queries_of(client, address)
    for _row in range(180):
        MANY[name]()
    assert queries_of(client, address) == few


def test_the_list_of_people_asks_as_often_for_many(manager, signed_in):
    client, address = signed_in(manager), reverse("admin:auth_user_changelist")
    for number in range(5):
        make_member(f"few{number}")
    few = queries_of(client, address)
    for number in range(40):
        make_member(f"more{number}")
    assert queries_of(client, address) == few


def test_s84_a_form_asks_as_often_with_many_parks_to_choose_from(manager, signed_in):
    listing = factories.make_listing(park=factories.make_park())
    client, address = signed_in(manager), reverse("admin:parks_listing_change", args=[listing.pk])
    few = queries_of(client, address)
    for _row in range(30):
        factories.make_park()
    assert queries_of(client, address) == few


def test_s84_a_form_asks_as_often_with_many_parts_as_with_two(manager, signed_in):
    park = factories.make_park()
    client, address = signed_in(manager), reverse("admin:parks_park_change", args=[park.pk])

    def add_parts(number):
        for _part in range(number):
            factories.make_amenity(park=park)
            factories.make_transport_link(park=park)
            factories.make_functional_area(park=park)

    add_parts(2)
    few = queries_of(client, address)
    add_parts(8)
    assert queries_of(client, address) == few


def test_the_lists_do_not_load_long_texts(manager, signed_in):
    factories.make_park()
    with CaptureQueriesContext(connection) as queries:
        signed_in(manager).get(reverse("admin:parks_park_changelist"))
    assert not [query for query in queries if '"parks_park"."body_en"' in query["sql"]]
