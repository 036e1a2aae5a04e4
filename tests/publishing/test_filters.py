"""What the address of a list may say, and what happens to what it should not (investors.md 3.3, 3.4, 5.1, 5.2)."""

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import (
    in_three,
    make_district,
    make_exchange_rate,
    make_industry,
    make_listing,
    make_opportunity,
    make_park,
    make_project,
)
from tests.pages import page_of
from tests.publishing.kinds import KINDS

pytestmark = pytest.mark.django_db
of_each_list = pytest.mark.parametrize("kind", KINDS)


def page_at(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200, address
    return page_of(response)


def titles(visitor, address) -> list[str]:
    """The titles of the rows, in the order shown."""
    return [row.title for row in visitor.get(address).context["rows"]]


def named(builder, title, **fields):
    return builder(**in_three("title", title), **fields)


def ignored(page) -> str:
    return page.text.partition("was ignored:")[2]


# --- 3.4: what wrong input gets ---

WRONG = [
    ("parks", "kind", "no-such-kind"),
    ("parks", "level", "galactic"),
    ("parks", "district", "atlantis"),
    ("parks", "industry", "alchemy"),
    ("parks", "area_min", "abc"),
    ("parks", "area_max", "-5"),
    ("parks", "area_min", "NaN"),
    ("parks", "area_min", "Infinity"),
    ("parks", "area_min", "1e999999"),
    ("parks", "unit", "furlong"),
    ("parks", "unknown", "perhaps"),
    ("parks", "sort", "beauty"),
    ("parks", "page", "abc"),
    ("parks", "page", "0"),
    ("parks", "page", "-1"),
    ("listings", "kind", "castle"),
    ("listings", "availability", "maybe"),
    ("listings", "tenure", "gift"),
    ("listings", "floor_min", "big"),
    ("listings", "height_min", "tall"),
    ("listings", "load_min", "--"),
    ("listings", "power_min", "lots"),
    ("listings", "rent_max", "cheap"),
    ("listings", "price_max", "1..2"),
    ("listings", "park", "made-up"),
    ("projects", "stage", "finished"),
    ("projects", "money", "doubloons"),
    ("projects", "invest_min", "much"),
    ("projects", "invest_max", "１２x"),
    ("industries", "sort", "nope"),
    ("news", "kind", "gossip"),
    ("news", "year", "99999"),
    ("news", "year", "2026-02-31"),
    ("policies", "category", "magic"),
    ("policies", "validity", "perhaps"),
    ("policies", "level", "park-level"),
    ("figures", "group", "weather"),
    ("figures", "year", "NaN"),
    ("figures", "subject", "moon"),
    ("history", "kind", "battle"),
    ("history", "subject", "moon"),
    ("contacts", "kind", "spy"),
    ("contacts", "speaks", "klingon"),
]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG)
def test_a_wrong_value_is_ignored_and_named_and_filters_nothing(visitor, kind, name, value):
    if kind in KINDS:
        KINDS[kind](**in_three("title", "Present"))
    response = visitor.get(f"/en/{kind}/", {name: value})
    assert response.status_code == 200
    page = page_of(response)
    assert f"{name} = “{value}”" in ignored(page)
    assert f"{name}=" not in page.one("link", rel="canonical")["href"]
    if kind in KINDS:
        assert "Present" in page.text
        assert response.context["filterset"].chips == []


def test_a_right_value_beside_a_wrong_one_still_filters(visitor):
    named(make_park, "Wanted", level="national")
    named(make_park, "Other", level="district")
    address = "/en/parks/?level=national&level=galactic"
    assert titles(visitor, address) == ["Wanted"]
    assert "level = “galactic”" in ignored(page_at(visitor, address))


