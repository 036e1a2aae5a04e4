"""Tables brought in: every fault at once, a preview, drafts in one transaction, taken back by one press (staff.md S47, S15)."""

import datetime
import threading
from contextlib import closing
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from bureaus.models import AuditEntry
from city.models import KeyFigure
from outbox.models import Letter
from parks.admin import LISTING_TABLE
from parks.models import Listing
from projects.models import Project
from publishing import changes
from publishing.models import Batch, Change, HeadingNames, Revision, Status, Upload
from publishing.tables.columns import Columns
from publishing.workflow import take
from tests.factories import in_three, make_figure, make_industry, make_listing, make_park, make_preferred_word, make_project
from tests.publishing.spreadsheets import (
    bring_in,
    confirm,
    counts,
    csv_file,
    faults,
    saved,
    say_headings,
    take_back,
    upload,
    waiting,
    workbook_of,
    xlsx,
)

pytestmark = pytest.mark.django_db
EXCEL_DAY = datetime.datetime(2026, 11, 1)  # noqa: DTZ001, a cell knows no time zone
HEADINGS = ["Parcel or unit number", "Title · English", "Kind", "Park", "land area (m²)", "available from", "Expires"]


@pytest.fixture
def park():
    return make_park(slug="lianhua", **in_three("title", "Lianhua Park", "莲花园区"))


@pytest.fixture
def client(publisher, signed_in):
    return signed_in(publisher)


def row(number, **changed):
    usual = {
        "code": f"DH-{number:04d}",
        "title": f"Plot {number}",
        "kind": "land",
        "park": "Lianhua Park",
        "area": 20000 + number,
        "start": datetime.date(2026, 11, 1),
        "end": datetime.date(2027, 11, 1),
    }
    return list((usual | changed).values())


def head_of(item):
    return changes.head(item).data[0]["fields"]


def counted():
    return [model.objects.count() for model in (Listing, Revision, Change, Batch)]


# --- S47 ---


def test_s47_every_bad_cell_is_named_at_once_and_nothing_is_saved(client, park):
    rows = [HEADINGS, *(row(number) for number in range(1, 13))]
    rows[2][4] = "large"
    rows[3][4] = "30亩/50000㎡"
    rows[4][3] = "Atlantis"
    rows[5][6] = datetime.date(2026, 10, 1)
    rows[7][0] = "DH-0006"
    rows[8][4] = "=100*200"
    rows[9][4] = "２０,０００"
    before = counted()
    page = upload(client, xlsx(rows))
    assert faults(page) == [
        (3, "E", "large", "This is no number."),
        (4, "E", "30亩/50000㎡", "The two quantities in this cell do not agree."),
        (5, "D", "Atlantis", "There is no park of this name: Atlantis."),
        (6, "G", "2026-10-01", "This comes before “Available from”."),
        (7, "A", "DH-0006", "This also stands in row 8."),
        (8, "A", "DH-0006", "This also stands in row 7."),
        (9, "E", "=100*200", "This is a formula. Copy the cell and paste it as a value."),
    ]
    text = page.content.decode()
    assert all(word in text for word in ("7 cells cannot be taken", "E · land area (m²)", "Atlantis", "=100*200"))
    assert counted() == before
    assert client.post(page.redirect_chain[-1][0], {"seen": page.context["seen"]}, follow=True).context["outcome"].faults
    assert counted() == before


def test_s47_the_persons_own_workbook_comes_back_with_the_cells_marked(client, park):
    def paint(sheet):
        sheet["A1"].fill = PatternFill("solid", fgColor="00FF00")
        sheet.title = "载体清单"

    rows = [HEADINGS, row(1, area="large"), row(2, park="Atlantis"), row(3)]
    page = upload(client, xlsx(rows, finish=paint))
    assert page.context["outcome"].faults[0].sheet == "载体清单"
    sheet = workbook_of(client.get(page.context["remarks_address"]))["载体清单"]
    marked = {cell.coordinate: cell.comment.text for line in sheet.iter_rows() for cell in line if cell.comment}
    assert marked == {"E2": "This is no number.", "D3": "There is no park of this name: Atlantis."}
    assert sheet["A1"].fill.fgColor.rgb.endswith("00FF00")
    assert sheet["E2"].fill.fgColor.rgb != sheet["E4"].fill.fgColor.rgb
    assert sheet["B4"].value == "Plot 3"


