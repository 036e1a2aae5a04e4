"""The work list on the front page: by role, as many as the lists hold, for how long, and what an inspection would find (staff.md S42)."""

import datetime
import html
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Membership
from inquiries.inbox import midnight
from inquiries.models import CalendarDay, Inquiry, Message
from inquiries.workflow import Details, take
from news.models import Article
from outbox.models import Letter, Run
from projects.models import Project
from publishing import changes, revisions, translations, workflow
from publishing.models import Decision, Status, TranslationState
from tests import factories
from tests.factories import (
    make_article,
    make_bureau,
    make_calendar_day,
    make_change,
    make_figure,
    make_inquiry,
    make_letter,
    make_member,
    make_message,
    make_park,
    make_user,
)
from zhaoqing_site.due import JOBS
from zhaoqing_site.waiting import length_in_words

pytestmark = pytest.mark.django_db
Role, State = Membership.Role, Inquiry.Status
FRONT = reverse("admin:index")
DAY = datetime.timedelta(days=1)
CAST = {"editor": Role.EDITOR, "reviewer": Role.REVIEWER, "officer": Role.OFFICER, "manager": Role.MANAGER}
# What each role reads, as views of the lists.
EXPECTED = {
    "editor": {"sent-back", "mine", "check", "due"},
    "reviewer": {"waiting", "soon", "failed", "approved", "afterwards", "check", "due"},
    "officer": {"today", "overdue", "untaken", "silent", "undelivered", "mine", "replied", "spam", "raised"},
    "manager": {
        *("waiting", "soon", "failed", "approved", "afterwards", "others", "check", "due"),
        *("today", "overdue", "untaken", "silent", "undelivered", "forgotten", "parked", "replied", "spam", "raised"),
    },
}


def changed(state, days=0, go_live_in=0, **fields):
    change = make_change(make_article(), state, **{"title_en": "New"} | fields)
    change.changed_at = timezone.now() - days * DAY
    if go_live_in:
        change.go_live_at = timezone.now() + go_live_in * DAY
    change.save()
    return change


@pytest.fixture
def cast():
    """One person of each role at Dinghu."""
    return {name: make_member(name, role) for name, role in CAST.items()}


@pytest.fixture
def busy(cast):
    """Dinghu with two or so of everything that may wait."""
    now, editor, officer = timezone.now(), cast["editor"], cast["officer"]
    for days in (3, 9):
        changed("in-review", days, by=editor)
        changed("draft", days, opened_by=editor)
    sent_back = changed("draft", 2, by=editor, opened_by=editor)
    Decision.objects.create(
        change=sent_back, revision=sent_back.revision, kind=Decision.Kind.SENT_BACK, by=cast["reviewer"], comment="Why?"
    )
    changed("scheduled", go_live_in=2, by=editor)
    changed("scheduled", go_live_in=9, by=editor)
    changed("approved", 1, by=editor)
    failed, alone = changed("approved", 4, by=editor), changed("published", 5, by=editor)
    failed.failure = "No summary."
    failed.save()
    alone.awaits_signature = True
    alone.save()
    behind = make_park()
    TranslationState.objects.create(
        content_type=ContentType.objects.get_for_model(behind), object_id=behind.pk, language="en", to_check=True
    )
    make_figure(checked_on=timezone.localdate() - 400 * DAY)
    make_inquiry(received_at=now - 100 * DAY, answer_by=now - 98 * DAY)
    make_inquiry(answer_by=midnight(now) - datetime.timedelta(seconds=1))
    make_inquiry(status=State.ASSIGNED, assignee=officer)
    silent = make_inquiry(status=State.WAITING, first_answered_at=now)
    make_message(inquiry=silent, kind=Message.Kind.REPLY, written_at=now - 30 * DAY)
    stuck = make_inquiry(status=State.IN_PROGRESS)
    letter = make_letter(reference=stuck.reference, state=Letter.State.PARKED, tries=8)
    for _letter in range(3):
        make_letter(reference=stuck.reference, state=Letter.State.PARKED)
    make_message(inquiry=stuck, kind=Message.Kind.REPLY, letter=letter)
    for step, sender in (("write", officer), ("reopen", None)):
        replied = make_inquiry(status=State.IN_PROGRESS, assignee=sender)
        make_message(inquiry=replied, kind=Message.Kind.REPLY, written_at=now - 2 * DAY)
        make_message(inquiry=replied, kind=Message.Kind.INVESTOR, step=step, written_at=now - DAY)
    for _number in range(2):
        spam = make_inquiry(status=State.SPAM, spam_reason="trap")
    make_message(inquiry=spam, kind=Message.Kind.INVESTOR, step="write")
    return cast


