"""Lists as files that come back unchanged (staff.md S48), and one change for many items (S49)."""

import csv
import datetime
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from bureaus.models import AuditEntry, Membership
from city.admin import FIGURE_TABLE
from city.models import KeyFigure
from parks.admin import LISTING_TABLE
from parks.models import Listing
from projects.admin import PROJECT_TABLE
from projects.models import Project
from publishing import changes
from publishing.models import Batch, Change, Revision, Status
from publishing.tables.columns import Columns, units_of
from publishing.tables.measures import Unit
from publishing.workflow import take
from tests.factories import (
    in_three,
    make_bureau,
    make_change,
    make_figure,
    make_industry,
    make_listing,
    make_opportunity,
    make_park,
    make_project,
)
from tests.publishing.spreadsheets import confirm, counts, faults, take_back, upload, workbook_of

pytestmark = pytest.mark.django_db
TABLES = {
    "parks_listing": (Listing, LISTING_TABLE),
    "projects_project": (Project, PROJECT_TABLE),
    "city_keyfigure": (KeyFigure, FIGURE_TABLE),
}
PAYLOADS = [
    "=1+1",
    "+861",
    "-5",
    "@SUM(A1)",
    "＝1",
    "'=x",
    "''=x",
    " =1",
    "'quoted",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "－1",
]


@pytest.fixture
def client(publisher, signed_in):
    return signed_in(publisher)


def export(client, kind="parks_listing", **query):
    return client.get(reverse(f"admin:{kind}_export"), query)


def come_back(response, name):
    return SimpleUploadedFile(name, response.content)


# --- S48 ---


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_each_heading_is_known_again_with_its_unit(kind, language):
    columns = Columns(*TABLES[kind])
    with override(language):
        labels = [column.label for column in columns.all]
        assert len(set(labels)) == len(labels)
        assert [columns.recognize(label) for label in labels] == list(columns.all)
        for column in columns.all:
            if column.measure:
                assert units_of(column.label, column) == [Unit(column.measure.stored)], column.label


def fill(kind):
    """Rows with everything in them that a table may stumble over."""
    industry = make_industry(slug="new-energy", **in_three("title", "New energy; vehicles", "新能源、汽车"))
    other = make_industry(slug="materials", **in_three("title", "Materials", "材料"))
    park = make_park(slug="one", **in_three("title", "Same name"))
    make_park(slug="two", **in_three("title", "Same name"))
    if kind == "parks_listing":
        listing = make_listing(park=park, sale_price="450.55", latitude="23.318000", longitude="112.500000", power="planned", code="0012")
        listing.industries.set([industry, other])
        make_listing(kind="factory", expires_at=timezone.now(), services_note_en="Line one\nline two", as_of=datetime.date(2026, 2, 1))
        make_listing(status=Status.DRAFT, title_en="", title_zh_hant="", land_area_m2=None)
        return Listing
    if kind == "projects_project":
        project = make_project(park=park, investment_cny="1234567890123.45", name_confirmed=True, investor_region="DE")
        project.industries.set([industry, other])
        project.listings.set([make_listing()])
        make_opportunity(investment_cny=1, investment_max_cny=2)
        return Project
    make_figure(value="2792.5123", growth_percent="-6.4")
    make_figure(value="-3", period_kind="to-date", period_start=None, period_end=None, home_order=2)
    return KeyFigure


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_s48_what_went_out_comes_back_all_the_same(client, kind, ending, language):
    client.cookies["django_language"] = language
    model = fill(kind)
    first = model.objects.first()
    make_change(first, title_en="Only in the draft")
    page = upload(client, come_back(export(client, kind, **{"as": ending}), f"list.{ending}"), kind)
    assert faults(page) == []
    assert counts(page) == {"new": 0, "changed": 0, "same": model.objects.filter(bureau__slug="dinghu").count()}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_s48_text_that_looks_like_a_formula_stays_text_and_comes_back(client, ending):
    for number, payload in enumerate(PAYLOADS):
        make_listing(code=f"P-{number:02d}", title_en=payload, price_basis_en=payload)
    response = export(client, **{"as": ending})
    if ending == "xlsx":
        cells = [cell for line in workbook_of(response).worksheets[0].iter_rows() for cell in line if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert {cell.value for cell in cells} >= {"=1+1", "@SUM(A1)"}
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))
    else:
        lines = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "－"))]
    page = upload(client, come_back(response, f"list.{ending}"))
    assert faults(page) == []
    assert counts(page) == {"new": 0, "changed": 0, "same": len(PAYLOADS)}