def test_a_wrong_value_is_shown_as_text_not_as_markup(visitor):
    html = visitor.get("/en/parks/", {"kind": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@of_each_list
def test_an_unknown_parameter_is_ignored_and_forgotten(visitor, kind):
    KINDS[kind]()
    page = page_at(visitor, f"/en/{kind}/?utm_source=letter&kinds=x")
    assert "was ignored" not in page.text
    assert page.one("link", rel="canonical")["href"] == f"{settings.SITE_ADDRESS}/en/{kind}/"
    assert not any("utm_source" in link["href"] for link in page.all("a") if "/data." in link.get("href", ""))
    assert page.all("meta", name="robots") == []


@pytest.mark.parametrize(
    ("kind", "query", "swapped"),
    [
        ("parks", "area_min=50&area_max=10", "area_min=10&area_max=50"),
        ("listings", "floor_min=50&floor_max=10", "floor_min=10&floor_max=50"),
        ("projects", "invest_min=50&invest_max=10&money=cny-yi", "invest_min=10&invest_max=50"),
    ],
)
def test_a_minimum_above_the_maximum_finds_nothing_and_offers_to_swap(visitor, kind, query, swapped):
    KINDS[kind]()
    page = page_at(visitor, f"/en/{kind}/?{query}")
    assert titles(visitor, f"/en/{kind}/?{query}") == []
    links = [link["href"] for link in page.all("a") if link.get("href", "").startswith("?")]
    assert any(all(part in link for part in swapped.split("&")) for link in links)


def test_swapping_keeps_the_other_filters(visitor):
    link = visitor.get("/en/parks/?area_min=9&area_max=1&unit=mu&level=national").context["filterset"].address_with_swapped_ranges()
    assert set(link.removeprefix("?").split("&")) == {"area_min=1", "area_max=9", "unit=mu", "level=national"}


# --- Pages of a list ---


@pytest.fixture
def many_parks(db):
    return [named(make_park, f"Park {number:02d}", level="national" if number % 2 else "district") for number in range(45)]


def test_a_list_shows_twenty_to_a_page(visitor, many_parks):
    assert [len(titles(visitor, f"/en/parks/?page={number}")) for number in (1, 2, 3)] == [20, 20, 5]
    assert "45 parks" in page_at(visitor, "/en/parks/").text


def test_the_pager_keeps_filters(visitor, many_parks):
    page = page_at(visitor, "/en/parks/?level=national&unit=mu")
    (onward,) = [link["href"] for link in page.all("a", rel="next")]
    assert set(onward.removeprefix("?").split("&")) == {"level=national", "unit=mu", "page=2"}


def test_past_the_end_is_not_found_and_leads_back_with_the_filters(visitor, many_parks):
    response = visitor.get("/en/parks/?level=national&page=99")
    assert response.status_code == 404
    links = {link["href"] for link in page_of(response).all("a")}
    assert {"?level=national", "?level=national&page=2"} <= links


@pytest.mark.parametrize("page", ["2", "99999999", "9" * 400])
@of_each_list
def test_past_the_end_of_a_short_list(visitor, kind, page):
    KINDS[kind]()
    assert visitor.get(f"/en/{kind}/", {"page": page}).status_code == 404


def test_a_page_number_with_junk_names_itself(visitor, many_parks):
    for wrong in ("abc", "0", "-1", "1.5", "２", ""):
        assert len(titles(visitor, f"/en/parks/?page={wrong}")) == 20


def test_every_page_is_its_own_canonical_address(visitor, many_parks):
    page = page_at(visitor, "/en/parks/?page=2")
    assert page.one("link", rel="canonical")["href"] == f"{settings.SITE_ADDRESS}/en/parks/?page=2"


# --- Robots and canonical addresses ---


@pytest.mark.parametrize("query", ["level=national", "q=park", "sort=title", "area_min=1"])
def test_a_filtered_or_sorted_list_is_not_for_search_engines(visitor, query):
    make_park()
    assert page_at(visitor, f"/en/parks/?{query}").one("meta", name="robots")["content"] == "noindex, follow"


def test_display_settings_are_left_out_of_the_canonical_address(visitor):
    make_project()
    page = page_at(visitor, "/en/projects/?kind=enterprise&unit=mu&money=usd-million&sort=title&text=large")
    assert page.one("link", rel="canonical")["href"] == f"{settings.SITE_ADDRESS}/en/projects/?kind=enterprise"


# --- 5.1: filters and chips ---


def test_a_repeated_parameter_means_any_and_different_ones_all(visitor):
    named(make_listing, "Land to buy", kind="land", tenure="sale")
    named(make_listing, "Land to lease", kind="land", tenure="lease")
    named(make_listing, "Factory to buy", kind="factory", tenure="sale")
    assert set(titles(visitor, "/en/listings/?kind=land&kind=factory")) == {"Land to buy", "Land to lease", "Factory to buy"}
    assert titles(visitor, "/en/listings/?kind=land&tenure=sale") == ["Land to buy"]


def test_each_active_filter_is_a_chip_that_removes_it(visitor):
    make_park()
    make_industry(slug="robots", **in_three("title", "Robots"))
    filterset = visitor.get("/en/parks/?industry=robots&level=national&level=district&area_min=5&unit=mu").context["filterset"]
    words = [label for label, _address in filterset.chips]
    assert "Robots" in words
    assert {"national", "district level"} <= {str(word) for word in words}
    without_national = dict(filterset.chips)["national"]
    assert "level=national" not in without_national
    assert {"industry=robots", "level=district", "area_min=5", "unit=mu"} <= set(without_national.removeprefix("?").split("&"))


def test_a_value_given_twice_is_one_chip(visitor):
    make_park()
    assert len(visitor.get("/en/parks/?" + "level=national&" * 50).context["filterset"].chips) == 1


def test_the_last_chip_leads_to_the_whole_list(visitor):
    make_park()
    page = page_at(visitor, "/en/parks/?level=national")
    assert any(link.get("href") == "/en/parks/" for link in page.all("a"))
    assert visitor.get("/en/parks/?level=national").context["filterset"].chips[0][1] == "?"


def test_the_form_remembers_what_was_asked(visitor):
    make_park()
    page = page_at(visitor, "/en/parks/?level=national&area_min=5&unit=mu&sort=-area")
    assert "checked" in page.one("input", type="checkbox", value="national")
    assert page.one("input", type="text", name="area_min")["value"] == "5"
    assert "selected" in page.one("option", value="mu")


def test_an_empty_result_says_which_filter_to_drop(visitor):
    for number in range(3):
        named(make_listing, f"Plot {number}", kind="land", tenure="sale")
    named(make_listing, "Hall", kind="factory", tenure="lease")
    address = "/en/listings/?kind=factory&tenure=sale"
    strictest = visitor.get(address).context["strictest"]
    assert (strictest["label"], strictest["count"], strictest["address"]) == ("factory", 3, "?tenure=sale")
    text = page_at(visitor, address).text
    assert "Without “factory” there are 3 entries" in text
    assert "Ask us for it" in text


def test_an_empty_kind_offers_an_inquiry(visitor):
    page = page_at(visitor, "/en/listings/")
    assert "Nothing is published here yet." in page.text
    assert any("/inquiry/" in link.get("href", "") for link in page.all("a"))


def test_words_find_in_title_and_summary_in_any_language(visitor):
    make_park(**in_three("title", "Lotus", "莲花"), slug="by-title")
    make_park(**in_three("title", "Plain"), summary_en="Beside a lotus pond", slug="by-summary")
    make_park(slug="other")
    assert titles(visitor, "/en/parks/?q=lotus&sort=title") == ["Lotus", "Plain"]
    assert titles(visitor, "/en/parks/?q=莲花") == ["Lotus"]
    assert titles(visitor, "/en/parks/?q=lotus+pond") == ["Plain"]


def test_only_the_first_hundred_characters_of_the_words_count(visitor):
    make_park(**in_three("title", "a" * 100))
    assert len(titles(visitor, "/en/parks/?q=" + "a" * 5000)) == 1


# --- 5.2: ranges ---


@pytest.fixture
def plots(db):
    """Land of 5, 10 and 20 hectares, and one that does not state its area (a park)."""
    for hectares in (5, 10, 20):
        named(make_park, f"{hectares} ha", area_available_m2=hectares * 10_000)
    named(make_park, "unstated")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("area_min=10", ["10 ha", "20 ha"]),
        ("area_max=10", ["5 ha", "10 ha"]),
        ("area_min=10&area_max=10", ["10 ha"]),
        ("area_min=150&unit=mu", ["10 ha", "20 ha"]),
        ("area_max=150&unit=mu", ["5 ha", "10 ha"]),
        ("area_min=100000&unit=m2", ["10 ha", "20 ha"]),
        ("area_min=100,000&unit=m2", ["10 ha", "20 ha"]),
        ("area_min=0.1&unit=km2", ["10 ha", "20 ha"]),
        ("area_min=24.7&unit=acre", ["10 ha", "20 ha"]),
        ("area_min=１０", ["10 ha", "20 ha"]),
        ("area_min=%2010%20", ["10 ha", "20 ha"]),
        ("area_min=10.004", ["10 ha", "20 ha"]),
        ("area_min=10.006", ["20 ha"]),
        ("area_min=10000000000000000000000", ["5 ha", "10 ha", "20 ha"]),
    ],
)
def test_bounds_are_read_in_the_unit_of_the_visitor(visitor, plots, query, found):
    shown = titles(visitor, f"/en/parks/?{query}&sort=area&unknown=hide")
    assert [one for one in shown if one != "unstated"] == found


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_without_a_unit_bounds_are_hectares_in_every_language(visitor, plots, language):
    assert len(titles(visitor, f"/{language}/parks/?area_min=10&unknown=hide")) == 2


