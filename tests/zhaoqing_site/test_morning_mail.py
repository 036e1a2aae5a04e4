"""The morning mail: the work list by letter, on working days, to those who have chosen it (staff.md S43)."""

import datetime
import re
import time
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.models import Membership, Preference
from outbox.models import Letter, Run
from tests.browsing import fields_of
from tests.factories import make_article, make_calendar_day, make_change, make_inquiry, make_letter, make_member
from zhaoqing_site.morning_mail import write_all, write_morning_mails

pytestmark = pytest.mark.django_db
Role = Membership.Role
ACCOUNT, FRONT = reverse("admin:account"), reverse("admin:index")
FRIDAY, SATURDAY, SUNDAY, MONDAY = (datetime.date(2026, 11, day) for day in (20, 21, 22, 23))


def wants_mail(person, language="en", **fields):
    person.email = person.email or f"{person.username}@example.com"
    person.save()
    Preference.objects.create(user=person, language=language, morning_mail=True, **fields)
    return person


@pytest.fixture
def reviewer():
    """A reviewer of Dinghu who wants the letter, with two changes to review; one more waits at Sihui."""
    person = wants_mail(make_member("rui", Role.REVIEWER, first_name="Rui"))
    for _change in range(2):
        make_change(make_article(), "in-review")
    make_change(make_article(bureau="sihui", title_en="CANARY"), "in-review")
    return person


def test_s43_it_is_off_until_a_person_chooses_it_on_the_account_page(signed_in):
    person = make_member("rui", Role.REVIEWER, email="rui@example.com")
    make_change(make_article(), "in-review")
    client = signed_in(person)
    assert write_all(MONDAY) == 0
    assert "Send me the morning mail" in client.get(ACCOUNT).content.decode()
    text = client.post(reverse("admin:morning_mail"), {"wanted": "yes"}, follow=True).content.decode()
    assert "Stop the morning mail" in text
    assert "rui@example.com, written in: English" in text
    assert write_all(MONDAY) == 1
    client.post(reverse("admin:morning_mail"), {"wanted": "no"})
    assert write_all(MONDAY + datetime.timedelta(days=1)) == 0
    client.post(reverse("set_language"), {"language": "zh-hans"})
    assert Preference.objects.get().language == "zh-hans"


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("en", "What waits for you on Monday, 23 November", "2 · "),
        ("zh-hans", "今日待办（11月23日 星期一）", "2项 · "),
        ("zh-hant", "今日待辦（11月23日 星期一）", "2項 · "),
    ],
)
def test_s43_it_is_the_same_list_as_the_front_page_in_the_own_language(language, subject, line, signed_in, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    manager = wants_mail(make_member("mei", Role.MANAGER), language)
    for _row in range(2):
        make_change(make_article(), "in-review")
        make_inquiry()
    make_change(make_article(bureau="sihui", title_en="CANARY"), "in-review")
    make_letter(subject="CANARY")
    assert write_all(MONDAY) == 1
    letter = Letter.objects.get(to=manager.email)
    assert (letter.language, letter.subject) == (language, subject)
    page = signed_in(manager).get(FRONT, HTTP_ACCEPT_LANGUAGE=language)
    for task in page.context["tasks"]:
        assert f"{line.strip(' ·').replace('2', str(task.count))} · {task.name}" in letter.body
        assert f"\nhttps://invest.example{task.url}\n" in letter.body
    for finding in page.context["findings"]:
        assert f"{finding.text}\nhttps://invest.example{finding.url}\n" in letter.body
    assert letter.body.count("https://") == len(page.context["tasks"]) + len(page.context["findings"]) + 2
    assert "CANARY" not in letter.body


def test_s43_nothing_is_written_where_nothing_waits(reviewer):
    wants_mail(make_member("idle", Role.EDITOR))
    assert write_all(MONDAY) == 1
    assert Letter.objects.get().to == "rui@example.com"
    assert "2 · Changes that wait for your review" in Letter.objects.get().body


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}, "without a role", "has not chosen it"], ids=str
)
def test_s43_who_has_left_or_has_not_chosen_it_gets_none(fields, reviewer):
    if fields == "without a role":
        reviewer.memberships.all().delete()
    elif fields == "has not chosen it":
        Preference.objects.update(morning_mail=False)
    else:
        type(reviewer).objects.filter(pk=reviewer.pk).update(**fields)
    assert write_all(MONDAY) == 0
    assert not Letter.objects.exists()


def test_s43_it_is_written_once_a_day_and_again_on_the_next(reviewer):
    assert [write_all(day) for day in (FRIDAY, FRIDAY, MONDAY, MONDAY)] == [1, 0, 1, 0]
    call_command("morning_mail")
    assert Run.objects.filter(job="write_morning_mails").exists()


def test_s43_it_comes_on_the_working_days_of_the_calendar(reviewer):
    make_calendar_day(date=SUNDAY, is_working=True)
    make_calendar_day(date=MONDAY, is_working=False)
    assert {day: write_all(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)} == {FRIDAY: 1, SATURDAY: 0, SUNDAY: 1, MONDAY: 0}


@pytest.mark.parametrize(("clock", "written"), [("07:29", 0), ("07:30", 1), ("11:59", 1), ("12:00", 0)])
def test_s43_the_job_writes_in_the_morning_of_beijing(clock, written, reviewer, monkeypatch):
    now = datetime.datetime.combine(MONDAY, datetime.time.fromisoformat(clock), ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: now.astimezone(datetime.UTC))
    assert write_morning_mails() == written
    assert write_morning_mails() == 0


def test_s43_a_list_that_cannot_be_made_keeps_nobody_else_waiting(reviewer):
    broken = wants_mail(make_member("aa", Role.REVIEWER))
    Preference.objects.filter(user=broken).update(language="xx")
    assert write_all(MONDAY) == 1
    assert Letter.objects.get().to == "rui@example.com"


def test_s43_its_links_survive_sign_in_and_second_factor(reviewer, settings):
    settings.SECOND_FACTOR = True
    reviewer.set_password("a-long-pass-2026")
    reviewer.save()
    app = TOTPDevice.objects.create(user=reviewer, name="app")
    write_all(MONDAY)
    links = re.findall(r"https?://\S+", Letter.objects.get().body)
    link = next(link for link in links if "show=waiting" in link).removeprefix(settings.SITE_ADDRESS)
    client = Client()
    page = client.get(link, follow=True)
    page = client.post(
        reverse("admin:login"), {**fields_of(page, "login-form"), "username": "rui", "password": "a-long-pass-2026"}, follow=True
    )
    assert page.redirect_chain[-1][0].startswith(reverse("admin:second_factor"))
    totp = TOTP(bytes.fromhex(app.key))
    totp.time = time.time()
    code = {"code": f"{totp.token():06d}", "next": page.context["next"]}
    page = client.post(reverse("admin:second_factor"), code, follow=True)
    assert page.redirect_chain[-1][0] == link
    assert page.context["cl"].result_count == 2
