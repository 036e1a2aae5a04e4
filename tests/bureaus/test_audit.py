"""The audit log: who did what, kept by the database itself, read by managers and administrators alone (trust.md T19, staff.md S80)."""

import csv
import datetime
from io import StringIO

import pytest
from django.conf import settings as site_settings
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from bureaus.audit import Action, record
from bureaus.models import AuditEntry
from tests.factories import make_bureau, make_calendar_day, make_inquiry, make_letter, make_member, make_park

LIST = reverse("admin:bureaus_auditentry_changelist")
EXPORT = reverse("admin:bureaus_auditentry_export")
pytestmark = pytest.mark.django_db


def lines_of(response):
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(StringIO(text)))


def test_an_entry_says_who_when_from_where_to_what_and_with_which_result(editor):
    request = RequestFactory().get("/admin/", REMOTE_ADDR="203.0.113.7")
    request.user = editor
    park = make_park()
    entry = record(Action.PUBLISH, request=request, thing=park)
    assert (entry.user, entry.address, entry.bureau, entry.thing, entry.result) == (editor, "203.0.113.7", park.bureau, str(park), "ok")
    assert timezone.now() - entry.at < datetime.timedelta(minutes=1)


def test_a_thing_without_a_bureau_of_its_own_is_the_city_bureaus(zhaoqing):
    assert record(Action.SETTINGS, thing=make_calendar_day()).bureau == zhaoqing


def test_an_unknown_action_is_refused():
    with pytest.raises(KeyError):
        record("made-up")


def test_nothing_that_names_an_investor_is_written_down(officer):
    inquiry = make_inquiry(name="Erika Beispiel", email="erika@example.com")
    letter = make_letter(reference=inquiry.reference)
    for thing in (inquiry, letter):
        entry = record(Action.VIEW, user=officer, thing=thing)
        assert entry.thing == inquiry.reference
        assert "rika" not in " ".join(str(value) for value in vars(entry).values())


def test_s73_opening_an_inquiry_writes_one_line_and_so_does_each_new_officer(officer, manager, stranger, signed_in):
    inquiry = make_inquiry(message="Canary-7731")
    page, step = (
        reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk, *rest]) for name, rest in (("change", []), ("step", ["take"]))
    )

    def written():
        return [(entry.user, entry.action, entry.detail) for entry in AuditEntry.objects.order_by("pk")]

    client = signed_in(officer)
    client.get(page)
    client.head(page)
    assert written() == [(officer, "view", "")]
    client.post(step, follow=True)
    client.post(step, follow=True)
    assert written()[1:] == [(officer, "assign", "do")]
    signed_in(manager).get(page)
    assert signed_in(stranger).get(page).status_code == 404
    assert written()[2:] == [(manager, "view", "")]
    client.get(page)
    assert len(written()) == 4
    assert all(
        (entry.thing, entry.bureau, entry.address) == (inquiry.reference, inquiry.bureau, "127.0.0.1") for entry in AuditEntry.objects.all()
    )
    found = signed_in(manager).get(LIST, {"q": inquiry.reference, "action__exact": "view"})
    assert [entry.user for entry in found.context["cl"].result_list] == [officer, manager, officer]
    assert "7731" not in found.content.decode()


# --- Kept by the database ---


def entry_of(days_ago):
    return AuditEntry.objects.create(action=Action.SIGN_IN, at=timezone.now() - datetime.timedelta(days=days_ago))


def test_no_entry_is_ever_changed():
    for days_ago in (0, 400):
        entry = entry_of(days_ago)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            AuditEntry.objects.filter(pk=entry.pk).update(detail="forged")
        entry.refresh_from_db()
        assert entry.detail == ""


def test_an_entry_is_kept_for_180_days():
    young, old = entry_of(179), entry_of(181)
    with pytest.raises(DatabaseError, match="180 days"), transaction.atomic():
        young.delete()
    old.delete()
    assert AuditEntry.objects.get().at == young.at


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite alone")
def test_no_entry_is_replaced():
    entry = entry_of(1)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(f"INSERT OR REPLACE INTO bureaus_auditentry SELECT * FROM bureaus_auditentry WHERE id = {entry.pk}")


def test_s80_no_setting_names_the_audit_log():
    assert [name for name in dir(site_settings) if "AUDIT" in name] == []


