"""Lists as files: complete, in stored units, safe to open in a spreadsheet (investors.md 3.2, 7.5; trust.md T25)."""

import csv
import io
import json

import pytest
from django.conf import settings

from publishing.models import Status
from tests.factories import (
    in_three,
    make_answer,
    make_article,
    make_bureau,
    make_contact,
    make_district,
    make_figure,
    make_industry,
    make_listing,
    make_milestone,
    make_park,
    make_policy,
    make_project,
)
from tests.pages import page_of
from tests.publishing.kinds import only_in

pytestmark = pytest.mark.django_db
BUILDERS = {
    "parks": make_park,
    "listings": make_listing,
    "projects": make_project,
    "industries": make_industry,
    "figures": make_figure,
    "history": make_milestone,
    "news": make_article,
    "policies": make_policy,
    "questions": make_answer,
}
of_each_file = pytest.mark.parametrize("kind", BUILDERS)


def csv_rows(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def json_items(visitor, address):
    return json.loads(visitor.get(address).content)["items"]


@of_each_file
def test_both_forms_of_a_file_hold_the_same_rows(visitor, kind):
    for number in range(3):
        BUILDERS[kind](**in_three("title", f"Title {number}"))
    rows, items = csv_rows(visitor, f"/en/{kind}/data.csv"), json_items(visitor, f"/en/{kind}/data.json")
    assert len(rows) == len(items) == 3
    assert list(rows[0]) == list(items[0])
    assert [row["title_en"] for row in rows] == [item["title_en"] for item in items]
    assert all(row["url"].startswith(f"{settings.SITE_ADDRESS}/en/") for row in rows)


@of_each_file
def test_a_file_opens_in_a_spreadsheet_as_utf8(visitor, kind):
    BUILDERS[kind](**in_three("title", "English", "肇庆"))
    response = visitor.get(f"/en/{kind}/data.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv_rows(visitor, f"/en/{kind}/data.csv")[0]["title_zh_hans"] == "肇庆"
    assert visitor.get(f"/en/{kind}/data.json").headers["Content-Type"] == "application/json; charset=utf-8"


@of_each_file
def test_a_file_holds_what_is_public_in_any_language(visitor, kind):
    BUILDERS[kind](status=Status.DRAFT)
    BUILDERS[kind](status=Status.WITHDRAWN)
    assert csv_rows(visitor, f"/en/{kind}/data.csv") == []
    BUILDERS[kind](**only_in("zh_hans"))
    assert len(csv_rows(visitor, f"/en/{kind}/data.csv")) == 1


@of_each_file
def test_a_file_is_not_cut_into_pages(visitor, kind):
    for _number in range(25):
        BUILDERS[kind]()
    assert len(csv_rows(visitor, f"/en/{kind}/data.csv")) == 25
    assert json.loads(visitor.get(f"/en/{kind}/data.json").content)["count"] == 25


@of_each_file
def test_staff_columns_are_not_exported(visitor, kind):
    BUILDERS[kind](to_confirm="Secret doubt")
    row = json_items(visitor, f"/en/{kind}/data.json")[0]
    assert not {"to_confirm", "checked_by", "version", "staff_note", "status", "name_confirmed", "bureau_id"} & set(row)
    assert "Secret doubt" not in visitor.get(f"/en/{kind}/data.csv").content.decode()


def test_the_filters_of_the_list_apply(visitor):
    make_listing(kind="land", code="A-1")
    make_listing(kind="factory", code="B-2")
    assert [row["code"] for row in csv_rows(visitor, "/en/listings/data.csv?kind=factory")] == ["B-2"]
    assert [item["code"] for item in json_items(visitor, "/en/listings/data.json?kind=land&page=99")] == ["A-1"]


def test_the_links_to_the_files_carry_the_filters(visitor):
    make_listing()
    page = page_of(visitor.get("/en/listings/?kind=land&area_min=1&unit=mu&sort=title&junk=1&tenure=gift"))
    (link,) = [one["href"] for one in page.all("a") if one.get("href", "").startswith("/en/listings/data.csv")]
    assert set(link.partition("?")[2].split("&")) == {"kind=land", "area_min=1", "unit=mu"}


def test_values_are_in_stored_units(visitor):
    make_listing(land_area_m2="903333.33", sale_price=450, floor_area_m2=None)
    item = json_items(visitor, "/en/listings/data.json?unit=mu")[0]
    assert (item["land_area_m2"], item["sale_price"], item["floor_area_m2"]) == (903333.33, 450, None)
    row = csv_rows(visitor, "/en/listings/data.csv?unit=mu")[0]
    assert (row["land_area_m2"], row["sale_price"], row["floor_area_m2"]) == ("903333.33", "450.00", "")


def test_what_an_item_points_at_is_named_by_its_address(visitor):
    park = make_park(slug="the-park", district=make_district("sihui"))
    park.industries.add(make_industry(slug="robots"), make_industry(slug="cars"), make_industry(slug="secret", status=Status.DRAFT))
    make_listing(park=park)
    make_listing(park=make_park(slug="hidden-park", status=Status.DRAFT))
    item = json_items(visitor, "/en/parks/data.json")[0]
    assert (item["district"], item["industries"]) == ("sihui", "cars robots")
    assert {item["park"] for item in json_items(visitor, "/en/listings/data.json")} == {"the-park", None}


FORMULAS = [
    '=HYPERLINK("http://e.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
    " =1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\ufeff=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(visitor, text):
    make_park(**in_three("title", text), summary_en=text)
    raw = visitor.get("/en/parks/data.csv").content.decode("utf-8-sig")
    for cell in next(iter(list(csv.reader(io.StringIO(raw, newline="")))[1:])):
        assert not cell.lstrip(" \n\ufeff").startswith(tuple("=+-@\t\r＝＋－＠")), repr(cell)
    assert json_items(visitor, "/en/parks/data.json")[0]["title_en"] == text


def test_negative_numbers_stay_numbers(visitor):
    make_figure(growth_percent="-3.20", value=-5)
    row = csv_rows(visitor, "/en/figures/data.csv")[0]
    assert (row["growth_percent"], row["value"]) == ("-3.20", "-5.0000")


def test_contacts_are_open_data_without_the_doubts_of_staff(visitor):
    make_contact(bureau=make_bureau("sihui"), doubt="Two fax numbers", fax="+867583611188")
    row = csv_rows(visitor, "/en/contacts/data.csv")[0]
    assert (row["bureau"], row["fax"].lstrip("'")) == ("sihui", "+867583611188")
    assert "Two fax numbers" not in visitor.get("/en/contacts/data.json").content.decode()


@pytest.mark.parametrize("ending", ["xlsx", "exe", "CSV", "csv-old"])
@pytest.mark.parametrize("kind", [*BUILDERS, "contacts"])
def test_an_unknown_form_is_not_found(visitor, kind, ending):
    assert visitor.get(f"/en/{kind}/data.{ending}").status_code == 404


def test_the_index_names_every_file_with_its_fields(visitor):
    for builder in BUILDERS.values():
        builder()
    page = page_of(visitor.get("/en/data/"))
    links = {link["href"] for link in page.all("a") if "/data." in link.get("href", "")}
    assert links == {f"/en/{kind}/data.{ending}" for kind in (*BUILDERS, "contacts", "promise") for ending in ("csv", "json")}
    for link in links:
        if link.endswith(".csv"):
            headings = visitor.get(link).content.decode("utf-8-sig").splitlines()[0].split(",")
            assert all(heading in page.text for heading in headings if heading != "url"), link


def test_open_data_counts_what_is_public(visitor):
    make_park()
    make_park(status=Status.DRAFT)
    files = visitor.get("/en/data/").context["files"]
    assert next(file for file in files if file["csv"] == "/en/parks/data.csv")["count"] == 1
