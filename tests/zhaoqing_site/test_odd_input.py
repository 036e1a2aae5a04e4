"""Odd input at every public address: an answer, never a failure (trust.md T42-T44, T70-T73, 3.3; investors.md 3.4)."""

import time

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import in_three, make_park
from tests.pages import page_of
from tests.zhaoqing_site.addresses import ADDRESSES, PARAMETER, ROUTES, VALUES, make_items

pytestmark = pytest.mark.django_db
# As they stand in an address, already encoded.
ODD = {
    "NUL": "%00",
    "lone surrogate": "%ED%A0%80",
    "broken UTF-8": "%FF%FE%C3",
    "broken percent": "%",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "quotes": "%27%22%60%20OR%201=1--",
    "template": "%7B%7B7*7%7D%7D%7B%25%20debug%20%25%7D",
    "format": "%25s%25(x)s%7B0.__class__%7D",
    "path": "../../../../etc/passwd",
    "lines": "a%0d%0aSet-Cookie:%20x=1",
    "emoji": "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "long": "a" * 10_000,
    "long expression": "((a%2B)%2B" * 1_000,
    "many words": "a%20" * 3_000,
    "huge number": "9" * 400,
    "2^70": str(2**70),
    "negative": "-1",
    "exponent": "1e400",
    "NaN": "NaN",
    "underscores": "1_000",
    "date": "2026-02-31",
    "array": "[]",
    "empty": "",
    "backslash": "%5C%27",
    "full text": "%22*%20NEAR(a%20b)%20AND%20OR%20NOT%20:*%20&%20%7C%20!",
}
PARAMETERS = {
    "q", "industry", "district", "park", "kind", "level", "stage", "category", "validity", "group", "year", "subject", "tenure",
    "availability", "speaks", "area_min", "area_max", "floor_min", "floor_max", "height_min", "load_min", "power_min", "rent_max",
    "price_max", "invest_min", "invest_max", "unit", "money", "unknown", "sort", "page", "text", "topic", "listing", "project", "about",
}  # fmt: skip
NASTY = ["%00", "9" * 400, "99999999999"]
# Those whose values reach the database as they are.
OPEN = ["q", "page", "area_min", "floor_max", "height_min", "power_min", "rent_max", "invest_min", "year", "park", "listing"]


@pytest.fixture(autouse=True, scope="module")
def items(django_db_setup, django_db_blocker, menu_kept):
    with django_db_blocker.unblock(), transaction.atomic():
        make_items()
        yield
        transaction.set_rollback(True)


def failures(addresses) -> list[tuple[str, int]]:
    """The addresses that fail, with their status. An exception in a view is a failure too, with its own trace."""
    client = Client()
    answers = [(address, client.get(address).status_code) for address in addresses]
    return [(address[:200], status) for address, status in answers if status >= 500]


@pytest.fixture(scope="module")
def read_by(items):
    """The parameters that each address reads; the files of the lists read those of their lists."""
    known, client = {}, Client()
    for address in ADDRESSES:
        context = client.get(address).context
        if context and "filterset" in context:
            known[address] = {*context["filterset"].form.fields, "sort", "page"}
    others = {"/en/search/": {"q", "kind"}, "/en/contacts/": {"kind", "speaks"}, "/en/news/feed/": {"q", "kind", "park"}}
    form = {"/en/inquiry/": {"topic", "park", "listing", "project", "about"}, "/en/listings/data.csv": {"q", "area_min", "sort"}}
    return known | others | form


def test_every_parameter_of_every_list_is_known_here(read_by):
    assert len(read_by) >= 14
    assert set().union(*read_by.values()) <= PARAMETERS


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_of_all_parameters_at_once(read_by, odd):
    """Every parameter carries the value once, alone and as an array."""
    short = ODD[odd] if len(ODD[odd]) < 500 else ODD[odd][:500]
    query = "&".join(f"{name}={short}&{name}[]={short}" for name in sorted(PARAMETERS))
    assert failures(f"{address}?{query}" for address in read_by) == []