def test_what_reads_as_equal_matches(visitor):
    """1,355 mu, stored as 903,333.33 m², matches 1,355 mu and 90.33 ha on both sides."""
    named(make_listing, "plot", land_area_m2="903333.33")
    for query in ("area_min=1355&unit=mu", "area_max=1355&unit=mu", "area_min=90.33", "area_max=90.33", "area_min=0.90&unit=km2"):
        assert titles(visitor, f"/en/listings/?{query}") == ["plot"], query
    for query in ("area_min=1356&unit=mu", "area_max=1354&unit=mu", "area_min=90.34", "area_max=90.32"):
        assert titles(visitor, f"/en/listings/?{query}&unknown=hide") == [], query


def test_unknown_values_follow_the_matches_and_are_counted_apart(visitor, plots):
    response = visitor.get("/en/parks/?area_min=10&sort=area")
    rows = response.context["rows"]
    assert [row.title for row in rows] == ["10 ha", "20 ha", "unstated"]
    assert [row.is_unstated for row in rows] == [False, False, True]
    assert response.context["unstated"] == 1
    assert "1 of these does not state what you asked for" in page_of(response).text


def test_unknown_values_can_be_left_out(visitor, plots):
    assert titles(visitor, "/en/parks/?area_min=10&unknown=hide&sort=area") == ["10 ha", "20 ha"]