def test_s47_new_changed_same_become_drafts_and_the_same_file_again_says_all_the_same(client, park, visitor):
    live = make_listing(code="DH-0001", park=park, land_area_m2=20001, **in_three("title", "Plot 1"))
    draft = make_listing(code="DH-0002", park=park, status=Status.DRAFT, land_area_m2=1)
    rows = [HEADINGS, *(row(number) for number in range(1, 6))]
    before = visitor.get(live.get_absolute_url()).content
    page = upload(client, xlsx(rows))
    assert counts(page) == {"new": 3, "changed": 2, "same": 0}
    text = page.content.decode()
    assert "<strong>0</strong> removed" in text
    assert "<del>1</del>" in text
    assert "<ins>20,002</ins>" in text
    done = confirm(client, page=page)
    assert "Everything is stored as drafts" in done.content.decode()
    assert Listing.objects.count() == 5
    assert Listing.objects.filter(status=Status.LIVE).count() == 1
    assert visitor.get(live.get_absolute_url()).content == before
    assert head_of(live)["available_from"] == "2026-11-01"
    draft.refresh_from_db()
    assert draft.land_area_m2 == 20002
    made = Revision.objects.filter(kind=Revision.Kind.IMPORT)
    assert made.count() == 5
    assert {revision.batch for revision in made} == {Batch.objects.get().pk}
    assert Change.objects.filter(state="draft").count() == 5
    assert not Upload.objects.exists()
    assert counts(upload(client, xlsx(rows))) == {"new": 0, "changed": 0, "same": 5}


def test_s15_a_row_edited_after_the_preview_is_named_and_nothing_is_saved(client, park, editor):
    listing = make_listing(code="DH-0001", park=park, **in_three("title", "Plot 1"))
    page = upload(client, xlsx([HEADINGS, row(1), row(2)]))
    state = changes.begin(listing, editor).data
    before = counted()
    answer = confirm(client, page=page)
    text = answer.content.decode()
    assert "Nothing was stored" in text
    assert "DH-0001 · Plot 1 (row 2): du saved it on" in text
    assert counted() == before
    assert state == changes.head(listing).data
    assert "Everything is stored as drafts" in confirm(client, page=answer).content.decode()


def test_s47_a_code_that_a_colleague_made_after_the_preview_is_named_too(client, park):
    page = upload(client, xlsx([HEADINGS, row(1), row(2)]))
    make_listing(code="DH-0002", status=Status.DRAFT)
    before = counted()
    assert "DH-0002 · Plot 2 (row 3)" in confirm(client, page=page).content.decode()
    assert counted() == before


