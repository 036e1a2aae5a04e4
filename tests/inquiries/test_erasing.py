"""Erasing a person: what is held, two people, what goes, what stays, and the job that finishes it."""

import io
import sqlite3
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bureaus.models import AuditEntry
from inquiries import attachments, erasing, investor, keeping, workflow
from inquiries.form_key import fingerprint
from inquiries.ledger import ledger_until
from inquiries.models import Attempt, Erasure, FollowUp, IncomingLetter, Inquiry, Message
from outbox.models import Letter
from outbox.sending import deliver_due
from tests.factories import make_extension, make_inquiry, make_letter, make_message, make_transfer
from zhaoqing_site import retention

pytestmark = pytest.mark.django_db
Status, Kind, Origin = Inquiry.Status, Message.Kind, Erasure.Origin
CANARY = "Kanarienvogel"
DAY = timedelta(days=1)


def closed(days=1, **fields):
    now = timezone.now()
    end = {"status": Status.CLOSED, "result": Inquiry.Result.ANSWERED, "closed_at": now - days * DAY}
    return make_inquiry(received_at=now - (days + 5) * DAY, **end | fields)


@pytest.fixture
def canary(officer):
    """A closed inquiry that bears the canary wherever a person's words can come to stand."""
    texts = {
        name: f"{CANARY}-{name}" for name in ("name", "phone", "organization", "region", "message", "about", "rating_text", "result_note")
    }
    inquiry = closed(
        secret_hash=fingerprint("right"),
        email=f"{CANARY}@example.com".lower(),
        sender_hash=CANARY,
        rating=2,
        rated_at=timezone.now(),
        **texts,
    )
    letter = make_letter(
        state=Letter.State.SENT,
        to=inquiry.email,
        subject=f"Re {CANARY}",
        body=CANARY,
        last_error=f"550 <{CANARY}>",
        reference=inquiry.reference,
        secret=CANARY,
    )
    make_letter(to="do@example.com", body=CANARY, reference=inquiry.reference)
    written = {"body": CANARY, "quoted": CANARY, "foreign_sender": f"{CANARY}@example.org", "not_taken": CANARY}
    message = make_message(inquiry=inquiry, kind=Kind.INVESTOR, **written)
    make_message(inquiry=inquiry, kind=Kind.REPLY, step="reply", body=CANARY, letter=letter, author=officer)
    make_message(inquiry=inquiry, kind=Kind.NOTE, body=CANARY, author=officer)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="transfer", body=CANARY, author=officer)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="change", body=CANARY)  # the wording before
    for_investor = {"for_investor": CANARY, "answer_for_investor": CANARY}
    make_transfer(inquiry, officer, reason=CANARY, agreed=CANARY, answer=CANARY, **for_investor)
    make_extension(inquiry, officer, reason=CANARY)
    FollowUp.objects.create(inquiry=inquiry, kind=FollowUp.Kind.QUIET, due_at=timezone.now(), note=CANARY)
    Attempt.objects.create(kind=Attempt.Kind.POST, sender_hash=CANARY, inquiry=inquiry, at=timezone.now())
    IncomingLetter.objects.create(fingerprint="f" * 64, fetched_at=timezone.now(), outcome=IncomingLetter.Outcome.TAKEN, message=message)
    with attachments.stored([attachments.Judged(f"{CANARY}.pdf", "application/pdf", CANARY.encode())]) as files:
        attachments.attach(message, files)
    return inquiry