def tasks_of(person, signed_in):
    return {view_of(task.url): task for task in signed_in(person).get(FRONT).context["tasks"]}


def view_of(url):
    return re.search(r"[?&](?:show|check|state__exact)=([\w-]+)", url)[1]


def number_in_list(client, url):
    context = client.get(url).context
    return context["cl"].result_count if "cl" in context else context["page"].paginator.count


def places(response):
    return {place.url: place for _title, places in response.context["groups"] for place in places}


@pytest.mark.parametrize("name", CAST)
def test_s42_each_role_reads_what_waits_for_it_and_each_number_equals_its_list(name, busy, signed_in):
    client = signed_in(busy[name])
    page = client.get(FRONT)
    found = {view_of(task.url): task for task in page.context["tasks"]}
    assert set(found) == EXPECTED[name]
    numbers = {task.url: task.count for task in found.values()} | {url: place.count for url, place in places(page).items()}
    for url, number in numbers.items():
        if "auditentry" not in url:  # looking at lists is written down there
            assert number_in_list(client, url) == number, url


def test_s42_each_line_says_how_long_the_oldest_has_waited_urgent_and_oldest_first(busy, signed_in):
    text = signed_in(busy["reviewer"]).get(FRONT).content.decode()
    lines = [" ".join(re.sub("<.*?>", " ", line).split()) for line in re.findall(r"<li[^>]*><a href=\"[^\"]*\"><strong>.*?</li>", text)]
    assert [html.unescape(line) for line in lines][:6] == [
        "1 Changes not published as scheduled for 4 days",
        "1 Figures that nobody has checked for a year for 13 months",
        "2 Changes that wait for your review the oldest for 9 days",
        "1 Changes published alone, to be signed afterwards for 5 days",
        "1 Changes approved, not yet public since yesterday",
        "1 Translations to check",
    ]
    assert re.fullmatch(r"1 Changes that go live within 7 days \w{3} \d+ \w{3}, \d\d:\d\d", lines[6])


@pytest.mark.parametrize(
    ("days", "words"), [(0, "since today"), (1, "since yesterday"), (5, "for 5 days"), (100, "for 3 months"), (900, "for 2 years")]
)
def test_s42_time_in_words(days, words):
    assert length_in_words(days) == words


def test_s42_lists_begin_with_the_oldest(busy, signed_in):
    client = signed_in(busy["manager"])
    moments = {"waiting": "changed_at", "others": "changed_at", "overdue": "answer_by", "untaken": "answer_by", "parked": "created_at"}
    for view, task in tasks_of(busy["manager"], signed_in).items():
        if column := moments.get(view):
            rows = [getattr(row, column) for row in client.get(task.url).context["cl"].result_list]
            assert rows == sorted(rows), view


def test_s42_an_investors_word_waits_for_the_bureau_until_it_is_answered(cast, signed_in):
    """What came with the form, and what nobody has taken yet, stands in other lines."""
    officer, now = cast["officer"], timezone.now()
    inquiry = make_inquiry(status=State.ASSIGNED, assignee=officer)
    make_message(inquiry=inquiry, kind=Message.Kind.INVESTOR, step="enclosed", written_at=now - 3 * DAY)
    make_message(inquiry=make_inquiry(), kind=Message.Kind.INVESTOR, step="write")
    assert "replied" not in tasks_of(officer, signed_in)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="ask", written_at=now - 2 * DAY)
    make_message(inquiry=inquiry, kind=Message.Kind.INVESTOR, step="write", written_at=now - DAY)
    assert [tasks_of(cast[name], signed_in)["replied"].how_long for name in ("officer", "manager")] == ["since yesterday"] * 2
    take(inquiry, "reply", officer, Details(body="We have three sites."))
    assert "replied" not in tasks_of(officer, signed_in)
    other = make_inquiry(email="z@example.com", status=State.MERGED, merged_into=inquiry, merged_at=now - DAY)
    make_message(inquiry=other, kind=Message.Kind.INVESTOR, step="write", written_at=now + DAY)
    assert tasks_of(officer, signed_in)["replied"].count == 1


