"""The frame and the home page with the real content."""

import re

import pytest

from tests.pages import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def titles(html):
    return re.findall(r"<a [^>]*>([^<]+)</a>", re.search(r'<nav class="nav".*?</nav>', html, re.DOTALL)[0])


def test_the_menu_has_seven_entries_where_all_kinds_are_filled(client):
    html = client.get("/en/").content.decode()
    assert titles(html) == ["Why Zhaoqing", "Parks", "Land and factories", "Projects", "Statistics", "News", "Contact"]


@pytest.mark.usefixtures("menu_kept")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_home_page_takes_few_queries(client, language, django_assert_max_num_queries):
    """Beside what the menu may show, which all pages of two seconds ask once (speed.md V4)."""
    client.get(f"/{language}/")
    with django_assert_max_num_queries(8):
        assert client.get(f"/{language}/").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_no_identifier_stands_twice_on_the_home_page(client, language):
    identifiers = page_of(client.get(f"/{language}/")).ids
    assert len(identifiers) == len(set(identifiers))


def test_pins_and_list_share_their_numbers(client):
    html = client.get("/en/").content.decode()
    drawing = re.search(r"<svg[^>]*map-area.*?</svg>", html, re.DOTALL)[0]
    on_map = dict(re.findall(r'<a href="([^"]+)"[^>]*aria-label="(\d+)\.', drawing))
    beside = re.search(r'<ol class="pins">.*?</ol>', html, re.DOTALL)[0]
    in_list = {url: number for number, url in re.findall(r'<span class="pin">(\d+)</span><span><a href="([^"]+)"', beside)}
    assert on_map
    assert on_map == in_list
