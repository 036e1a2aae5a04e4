"""A table from upload to drafts and back, in the browser: faults, headings, preview (staff.md S47, libraries.md section 7)."""

import pytest

from parks.models import Listing
from tests.e2e.axe import AXE, judge
from tests.e2e.staff import open_session
from tests.e2e.watching import scrolls_sideways
from tests.publishing.spreadsheets import csv_file, xlsx

pytestmark = pytest.mark.e2e
HEADINGS = ["Parcel or unit number", "Title · English", "Kind", "land area (m²)"]


def is_in_order(page):
    found = judge(page)
    return found + [line for width in (1280, 390) for line in scrolls_sideways(page, width)]


def upload(page, site, file):
    page.goto(f"{site}/admin/parks/listing/import/")
    page.locator("#id_file").set_input_files({"name": file.name, "mimeType": "application/octet-stream", "buffer": file.read()})
    with page.expect_navigation():
        page.locator(".submit-row button").click()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_s47_a_table_becomes_drafts_and_is_taken_back(open_page, site, locale):
    page = open_page(locale=locale)
    page.context.add_init_script(AXE)
    open_session(page.context, site, "mei")
    page.goto(f"{site}/admin/parks/listing/import/")
    assert is_in_order(page) == []
    upload(page, site, xlsx([HEADINGS, ["E2E-1", "One", "land", "large"], ["E2E-2", "Two", "castle", 5]]))
    assert page.locator(".faults tbody tr").count() == 2
    assert is_in_order(page) == []
    with page.expect_download() as download:
        page.locator(".ways a").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    own = [
        ["我局编号", "Title · English", "Kind", f"大小 {locale}"],
        ["E2E-1", "One", "land", "30"],
        ["E2E-2", "Two", "land", "2公顷"],
    ]
    upload(page, site, csv_file(own, "gb18030"))
    assert is_in_order(page) == []
    page.locator("select[name=column_0]").select_option("code")
    assert page.locator("select[name=unit_3]").count() == 0
    page.locator("select[name=column_3]").select_option("land_area_m2")
    page.locator("select[name=unit_3]").select_option("1:mu")
    with page.expect_navigation():
        page.locator(".submit-row button").click()
    assert is_in_order(page) == []
    with page.expect_navigation():
        page.locator(".submit-row button").click()
    assert Listing.objects.filter(code__startswith="E2E-", land_area_m2=20000).count() == 2
    assert is_in_order(page) == []
    with page.expect_navigation():
        page.locator(".submit-row button").first.click()
    assert page.locator(".lacking > div").count() == 2
    assert is_in_order(page) == []
    with page.expect_navigation():
        page.locator(".ways a").last.click()
    assert is_in_order(page) == []
    with page.expect_navigation():
        page.locator(".submit-row button").click()
    assert page.locator("tbody tr").count() == 2
    assert page.locator(".submit-row").count() == 0