def test_zero_is_a_value_and_unknown_is_not_zero(visitor):
    named(make_park, "none left", area_available_m2=0)
    named(make_park, "unstated")
    assert titles(visitor, "/en/parks/?area_max=0&unknown=hide") == ["none left"]
    assert "0 ha" in page_at(visitor, "/en/parks/").text


def test_the_chosen_unit_is_shown_in_the_rows(visitor, plots):
    assert "150 mu" in page_at(visitor, "/en/parks/?unit=mu").text
    assert "15 ha" not in page_at(visitor, "/en/parks/?unit=mu").text


@pytest.mark.parametrize(
    ("name", "column", "values", "asked"),
    [
        ("floor_min", "floor_area_m2", (1000, 5000), 2000),
        ("height_min", "clear_height_m", (6, 12), 9),
        ("load_min", "floor_load_kn_m2", (5, 20), 10),
        ("power_min", "power_kva", (100, 2000), 500),
    ],
)
def test_factories_are_found_by_what_they_offer(visitor, name, column, values, asked):
    for value in values:
        named(make_listing, str(value), kind="factory", **{"floor_area_m2": 10_000} | {column: value})
    assert titles(visitor, f"/en/listings/?{name}={asked}&unknown=hide") == [str(values[1])]


@pytest.mark.parametrize(("name", "column"), [("rent_max", "rent"), ("price_max", "sale_price")])
def test_rent_and_price_have_an_upper_bound(visitor, name, column):
    for value in (10, 30):
        named(make_listing, str(value), kind="factory", **{column: value})
    assert titles(visitor, f"/en/listings/?{name}=20&unknown=hide") == ["10"]


# --- Money ---


@pytest.fixture
def investments(db):
    for millions in (50, 500):
        named(make_project, f"{millions} million", investment_cny=millions * 10**6)