def test_s48_the_export_is_the_filtered_list(client):
    make_listing(code="LAND-1")
    make_listing(code="HALL-1", kind="factory")
    lines = export(client, kind="parks_listing", **{"as": "csv", "kind__exact": "factory"}).content.decode("utf-8-sig")
    assert "HALL-1" in lines
    assert "LAND-1" not in lines
    found = export(client, **{"as": "csv", "q": "LAND"}).content.decode("utf-8-sig")
    assert "LAND-1" in found
    assert "HALL-1" not in found
    page = client.get(reverse("admin:parks_listing_changelist"), {"kind__exact": "factory"}).content.decode()
    assert "/export/?kind__exact=factory&amp;as=xlsx" in page


def test_s48_only_what_the_person_sees_goes_out(client, stranger, officer, signed_in):
    hidden = make_park(bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731"))
    make_listing(code="OWN-1", **in_three("title", "Own"))
    make_listing(code="SIHUI-1", bureau="sihui", park=hidden)
    assert "SIHUI-1" not in export(client, **{"as": "csv"}).content.decode()
    assert "7731" not in export(client, **{"as": "csv"}).content.decode()
    lists = workbook_of(export(client))
    assert "7731" not in " ".join(str(cell.value) for sheet in lists for line in sheet.iter_rows() for cell in line)
    assert "OWN-1" not in export(signed_in(stranger), **{"as": "csv"}).content.decode()
    assert export(signed_in(officer)).status_code == 403
    assert export(client, **{"as": "pdf"}).status_code == 404


def test_s48_an_export_is_written_down_with_what_it_held(client, manager, signed_in):
    make_listing(code="HALL-1", kind="factory")
    make_listing()
    export(client, **{"as": "csv", "kind__exact": "factory", "q": "HALL"})
    entry = AuditEntry.objects.get(action=AuditEntry.Action.EXPORT, bureau__slug="dinghu")
    assert (entry.kind.model, entry.detail, entry.address) == ("listing", "1 rows · “HALL” · kind: factory · csv", "127.0.0.1")
    page = signed_in(manager).get(reverse("admin:bureaus_auditentry_changelist")).content.decode()
    assert "1 row · “HALL” · kind: factory · csv" in page


def test_s48_an_export_and_the_workbook_to_fill_in_are_named_apart(client):
    names = [export(client, **{"as": ending}).headers["Content-Disposition"] for ending in ("xlsx", "csv")]
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert names == [f'attachment; filename="land-and-buildings-{today}.{ending}"' for ending in ("xlsx", "csv")]
    template = client.get(reverse("admin:parks_listing_import_template"))
    assert template.headers["Content-Disposition"] == 'attachment; filename="land-and-buildings-template.xlsx"'


def test_s48_the_queries_of_an_export_do_not_grow(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            export(client)
        return len(captured)

    make_listing(park=make_park())
    make_change(make_listing(park=make_park()))
    export(client)
    few = queries()
    for _row in range(10):
        make_change(make_listing(park=make_park()))
    assert queries() == few


# --- S49 ---


def mark(client, items, **fields):
    data = {"action": "mark_as_leased", "_selected_action": [item.pk for item in items]} | fields
    return client.post(reverse("admin:parks_listing_changelist"), data, follow=True)


def availability(listing):
    return changes.head(listing).data[0]["fields"]["availability"]


def test_s49_thirty_listings_are_marked_as_leased_after_their_names_were_shown(editor, publisher, signed_in, visitor):
    listings = [make_listing(**in_three("title", f"Plot {number}")) for number in range(30)]
    client = signed_in(editor)
    page = mark(client, listings)
    text = page.content.decode()
    assert all(f"Plot {number}<" in text for number in range(30))
    assert "“Availability” becomes “no longer available”" in text
    assert "Make 30 drafts" in text
    assert not Change.objects.exists()
    done = mark(client, listings, _confirmed="1", seen=page.context["seen"])
    assert "30 drafts made. The live pages are unchanged." in done.content.decode()
    assert {availability(listing) for listing in listings} == {"allocated"}
    assert Listing.objects.filter(availability="available").count() == 30
    assert Revision.objects.filter(batch=Batch.objects.get().pk).count() == 30
    entry = AuditEntry.objects.get(action="change-many")
    assert (entry.user, entry.detail, entry.address) == (editor, "30 items", "127.0.0.1")
    one = listings[0]
    take(one, "submit", editor)
    take(one, "approve_and_publish", publisher)
    one.refresh_from_db()
    assert one.availability == "allocated"
    back = take_back(client, done.redirect_chain[-1][0]).content.decode()
    assert "29 items taken back." in back
    assert "Plot 0 (published since)" in back
    assert {availability(listing) for listing in listings[1:]} == {"available"}
    assert not Change.objects.filter(state__in=Change.OPEN).exists()


def test_s49_what_stays_as_it_is_is_named_with_the_reason(editor, signed_in):
    leased = make_listing(availability="allocated", **in_three("title", "Leased"))
    reviewed = make_listing(**in_three("title", "Reviewed"))
    make_change(reviewed, "in-review", by=editor)
    free = make_listing(**in_three("title", "Free"))
    client = signed_in(editor)
    page = mark(client, [leased, reviewed, free])
    text = page.content.decode()
    assert "Leased: It is so already." in text
    assert "Reviewed: A change of it is in review." in text
    mark(client, [free], _confirmed="1", seen=page.context["seen"])
    assert (availability(free), availability(reviewed)) == ("allocated", "available")


def test_s49_an_item_changed_while_somebody_looked_is_named_and_nothing_is_saved(editor, publisher, signed_in):
    one, two = make_listing(**in_three("title", "One")), make_listing(**in_three("title", "Two"))
    client = signed_in(editor)
    page = mark(client, [one, two])
    changes.begin(two, publisher)
    answer = mark(client, [one, two], _confirmed="1", seen=page.context["seen"])
    assert "Nothing was stored" in answer.content.decode()
    assert answer.context["differing"] == ["Two"]
    assert not Batch.objects.exists()


def test_s49_only_what_was_shown_and_only_own_items_are_changed(editor, signed_in):
    own, other = make_listing(), make_listing(bureau="sihui")
    client = signed_in(editor)
    page = mark(client, [own])
    mark(client, [own, other], _confirmed="1", seen=page.context["seen"])
    mark(client, [own], _confirmed="1", seen="forged")
    assert changes.open_change(other) is None
    assert Change.objects.count() <= 1


def test_s49_a_batch_is_taken_back_by_its_author_or_a_reviewer(editor, publisher, signed_in):
    listing = make_listing()
    client = signed_in(publisher)
    page = mark(client, [listing])
    where = mark(client, [listing], _confirmed="1", seen=page.context["seen"]).redirect_chain[-1][0]
    assert "Take 1 item back" not in signed_in(editor).get(where).content.decode()
    assert signed_in(editor).get(where, {"take_back": "1"}).status_code == 403
    assert signed_in(editor).post(where, {"_take_back": "1"}).status_code == 403
    assert "1 item taken back." in take_back(client, where).content.decode()


def test_a_person_of_two_bureaus_chooses_for_which_one_a_table_is(publisher, signed_in, sihui):
    Membership.objects.create(user=publisher, bureau=make_bureau("sihui"), role="reviewer")
    client = signed_in(publisher)
    file = SimpleUploadedFile("t.csv", b"code,title_en,kind\nX-1,One,land\n")
    assert "This field is required" in upload(client, file).content.decode()
    file.seek(0)
    page = upload(client, file, bureau=sihui.pk)
    confirm(client, page=page)
    assert Listing.objects.get().bureau == sihui