def test_s47_other_bureaus_codes_are_refused_row_by_row(client, park, sihui):
    for number in (1, 2):
        make_listing(code=f"DH-{number:04d}", bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731"))
    before = counted()
    page = upload(client, xlsx([HEADINGS, row(1), row(2)]))
    assert [(line, reason) for line, _letter, _value, reason in faults(page)] == [
        (2, "This is not your bureau's: Bureau of Sihui keeps it."),
        (3, "This is not your bureau's: Bureau of Sihui keeps it."),
    ]
    assert "Canary" not in page.content.decode()
    assert counted() == before


def test_s47_a_park_that_the_bureau_may_not_know_does_not_exist(client):
    make_park(bureau="sihui", status=Status.DRAFT, **in_three("title", "Secret park"))
    page = upload(client, xlsx([HEADINGS, row(1, park="Secret park")]))
    assert faults(page) == [(2, "D", "Secret park", "There is no park of this name: Secret park.")]


def test_s47_what_is_in_review_is_named_and_stays(client, park, editor):
    listing = make_listing(code="DH-0001", park=park, status=Status.DRAFT)
    changes.begin(listing, editor)
    take(listing, "submit", editor)
    page = upload(client, xlsx([HEADINGS, row(1)]))
    assert faults(page) == [(2, "A", "DH-0001", "A change of this item is in review. Take it back before you import another.")]


def test_s47_taking_back_names_what_becomes_of_each_item_and_then_does_it(client, park, editor, publisher):
    live = make_listing(code="DH-0001", park=park, land_area_m2=5, **in_three("title", "Plot 1"))
    drafted = make_listing(code="DH-0002", park=park, land_area_m2=5)
    first = changes.keep(drafted, with_fields(drafted, summary_en="Mine"), editor, seen=None)
    page = bring_in(client, xlsx([HEADINGS, *(row(number) for number in range(1, 5))]))
    assert AuditEntry.objects.get(action="import").detail == "2 new · 2 changed"
    edited, new = Listing.objects.get(code="DH-0004"), Listing.objects.get(code="DH-0003")
    changes.keep(edited, with_fields(edited, summary_en="Edited"), editor, seen=changes.head(edited))
    where = page.redirect_chain[-1][0]
    asked = client.get(where, {"take_back": "1"})
    assert (asked.context["gone"], asked.context["as_before"]) == ([new], [live, drafted])
    assert asked.context["staying"] == [(edited, "edited since by du")]
    assert changes.open_change(new) is not None
    text = take_back(client, where).content.decode()
    assert "3 items taken back." in text
    assert "Left as they are: Plot 4 (edited since by du)." in text
    assert changes.open_change(live) is None
    assert changes.open_change(new) is None
    assert changes.head(drafted).data == first.data
    assert changes.open_change(drafted) is not None
    assert head_of(edited)["summary_en"] == "Edited"
    assert "items back" not in client.get(where).content.decode()
    entry = AuditEntry.objects.get(action="take-back")
    assert (entry.user, entry.thing, entry.detail, entry.address) == (publisher, "table.xlsx", "3 items", "127.0.0.1")
    again = upload(client, xlsx([HEADINGS, *(row(number) for number in range(1, 5))]))
    assert counts(again) == {"new": 1, "changed": 2, "same": 1}
    assert "Everything is stored" in confirm(client, page=again).content.decode()
    assert changes.open_change(new) is not None


def test_s47_what_was_taken_back_is_gone_from_lists_search_and_counts_and_its_history_stays(client, park, publisher):
    where = bring_in(client, xlsx([HEADINGS, row(1), row(2)])).redirect_chain[-1][0]
    live = make_listing(code="DH-0009", **in_three("title", "Plot 9"))
    listing = Listing.objects.get(code="DH-0002")
    take(Listing.objects.get(code="DH-0001"), "discard", publisher)
    changelist = reverse("admin:parks_listing_changelist")

    def listed(**query):
        return {item.code for item in client.get(changelist, query).context["cl"].result_list}

    assert listed() == {"DH-0002", "DH-0009"}
    take_back(client, where)
    assert listed() == listed(q="Plot") == {"DH-0009"}
    assert listed(change="put-away") == {"DH-0001", "DH-0002"}
    (group,) = client.get(reverse("admin:find"), {"q": "Plot"}).context["groups"]
    assert [name for name, *_rest in group.found] == [str(live)]
    places = [place for _title, found in client.get(reverse("admin:index")).context["groups"] for place in found]
    assert [place.count for place in places if place.url == changelist] == [1]
    assert "DH-0002" not in client.get(reverse("admin:parks_listing_export"), {"as": "csv"}).content.decode()
    assert "Plot 2" not in client.get(reverse("admin:translations")).content.decode()
    assert "table.xlsx" in client.get(reverse("admin:parks_listing_history", args=[listing.pk])).content.decode()
    again = client.post(reverse("admin:parks_listing_add"), {"code": "DH-0002", "title_en": "By hand"}).content.decode()
    assert "look under its filter “set aside, nobody is at work on it”" in again


def test_s47_all_of_an_import_is_submitted_and_published_by_one_press_each_with_one_letter(client, park, publisher, manager, signed_in):
    for person in (publisher, manager):
        person.email = f"{person.username}@example.com"
        person.save()
    rows = [HEADINGS + ["Summary · English"], *([*row(number), "A plot." if number != 3 else None] for number in range(1, 5))]
    where = bring_in(client, xlsx(rows)).redirect_chain[-1][0]
    assert "Submit 4 changes for review" in client.get(where).content.decode()
    page = client.post(where, {"_step": "submit"}, follow=True)
    text = page.content.decode()
    assert "3 changes submitted for review." in text
    assert "1 item was not submitted: it still lacks something." in text
    assert page.context["often"] == [("The summary is missing in: English.", 1)]
    form = reverse("admin:parks_listing_change", args=[Listing.objects.get(code="DH-0003").pk])
    assert f'<a href="{form}#id_summary_en">The summary is missing in: English.</a>' in text
    (letter,) = Letter.objects.all()
    assert letter.to == "dm@example.com"
    assert "3项（table.xlsx）" in letter.subject
    assert where in letter.body
    assert "Approve and publish" not in client.get(where).content.decode()
    client.post(where, {"_step": "approve_and_publish"})
    assert not Listing.objects.public().exists()
    other = signed_in(manager)
    assert "Approve and publish 3 changes" in other.get(where).content.decode()
    assert "3 changes approved and published." in other.post(where, {"_step": "approve_and_publish"}, follow=True).content.decode()
    assert Listing.objects.public().count() == 3
    assert Letter.objects.filter(to="dr@example.com").count() == 1
    published = AuditEntry.objects.filter(action="publish")
    assert [(entry.user, entry.address) for entry in published] == [(manager, "127.0.0.1")] * 3
    assert other.post(where, {"_step": "withdraw"}).status_code == 404


def test_s47_where_nothing_can_be_submitted_the_page_says_what_each_item_lacks(client, park):
    make_preferred_word(language="en", instead_of="Lot", use="Plot")
    heads = [*HEADINGS, "Summary · English", "sale price (CNY/m²)"]
    rows = [heads, [*row(1), None, None], [*row(2), "A plot.", 300], [*row(3, title="Lot 3"), "A plot.", None]]
    where = bring_in(client, xlsx(rows)).redirect_chain[-1][0]
    page = client.post(where, {"_step": "submit"}, follow=True)
    text = page.content.decode()
    assert "Nothing was submitted: each item still lacks something. The list says what." in text
    assert "0 changes" not in text
    one, two, three = Listing.objects.order_by("code")
    for item, field, sentence in (
        (one, "summary_en", "The summary is missing in: English."),
        (two, "source_zh_hans" if two.original_language == "zh-hans" else "source_en", "The source is missing for: sale price (CNY/m²)"),
        (two, "as_of", "The day whose state the source describes is missing for: sale price (CNY/m²)"),
        (three, "title_en", "Replace these words, or say why they stay: Lot → Plot."),
    ):
        assert f'<a href="{reverse("admin:parks_listing_change", args=[item.pk])}#id_{field}">{sentence}' in text
    assert not Letter.objects.exists()


def test_s47_what_a_person_has_submitted_themselves_is_called_that_and_comes_back_from_review(client, park, manager, signed_in):
    rows = [[*HEADINGS, "Summary · English"], [*row(1), "A plot."], [*row(2), "A plot."]]
    where = bring_in(client, xlsx(rows)).redirect_chain[-1][0]
    client.post(where, {"_step": "submit"})
    assert {why for _item, why in client.get(where, {"take_back": "1"}).context["staying"]} == {"you have submitted it for review"}
    other = signed_in(manager)
    assert {what for _member, what, _address in other.get(where).context["members"]} == {"submitted for review by dr"}
    assert "back from review" not in other.get(where).content.decode()
    assert "Take 2 changes back from review" in client.get(where).content.decode()
    assert "2 changes taken back from review" in client.post(where, {"_step": "take_back"}, follow=True).content.decode()
    assert set(Change.objects.values_list("state", flat=True)) == {"draft"}
    assert "There was nothing left to do" in client.post(where, {"_step": "take_back"}, follow=True).content.decode()
    assert "2 items taken back." in take_back(client, where).content.decode()


def test_s47_a_manager_may_publish_an_import_alone_where_the_bureau_allows_it_and_says_why(park, manager, publisher, signed_in, dinghu):
    client = signed_in(manager)
    rows = [[*HEADINGS, "Summary · English"], [*row(1), "A plot."]]
    where = bring_in(client, xlsx(rows)).redirect_chain[-1][0]
    assert "without a second person" not in client.get(where).content.decode()
    client.post(where, {"_step": "publish_alone", "comment": "The fair is tomorrow."})
    assert not Listing.objects.public().exists()
    dinghu.manager_may_publish_alone = True
    dinghu.save()
    assert "Publish 1 change without a second person" in client.get(where).content.decode()
    assert "Say why" in client.post(where, {"_step": "publish_alone"}, follow=True).content.decode()
    text = client.post(where, {"_step": "publish_alone", "comment": "The fair is tomorrow."}, follow=True).content.decode()
    assert "1 change published; a colleague still has to sign." in text
    assert Listing.objects.public().count() == 1
    change = Change.objects.get()
    assert (change.awaits_signature, change.alone_reason) == (True, "The fair is tomorrow.")
    assert "without a second person" not in signed_in(publisher).get(where).content.decode()


def with_fields(item, **fields):
    head = changes.head(item)
    first, *others = head.data if head else changes.revisions.snapshot(item)
    return [{**first, "fields": first["fields"] | fields}, *others]


def test_s47_a_second_press_finds_what_the_first_has_made(client, park):
    page = upload(client, xlsx([HEADINGS, row(1)]))
    address = page.redirect_chain[-1][0]
    confirm(client, page=page)
    assert "/batch/" in client.post(address, {"seen": page.context["seen"]}).headers["Location"]
    assert Listing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_s47_two_presses_at_the_same_moment_store_it_once(publisher, signed_in):
    make_park(slug="lianhua", **in_three("title", "Lianhua Park"))
    page = upload(signed_in(publisher), xlsx([HEADINGS, *(row(number) for number in range(1, 6))]))
    clients, barrier, answers = [signed_in(publisher), signed_in(publisher)], threading.Barrier(2), []

    def press(client):
        with closing(connection):
            barrier.wait()
            answers.append(client.post(page.redirect_chain[-1][0], {"seen": page.context["seen"]}))

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["/batch/" in answer.headers["Location"] for answer in answers] == [True, True]
    assert (Listing.objects.count(), Batch.objects.count()) == (5, 1)


def test_s47_only_what_was_shown_is_stored(client, park):
    page = upload(client, xlsx([HEADINGS, row(1)]))
    answer = client.post(page.redirect_chain[-1][0], {"seen": "something else"})
    assert answer.status_code == 200
    assert not Listing.objects.exists()


def test_s47_a_renamed_code_of_an_open_draft_counts(client, park, editor):
    listing = make_listing(code="OLD-1", park=park)
    changes.keep(listing, with_fields(listing, code="DH-0001"), editor, seen=None)
    page = upload(client, xlsx([HEADINGS, row(1)]))
    assert counts(page) == {"new": 0, "changed": 1, "same": 0}


def test_s47_an_upload_is_its_owners_alone_and_does_not_last(client, park, manager, editor, signed_in):
    address = upload(client, xlsx([HEADINGS, row(1)])).redirect_chain[-1][0]
    for person, answer in ((manager, 404), (editor, 404)):
        assert signed_in(person).get(address).status_code == answer
    Upload.objects.update(expires_at=waiting().at)
    assert client.get(address).status_code == 404
    upload(client, xlsx([HEADINGS, row(2)]))
    assert Upload.objects.count() == 1


def test_s47_editors_do_not_import(editor, signed_in):
    assert signed_in(editor).get(reverse("admin:parks_listing_import")).status_code == 403
    assert signed_in(editor).post(reverse("admin:parks_listing_import"), {"file": xlsx([HEADINGS, row(1)])}).status_code == 403
    assert "Import from a table" not in signed_in(editor).get(reverse("admin:parks_listing_changelist")).content.decode()


def test_s47_the_template_has_drop_downs_and_explains_itself(client, park):
    make_park(status=Status.DRAFT, **in_three("title", "Other Park"))
    make_park(status=Status.DRAFT, bureau="sihui", **in_three("title", "Secret Park"))
    book = workbook_of(client.get(reverse("admin:parks_listing_import_template")))
    sheet, explained, lists = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["Parcel or unit number", "Title · English", "Title · 简体中文", "Title · 繁體中文"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    column = sheet.cell(1, heads.index("Park") + 1).column_letter
    area = rules[f"{column}2:{column}5001"].split("!")[1].replace("$", "")
    assert [cell.value for line in lists[area] for cell in line] == ["Lianhua Park", "Other Park"]
    assert lists.sheet_state == "hidden"
    words = " ".join(str(cell.value) for line in explained.iter_rows() for cell in line if cell.value)
    assert "Rows that are not in the table stay as they are" in words
    assert "One of: land, factory, warehouse, office" in words


def test_s47_the_template_filled_in_is_taken_in_each_language(client, park):
    client.cookies["django_language"] = "zh-hans"
    book = workbook_of(client.get(reverse("admin:parks_listing_import_template"), headers={"accept-language": "zh-hans"}))
    sheet = book.worksheets[0]
    values = {"code": "X-1", "title_zh_hans": "一号地块", "kind": "用地", "park": "莲花园区"}
    heads = [cell.value for cell in sheet[1]]
    kind = Columns(Listing, LISTING_TABLE)
    for at, head in enumerate(heads, 1):
        name = kind.recognize(head).name
        if name == "kind":
            sheet.cell(2, at, "land")
        elif name in values:
            sheet.cell(2, at, values[name])
    bring_in(client, saved(book))
    listing = Listing.objects.get()
    assert (listing.title_zh_hans, listing.park, listing.kind) == ("一号地块", park, "land")


# --- Tables of a bureau's own ---

OWN = ["地块编号", "名称", "类型", "所属园区", "面积（亩）", "出让单价（万元/亩）", "起始日期"]


def test_s47_own_headings_are_asked_about_once_and_remembered(client, park, manager, signed_in, sihui):
    rows = [
        OWN,
        ["P-1", "一号地", "land", "莲花园区", 30, 20, "2026年11月"],
        ["P-2", "二号地", "land", "莲花园区", "1,200", "30", "2026/11/5"],
    ]
    page = upload(client, csv_file(rows, "gb18030"))
    assert "Which column is which?" in page.content.decode()
    assert not Listing.objects.exists()
    answers = {
        "地块编号": ("code", ""),
        "名称": ("title_zh_hans", ""),
        "类型": ("kind", ""),
        "所属园区": ("park", ""),
        "面积（亩）": ("land_area_m2", ""),
        "出让单价（万元/亩）": ("sale_price", ""),
        "起始日期": ("available_from", ""),
    }
    page = say_headings(client, answers)
    assert counts(page) == {"new": 2, "changed": 0, "same": 0}
    confirm(client, page=page)
    one, two = Listing.objects.order_by("code")
    assert (one.land_area_m2, one.sale_price, one.available_from) == (Decimal(20000), Decimal(300), datetime.date(2026, 11, 1))
    assert (two.land_area_m2, two.sale_price, two.available_from) == (Decimal(800000), Decimal(450), datetime.date(2026, 11, 5))
    assert counts(upload(signed_in(manager), xlsx(rows))) == {"new": 0, "changed": 0, "same": 2}


def lines_of(page):
    return {line["heading"]: line for line in page.context["lines"]}


def test_s47_the_page_of_headings_tells_guesses_from_what_is_not_known_and_asks_for_units_of_measures_alone(client, park):
    rows = [
        ["地块编号", "Title · English", "Kind", "占地面积", "联系人"],
        ["P-1", "One", "land", 30, "x"],
        ["P-2", "Two", "land", "20000㎡", None],
    ]
    page = upload(client, xlsx(rows))
    assert page.context["asked"] == [
        "New headings; what each may stand for is a guess, see whether it is right: 地块编号, 占地面积.",
        "Headings that are not known: 联系人. Say what they stand for, or leave them as “do not read”.",
        "Numbers without a unit: 占地面积. Choose in which unit they are.",
    ]
    lines = lines_of(page)
    assert [(line["column"], line["is_guess"]) for line in lines.values()] == [
        ("code", True),
        ("title_en", False),
        ("kind", False),
        ("land_area_m2", True),
        ("", False),
    ]
    assert [heading for heading, line in lines.items() if line["units"]] == ["占地面积"]
    assert page.content.decode().count('name="unit_') == 1
    page = say_headings(client, {"占地面积": ("land_area_m2", "1:mu")})
    assert (page.context["outcome"].skipped, page.context["outcome"].assumed) == (["联系人"], [("占地面积", "mu")])
    assert "Numbers below “占地面积” are taken as: mu." in page.content.decode()
    confirm(client, page=page)
    assert set(Listing.objects.values_list("land_area_m2", flat=True)) == {Decimal(20000)}


def test_s47_an_answer_that_cannot_be_is_asked_again_and_not_remembered(client, park):
    rows = [["Our number", "Title · English", "Kind", "Size"], ["P-1", "One", "land", 30], ["P-2", "Two", "land", "2 ha"]]
    upload(client, xlsx(rows))
    page = say_headings(client, {"Our number": ("", ""), "Size": ("title_en", "")})
    assert page.context["asked"] == [
        "No heading stands for “Parcel or unit number”: it tells which row is which.",
        "Two headings stand for the same column: Title · English. Keep one of them.",
    ]
    assert (lines_of(page)["Size"]["column"], HeadingNames.objects.exists()) == ("title_en", False)
    page = say_headings(client, {"Our number": ("code", ""), "Size": ("land_area_m2", "1:cny")})
    assert page.context["asked"] == ["Numbers without a unit: Size. Choose in which unit they are."]
    assert (lines_of(page)["Size"]["unit"], HeadingNames.objects.exists()) == ("", False)
    page = say_headings(client, {"Our number": ("code", ""), "Size": ("land_area_m2", "cells")})
    assert faults(page) == [(2, "D", "30", "Which unit? Write it in the cell or in the heading: mu / m² / hectares.")]
    assert HeadingNames.objects.get().headings["size"] == {"column": "land_area_m2", "unit": "cells"}
    assert faults(upload(client, xlsx(rows))) == faults(page)


def test_s47_a_heading_of_the_site_without_its_unit_is_asked_about_too(client, park):
    heads = ["Parcel or unit number", "Title · English", "Kind", "Park", "Land area"]
    page = upload(client, xlsx([heads, row(1)[:5]]))
    assert page.context["asked"] == ["Numbers without a unit: Land area. Choose in which unit they are."]
    assert counts(say_headings(client, {"Land area": ("land_area_m2", "1:ha")})) == {"new": 1, "changed": 0, "same": 0}


def test_s47_merged_headings_blank_rows_and_merged_cells_are_read_as_people_see_them(client, park):
    rows = [
        ["2026年载体清单", None, None, None, None, None],
        [],
        ["Parcel or unit number", "Title · English", "Kind", "Park", "Area (mu)", None],
        [None, None, None, None, "land area", "floor area"],
        ["M-1", "One", "land", "Lianhua Park", 3, None],
        ["M-2", "Two", "factory", None, 6, "2 ha"],
        [],
        ["M-3", "Three", "land", "Lianhua Park", 1.5, None],
    ]

    def fill(sheet):
        for number in range(9, 400):
            sheet.cell(number, 1).fill = PatternFill("solid", fgColor="EEEEEE")
            sheet.cell(number, 2).value = "  "

    page = upload(client, xlsx(rows, merges=["A1:F1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "D5:D6"], finish=fill))
    assert counts(page) == {"new": 3, "changed": 0, "same": 0}
    confirm(client, page=page)
    found = {one.code: (one.park, one.land_area_m2, one.floor_area_m2) for one in Listing.objects.select_related("park")}
    assert found["M-1"] == (park, Decimal(2000), None)
    assert found["M-2"] == (park, Decimal(4000), Decimal(20000))
    assert found["M-3"] == (park, Decimal(1000), None)


def test_s47_two_sheets_are_read_and_a_third_is_named(client, park):
    book = Workbook()
    first, second, notes = book.active, book.create_sheet("North"), book.create_sheet("Notes")
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    for sheet, number in ((first, 1), (second, 2), (hidden, 3)):
        sheet.append(HEADINGS)
        sheet.append(row(number))
    notes.append(["Remember", "the milk"])
    page = upload(client, saved(book))
    assert counts(page)["new"] == 2
    assert "Not read, since they have other headings: Notes." in page.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_s47_csv_is_read_in_the_encodings_that_excel_writes(client, park, encoding):
    rows = [["code", "title_zh_hans", "kind", "park"], ["C-1", "一号地块，东", "land", "莲花园区"], ["", "", "", ""], []]
    page = upload(client, csv_file(rows, encoding))
    assert counts(page) == {"new": 1, "changed": 0, "same": 0}
    confirm(client, page=page)
    assert Listing.objects.get().title_zh_hans == "一号地块，东"


@pytest.mark.parametrize(
    "written", [datetime.date(2026, 11, 1), EXCEL_DAY, 46327, "46327", "2026年11月", "2026-11-01", "2026/11/1",
                "２０２６．１１．１", "20261101", "2026年11月1日"]
)  # fmt: skip
def test_s47_a_day_is_read_as_people_write_it(client, park, written):
    page = upload(client, xlsx([HEADINGS, row(1, start=written)]))
    assert faults(page) == []
    confirm(client, page=page)
    assert Listing.objects.get().available_from == datetime.date(2026, 11, 1)


@pytest.mark.parametrize("written", ["soon", "2026-13-01", "2026年", 12, "31.12.2026", True, "#REF!"])
def test_s47_what_is_no_day_is_a_fault(client, park, written):
    page = upload(client, xlsx([HEADINGS, row(1, start=written)]))
    assert [(line, letter) for line, letter, _value, _reason in faults(page)] == [(2, "F")]


@pytest.mark.parametrize(
    ("written", "square_meters"),
    [(20000, "20000"), ("30亩", "20000"), ("30 mu", "20000"), ("２０，０００", "20000"), ("2公顷", "20000"), ("0.02 km²", "20000"),
     ("3万㎡", "30000"), ("30亩（20000㎡）", "20000"), ("20000平方米", "20000"), ("1亩", "666.67"), (20000.000000001, "20000")],
)  # fmt: skip
def test_s47_an_area_is_read_in_the_unit_that_it_names(client, park, written, square_meters):
    bring_in(client, xlsx([HEADINGS, row(1, area=written)]))
    assert Listing.objects.get().land_area_m2 == Decimal(square_meters)


@pytest.mark.parametrize("written", ["about 30", "30亩 or more", "-5", "30亩或20000", "30万元", "1e5亩", "99999999999999999"])
def test_s47_what_is_no_area_is_a_fault(client, park, written):
    page = upload(client, xlsx([HEADINGS, row(1, area=written)]))
    assert [(line, letter) for line, letter, _value, _reason in faults(page)] == [(2, "E")]


@pytest.mark.parametrize(
    ("heading", "written", "yuan"),
    [("investment (CNY)", "1.2亿元", 120_000_000), ("investment (CNY)", 5000, 5000), ("投资额（亿元）", 2, 200_000_000),
     ("投资额（万元）", "1,200", 12_000_000), ("投资额（万元）", "3亿元", 300_000_000), ("Investment (CNY million)", 5, 5_000_000),
     ("投资额（万元）", "12000000元", 12_000_000)],
)  # fmt: skip
def test_s47_an_amount_is_read_in_the_unit_that_it_names(client, heading, written, yuan):
    rows = [["slug", "title_en", "kind", heading], ["works", "Works", "enterprise", written]]
    page = upload(client, xlsx(rows), "projects_project")
    if "outcome" not in page.context:
        page = say_headings(client, {heading: ("investment_cny", "")}, "projects_project")
    assert faults(page) == []
    confirm(client, "projects_project", page)
    assert Project.objects.get().investment_cny == yuan


def test_s47_another_currency_is_not_taken_for_yuan(client):
    page = upload(
        client, xlsx([["slug", "title_en", "kind", "investment_cny"], ["works", "Works", "enterprise", "500万美元"]]), "projects_project"
    )
    assert [reason for *_place, reason in faults(page)] == ["This is another currency. Write the amount in yuan."]


# --- Other kinds ---


def test_s47_projects_without_an_address_part_are_known_by_their_title(client, park):
    industry = make_industry(slug="new-energy", **in_three("title", "New energy", "新能源"))
    rows = [
        ["Title · 简体中文", "Kind", "Stage", "Park", "Industries"],
        ["一号项目", "enterprise", "under construction", "莲花园区", "新能源"],
    ]
    bring_in(client, xlsx(rows), "projects_project")
    project = Project.objects.get()
    assert (project.park, list(project.industries.all()), project.original_language) == (park, [industry], "zh-hans")
    assert counts(upload(client, xlsx(rows), "projects_project")) == {"new": 0, "changed": 0, "same": 1}
    rows[1][2] = "seeking investor"
    page = upload(client, xlsx(rows), "projects_project")
    assert [(letter, reason) for _row, letter, _value, reason in faults(page)] == [
        ("C", "This stage does not belong to this kind of project.")
    ]


def test_s47_figures_come_with_percentages_and_whole_years(client):
    heads = ["code", "title_en", "subject_code", "indicator_code", "group", "value", "unit", "period_kind", "period_start", "period_end"]
    rows = [[*heads, "growth_percent"], ["F900", "GDP", "zhaoqing", "gdp", "economy", 2792.5, "cny-yi", "a year", "2023年", 2023, 0.064]]

    def percent(sheet):
        sheet["K2"].number_format = "0.0%"

    bring_in(client, xlsx(rows, finish=percent), "city_keyfigure")
    figure = KeyFigure.objects.get()
    assert (figure.value, figure.growth_percent) == (Decimal("2792.5"), Decimal("6.40"))
    assert (figure.period_start, figure.period_end) == (datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
    make_figure(code="F901")
    rows[1][0], rows[1][9] = "F901", "2022年"
    page = upload(client, xlsx(rows), "city_keyfigure")
    assert [(letter, reason) for _row, letter, _value, reason in faults(page)] == [("J", "This comes before “From”.")]


def test_s47_a_new_item_needs_what_its_kind_needs(client):
    page = upload(client, xlsx([["Parcel or unit number", "Title · English", "Floors"], ["A-1", "One", 2.5], ["A-2", None, 2]]))
    reasons = [(line, letter, reason) for line, letter, _value, reason in faults(page)]
    assert (2, "C", "This must be a whole number.") in reasons
    assert (3, "B", "Give a title in at least one language.") in reasons
    assert (2, "A", "A new item needs “Kind”; the table has no such column.") in reasons


def test_s47_columns_that_the_table_does_not_have_keep_their_values(client, park):
    listing = make_listing(code="DH-0001", park=park, floors=3, sale_price=300, **in_three("title", "Plot 1"))
    bring_in(client, xlsx([["Parcel or unit number", "Title · English", "sale price (CNY/m²)"], ["DH-0001", "Renamed", None]]))
    state = head_of(listing)
    assert (state["title_en"], state["title_zh_hans"], state["floors"], state["sale_price"]) == ("Renamed", "Plot 1", 3, None)


def test_s47_values_that_would_be_emptied_are_counted(client, park):
    make_listing(code="DH-0001", park=park, sale_price=300)
    page = upload(client, xlsx([["Parcel or unit number", "sale price (CNY/m²)"], ["DH-0001", None]]))
    assert "1 value would be emptied" in page.content.decode()


def test_s47_texts_are_as_safe_as_those_of_forms(client, park):
    bring_in(client, xlsx([HEADINGS, row(1, title="Plot\u202e 1"), row(2, title="<script>x</script>")]))
    assert Listing.objects.get(code="DH-0001").title_en == "Plot 1"
    page = upload(client, xlsx([HEADINGS, row(2, title="y" * 200)]))
    assert [reason for *_place, reason in faults(page)] == ["At most 120 characters; here are 200."]
    assert "<script>x" not in client.get(reverse("admin:parks_listing_changelist")).content.decode()


def test_s47_the_queries_of_a_preview_do_not_grow_with_the_rows(client, park):
    for number in range(1, 11):
        make_listing(code=f"DH-{number:04d}", park=park)

    def queries_for(numbers):
        page = upload(client, xlsx([HEADINGS, *(row(number) for number in numbers)]))
        address = page.redirect_chain[-1][0]
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert queries_for(range(1, 40)) == queries_for([1, 11])


def test_what_an_import_did_stands_in_the_history_of_each_item(client, park):
    live = make_listing(code="DH-0001", park=park, land_area_m2=5)
    bring_in(client, xlsx([HEADINGS, row(1)], name="nov.xlsx"))
    text = client.get(reverse("admin:parks_listing_history", args=[live.pk])).content.decode()
    assert "draft from a table" in text
    assert "nov.xlsx" in text
    assert "<ins>20,001</ins>" in text


def test_a_published_item_with_a_new_project_of_the_same_title_is_told_apart(client):
    make_project(slug="one", **in_three("title", "Same"))
    make_project(slug="two", **in_three("title", "Same"))
    page = upload(client, xlsx([["Title · English", "Kind"], ["Same", "enterprise"]]), "projects_project")
    assert [reason for *_place, reason in faults(page)] == ["Several items have this title. Fill in the column “Address part”."]
