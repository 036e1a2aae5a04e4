"""What time brings about: reminders and escalations, silence, quiet leads, deputies (S70). Each once, however often it is looked at."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from inquiries import clock, letters, people
from inquiries.models import Absence, FollowUp, Inquiry, Message, Reminder
from inquiries.reminders import run
from inquiries.workflow import Details, take
from outbox.models import Letter
from tests.factories import make_calendar_day, make_contact, make_inquiry, make_member, make_message

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind


def beijing(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING)


MONDAY = beijing("2026-11-23 09:00")  # answer due Wednesday 17:30: 18 working hours


@pytest.fixture
def officer(db):
    return make_member("do", "officer", email="do@example.com", first_name="Ou")


@pytest.fixture
def manager(db):
    return make_member("dm", "manager", email="dm@example.com")


@pytest.fixture
def city_desk(db):
    return make_member("city", "manager", "zhaoqing", email="city@example.com")


def held(officer, received=MONDAY, **fields):
    """An inquiry in the hands of an officer, due as the calendar says."""
    fields = {"status": Status.ASSIGNED, "assignee": officer, "answer_by": clock.add_working_days(received, 2)} | fields
    return make_inquiry(received_at=received, **fields)


def at(text):
    """Lets the clock run at a moment, three times: who was written to by this."""
    known = set(Letter.objects.values_list("pk", flat=True))
    for _number in range(3):
        run(beijing(text))
    new = Letter.objects.exclude(pk__in=known).order_by("to")
    return [letter.to.partition("@")[0] for letter in new]


def told():
    return sorted(Reminder.objects.values_list("kind", flat=True))


# --- The reply clock ---


def test_s57_officer_is_warned_the_manager_told_when_overdue_and_then_the_city_desk(officer, manager, city_desk):
    held(officer)
    assert at("2026-11-24 11:59") == []  # 8 hours 59 of 18
    assert at("2026-11-24 12:00") == ["do"]
    assert at("2026-11-25 10:00") == []
    assert at("2026-11-25 11:30") == ["do"]  # 14.5 of 18 hours; four fifths are 14.4
    assert at("2026-11-25 17:30") == []  # not overdue at the minute itself
    assert at("2026-11-25 17:31") == ["dm", "do"]
    subjects = dict(Letter.objects.order_by("created_at").values_list("to", "subject"))
    assert subjects["do@example.com"].startswith("您经办的咨询")
    assert subjects["dm@example.com"].startswith("咨询 ZQ-")
    assert at("2026-11-27 17:30") == []
    assert at("2026-11-27 17:31") == ["city"]
    assert at("2026-12-09 12:00") == []
    assert told() == ["city", "half", "nearly", "overdue"]


def test_job_that_stood_still_for_days_tells_what_holds_now_and_nothing_old(officer, manager, city_desk):
    held(officer)
    assert at("2026-11-30 09:00") == ["city", "dm", "do"]
    assert told() == ["city", "overdue"]


def test_answered_inquiry_warns_nobody_and_one_asked_anew_warns_again(officer, manager):
    inquiry = held(officer)
    assert at("2026-11-24 14:31")
    take(inquiry, "call", officer, Details(body="Said yes", now=beijing("2026-11-24 15:00")))
    assert at("2026-12-04 09:00") == []
    take(inquiry, "write", None, Details(body="And?", now=beijing("2026-12-07 09:00")))
    assert at("2026-12-08 14:31") == ["do"]


def test_holiday_entered_later_counts_before_the_manager_is_told(officer, manager):
    inquiry = held(officer)
    make_calendar_day(date="2026-11-25")
    Inquiry.objects.filter(pk=inquiry.pk).update(answer_by=beijing("2026-11-26 17:30"))
    assert "dm" not in at("2026-11-25 18:00")


def test_nobody_has_taken_it_is_told_to_all_of_the_bureau_once(officer, manager):
    make_inquiry(received_at=MONDAY, take_by=beijing("2026-11-23 15:30"), answer_by=beijing("2026-11-25 17:30"))
    assert at("2026-11-23 15:30") == []
    assert at("2026-11-23 15:31") == ["dm", "do"]
    assert told() == ["untaken"]


def test_bureau_without_a_manager_reads_its_own_mailbox(officer):
    make_contact(email="desk@example.com")
    held(officer)
    city = make_member("city", "manager", "zhaoqing", email="city@example.com")
    Inquiry.objects.update(assignee=None, status=Status.IN_PROGRESS)
    officer.memberships.all().delete()
    assert at("2026-11-25 17:31") == ["desk"]
    assert at("2026-11-27 17:31") == [city.username]


# --- The investor's silence ---


def test_investor_is_reminded_once_and_then_the_inquiry_ends_as_not_answered(officer, visitor):
    inquiry = held(officer, status=Status.IN_PROGRESS)
    take(inquiry, "ask", officer, Details(body="How much power?", now=MONDAY))
    assert "erika" not in at("2026-11-30 17:30")
    assert at("2026-11-30 17:31") == ["erika"]
    assert "erika" not in at("2026-12-14 17:30")  # the fifteenth working day
    assert at("2026-12-14 17:31") == ["erika"]
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.result) == (Status.CLOSED, "silent")
    assert inquiry.closed_at == beijing("2026-12-14 17:31")
    assert inquiry.pauses.get().ended_at is not None
    last = Letter.objects.filter(to="erika@example.com").order_by("created_at").last()
    address = re.search(r"/en/inquiry/\S+", last.body)[0]
    assert visitor.get(address).status_code == 200
    assert last.secret in address  # blotted out once it has left


def test_answered_inquiry_ends_as_answered_and_a_word_in_between_starts_the_count_again(officer):
    inquiry = held(officer)
    take(inquiry, "call", officer, Details(body="Three sites.", now=MONDAY))
    make_message(inquiry=inquiry, kind=Kind.REPLY, step="call", author=officer, written_at=beijing("2026-12-01 09:00"))
    at("2026-12-22 17:30")
    inquiry.refresh_from_db()
    assert inquiry.status == Status.ANSWERED
    at("2026-12-22 17:31")
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.result) == (Status.CLOSED, "answered")
    assert "30 days" in Letter.objects.get(to="erika@example.com", subject__contains="closed").body


# --- Leads ---


def test_lead_is_asked_after_five_fifteen_and_forty_five_days_and_others_are_not(officer):
    inquiry = held(officer, topic="land")
    take(inquiry, "call", officer, Details(body="Three sites.", now=MONDAY))
    take(inquiry, "call", officer, Details(body="And a fourth.", now=beijing("2026-11-24 09:00")))
    due = [clock.in_digits(moment) for moment in inquiry.follow_ups.values_list("due_at", flat=True)]
    # Saturday 28 November goes to Monday.
    assert due == ["2026-11-30 17:30", "2026-12-08 17:30", "2027-01-07 17:30"]
    other = held(officer, topic="policy")
    take(other, "call", officer, Details(body="Yes"))
    assert not other.follow_ups.exists()


def test_lead_that_comes_to_nothing_is_asked_no_more(officer):
    inquiry = held(officer)
    take(inquiry, "call", officer, Details(body="No site"))
    assert inquiry.follow_ups.filter(done_at=None).count() == 3
    take(inquiry, "close", officer, Details(result="not-possible", result_note="No port", lost_because="site"))
    assert inquiry.lost_because == "site"
    assert inquiry.follow_ups.filter(done_at=None).count() == 0


def test_two_weeks_without_contact_are_one_task(officer):
    inquiry = held(officer, status=Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Kind.REPLY, author=officer, written_at=beijing("2026-11-25 10:00"))
    at("2026-12-09 09:59")
    assert not FollowUp.objects.exists()
    at("2026-12-09 10:00")
    at("2026-12-10 10:00")
    assert FollowUp.objects.get().kind == FollowUp.Kind.QUIET


# --- S70 ---


@pytest.fixture
def deputy(officer):
    deputy = make_member("ds", "officer", email="ds@example.com")
    today = datetime.now(clock.BEIJING).date()
    Absence.objects.create(person=officer, deputy=deputy, bureau=officer.memberships.get().bureau, first_day=today, last_day=today)
    return deputy


def test_s70_deputy_gets_what_is_new_assigned_written_or_reopened(officer, deputy, manager):
    addresses = [address for address, _language in letters.staff_readers(officer.memberships.get().bureau)]
    assert addresses == ["dm@example.com", "ds@example.com"]
    new = make_inquiry()
    take(new, "assign", manager, Details(assignee=officer))
    assert new.assignee == deputy
    waiting = make_inquiry(status=Status.WAITING, assignee=officer)
    take(waiting, "write", None, Details(body="630 kVA"))
    shut = make_inquiry(status=Status.CLOSED, result="answered", closed_at=datetime.now(clock.BEIJING), assignee=officer)
    take(shut, "reopen_asked", None, Details(reason="The rent?"))
    assert (waiting.assignee, shut.assignee) == (deputy, deputy)
    assert set(Letter.objects.exclude(to="erika@example.com").values_list("to", flat=True)) == {"ds@example.com"}


def test_s70_deputies_who_are_away_too_pass_it_on_and_a_circle_ends(officer, deputy, manager):
    bureau, today = officer.memberships.get().bureau, datetime.now(clock.BEIJING).date()
    assert people.on_duty(officer, bureau, today) == deputy
    assert people.on_duty(officer, bureau, today + timedelta(days=1)) == officer
    Absence.objects.create(person=deputy, deputy=officer, bureau=bureau, first_day=today, last_day=today)
    assert people.on_duty(officer, bureau, today) is None
    waiting = make_inquiry(status=Status.WAITING, assignee=officer)
    take(waiting, "write", None, Details(body="630 kVA"))
    assert Letter.objects.get().to == "dm@example.com"


def test_s70_inquiries_of_an_officer_who_has_left_return_to_the_queue_and_the_manager_is_told_once(officer, manager):
    open_ = [held(officer, status=status) for status in Inquiry.OPEN[1:]]
    shut = held(officer, status=Status.CLOSED, result="answered", closed_at=MONDAY)
    assert at("2026-11-23 09:01") == []
    officer.is_active = False
    officer.save()
    at("2026-11-23 09:02")
    letter = Letter.objects.get()
    assert letter.to == "dm@example.com"
    assert all(inquiry.reference in letter.body for inquiry in open_)
    for inquiry in [*open_, shut]:
        inquiry.refresh_from_db()
    assert [inquiry.status for inquiry in open_] == [Status.NEW, Status.NEW, Status.WAITING, Status.ANSWERED]
    assert {inquiry.assignee for inquiry in open_} == {None}
    assert shut.assignee == officer
    assert set(Inquiry.objects.untaken()) == set(open_)
    for inquiry in open_:
        take(inquiry, "take", manager)
    assert open_[2].status == Status.WAITING


def test_s70_officer_who_loses_the_role_counts_as_gone_and_another_bureau_does_not_help(officer, manager):
    inquiry = held(officer)
    officer.memberships.update(role="editor")
    at("2026-11-23 09:02")
    inquiry.refresh_from_db()
    assert inquiry.assignee is None


# --- It goes on ---


def test_one_inquiry_that_fails_holds_up_no_other(officer, manager, caplog):
    broken, fine = held(officer), held(officer)
    Inquiry.objects.filter(pk=broken.pk).update(language="xx")  # no letter has this language
    make_message(inquiry=broken, kind=Kind.REPLY, step="ask", written_at=MONDAY)
    take(fine, "ask", officer, Details(body="How much?", now=MONDAY))
    Inquiry.objects.filter(pk=broken.pk).update(status=Status.WAITING)
    broken.pauses.create(started_at=MONDAY)
    run(beijing("2026-12-01 09:00"))
    assert list(Reminder.objects.filter(kind="waiting").values_list("inquiry", flat=True)) == [fine.pk]
    assert broken.reference in caplog.text


def test_clock_asks_the_database_the_same_number_of_times_however_many_inquiries(officer, django_assert_max_num_queries):
    for _number in range(12):
        held(officer, received=MONDAY)
        held(officer, received=MONDAY, status=Status.ANSWERED, first_answered_at=MONDAY)
    with django_assert_max_num_queries(10):
        run(beijing("2026-11-23 09:30"))


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_each_thing_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time anyway")
    officer = make_member("do", "officer", email="do@example.com")
    make_member("dm", "manager", email="dm@example.com")
    for _number in range(5):
        held(officer)
    start = threading.Barrier(4)

    def look():
        start.wait(timeout=30)
        try:
            run(beijing("2026-11-25 17:31"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Letter.objects.filter(to="dm@example.com").count() == Letter.objects.filter(to="do@example.com").count() == 5