@pytest.mark.parametrize(
    "query",
    ["invest_min=100", "invest_min=100&money=cny-million", "invest_min=10000&money=cny-wan", "invest_min=1&money=cny-yi", "invest_min=500"],
)
def test_amounts_are_read_in_the_unit_of_money(visitor, investments, query):
    assert titles(visitor, f"/en/projects/?{query}&unknown=hide") == ["500 million"]


def test_amounts_in_foreign_money_need_a_recent_rate(visitor, investments):
    make_exchange_rate(currency="USD", cny_per_unit="7", date=timezone.localdate())
    assert titles(visitor, "/en/projects/?invest_min=60&money=usd-million&unknown=hide") == ["500 million"]


def test_without_a_recent_rate_the_amount_is_ignored_and_named(visitor, investments):
    response = visitor.get("/en/projects/?invest_min=60&money=usd-million&kind=enterprise")
    assert len(response.context["rows"]) == 2
    assert "money = “usd-million”" in ignored(page_of(response))
    assert "invest_min = “60”" in ignored(page_of(response))
    assert [label for label, _address in response.context["filterset"].chips] == ["enterprise"]


def test_an_opportunity_matches_by_its_range(visitor):
    """From 2 to 8: an investor with 5 fits, one with 1 or 9 does not."""
    named(make_opportunity, "range", investment_cny=2_000_000, investment_max_cny=8_000_000)
    for query, found in (
        ("invest_min=5", 1),
        ("invest_max=5", 1),
        ("invest_min=5&invest_max=6", 1),
        ("invest_min=9", 0),
        ("invest_max=1", 0),
    ):
        assert len(titles(visitor, f"/en/projects/?{query}&unknown=hide")) == found, query


# --- Sorting ---


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("area", ["5 ha", "10 ha", "20 ha", "unstated"]),
        ("-area", ["20 ha", "10 ha", "5 ha", "unstated"]),
        ("title", ["10 ha", "20 ha", "5 ha", "unstated"]),
        ("-title", ["unstated", "5 ha", "20 ha", "10 ha"]),
    ],
)
def test_unknown_values_come_last_both_ways(visitor, plots, sort, order):
    assert titles(visitor, f"/en/parks/?sort={sort}") == order


@pytest.mark.parametrize(
    ("kind", "sorts"),
    [
        ("parks", ["title", "updated", "area"]),
        ("listings", ["title", "updated", "published", "area", "rent", "price"]),
        ("projects", ["title", "updated", "published", "area", "investment"]),
        ("news", ["title", "updated", "published"]),
        ("policies", ["title", "updated", "published"]),
    ],
)
def test_every_order_of_the_specification_is_known(visitor, kind, sorts):
    KINDS[kind]()
    for code in sorts:
        for sort in (code, f"-{code}"):
            assert "was ignored" not in page_at(visitor, f"/en/{kind}/?sort={sort}").text


def test_a_list_is_sorted_by_the_title_of_its_language(visitor):
    make_park(title_en="A", title_zh_hans="二", title_zh_hant="二", slug="first")
    make_park(title_en="B", title_zh_hans="一", title_zh_hant="一", slug="second")
    assert titles(visitor, "/en/parks/?sort=title") == ["A", "B"]
    assert titles(visitor, "/zh-hans/parks/?sort=title") == ["一", "二"]


# --- By what an item belongs to ---


def test_items_are_found_by_industry_district_and_park(visitor):
    industry, district = make_industry(slug="robots"), make_district("sihui")
    park = named(make_park, "Park", slug="the-park", district=district)
    park.districts.add(district)
    listing = named(make_listing, "Plot", park=park, district=district)
    project = named(make_project, "Project", park=park, district=district)
    for item in (park, listing, project):
        item.industries.add(industry, make_industry())
    for builder in (make_park, make_listing, make_project):
        named(builder, "Other")
    assert titles(visitor, "/en/parks/?industry=robots&district=sihui") == ["Park"]
    assert titles(visitor, "/en/listings/?industry=robots&district=sihui&park=the-park") == ["Plot"]
    assert titles(visitor, "/en/projects/?industry=robots&district=sihui&park=the-park") == ["Project"]


def test_an_item_of_two_chosen_industries_stands_once(visitor):
    park = named(make_park, "Park")
    park.industries.add(make_industry(slug="one"), make_industry(slug="two"))
    assert titles(visitor, "/en/parks/?industry=one&industry=two") == ["Park"]