def texts_of_all_tables():
    """`(table, text)` of every column of every row, whatever it holds."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            yield from ((model._meta.label, str(value).lower()) for value in row)


def found_in_tables():
    return {table for table, text in texts_of_all_tables() if CANARY.lower() in text}


def files_with_canary():
    names = default_storage.listdir(attachments.FOLDER)[1]
    return [name for name in names if CANARY.encode() in default_storage.open(f"{attachments.FOLDER}/{name}").read()]


def asked(inquiry, manager):
    return erasing.ask(inquiry, manager, "Asked for by telephone")


@pytest.mark.django_db(transaction=True)
def test_s72_after_the_second_person_nothing_is_left_in_tables_files_or_a_new_backup(canary, manager, administrator, tmp_path):
    before = ledger_until(timezone.now() + DAY)
    assert {"inquiries.Inquiry", "inquiries.Message", "outbox.Letter", "inquiries.Attachment"} <= found_in_tables()
    assert files_with_canary()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA secure_delete = OFF")  # as SQLite comes from its makers; Debian switches it on
    erasing.confirm(asked(canary, manager), administrator)
    # All but the address of the letter that says so, which goes when it has left.
    assert found_in_tables() == {"outbox.Letter"}
    assert files_with_canary() == []
    assert canary.erasures.get().done_at is None
    assert deliver_due() == 1
    assert "have been deleted" in mail.outbox[0].body
    assert erasing.finish_erasures() == 1
    assert found_in_tables() == set()
    canary.refresh_from_db()
    erasure = canary.erasures.get()
    assert canary.erased_at
    assert erasure.done_at
    assert erasure.confirmed_by == administrator
    assert erasure.counts == {"details": 10, "texts": 8, "files": 1, "letters": 2, "mailbox": 1}
    # Stays: what the statistics count.
    assert (canary.topic, canary.rating, canary.result, canary.language) == ("land", 2, "answered", "en")
    assert canary.messages.count() == 5
    assert ledger_until(timezone.now() + DAY) == before
    if connection.vendor == "sqlite":
        assert CANARY.lower().encode() not in backup(tmp_path).lower()
        # Nor in the pages that are free for new rows: a copy of the file as it lies on the disk.
        assert CANARY.lower().encode() not in pages(tmp_path).lower()


def backup(folder):
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "backup.sqlite3")])
    return (folder / "backup.sqlite3").read_bytes()


def pages(folder):
    copy = sqlite3.connect(folder / "pages.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    return (folder / "pages.sqlite3").read_bytes()


def test_s72_the_list_names_everything_in_words_and_numbers_and_shows_no_text(canary, manager, administrator, signed_in):
    another = make_inquiry(email=canary.email.upper())
    erasure = asked(canary, manager)
    page = signed_in(administrator).get(reverse("admin:inquiries_erasure_change", args=[erasure.pk])).content.decode()
    assert CANARY.lower() not in page.lower()
    labels = {row.label: row.value for row in erasing.held(canary)}
    assert len(labels) == 12
    assert labels["Letters sent, or waiting to be sent"] == "2"
    assert labels["Details of the person"].startswith("Name, E-mail, Telephone")
    assert all(label in page for label in labels)
    assert another.reference in page
    assert "Backups" in page


def test_s72_nobody_confirms_what_they_asked_for_and_only_administrators_confirm(canary, manager, officer, city_desk, administrator):
    with pytest.raises(PermissionDenied):
        erasing.ask(canary, officer, "x")
    erasure = asked(canary, manager)
    assert asked(canary, manager) == erasure
    for person in (manager, city_desk, officer):
        with pytest.raises(PermissionDenied):
            erasing.confirm(erasure, person)
    Erasure.objects.update(asked_by=administrator)
    with pytest.raises(ValidationError, match="another person"):
        erasing.confirm(erasure, administrator)
    assert not Inquiry.objects.exclude(erased_at=None).exists()
    erasing.take_back(canary, manager)
    assert not Erasure.objects.exists()


def test_s72_what_the_investor_asked_for_stands_and_their_page_says_that_it_is_done(canary, manager, administrator, visitor):
    investor.ask_to_erase(canary)
    with pytest.raises(ValidationError):
        erasing.take_back(canary, manager)
    erasing.confirm(canary.erasures.get(), administrator)
    canary.refresh_from_db()
    assert canary.erased_at
    page = visitor.get(f"/en/inquiry/{canary.reference}/right/").content.decode()
    assert "Your details were deleted on" in page
    assert CANARY.lower() not in page.lower()
    with pytest.raises(ValidationError):
        investor.write(canary, "Hello", via=Message.Via.PAGE)


def test_s72_open_held_and_erased_inquiries_are_refused_with_the_reason(manager, administrator):
    with pytest.raises(ValidationError, match="Close it first"):
        asked(make_inquiry(), manager)
    inquiry = closed()
    erasure = asked(inquiry, manager)
    erasing.hold(inquiry, manager, "Complaint of 3 November")
    with pytest.raises(ValidationError, match="Complaint of 3 November"):
        erasing.confirm(erasure, administrator)
    erasing.hold(inquiry, manager, "")
    erasing.confirm(erasure, administrator)
    with pytest.raises(ValidationError, match="nothing left|already"):
        erasing.confirm(erasure, administrator)


def test_s72_nothing_is_written_where_a_person_was_erased(manager):
    inquiry = make_inquiry(status=Status.SPAM, erased_at=timezone.now(), name="", message="", email="")
    assert workflow.buttons(inquiry, manager) == []
    for step, person in (("note", manager), ("not_spam", manager), ("withdraw", None)):
        with pytest.raises(ValidationError, match="erased"):
            workflow.take(inquiry, step, person, workflow.Details(body=CANARY, reason=CANARY))
    assert found_in_tables() == set()


def test_s72_the_audit_log_says_who_and_what_and_names_no_investor(canary, manager, administrator):
    erasing.confirm(asked(canary, manager), administrator)
    rows = AuditEntry.objects.filter(action=AuditEntry.Action.ERASE).order_by("pk")
    assert [(row.user, row.thing, row.detail) for row in rows] == [
        (manager, canary.reference, "asked for"),
        (administrator, canary.reference, "confirmed"),
    ]


def test_s72_a_crash_between_tables_and_files_leaves_a_job_that_finishes(canary, manager, administrator):
    """on_commit does not run inside the transaction of this test: as if the power had failed there."""
    erasure = asked(canary, manager)
    erasing.confirm(erasure, administrator)
    assert found_in_tables() == {"outbox.Letter"}
    assert files_with_canary()
    Letter.objects.update(created_at=timezone.now() - 2 * DAY)  # nobody takes it
    assert erasing.finish_erasures() == 1
    assert found_in_tables() == set()
    assert not files_with_canary()
    erasure.refresh_from_db()
    assert erasure.done_at
    assert erasing.finish_erasures() == 0


def test_s72_what_a_restored_backup_brings_back_is_erased_again(canary, manager, administrator):
    erasing.confirm(asked(canary, manager), administrator)
    Letter.objects.update(state=Letter.State.SENT)
    erasing.finish_erasures()
    other = closed()
    # The rows as an older backup holds them.
    Erasure.objects.all().delete()
    Inquiry.objects.filter(pk=canary.pk).update(erased_at=None, name=CANARY, phone=CANARY, message=CANARY)
    assert retention.run(timezone.now()) == {"again": 1}
    assert found_in_tables() == set()
    other.refresh_from_db()
    assert other.erased_at is None


# --- Time ---


def test_p3_what_is_kept_too_long_goes_in_batches_and_a_second_run_finds_nothing(canary, manager, settings, monkeypatch):
    settings.RETENTION_MONTHS = 24
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    now = timezone.now()
    old = [closed(days=800) for _number in range(3)]
    merged = make_inquiry(status=Status.MERGED, merged_into=old[0], merged_at=now)
    held, young = closed(days=800, legal_hold="audit"), closed(days=700)
    spam, fresh_spam = (
        make_inquiry(status=Status.SPAM, received_at=now - 31 * DAY),
        make_inquiry(status=Status.SPAM, received_at=now - 29 * DAY),
    )
    marked = make_inquiry(status=Status.SPAM, received_at=now - 40 * DAY)
    make_message(inquiry=marked, kind=Kind.STEP, step="spam", body="")
    letter, waiting = make_letter(state=Letter.State.PARKED), make_letter()
    Letter.objects.filter(pk__in=[letter.pk, waiting.pk]).update(created_at=now - 91 * DAY)
    IncomingLetter.objects.create(fingerprint="a" * 64, fetched_at=now - 91 * DAY, outcome=IncomingLetter.Outcome.UNKNOWN)
    AuditEntry.objects.create(action="sign-in", result="failed", at=now - 181 * DAY)
    AuditEntry.objects.create(action="sign-in", at=now - 181 * DAY)
    AuditEntry.objects.create(action="publish", at=now - 1100 * DAY)
    expected = {"inquiries": 4, "spam": 1, "letters": 1, "received": 1, "sign-ins": 1, "entries": 1}
    rows = AuditEntry.objects.count()

    out = io.StringIO()
    call_command("retention", dry_run=True, stdout=out)
    assert "     4 inquiries closed" in out.getvalue()
    assert not Inquiry.objects.exclude(erased_at=None).exists()
    assert AuditEntry.objects.count() == rows

    assert retention.run(now) == expected
    erased = set(Inquiry.objects.exclude(erased_at=None))
    assert erased == {*old, merged, spam}
    assert not Inquiry.objects.filter(pk__in=[row.pk for row in erased]).exclude(message="", name="", email="").exists()
    assert {held, young, fresh_spam, marked, canary}.isdisjoint(erased)
    assert Letter.objects.get(pk=letter.pk).body == ""
    assert Letter.objects.get(pk=waiting.pk).body
    entry = AuditEntry.objects.get(action=AuditEntry.Action.RETENTION)
    assert entry.detail.startswith("inquiries:4 spam:1")
    assert set(Erasure.objects.values_list("origin", flat=True)) == {Origin.RETENTION}
    assert retention.run(now) == {}
    assert AuditEntry.objects.filter(action=AuditEntry.Action.RETENTION).count() == 1


def test_p3_the_job_runs_once_a_day_and_its_silence_is_seen(db):
    closed(days=800)
    assert retention.retention() == 1
    closed(days=800)
    assert retention.retention() == 0
    assert retention.overdue_since() is None
    retention.Run.objects.update(at=timezone.now() - 3 * DAY)
    assert retention.overdue_since()
    assert retention.retention() == 1


def test_s72_the_manager_sees_thirty_days_ahead_what_will_go(manager, officer, signed_in, settings):
    settings.RETENTION_MONTHS = 24
    soon, later = closed(days=715), closed(days=600)
    address = reverse("admin:inquiries_inquiry_changelist") + "?show=expiring"
    page = signed_in(manager).get(address).content.decode()
    assert soon.reference in page
    assert later.reference not in page
    assert soon.reference not in signed_in(officer).get(address).content.decode()
    assert "erased within 30 days" in signed_in(manager).get("/admin/").content.decode()


def test_months_are_counted_by_the_calendar():
    day = timezone.now().replace(year=2026, month=3, day=31)
    assert keeping.months_before(day, 1).date().isoformat() == "2026-02-28"
    assert keeping.months_before(day, 24).date().isoformat() == "2024-03-31"
    assert keeping.months_before(day, -3).date().isoformat() == "2026-06-30"