def test_s42_nothing_of_another_bureau_is_counted(busy, signed_in):
    for name, role in CAST.items():
        other = make_member(f"{name}-of-sihui", role, "sihui")
        page = signed_in(other).get(FRONT)
        assert page.context["tasks"] == [], name
        assert {place.count for place in places(page).values() if place.name in ("Articles", "Parks", "Inquiries", "Letters")} <= {0}


def test_s42_the_front_page_asks_at_most_25_times(busy, signed_in):
    city = make_member("city", Role.MANAGER, "zhaoqing")
    for person in (busy["manager"], busy["editor"], city):
        client = signed_in(person)
        with CaptureQueriesContext(connection) as queries:
            client.get(FRONT)
        assert len(queries) <= 25


def test_s42_a_person_without_tasks_reads_that_all_is_clear(signed_in, editor):
    assert "All clear: nothing is waiting." in signed_in(editor).get(FRONT).content.decode()


def test_s42_more_than_five_working_days_count_by_the_calendar(cast, signed_in):
    """A week of holidays between does not count."""
    now = timezone.now()
    asked = now - 10 * DAY
    inquiry = make_inquiry(status=State.WAITING, first_answered_at=now)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, written_at=asked)
    assert "silent" in tasks_of(cast["officer"], signed_in)
    for day in range(10):
        make_calendar_day(date=timezone.localdate() - day * DAY)
    assert "silent" not in tasks_of(cast["officer"], signed_in)


# --- Translations ---


def test_s42_translations_to_check_follow_what_people_save(editor, signed_in):
    """Counted by a column, which must say the same as the texts: after a change of the original, a check, a discard."""
    article = make_article(title_zh_hans="一", title_en="One", title_zh_hant="一", original_language="zh-hans")

    def save(**fields):
        rows = changes.as_changed(article, changes.open_change(article), lambda: revisions.snapshot(article))
        rows = [{**rows[0], "fields": rows[0]["fields"] | fields}, *rows[1:]]
        return changes.keep(article, rows, editor, seen=changes.head(article))

    def number():
        task = tasks_of(editor, signed_in).get("check")
        found = signed_in(editor).get(reverse("admin:translations"), {"show": "check", "language": "en"}).context["page"].paginator.count
        assert (task.count if task else 0) == found  # with a language, the table looks at the texts themselves
        return found

    article.refresh_from_db()
    first = changes.add_revision(article, revisions.snapshot(article), None, kind="found")
    translations.follow(article, first)
    assert number() == 0
    revision = save(title_zh_hans="二", title_zh_hant="二")
    assert number() == 1
    translations.confirm(article, revision.data, revision.n, "en", editor)
    assert number() == 0
    save(title_zh_hans="三", title_zh_hant="三")
    assert number() == 1
    article.refresh_from_db()
    workflow.take(article, "discard", editor, workflow.Answers())
    assert number() == 0


# --- What an inspection would find ---


def findings_of(person, signed_in):
    return [finding.text for finding in signed_in(person).get(FRONT).context["findings"]]


def everything_public(days=0):
    at = timezone.now() - days * DAY
    dates = {"first_published_at": at, "published_at": at}
    for make in (factories.make_listing, factories.make_project, factories.make_industry, factories.make_policy, make_park, make_figure):
        make(**dates)
    factories.make_milestone(**dates)
    for kind in (Article.Kind.NEWS, Article.Kind.NOTICE):
        make_article(kind=kind, **dates)
    for year in (timezone.localdate().year, timezone.localdate().year + 1):
        make_calendar_day(date=datetime.date(year, 1, 1))


def test_s42_an_inspection_would_find_nothing_on_a_living_website(cast, signed_in):
    everything_public()
    for person in cast.values():
        assert findings_of(person, signed_in) == []


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (8, {"Home page": False, "News": False}),
        (10, {"Home page": True, "News": True}),
        (151, {"Home page": True, "News": True, "Notices": True, "Policies and services": True}),
    ],
)
def test_s42_a_manager_is_warned_before_a_limit_is_reached(days, found, cast, signed_in):
    everything_public(days)
    page = signed_in(cast["manager"]).get(FRONT)
    assert {one.text.split(":")[0]: one.is_urgent for one in page.context["findings"]} == found
    limit = 14 if days < 150 else 180
    assert f"nothing new for {days} days; the limit is {limit}" in page.content.decode()
    assert findings_of(cast["editor"], signed_in) == findings_of(cast["officer"], signed_in) == []
    assert page.context["findings"][0].url == reverse("admin:news_article_add")


