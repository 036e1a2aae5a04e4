"""The real figures of the city: each of F01-F51 stands on the page of its subject in three languages, as published."""

import csv
import datetime

import pytest
from django.conf import settings
from django.test import Client

from city.models import KeyFigure
from publishing.models import Status
from tests.factories import make_figure
from tests.pages import Page, page_of, section

pytestmark = pytest.mark.django_db
LANGUAGES = {"en": "en", "zh-hans": "zh_hans", "zh-hant": "zh_hant"}
# Written from the source documents: code | subject | value in English, Simplified, Traditional | period and growth, alike.
EXPECTED = (settings.BASE_DIR / "tests" / "city" / "figures.txt").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")] for line in EXPECTED.strip().splitlines()]
BY_CODE = {row[0]: row for row in ROWS}
NATURES = {
    "expected": ("expected", "预计", "預計"),
    "planned": ("planned", "规划", "規劃"),
}


def seed_rows():
    with (settings.BASE_DIR / "seeds" / "figures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEEDS = {row["code"]: row for row in seed_rows()}


@pytest.fixture(scope="module")
def subject_pages(seeded, menu_kept):
    """The HTML of each subject's page by language and subject."""
    client = Client()
    subjects = {row[1] for row in ROWS}
    return {(code, one): client.get(f"/{code}/figures/{one}/").content.decode() for code in LANGUAGES for one in subjects}


@pytest.fixture(scope="module")
def list_pages(seeded):
    client = Client()
    return {code: page_of(client.get(f"/{code}/figures/")) for code in LANGUAGES}


def test_the_table_and_the_seeds_name_the_same_51_figures():
    assert list(BY_CODE) == sorted(SEEDS) == [f"F{number:02d}" for number in range(1, 52)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SEEDS)
def test_figure_shows_value_period_nature_and_source(subject_pages, code, language):
    place, seed = list(LANGUAGES).index(language), SEEDS[code]
    row, suffix = BY_CODE[code], LANGUAGES[language]
    shown = section(subject_pages[language, row[1]], code)
    value = shown.text.partition(seed[f"title_{suffix}"])[0].strip()
    assert value == row[2 + place]
    assert row[5 + place] in shown.text
    for column in ("title", "source", "growth_note", "definition", "note"):
        assert seed[f"{column}_{suffix}"] in shown.text
    tags = [attributes for attributes in shown.all("span") if attributes.get("class") == "tag"]
    assert bool(tags) is (seed["nature"] != "actual")
    if tags:
        assert NATURES[seed["nature"]][place] in shown.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_every_figure_with_a_link_to_its_place(list_pages, language):
    place, page = list(LANGUAGES).index(language), list_pages[language]
    links = {link["href"] for link in page.all("a") if "href" in link}
    for code, row in BY_CODE.items():
        assert f"/{language}/figures/{row[1]}/#{code}" in links
        assert f"{row[2 + place]} " in page.text
        assert row[5 + place] in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_without_a_date_says_so(subject_pages, language):
    shown = section(subject_pages[language, "hightech-zone"], "F12").text
    assert {"en": "date not stated", "zh-hans": "日期未载明", "zh-hant": "日期未載明"}[language] in shown


def test_land_of_the_starting_areas_is_in_mu_not_acres(subject_pages, list_pages):
    """The translated source says acres; 130,000 acres would not fit into 137 km²."""
    for code, mu in (("F24", "130,000 mu"), ("F25", "30,000 mu")):
        figure = KeyFigure.objects.get(code=code)
        assert figure.unit == "mu"
        shown = section(subject_pages["en", "large-industrial-cluster"], code).text
        assert mu in shown.split("Land")[0].split("Contiguous")[0]
    assert "acre" not in list_pages["en"].text


def test_every_figure_has_an_anchor_of_its_code(subject_pages):
    for code, row in BY_CODE.items():
        assert Page(subject_pages["en", row[1]]).ids.count(code) == 1


def test_a_subject_without_public_figures_is_not_found(visitor):
    make_figure(subject_code="secret-zone", status=Status.DRAFT)
    assert visitor.get("/en/figures/secret-zone/").status_code == 404
    assert visitor.get("/en/figures/made-up/").status_code == 404


def test_a_draft_figure_stands_nowhere(visitor):
    make_figure(subject_code="zhaoqing", title_en="Secret indicator", status=Status.DRAFT)
    make_figure(subject_code="zhaoqing", title_en="Known indicator")
    for address in ("/en/figures/", "/en/figures/zhaoqing/", "/en/figures/data.csv", "/en/figures/data.json"):
        shown = visitor.get(address).content.decode()
        assert "Secret indicator" not in shown
        assert "Known indicator" in shown


def test_figures_are_filtered_by_subject_group_and_year(visitor):
    make_figure(title_en="Wanted", group="land", period_end=datetime.date(2023, 12, 31))
    make_figure(title_en="Other year", group="land")
    make_figure(title_en="Other group", group="trade", period_end=datetime.date(2023, 12, 31))
    make_figure(title_en="Other subject", subject_code="sihui", group="land", period_end=datetime.date(2023, 12, 31))
    shown = page_of(visitor.get("/en/figures/?subject=zhaoqing&group=land&year=2023")).text
    assert "Wanted" in shown
    assert not any(other in shown for other in ("Other year", "Other group", "Other subject Statistical"))
