"""What staff do with an inquiry: the table of steps, and when an answer counts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from inquiries.models import Inquiry, Message, undelivered
from inquiries.workflow import STEP_NAMED, STEPS, Details, available_steps, calendar_changed, settle_replies, take
from outbox.models import Letter
from outbox.sending import deliver_due
from tests.factories import make_calendar_day, make_inquiry, make_letter, make_member, make_message

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind


def say(text="We have three sites.", **fields):
    return Details(body=text, key=uuid.uuid4(), **fields)


def names(inquiry, user):
    return {step.name for step in available_steps(inquiry, user)}


WHAT_OFFICERS_MAY = {
    Status.NEW: {"take", "reply", "ask", "call", "note", "spam"},
    Status.ASSIGNED: {"reply", "ask", "call", "note", "spam"},
    Status.IN_PROGRESS: {"reply", "ask", "call", "note"},
    Status.WAITING: {"reply", "ask", "call", "note"},
    Status.ANSWERED: {"reply", "call", "note", "close"},
    Status.SPAM: {"note", "not_spam"},
    Status.MERGED: {"note"},
}


@pytest.mark.parametrize("status", WHAT_OFFICERS_MAY)
def test_buttons_of_an_officer(officer, status):
    assert names(make_inquiry(status=status), officer) == WHAT_OFFICERS_MAY[status]


def test_closed_inquiry_takes_notes_alone(officer):
    assert names(make_inquiry(status=Status.CLOSED, result="answered"), officer) == {"note"}


def test_manager_may_assign_too(manager):
    assert names(make_inquiry(), manager) == WHAT_OFFICERS_MAY[Status.NEW] | {"assign"}


def test_city_desk_may_assign_elsewhere_and_nothing_more(city_desk):
    assert names(make_inquiry(), city_desk) == {"assign"}


@pytest.mark.parametrize("name", [step.name for step in STEPS])
def test_nobody_else_takes_any_step(editor, publisher, stranger, administrator, name):
    inquiry = make_inquiry(status=next(iter(STEP_NAMED[name].sources - {Status.CLOSED})))
    for person in (editor, publisher, stranger, administrator):
        with pytest.raises(PermissionDenied):
            take(inquiry, name, person, say())


def test_installer_reads_no_letters_and_takes_no_steps(administrator):
    administrator.is_superuser = True
    assert names(make_inquiry(), administrator) == set()


# --- Take, assign ---


def test_taking_tells_the_investor_and_the_second_comes_too_late(officer, manager):
    inquiry = make_inquiry()
    take(inquiry, "take", officer)
    assert (inquiry.status, inquiry.assignee) == (Status.ASSIGNED, officer)
    assert "taken up" in Letter.objects.get().subject
    with pytest.raises(ValidationError, match="no longer possible"):
        take(inquiry, "take", manager)
    assert Letter.objects.count() == 1


def test_assigning_needs_somebody_who_answers_at_that_bureau(manager, officer, editor):
    outsider = make_member("outsider", "officer", "sihui")
    inquiry = make_inquiry()
    for person in (None, editor, outsider):
        with pytest.raises(ValidationError, match="officer of the bureau"):
            take(inquiry, "assign", manager, Details(assignee=person))
    take(inquiry, "assign", manager, Details(assignee=officer))
    assert inquiry.assignee == officer


def test_officer_is_mailed_when_somebody_else_assigns(manager, officer):
    officer.email = "do@example.com"
    officer.save()
    take(make_inquiry(email="", phone="+852 23456789"), "assign", manager, Details(assignee=officer))
    assert Letter.objects.get().to == "do@example.com"


# --- Answers ---


def test_reply_counts_as_answer_only_when_the_mail_server_has_accepted_it(officer):
    inquiry = make_inquiry()
    take(inquiry, "reply", officer, say())
    settle_replies()
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.first_answered_at, inquiry.assignee) == (Status.IN_PROGRESS, None, officer)
    deliver_due()
    assert settle_replies() == 1
    inquiry.refresh_from_db()
    assert inquiry.status == Status.ANSWERED
    assert inquiry.first_answered_at == Letter.objects.get().sent_at
    assert settle_replies() == 0


@pytest.mark.parametrize("state", [Letter.State.QUEUED, Letter.State.PARKED])
def test_reply_that_does_not_arrive_is_never_an_answer(officer, state):
    inquiry = make_inquiry(status=Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=make_letter(state=state, tries=3, last_error="550"))
    assert settle_replies() == 0
    assert list(undelivered(Inquiry.objects.all())) == [inquiry]


def test_later_word_of_the_investor_is_not_settled_by_an_earlier_reply(officer):
    inquiry = make_inquiry(status=Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=make_letter(state=Letter.State.SENT, sent_at=timezone.now()))
    make_message(inquiry=inquiry, kind=Kind.INVESTOR, written_at=timezone.now() + timedelta(seconds=1))
    assert settle_replies() == 0


def test_note_after_a_reply_does_not_hide_it(officer):
    inquiry = make_inquiry(status=Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=make_letter(state=Letter.State.SENT, sent_at=timezone.now()))
    make_message(inquiry=inquiry, kind=Kind.NOTE, written_at=timezone.now() + timedelta(seconds=1))
    assert settle_replies() == 1


def test_noted_call_answers_at_once_and_sends_nothing(officer):
    inquiry = make_inquiry(email="", phone="+852 23456789")
    take(inquiry, "call", officer, say("Told them about Dasha."))
    assert inquiry.status == Status.ANSWERED
    assert inquiry.first_answered_at is not None
    assert not Letter.objects.exists()


def test_investor_without_mail_address_is_called(officer):
    inquiry = make_inquiry(email="", phone="+852 23456789")
    assert names(inquiry, officer) == {"take", "call", "note", "spam"}
    with pytest.raises(ValidationError, match="no e-mail"):
        take(inquiry, "reply", officer, say())


def test_reply_pressed_twice_is_one_message_and_one_letter(officer):
    inquiry, details = make_inquiry(), say()
    take(inquiry, "reply", officer, details)
    take(inquiry, "reply", officer, details)
    assert Message.objects.filter(kind=Kind.REPLY).count() == 1
    assert Letter.objects.filter(subject__startswith="Answer").count() == 1


def test_question_waits_for_the_investor_and_does_not_answer(officer):
    inquiry = make_inquiry()
    take(inquiry, "ask", officer, say("How much power?"))
    deliver_due()
    assert settle_replies() == 0
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.first_answered_at) == (Status.WAITING, None)


@pytest.mark.parametrize("name", ["reply", "ask", "call", "note"])
def test_empty_text_is_refused(officer, name):
    with pytest.raises(ValidationError, match="Write the text"):
        take(make_inquiry(), name, officer, say("  \n "))


# --- Notes, closing, spam ---


def test_note_never_leaves(officer):
    inquiry = make_inquiry()
    take(inquiry, "note", officer, say("CANARY"))
    take(inquiry, "reply", officer, say("Our answer"))
    assert not any("CANARY" in letter.subject + letter.body for letter in Letter.objects.all())


def test_first_note_of_the_officer_in_charge_begins_the_work(officer, manager):
    inquiry = make_inquiry(status=Status.ASSIGNED, assignee=officer)
    take(inquiry, "note", manager, say())
    assert inquiry.status == Status.ASSIGNED
    take(inquiry, "note", officer, say())
    assert inquiry.status == Status.IN_PROGRESS


def test_closing_needs_a_result_and_sometimes_an_explanation(officer):
    inquiry = make_inquiry(status=Status.ANSWERED)
    for details in (Details(), Details(result="fixed"), Details(result="referred"), Details(result="not-possible", result_note=" ")):
        with pytest.raises(ValidationError):
            take(inquiry, "close", officer, details)
    take(inquiry, "close", officer, Details(result="referred", result_note="Customs office"))
    assert (inquiry.status, inquiry.result_note) == (Status.CLOSED, "Customs office")
    assert inquiry.closed_at is not None


def test_spam_comes_back_with_its_old_clock(officer):
    inquiry = make_inquiry()
    due = inquiry.answer_by
    take(inquiry, "spam", officer)
    take(inquiry, "not_spam", officer)
    assert (inquiry.status, inquiry.answer_by) == (Status.NEW, due)
    assert not Letter.objects.exists()


def test_spam_older_than_thirty_days_stays(officer):
    inquiry = make_inquiry(status=Status.SPAM, received_at=timezone.now() - timedelta(days=31))
    with pytest.raises(ValidationError, match="30 days"):
        take(inquiry, "not_spam", officer)


def test_every_step_is_in_the_thread(officer, manager):
    inquiry = make_inquiry()
    take(inquiry, "take", officer)
    take(inquiry, "assign", manager, Details(assignee=manager))
    take(inquiry, "call", manager, say())
    take(inquiry, "close", manager, Details(result="answered"))
    steps = inquiry.messages.order_by("written_at").values_list("step", "author__username")
    assert list(steps) == [("take", "do"), ("assign", "dm"), ("call", "dm"), ("close", "dm")]


# --- The calendar ---


def test_holiday_entered_later_moves_what_is_due_and_leaves_a_trace(officer):
    received = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    waiting = make_inquiry(received_at=received, answer_by=datetime(2027, 3, 3, 9, 30, tzinfo=UTC))
    answered = make_inquiry(
        received_at=received, answer_by=datetime(2027, 3, 3, 9, 30, tzinfo=UTC), status=Status.ANSWERED, first_answered_at=received
    )
    make_calendar_day(date="2027-03-02", is_working=False)
    assert calendar_changed() == 2  # the answer of the one, and the results of both
    waiting.refresh_from_db(), answered.refresh_from_db()
    assert waiting.answer_by == datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
    assert answered.answer_by == datetime(2027, 3, 3, 9, 30, tzinfo=UTC)
    assert waiting.messages.get().body == "2027-03-03 17:30 → 2027-03-04 17:30"
