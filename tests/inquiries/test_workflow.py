"""What staff do with an inquiry: the table of steps, and when an answer counts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from inquiries import clock, investor
from inquiries.models import Inquiry, Message, undelivered
from inquiries.settling import calendar_changed, settle_replies
from inquiries.workflow import ELSEWHERE, STEP_NAMED, STEPS, Details, available_steps, buttons, take
from outbox.models import Letter
from outbox.sending import deliver_due
from tests.factories import (
    make_bureau,
    make_calendar_day,
    make_extension,
    make_inquiry,
    make_letter,
    make_member,
    make_message,
    make_transfer,
)

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind


def say(text="We have three sites.", **fields):
    return Details(body=text, key=uuid.uuid4(), **fields)


def names(inquiry, user):
    return {step.name for step in available_steps(inquiry, user)}


# What each person may press in each state of an inquiry that one officer of Dinghu has: o its officers, m its managers,
# c the city desk. Written by hand; compared with what the table of steps gives.
MATRIX = {
    "take": {},  # somebody has it; below for the one that nobody has
    "assign": dict.fromkeys(Inquiry.OPEN, "mc"),
    "reply": dict.fromkeys(Inquiry.OPEN, "om"),
    "ask": {"new": "om", "assigned": "om", "in-progress": "om", "waiting": "om"},
    "update": {"new": "om", "assigned": "om", "in-progress": "om", "waiting": "om"},
    "call": dict.fromkeys(Inquiry.OPEN, "om"),
    "note": dict.fromkeys(Status.values, "om"),
    "propose_transfer": dict.fromkeys(Inquiry.OPEN, "o"),
    "transfer": dict.fromkeys(Inquiry.OPEN, "mc"),
    "ask_extension": dict.fromkeys(Inquiry.OPEN, "om"),
    "close": {"answered": "om"},
    "reopen": {"closed": "mc"},
    "spam": {"new": "om", "assigned": "om"},
    "not_spam": {"spam": "om"},
    "merge": dict.fromkeys(Inquiry.OPEN, "om"),
    "unmerge": {"merged": "om"},
}
# Where each step leads, from the states that it starts in; "=" stays. For what depends on more there is a test below.
LEADS_TO = {
    "take": "assigned",
    "ask": "waiting",
    "close": "closed",
    "reopen": "in-progress",
    "spam": "spam",
    "not_spam": "new",
    "merge": "merged",
    "transfer": "new",
    "confirm_transfer": "new",
    "accept_transfer": "new",
    "refuse_transfer": "new",
    "reopen_asked": "in-progress",
    "withdraw": "closed",
    "silent": "closed",
}
# Steps that somebody else's proposal or request makes possible: who, then.
WHEN_ASKED = {
    "confirm_transfer": "mc",
    "accept_transfer": "x",
    "decline_transfer": "mc",
    "grant_extension": "mc",
    "refuse_extension": "mc",
}


def in_state(status, **fields):
    """An inquiry as it is in that state."""
    if status == Status.CLOSED:
        fields |= {"result": "answered", "closed_at": timezone.now()}
    if status == Status.MERGED:
        other = make_inquiry(email="other@example.com")
        fields |= {"merged_into": other, "merged_at": timezone.now(), "status_before_merge": Status.IN_PROGRESS}
    return make_inquiry(status=status, **fields)


def test_matrix_of_states_steps_and_people_is_as_written(officer, manager, city_desk, editor, publisher, stranger, administrator):
    people = {"o": officer, "m": manager, "c": city_desk, "e": editor, "r": publisher, "s": stranger, "a": administrator}
    elsewhere = {"x": make_member("xm", "manager", "sihui")}
    answers_beside = {"reply", "call"}  # another person's merged inquiry is answered where it is
    for status in Status:
        inquiry = in_state(status, assignee=officer)
        allowed = {name: "".join(sign for sign, who in people.items() if name in names(inquiry, who)) for name in STEP_NAMED}
        wanted = {name: MATRIX.get(name, {}).get(status, "") for name in STEP_NAMED}
        if status == Status.MERGED:
            wanted |= dict.fromkeys(answers_beside, "om")
        assert allowed == wanted, status
        if status not in Inquiry.OPEN:
            continue
        make_transfer(inquiry, officer)
        make_extension(inquiry, officer, clock="result")
        allowed = {name: "".join(sign for sign, who in (people | elsewhere).items() if name in names(inquiry, who)) for name in WHEN_ASKED}
        assert allowed == WHEN_ASKED, status


def test_table_says_where_a_step_leads():
    assert {step.name: step.leads_to for step in STEPS if step.leads_to} == LEADS_TO


def test_table_and_its_pointers_are_the_whole_of_section_3():
    numbers = {step.number for step in STEPS} | set(ELSEWHERE)
    assert numbers == {f"I{number}" for number in range(1, 19)}
    assert all(len(step.name) <= Message._meta.get_field("step").max_length for step in STEPS)
    assert all(step.label for step in STEPS)
    assert all(step.done and step.right for step in STEPS if step.actor == "staff")


def test_forged_press_is_refused_to_whoever_has_no_button(editor, publisher, stranger, administrator, officer):
    for step in STEPS:
        inquiry = in_state(sorted(step.sources)[0])
        for person in (editor, publisher, stranger, administrator):
            with pytest.raises(PermissionDenied):
                take(inquiry, step.name, person, say())
    with pytest.raises(PermissionDenied):
        take(make_inquiry(), "transfer", officer, Details(bureau=make_bureau("sihui"), reason="x"))
    assert not Message.objects.exists()


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


def test_later_word_of_the_investor_waits_for_an_answer_though_an_earlier_reply_counts_as_the_first(officer):
    inquiry = make_inquiry(status=Status.IN_PROGRESS, received_at=timezone.now() - timedelta(days=2))
    now = timezone.now()
    letter = make_letter(state=Letter.State.QUEUED)
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=letter, written_at=now)
    word = make_message(inquiry=inquiry, kind=Kind.INVESTOR, written_at=now + timedelta(seconds=1))
    assert settle_replies() == 0
    Letter.objects.update(state=Letter.State.SENT, sent_at=now + timedelta(seconds=2))
    assert [settle_replies(), settle_replies()] == [1, 0]
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_at, inquiry.first_answered_at) == (Status.IN_PROGRESS, None, now + timedelta(seconds=2))
    assert (inquiry.asked_at, inquiry.answer_by) == (word.written_at, clock.add_working_days(word.written_at, inquiry.answer_days))
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=letter, written_at=now + timedelta(seconds=3))
    make_message(inquiry=inquiry, kind=Kind.STEP, step="transfer", written_at=now + timedelta(seconds=4))
    make_message(inquiry=inquiry, kind=Kind.INVESTOR, written_at=now + timedelta(seconds=5))
    assert settle_replies() == 0  # what is open since the transfer has had no answer


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
    assert {"take", "call"} <= names(inquiry, officer)
    assert not {"reply", "update", "ask"} & names(inquiry, officer)
    assert [step.name for step, why_not in buttons(inquiry, officer) if "no e-mail" in why_not] == ["reply", "update", "ask"]
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


def test_answer_that_a_question_follows_before_the_mail_has_left_counts_and_the_question_still_waits(officer):
    """The clock for the answer has been met, that of the result stands still; once the mail server has taken the answer, not before."""
    inquiry = make_inquiry(topic="land")
    take(inquiry, "reply", officer, say("Three sites."))
    take(inquiry, "ask", officer, say("How much power?"))
    assert settle_replies() == 0
    deliver_due()
    assert [settle_replies(), settle_replies()] == [1, 0]
    inquiry.refresh_from_db()
    sent_at = inquiry.messages.get(step="reply").letter.sent_at
    assert (inquiry.status, inquiry.first_answered_at, inquiry.answered_at) == (Status.WAITING, sent_at, sent_at)
    assert not inquiry.is_overdue(timezone.now() + timedelta(days=99))
    assert inquiry.pauses.get().ended_at is None
    assert inquiry.follow_ups.exists()
    assert "update" not in names(inquiry, officer)  # it would say when the answer is due
    investor.write(inquiry, "10 MW.", via="page")
    assert (inquiry.status, inquiry.answered_at, inquiry.first_answered_at) == (Status.IN_PROGRESS, None, sent_at)
    assert inquiry.asked_at > sent_at
    take(inquiry, "reply", officer, say("That is there."))
    take(inquiry, "ask", officer, say("From when?"))
    deliver_due()
    assert settle_replies() == 1
    question = inquiry.messages.filter(step="ask").last().letter
    take(inquiry, "came_back", None, Details(body="550", letter=question))  # what nobody has read does not wait
    assert settle_replies() == 1
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.first_answered_at) == (Status.ANSWERED, sent_at)


def test_update_takes_the_inquiry_up_and_is_no_answer(officer):
    """The answer stays due as it was, no follow-up is planned, and nothing ends by silence; an answer on its way still counts."""
    inquiry = make_inquiry(topic="land")
    due = (inquiry.answer_by, inquiry.result_by)
    take(inquiry, "update", officer, say("We are asking the grid company."))
    (letter,) = Letter.objects.all()
    deliver_due()
    assert settle_replies() == 0
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.assignee, inquiry.first_answered_at) == (Status.IN_PROGRESS, officer, None)
    assert (inquiry.answer_by, inquiry.result_by) == due
    assert inquiry.waits_for_answer
    assert not inquiry.follow_ups.exists()
    assert clock.in_words(inquiry.answer_by, "en") in letter.body
    assert letter.is_by_person
    assert "update" not in names(make_inquiry(status=Status.ANSWERED, first_answered_at=timezone.now()), officer)
    asked = make_inquiry(status=Status.WAITING)
    take(asked, "update", officer, say())
    assert asked.status == Status.WAITING
    take(inquiry, "reply", officer, say("10,000 kVA are there."))
    take(inquiry, "update", officer, say("More figures by Friday."))
    deliver_due()
    assert settle_replies() == 1
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.first_answered_at is None) == (Status.ANSWERED, False)


@pytest.mark.parametrize("name", ["reply", "update", "ask", "call", "note"])
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