def test_s42_a_manager_reads_which_columns_are_empty_in_which_language(cast, signed_in):
    everything_public()
    make_park(title_en="")
    Project.objects.update(title_en="", title_zh_hant="")
    assert findings_of(cast["manager"], signed_in) == ["Projects: empty in English, 繁體中文"]
    Article.objects.filter(kind=Article.Kind.NOTICE).update(status=Status.WITHDRAWN)
    assert "Notices: nothing published yet" in findings_of(cast["manager"], signed_in)


def test_s42_who_keeps_the_calendar_reads_which_year_is_missing(cast, signed_in):
    everything_public()
    city = make_member("city", Role.MANAGER, "zhaoqing")
    assert findings_of(city, signed_in) == []
    make_calendar_day(date=datetime.date(2024, 1, 1), to_confirm=True)
    make_calendar_day(date=datetime.date(2025, 1, 1), to_confirm=True)
    assert findings_of(city, signed_in) == ["Holidays not yet compared with the published notice: 2024, 2025"]
    CalendarDay.objects.all().delete()
    assert findings_of(city, signed_in) == [f"The holidays of {timezone.localdate().year} are not entered: due times will be wrong"]
    assert findings_of(cast["manager"], signed_in) == []  # a bureau of a district does not keep the calendar


def test_more_than_one_account_without_limits_is_said_to_their_owners(signed_in):
    everything_public()
    first = make_user("first", is_superuser=True)
    assert findings_of(first, signed_in) == []
    make_user("second", is_superuser=True)
    page = signed_in(first).get(FRONT)
    (finding,) = page.context["findings"]
    assert finding.text == "2 accounts may do everything: one is enough"
    assert number_in_list(signed_in(first), finding.url) == 2


# --- Places and alarms ---


@pytest.mark.parametrize(
    ("role", "there", "absent"),
    [
        (Role.EDITOR, ["news_article", "publishing_picture", "bureaus_contact"], ["inquiries_inquiry", "outbox_letter", "auth_user"]),
        (Role.OFFICER, ["inquiries_inquiry", "bureaus_contact"], ["news_article", "outbox_letter", "auth_user"]),
        (Role.MANAGER, ["news_article", "inquiries_inquiry", "outbox_letter", "auth_user"], ["bureaus_district", "city_exchangerate"]),
        (Role.ADMINISTRATOR, ["auth_user", "bureaus_bureau"], ["news_article", "inquiries_inquiry", "outbox_letter"]),
    ],
)
def test_each_role_finds_the_places_of_its_work(role, there, absent, signed_in):
    make_bureau("zhaoqing")
    shown = places(signed_in(make_member("person", role)).get(FRONT))
    assert all(reverse(f"admin:{name}_changelist") in shown for name in there)
    assert not any(reverse(f"admin:{name}_changelist") in shown for name in absent)


def test_new_rows_are_called_by_what_the_person_may_do_with_them(signed_in):
    make_bureau("zhaoqing")
    for person, role, bureau, named in (
        ("do", Role.OFFICER, "dinghu", {"Propose a reply"}),
        ("dm", Role.MANAGER, "dinghu", {"Write a standard reply"}),
        ("city", Role.MANAGER, "zhaoqing", {"Write a standard reply", "Add the time limits of a topic"}),
    ):
        groups = signed_in(make_member(person, role, bureau)).get(FRONT).context["groups"]
        names = {str(place.add_name) for _title, found in groups for place in found}
        assert names & {"Propose a reply", "Write a standard reply", "Add the time limits of a topic"} == named, person


def test_s30_one_alarm_says_everything_that_has_stopped(editor, signed_in):
    stopped = timezone.now() - datetime.timedelta(minutes=6)
    for job in JOBS.values():
        Run.objects.create(job=job.__name__, at=stopped)
    (alarm,) = signed_in(editor).get(FRONT).context["alarms"]
    assert "scheduled pages, letters, answered inquiries, reminders of inquiries, details to be erased in time, morning mails" in alarm
