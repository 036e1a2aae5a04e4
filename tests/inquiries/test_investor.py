"""What the investor does by page or mail: writes, reopens, withdraws, gives a grade, corrects a text."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from inquiries import clock, investor, thread_rights
from inquiries.models import FollowUp, Inquiry, Message
from inquiries.workflow import Details, take
from outbox.models import Letter
from tests.factories import make_inquiry, make_member, make_message

pytestmark = pytest.mark.django_db
Status, Kind, Via = Inquiry.Status, Message.Kind, Message.Via


@pytest.fixture
def officer(officer):
    officer.email = "do@example.com"
    officer.save()
    return officer


def ago(**span):
    return timezone.now() - timedelta(**span)


def closed(officer, **fields):
    fields = {"status": Status.CLOSED, "result": "answered", "closed_at": ago(days=3), "assignee": officer} | fields
    return make_inquiry(received_at=ago(days=20), first_answered_at=ago(days=18), **fields)


def test_word_of_the_investor_brings_a_waiting_inquiry_back_to_the_officer(officer):
    inquiry = make_inquiry(status=Status.IN_PROGRESS, assignee=officer)
    take(inquiry, "ask", officer, Details(body="How much power?"))
    due = clock.add_working_days(inquiry.received_at, inquiry.answer_days)
    message = investor.write(inquiry, "630 kVA", via=Via.MAIL, quoted="> How much power?", foreign_sender="other@example.com")
    assert (inquiry.status, inquiry.answer_by) == (Status.IN_PROGRESS, due)
    assert (message.body, message.via, message.quoted, message.foreign_sender) == (
        "630 kVA",
        Via.MAIL,
        "> How much power?",
        "other@example.com",
    )
    assert inquiry.pauses.get().ended_at is not None
    assert Letter.objects.filter(to="do@example.com", subject__contains=inquiry.reference).count() == 1


def test_word_after_an_answer_starts_a_new_reply_clock(officer):
    inquiry = make_inquiry(received_at=ago(days=9), status=Status.ANSWERED, first_answered_at=ago(days=8), assignee=officer)
    investor.write(inquiry, "And the rent?", via=Via.PAGE)
    assert (inquiry.status, inquiry.answered_at) == (Status.IN_PROGRESS, None)
    assert inquiry.answer_by == clock.add_working_days(inquiry.asked_at, inquiry.answer_days) > timezone.now()
    assert inquiry.first_answered_at is not None


def test_same_message_twice_is_stored_once_and_told_once(officer):
    inquiry, key = make_inquiry(status=Status.ANSWERED, assignee=officer), uuid.uuid4()
    first = investor.write(inquiry, "Hello", via=Via.PAGE, key=key)
    assert investor.write(inquiry, "Hello", via=Via.PAGE, key=key) == first
    assert inquiry.messages.count() == Letter.objects.count() == 1
    with pytest.raises(ValidationError):
        investor.write(make_inquiry(), "Hello", via=Via.PAGE, key=key)


def test_empty_word_is_refused_on_the_page_and_taken_from_a_letter():
    with pytest.raises(ValidationError, match="Write the text"):
        investor.write(make_inquiry(), "  ", via=Via.PAGE)
    assert investor.write(make_inquiry(), "", via=Via.MAIL, quoted="> ...").body == ""


def test_investor_of_spam_is_heard_by_nobody(officer):
    inquiry = make_inquiry(status=Status.SPAM)
    investor.write(inquiry, "Buy!", via=Via.PAGE)
    assert inquiry.status == Status.SPAM
    assert not Letter.objects.exists()


def test_answer_to_an_officer_who_has_left_is_told_to_the_manager(officer, manager):
    officer.is_active = False
    officer.save()
    manager.email = "dm@example.com"
    manager.save()
    investor.write(make_inquiry(status=Status.ANSWERED, assignee=officer), "Hello?", via=Via.MAIL)
    assert Letter.objects.get().to == "dm@example.com"


def test_s68_investor_reopens_within_thirty_days_with_a_reason(officer):
    inquiry = closed(officer)
    with pytest.raises(ValidationError, match="reason"):
        investor.reopen(inquiry, "  ")
    investor.reopen(inquiry, "The rent was left out.")
    assert (inquiry.status, inquiry.reopened, inquiry.result, inquiry.closed_at) == (Status.IN_PROGRESS, 1, "", None)
    assert inquiry.waits_for_answer
    assert inquiry.answer_by > timezone.now()
    assert inquiry.messages.get(kind=Kind.INVESTOR).body == "The rent was left out."
    late = closed(officer, closed_at=ago(days=31))
    for attempt in (lambda: investor.reopen(late, "Please"), lambda: investor.write(late, "Please", via=Via.MAIL)):
        with pytest.raises(ValidationError, match="30 days ago"):
            attempt()
    assert not late.messages.exists()


def test_s68_letter_to_a_closed_inquiry_reopens_it(officer):
    inquiry = closed(officer)
    investor.write(inquiry, "One more thing", via=Via.MAIL)
    assert (inquiry.status, inquiry.reopened) == (Status.IN_PROGRESS, 1)


def test_s68_grade_is_given_once_and_a_poor_one_is_the_managers_task(officer, manager):
    manager.email = "dm@example.com"
    manager.save()
    inquiry = closed(officer)
    for wrong in (0, 6, None):
        with pytest.raises(ValidationError, match="five ratings"):
            investor.rate(inquiry, wrong)
    investor.rate(inquiry, 2, "Slow")
    task = FollowUp.objects.get()
    assert (inquiry.rating, inquiry.rating_text, task.kind, task.is_for_manager) == (2, "Slow", FollowUp.Kind.POOR_GRADE, True)
    assert task.due_at == clock.add_working_days(inquiry.rated_at, 5)
    assert Letter.objects.get().to == "dm@example.com"
    with pytest.raises(ValidationError, match="already"):
        investor.rate(inquiry, 5)
    with pytest.raises(ValidationError, match="no longer possible"):
        investor.rate(make_inquiry(), 5)
    investor.rate(closed(officer), 3)
    assert FollowUp.objects.count() == 1


def test_investor_withdraws_and_the_officer_is_told(officer):
    inquiry = make_inquiry(status=Status.ASSIGNED, assignee=officer)
    investor.withdraw(inquiry, "We build elsewhere.")
    assert (inquiry.status, inquiry.result) == (Status.CLOSED, "withdrawn")
    assert set(Letter.objects.values_list("to", flat=True)) == {"do@example.com", inquiry.email}
    with pytest.raises(ValidationError, match="no longer possible"):
        investor.withdraw(inquiry)


def test_text_is_changed_within_ten_minutes_and_before_the_bureau_has_written(officer):
    inquiry = make_inquiry(status=Status.ASSIGNED, assignee=officer)
    message = investor.write(inquiry, "2 ha", via=Via.PAGE)
    investor.change(message, "3 ha")
    assert (message.body, message.changed_at is not None) == ("3 ha", True)
    investor.change(inquiry, "We look for 3 ha.")
    assert inquiry.message == "We look for 3 ha."
    by_mail = investor.write(inquiry, "2 ha", via=Via.MAIL)
    old = make_message(inquiry=inquiry, kind=Kind.INVESTOR, written_at=ago(minutes=11))
    make_message(inquiry=inquiry, kind=Kind.REPLY, author=officer, written_at=timezone.now())
    for thing in (by_mail, old, message, make_inquiry(received_at=ago(minutes=11))):
        with pytest.raises(ValidationError):
            investor.change(thing, "4 ha")


def test_staff_take_no_step_of_the_investor_and_nobody_takes_those_of_staff(officer, manager):
    inquiry = make_inquiry(status=Status.ANSWERED, assignee=officer)
    for name in ("write", "withdraw", "settle", "silent"):
        with pytest.raises(PermissionDenied):
            take(inquiry, name, manager, Details(body="x"))
    with pytest.raises(PermissionDenied):
        take(inquiry, "close", None, Details(result="answered"))


def test_private_notes_stay_with_the_bureau_that_wrote_them(officer, sihui):
    inquiry = make_inquiry()
    take(inquiry, "note", officer, Details(body="ours", is_private=True))
    take(inquiry, "note", officer, Details(body="for all"))
    elsewhere = make_member("ou", "officer", "sihui")
    Inquiry.objects.update(bureau=sihui)
    inquiry.refresh_from_db()
    assert [message.body for message in thread_rights.for_staff(inquiry, elsewhere)] == ["for all"]
    assert {message.body for message in thread_rights.for_staff(inquiry, officer)} == {"ours", "for all"}
    assert not thread_rights.for_investor(inquiry).exists()
