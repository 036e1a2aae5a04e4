"""What the desk works by: absences, time limits, the calendar, the report, and the table of a month."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bureaus.models import AuditEntry, Membership
from inquiries import letters, month_table, reports
from inquiries.models import Absence, CalendarDay, Inquiry, TimeLimit
from tests.factories import make_absence, make_calendar_day, make_follow_up, make_inquiry, make_member, make_park, make_time_limit

pytestmark = pytest.mark.django_db
Role, State = Membership.Role, Inquiry.Status
LEDGER, REPORTS = reverse("admin:inquiries_inquiry_ledger"), reverse("admin:inquiries_inquiry_reports")


# --- Absences and settings ---


def days(first=0, last=7):
    today = timezone.localdate()
    return {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}


def test_s70_officer_enters_the_own_absence_and_manager_everybodys(officer, manager, signed_in):
    add = reverse("admin:inquiries_absence_add")
    other = make_member("oz", Role.OFFICER)
    stranger = make_member("ou", Role.OFFICER, "sihui")
    browser = signed_in(officer)
    assert browser.post(add, {"person": other.pk, "deputy": stranger.pk, **days()}).status_code == 200
    assert browser.post(add, {"person": other.pk, "deputy": officer.pk, **days()}).status_code == 200
    assert not Absence.objects.exists()
    entered = browser.post(add, {"person": other.pk, "deputy": manager.pk, **days()}, follow=True)
    period = days()
    assert f"do · {period['first_day']} – {period['last_day']}" in entered.content.decode()
    assert (Absence.objects.get().person, Absence.objects.get().bureau.slug) == (officer, "dinghu")
    assert signed_in(manager).post(add, {"person": other.pk, "deputy": officer.pk, **days()}).status_code == 200, "the deputy is away"
    assert signed_in(manager).post(add, {"person": other.pk, "deputy": officer.pk, **days(10, 12)}).status_code == 302
    rows = reverse("admin:inquiries_absence_changelist")
    assert browser.get(rows).context["cl"].result_count == 1
    assert signed_in(manager).get(rows).context["cl"].result_count == 2
    assert signed_in(stranger).get(rows).context["cl"].result_count == 0


def test_absence_may_be_called_off_by_its_officer(officer, signed_in, manager):
    absence = make_absence(officer, deputy=manager)
    assert signed_in(officer).post(reverse("admin:inquiries_absence_delete", args=[absence.pk]), {"post": "yes"}).status_code == 302
    assert not Absence.objects.exists()


def test_time_limits_are_the_city_bureaus_and_written_down(city_desk, manager, signed_in):
    limit = make_time_limit()
    change = reverse("admin:inquiries_timelimit_change", args=[limit.pk])
    sent = {"topic": "policy", "take_hours": "4", "answer_days": "3", "result_days": "2"}
    assert signed_in(manager).post(change, sent).status_code in (302, 403)
    browser = signed_in(city_desk)
    assert browser.post(change, sent).status_code == 200, "the result before the answer"
    assert browser.post(change, sent | {"result_days": "9"}).status_code == 302
    assert TimeLimit.objects.get(pk=limit.pk).answer_days == 3
    assert AuditEntry.objects.filter(action="settings", user=city_desk).count() == 1


def test_managers_read_what_due_times_hang_on_and_the_city_bureau_changes_it(city_desk, manager, officer, signed_in):
    day, limit = make_calendar_day(to_confirm=True), make_time_limit()
    for row in (day, limit):
        name = f"admin:inquiries_{row._meta.model_name}"
        change, add, rows = reverse(f"{name}_change", args=[row.pk]), reverse(f"{name}_add"), reverse(f"{name}_changelist")
        reads = signed_in(manager)
        assert [reads.get(address).status_code for address in (rows, change, add)] == [200, 200, 403]
        assert reads.post(change, {"answer_days": "1", "date": "2026-12-01"}).status_code == 403
        for page in (reads.get(rows).content.decode(), reads.get(change).content.decode()):
            assert 'name="_save"' not in page
            assert "/confirm/" not in page
        assert signed_in(officer).get(rows).status_code == 403
        assert signed_in(city_desk).get(add).status_code == 200


def test_year_of_the_calendar_is_confirmed_by_one_press(city_desk, manager, signed_in):
    make_calendar_day(to_confirm=True)
    address = reverse("admin:inquiries_calendarday_confirm", args=[2026])
    assert address in signed_in(city_desk).get(reverse("admin:inquiries_calendarday_changelist")).content.decode()
    assert signed_in(manager).post(address).status_code == 403
    assert CalendarDay.objects.get().to_confirm
    assert signed_in(city_desk).post(address).status_code == 303
    assert not CalendarDay.objects.get().to_confirm


# --- The report ---


def test_report_counts_own_bureaus_and_open_ones_of_others_for_the_city_desk(officer, manager, city_desk):
    now = timezone.now()
    make_inquiry(assignee=officer, status=State.ASSIGNED, answer_by=now - timedelta(hours=1), about="/en/parks/?district=dinghu")
    make_inquiry(about="/zh-hans/parks/")
    make_inquiry(status=State.SPAM)
    make_follow_up(make_inquiry(status=State.CLOSED, result="not-possible", lost_because="price", closed_at=now))
    make_inquiry(bureau="sihui")
    make_inquiry(bureau="sihui", status=State.CLOSED, result="answered", closed_at=now)
    own, city = reports.report(manager, now, 90), reports.report(city_desk, now, 90)
    standing = {view: number for _label, number, view in own["now_standing"]}
    assert (standing["open"], standing["overdue"], standing["untaken"]) == (2, 1, 1)
    assert {row["name"]: (row["open"], row["late"]) for row in own["officers"]} == {"do": (1, 1), "nobody": (1, 0)}
    assert (own["came"], own["pages"], len(own["tasks"])) == (3, [("/parks/", 2)], 1)
    assert [(str(label), number) for label, number in own["lost"]] == [("price or rent", 1)]
    assert {view: number for _label, number, view in city["now_standing"]}["open"] == 3
    assert (city["came"], city["tasks"]) == (0, [])


def test_s68_poor_grade_waits_for_the_manager_before_it_is_due(officer, manager, signed_in):
    now = timezone.now()
    closed = make_inquiry(status=State.CLOSED, result="answered", closed_at=now, assignee=officer)
    make_follow_up(closed, kind="poor-grade", is_for_manager=True, due_at=now + timedelta(days=5))
    make_follow_up(make_inquiry(assignee=officer), kind="day-5", due_at=now + timedelta(days=5))
    assert [task.inquiry for task in reports.report(manager, now, 90)["tasks"]] == [closed]
    front = signed_in(manager).get(reverse("admin:index")).context["tasks"]
    assert [task.count for task in front if "show=tasks" in task.url] == [1]
    assert closed.reference in signed_in(manager).get(reverse("admin:inquiries_inquiry_changelist"), {"show": "tasks"}).content.decode()
    assert not [task for task in signed_in(officer).get(reverse("admin:index")).context["tasks"] if "show=tasks" in task.url]


def test_s68_grades_have_a_number_and_no_percent_under_five(manager):
    now = timezone.now()
    for grade in (5, 5, 4, 1):
        make_inquiry(status=State.CLOSED, result="answered", closed_at=now, rating=grade, rated_at=now, first_answered_at=now)
    found = reports.report(manager, now + timedelta(minutes=1), 90)
    assert (found["grades"]["number"], {share for _label, _number, share in found["grades"]["rows"]}) == (4, {None})
    assert found["first_answer"] == {"number": 4, "median": ""}
    make_inquiry(status=State.CLOSED, result="answered", closed_at=now, rating=5, rated_at=now, first_answered_at=now)
    found = reports.report(manager, now + timedelta(minutes=1), 90)
    assert [share for _label, _number, share in found["grades"]["rows"]] == [60, 20, 0, 0, 20]
    assert found["first_answer"]["median"]


def test_report_answers_and_its_queries_do_not_grow(manager, officer, signed_in, django_assert_max_num_queries):
    for number in range(8):
        make_follow_up(make_inquiry(assignee=officer, about=f"/en/parks/{number}/"))
    browser = signed_in(manager)
    with django_assert_max_num_queries(35):
        assert browser.get(REPORTS, {"days": "30"}).status_code == 200
    assert browser.get(REPORTS, {"days": "abc"}).context["days"] == reports.USUAL
    assert signed_in(officer).get(REPORTS).status_code == 403


def test_span_of_the_report_is_marked_and_what_is_missing_is_no_number(manager, signed_in):
    shown = signed_in(manager).get(REPORTS, {"days": "30"}).content.decode()
    (marked,) = [part for part in shown.split("<a ") if part.startswith('href="?days=') and 'aria-current="true"' in part.split(">")[0]]
    assert marked.startswith('href="?days=30"')
    styles = (settings.BASE_DIR / "static/css/admin-inquiries.css").read_text()
    assert ".ways a[aria-current] {" in styles
    assert '<td colspan="2">None.</td>' in shown
    assert ".report td[colspan] { text-align: start }" in styles


def test_mail_to_the_staff_calls_what_it_is_about_as_the_desk_does():
    make_member("wu", Role.OFFICER, email="wu@example.com")
    inquiry = make_inquiry(park=make_park(title_zh_hans="大沙片区"))
    (letter,) = letters.arrival_notices(inquiry)
    (other,) = letters.to_people(inquiry, "overdue", [make_member("ou", Role.OFFICER, email="ou@example.com")])
    assert all("咨询对象：大沙片区" in one["body"] for one in (letter, other))


# --- The table of a month ---


def table(browser, manager, **fields):
    bureau = manager.memberships.get().bureau
    month = timezone.localdate().strftime("%Y-%m")
    return browser.post(LEDGER, {"bureau": bureau.pk, "month": month, "reason": "Report to the city government"} | fields)


def cells(response):
    sheet = load_workbook(BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()], sheet


def test_s71_table_asks_what_for_is_written_down_and_marked(manager, signed_in):
    make_inquiry()
    make_inquiry(bureau="sihui")
    make_inquiry(status=State.SPAM)
    browser = signed_in(manager)
    assert table(browser, manager, reason="").status_code == 400
    assert not AuditEntry.objects.filter(action="export").exists()
    response = table(browser, manager)
    rows, sheet = cells(response)
    assert "no-store" in response["Cache-Control"]
    assert [row[0] for row in rows[4:]] == [1]
    assert "Report to the city government" in rows[1][0]
    assert manager.username in rows[1][0]
    assert manager.username in sheet.oddFooter.center.text
    entry = AuditEntry.objects.get(action="export")
    assert (entry.user, entry.bureau_id) == (manager, manager.memberships.get().bureau_id)
    assert entry.detail.endswith(", 1, without personal data: Report to the city government")


def test_s71_personal_columns_are_off_by_default_and_nothing_is_a_formula(manager, signed_in):
    make_inquiry(name="=CANARY()", organization="+CANARY", message="@CANARY", phone="+86 758 2692222")
    browser = signed_in(manager)
    assert "CANARY" not in str(cells(table(browser, manager))[0])
    rows, sheet = cells(table(browser, manager, personal="on"))
    assert "=CANARY()" in rows[4]
    assert {cell.data_type for cell in sheet[5]} <= {"s", "n", "inlineStr"}
    assert "with personal data" in AuditEntry.objects.filter(action="export").order_by("-pk").first().detail


def test_s71_only_managers_get_the_table_and_only_of_their_bureau(officer, manager, city_desk, signed_in):
    foreign = make_inquiry(bureau="sihui", name="CANARY")
    assert signed_in(officer).post(LEDGER, {"reason": "Curious enough"}).status_code == 403
    for person in (manager, city_desk):
        assert table(signed_in(person), person, bureau=foreign.bureau_id, personal="on").status_code == 400
    assert not AuditEntry.objects.filter(action="export").exists()


def test_month_ends_at_midnight_in_beijing():
    inside, outside = make_inquiry(received_at="2026-10-31T15:59Z"), make_inquiry(received_at="2026-10-31T16:00Z")
    inside.refresh_from_db()
    assert [row.pk for row in month_table.rows_of(inside.bureau, "2026-10")] == [inside.pk]
    assert [row.pk for row in month_table.rows_of(outside.bureau, "2026-11")] == [outside.pk]