@pytest.mark.parametrize("address", ["add", "change", "delete", "history"])
def test_s40_no_address_changes_or_deletes_an_entry(address, administrator, manager, signed_in):
    entry = record(Action.SIGN_IN, user=manager)
    for person in (administrator, manager, make_member("installer", is_superuser=True)):
        client = signed_in(person)
        url = reverse(f"admin:bureaus_auditentry_{address}", args=[] if address == "add" else [entry.pk])
        assert client.post(url, {"post": "yes", "detail": "forged", "action": "sign-in"}).status_code in (403, 404)
    assert client.post(LIST, {"action": "delete_selected", "_selected_action": entry.pk}).status_code in (200, 302)
    assert AuditEntry.objects.get(pk=entry.pk).detail == ""


# --- Read ---


def test_s41_a_manager_reads_what_concerns_the_own_bureau_and_its_people(manager, editor, stranger, signed_in):
    record(Action.PUBLISH, user=editor, thing=make_park(title_en="Own park"))
    record(Action.PUBLISH, user=stranger, thing=make_park(bureau="sihui", title_en="Foreign park"))
    record(Action.SIGN_IN, user=editor, detail="recovery code")
    record(Action.SIGN_OUT, user=stranger)
    record(Action.SECOND_FACTOR_RESET, user=stranger, thing=editor)
    page = signed_in(manager).get(LIST).content.decode()
    assert [text in page for text in ("Own park", "recovery code", "Second factor reset")] == [True, True, True]
    assert "Foreign park" not in page
    assert "Sign-out</td>" not in page


def test_an_administrator_reads_everything(administrator, stranger, signed_in):
    record(Action.PUBLISH, user=stranger, thing=make_park(bureau="sihui", title_en="Foreign park"))
    assert "Foreign park" in signed_in(administrator).get(LIST).content.decode()


def test_s41_the_list_is_filtered_by_person_action_day_and_thing(manager, editor, publisher, signed_in):
    record(Action.PUBLISH, user=publisher, thing=make_park(title_en="Harbor park"))
    record(Action.SIGN_IN, user=editor)
    AuditEntry.objects.create(action=Action.SIGN_OUT, user=editor, at=datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.UTC))
    client = signed_in(manager)

    def actions(**query):
        return sorted(entry.action for entry in client.get(LIST, query).context["cl"].result_list)

    assert actions(user__id__exact=editor.pk) == ["sign-in", "sign-out"]
    assert actions(action__exact="publish") == ["publish"]
    assert actions(at__year=2026, at__month=3, at__day=2) == ["sign-out"]
    assert actions(q="harbor") == ["publish"]


def test_the_filter_names_no_person_of_another_bureau(manager, editor, stranger, signed_in):
    record(Action.SIGN_IN, user=editor)
    record(Action.SIGN_IN, user=stranger)
    page = signed_in(manager).get(LIST).content.decode()
    assert f"user__id__exact={editor.pk}" in page
    assert f"user__id__exact={stranger.pk}" not in page


def test_the_list_does_not_ask_more_for_more_entries(manager, editor, signed_in, django_assert_max_num_queries):
    for _number in range(30):
        record(Action.PUBLISH, user=editor, thing=make_park())
    client = signed_in(manager)
    client.get(LIST)
    with django_assert_max_num_queries(25):
        client.get(LIST)


def test_the_export_holds_the_filtered_list_and_is_written_down(manager, editor, signed_in):
    record(Action.PUBLISH, user=editor, thing=make_park(title_en="=HYPERLINK(1)"))
    record(Action.SIGN_IN, user=editor)
    response = signed_in(manager).get(EXPORT, {"action__exact": "publish"})
    headings, *rows = lines_of(response)
    assert (headings[3], [row[3] for row in rows]) == ("Action", ["Published"])
    assert rows[0][6] == "'=HYPERLINK(1)"
    written = AuditEntry.objects.get(action=Action.EXPORT)
    assert (written.user, written.detail) == (manager, "audit log · 1 rows · action: Published")
    signed_in(manager).get(EXPORT, {"at__year": 2026, "at__month": 3})
    assert AuditEntry.objects.filter(action=Action.EXPORT).first().detail == "audit log · 0 rows · 2026-3"


def test_roles_and_other_details_are_said_in_words(manager, signed_in):
    record(Action.ROLE_GIVEN, user=manager, thing=manager, bureau=make_bureau(), detail="editor officer")
    assert "editor / officer" in signed_in(manager).get(LIST).content.decode()