@pytest.mark.parametrize("name", OPEN)
def test_nasty_values_of_one_parameter(read_by, name):
    known = [address for address, names in read_by.items() if name in names]
    assert failures(f"{address}?{name}={value}" for address in known for value in NASTY) == []


@pytest.mark.parametrize("odd", ["NUL", "lone surrogate", "broken percent", "long"])
def test_odd_parts_of_addresses(odd):
    value = ODD[odd].replace("../", "..%2F")
    paths = ["/" + PARAMETER.sub(lambda found: value, route) for route in ROUTES if PARAMETER.search(route)]
    paths += [f"/{value}", f"/{value}/", f"/en/{value}", f"/en/{value}/", f"/en/parks/{value}", f"/en//parks/{value}//"]
    assert failures(paths) == []


@pytest.mark.parametrize(
    "path",
    [
        "/EN/parks/",
        "/en//parks/",
        "//en/parks/",
        "/en/parks/../listings/",
        "/en/./parks/",
        "/zh/",
        "/zh-hans",
        "/en/parks/index.html",
        "/en/;x=1",
    ],
)
def test_odd_paths(path):
    assert failures([path, f"{path}?{path}", f"{path}/"]) == []


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "&&&",
        "=",
        "=x",
        "q",
        "q&q&q",
        "q=1;kind=land",
        "a=1&" * 900,
        "kind=land&" * 900,
        "q=%00&" * 50,
        "page=1&page=2",
        "page=2&page=abc",
    ],
)
def test_odd_queries(read_by, query):
    assert failures(f"{address}?{query}" for address in read_by) == []


@pytest.mark.parametrize("address", ["/en/parks/", "/zh-hans/search/", "/en/inquiry/", "/en/parks/the-item/"])
def test_more_fields_than_any_form_has_are_refused_readably(visitor, address):
    response = visitor.get(address + "?" + "a=1&" * 1_100)
    assert response.status_code in (200, 400)
    assert len(page_of(response).all("h1")) == 1


def test_a_search_of_many_words_asks_no_endless_question(visitor):
    """The words are cut at 100 characters, so that no query grows beyond some fifty words."""
    started = time.process_time()
    assert visitor.get("/en/search/?q=" + "a%20" * 5_000).status_code == 200
    assert time.process_time() - started < 2


@pytest.mark.parametrize("pattern", ["((a%2B)%2B" * 1_000, "(.*)*" * 500, "%5C" * 5_000])
def test_search_text_is_no_expression(visitor, pattern):
    make_park(**in_three("title", "a" * 100))
    started = time.process_time()
    assert visitor.get(f"/en/parks/?q={pattern}").status_code == 200
    assert time.process_time() - started < 1


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', "*", "(", "[a-z]", "^", "$", "."])
def test_signs_of_patterns_find_only_themselves(visitor, sign):
    make_park(**in_three("title", f"with {sign} sign"))
    make_park(**in_three("title", "plain"))
    found = [row.title for row in visitor.get("/en/parks/", {"q": sign}).context["rows"]]
    assert found == [f"with {sign} sign"]


def test_what_is_encoded_twice_stays_text(visitor):
    html = visitor.get("/en/search/?q=%253Cscript%253Ealert(1)").content.decode()
    assert "<script>alert" not in html
    assert "%3Cscript%3Ealert(1)" in html


def test_typed_words_are_shown_escaped_everywhere(visitor):
    payload = "<img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
    for address in ("/en/search/", "/en/parks/", "/en/listings/", "/en/news/", "/en/contacts/"):
        for name in ("q", "kind", "page", "area_min", "sort", "speaks"):
            html = visitor.get(address, {name: payload}).content.decode()
            assert "<img src=x" not in html, address
            assert "<svg/onload" not in html, address


def test_the_values_of_the_address_map_are_all_known():
    assert {name for route in ROUTES for name in PARAMETER.findall(route)} == set(VALUES)
