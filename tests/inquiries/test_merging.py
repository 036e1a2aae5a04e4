"""Two people in one case (S63): each keeps a clock of their own and gets an answer of their own, and no list loses either."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import clock, investor, month_table
from inquiries.inbox import VIEWS, shown
from inquiries.ledger import ledger_until
from inquiries.models import Inquiry, Message, Reminder
from inquiries.reminders import run
from inquiries.reports import report
from inquiries.settling import calendar_changed
from inquiries.workflow import Details, take
from outbox.models import Letter
from tests.factories import make_calendar_day, make_inquiry
from tests.inquiries.test_case import address, press

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind
LONG_AGO = timezone.now() - timedelta(days=12)
LATE = {"received_at": LONG_AGO, "answer_by": LONG_AGO + timedelta(days=3)}
TWO = {"are_two_people": True}


@pytest.fixture
def officer(officer):
    officer.email = "do@example.com"
    officer.save()
    return officer


@pytest.fixture
def case(officer):
    return make_inquiry(status=Status.IN_PROGRESS, assignee=officer, name="Erika")


@pytest.fixture
def apart(case, officer):
    """Late, of another person, and merged into the case."""
    inquiry = make_inquiry(email="max@example.com", name="Max", **LATE)
    take(inquiry, "merge", officer, Details(target=case, **TWO))
    case.refresh_from_db()
    return inquiry


def views_with(inquiry, user):
    return {view for view in VIEWS if shown(Inquiry.objects.all(), view, user).filter(pk=inquiry.pk).exists()}


def test_s63_merging_two_people_asks_for_a_tick_and_says_where_each_is_answered(officer, case, signed_in):
    other = make_inquiry(email="max@example.com", **LATE)
    browser = signed_in(officer)
    for way in ("target", "other"):
        response = press(browser, other, "merge", **{way: case.reference})
        text = response.content.decode()
        assert response.status_code == 400
        assert "another person" in text
        assert f'name="target" value="{case.reference}"' in text  # the tick alone is left to be set
    assert press(browser, other, "merge", target=case.reference, are_two_people="on").status_code == 303
    at_case = browser.get(address(case)).content.decode()
    assert f"This answer does not reach the sender of {other.reference}, another person." in at_case
    assert f"{address(other)}#reply" in at_case
    assert "overdue since" in at_case
    at_other = browser.get(address(other)).content.decode()
    assert "answer it here" in at_other
    assert "overdue since" in at_other
    assert reverse("admin:inquiries_inquiry_step", args=[other.pk, "reply"]) in at_other
    # What one person sent twice needs no tick, and gets one answer.
    twin = make_inquiry()
    assert press(browser, twin, "merge", target=case.reference).status_code == 303
    assert f"sender of {twin.reference}" not in browser.get(address(case)).content.decode()


def test_s63_unanswered_stranger_stays_in_every_list_until_the_answer(officer, manager, city_desk, case, apart, signed_in):
    assert views_with(apart, officer) == {"open", "mine", "overdue", "merged", "all"}
    assert {"open", "overdue"} <= views_with(apart, city_desk)
    assert (case.asked_at, views_with(case, officer)) == (case.received_at, {"open", "mine", "all"})  # Erika is not late
    standing = {name: number for _label, number, name in report(manager, timezone.now(), 90)["now_standing"]}
    assert (standing["open"], standing["overdue"]) == (2, 1)
    assert month_table.is_late(apart)
    assert "show=merged" in signed_in(officer).get(reverse("admin:inquiries_inquiry_changelist")).content.decode()
    assert "overdue" in signed_in(officer).get("/admin/").content.decode()

    run(timezone.now())
    reminded = Reminder.objects.filter(inquiry=apart).values_list("kind", flat=True)
    assert set(reminded) == {Reminder.Kind.OVERDUE, Reminder.Kind.CITY}
    assert Letter.objects.filter(to="do@example.com", reference=apart.reference).exists()

    take(apart, "call", officer, Details(body="Said yes"))
    assert views_with(apart, officer) == {"merged", "all"}
    assert "overdue" not in signed_in(officer).get(address(case)).content.decode()


def test_s63_ledger_counts_each_person_once_also_when_erased(officer, case):
    for number in range(6):
        take(make_inquiry(email=f"max{number}@example.com", **LATE), "merge", officer, Details(target=case, **TWO))
    take(make_inquiry(), "merge", officer, Details(target=case))
    moment = timezone.now() + timedelta(days=1)
    year = LONG_AGO.astimezone(clock.BEIJING).year
    before = ledger_until(moment).years[year].total
    assert before.late == 6
    Inquiry.objects.update(email="", name="", erased_at=timezone.now())
    assert ledger_until(moment).years[year].total == before


def test_s63_calendar_moves_what_is_due_to_a_merged_stranger(officer, case):
    other = make_inquiry(email="max@example.com", answer_by=clock.add_working_days(timezone.now(), 2))
    take(other, "merge", officer, Details(target=case, **TWO))
    make_calendar_day(date=other.answer_by.astimezone(clock.BEIJING).date(), is_working=False)
    calendar_changed()
    due = other.answer_by
    other.refresh_from_db()
    assert other.answer_by > due


def test_s63_what_a_stranger_writes_counts_for_the_stranger_alone(officer, case, apart):
    for inquiry in (case, apart):
        take(inquiry, "call", officer, Details(body="Said yes"))
    investor.write(apart, "And the rent?", via="page")
    case.refresh_from_db()
    assert (case.status, apart.waits_for_answer) == (Status.ANSWERED, True)
    assert apart.answer_by > timezone.now()
    letters = Letter.objects.filter(to="do@example.com", subject__contains=apart.reference)
    assert letters.exists()
    take(apart, "call", officer, Details(body="So much"))
    take(case, "close", officer, Details(result="answered"))
    investor.reopen(apart, "Not quite")
    case.refresh_from_db()
    assert (apart.status, apart.merged_into, apart.assignee, apart.merged_apart) == (Status.IN_PROGRESS, None, officer, False)
    assert case.status == Status.CLOSED


def test_s63_withdrawing_the_case_leaves_the_stranger_an_inquiry_of_their_own(officer, case, apart):
    investor.withdraw(case)
    apart.refresh_from_db()
    assert (case.status, apart.status, apart.assignee) == (Status.CLOSED, Status.ASSIGNED, officer)
    assert apart.result == ""
    assert apart.is_overdue(timezone.now())
