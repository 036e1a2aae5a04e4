"""The drawn map: safe SVG, numbered pins, one drawing per language."""

from xml.etree import ElementTree

import pytest

from parks import maps
from parks.models import Park
from publishing.languages import CODES
from tests.factories import make_park

SVG = {"svg": "http://www.w3.org/2000/svg"}
PIN = maps.Pin("hightech-zone", 1, "High-tech Zone", "/en/parks/hightech-zone/")


def tree(drawing):
    return ElementTree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize("view", ["region", "area", "east"])
@pytest.mark.parametrize("language", CODES)
def test_every_drawing_is_well_formed_and_named_in_its_language(view, language):
    svg = tree(maps.render(view, language, (PIN,) if view != "region" else ()))
    title = svg.find("svg:title", SVG).text
    assert title == maps.text(view, language)
    assert svg.find("svg:desc", SVG).text.endswith(maps.text("note", language))


def test_a_drawing_with_linked_pins_is_a_group_and_one_without_an_image():
    assert tree(maps.render("area", "en", (PIN,))).get("role") == "group"
    assert tree(maps.render("area", "en")).get("role") == "img"


def test_titles_and_addresses_of_pins_are_escaped():
    evil = maps.Pin("lingang", 1, '<script>"&', '/"><script>')
    drawing = maps.render("area", "en", (evil,))
    assert "<script" not in drawing
    assert tree(drawing).find("svg:a", SVG).get("aria-label") == '1. <script>"&'


def test_a_pin_lies_where_its_park_says():
    here, there = (maps.Pin("", 1, "A", longitude=lon, latitude=23) for lon in (112, 112.5))
    xs = [float(tree(maps.render("area", "en", (pin,))).find(".//svg:circle[@class='m-pin']", SVG).get("cx")) for pin in (here, there)]
    assert xs[0] < xs[1]


def test_a_pin_outside_the_view_is_left_out():
    far = maps.Pin("", 1, "Far", longitude=120, latitude=30)
    assert "m-pin" not in maps.render("east", "en", (far,))


def test_the_park_in_focus_is_marked_and_lies_on_top():
    other = maps.Pin("lingang", 2, "Lingang")
    circles = tree(maps.render("east", "en", (PIN, other), "hightech-zone")).findall(".//svg:circle", SVG)
    assert [circle.get("class") for circle in circles if "m-pin" in circle.get("class")] == ["m-pin off", "m-pin on"]


def test_a_view_that_stands_twice_on_a_page_keeps_its_identifiers_apart():
    assert 'id="map-region-two-t"' in maps.render("region", "en", key="-two")
    assert 'id="map-city-two"' in maps.render("region", "en", key="-two")


@pytest.mark.django_db
def test_numbers_go_to_parks_that_have_a_place_on_the_drawing():
    make_park(slug="a-nowhere")
    make_park(slug="b-by-point", longitude=112, latitude=23)
    make_park(slug="c-by-name", map_id="lingang")
    found = [(park.slug, pin and pin.number) for park, pin in maps.numbered(Park.objects.order_by("slug"))]
    assert found == [("a-nowhere", None), ("b-by-point", 1), ("c-by-name", 2)]


@pytest.mark.django_db
def test_the_review_number_stands_below_the_map_only_where_it_is_set(client, settings):
    make_park(map_id="lingang")
    assert "粤S" not in client.get("/en/").content.decode()
    settings.MAP_REVIEW_NUMBER = "粤S（2026）001号"
    assert "粤S（2026）001号" in client.get("/en/").content.decode()
