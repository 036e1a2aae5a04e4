"""Machines: what they send is kept on the spam list with the reason, nobody is written to, and one press brings it back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Membership
from inquiries import investor, spam
from inquiries.models import Inquiry, Message, TrackingLink
from outbox.models import Letter
from tests.factories import make_inquiry, make_member, make_message
from tests.inquiries.conftest import aged_key, send, sent

pytestmark = pytest.mark.django_db
Status = Inquiry.Status
LINKS = "See https://a.example http://b.example www.c.example "
ROBOTS = [
    {"website": "https://spam.example"},
    {"age": 1},
    {"message": 'Good offer <a href="https://spam.example">here</a>'},
    {"message": "Good offer [url=https://spam.example]here[/url]"},
    {"message": LINKS * 3},
    {"name": "www.spam.example"},
    {"message": f"{LINKS} and the same words under many names."},
]


def robot(number, age=60, **fields):
    address = Client(REMOTE_ADDR=f"198.51.100.{number}")
    return send(address, key=aged_key(f"{number:032d}", age=age), email=f"robot{number}@example.com", **fields)


def test_s64_a_hundred_robots_write_to_nobody_and_none_is_lost(city):
    officer = make_member("ou", Membership.Role.OFFICER, "zhaoqing")
    # The first two of those that repeat each other are not known yet: two links are no reason.
    people = [make_inquiry(message=ROBOTS[-1]["message"], email=f"first{number}@example.com", bureau=city) for number in range(2)]
    answers = [robot(number, **ROBOTS[number % len(ROBOTS)]) for number in range(100)]
    assert {response.status_code for response in answers} == {303}
    spam_list = Inquiry.objects.filter(status=Status.SPAM)
    assert (spam_list.count(), Inquiry.objects.count()) == (100, 100 + len(people))
    assert not spam_list.filter(spam_reason="").exists()
    assert not Letter.objects.exists()
    assert officer.pk


def test_s64_word_from_the_sender_of_spam_comes_first_until_somebody_has_judged_it(city, signed_in):
    manager = make_member("mei", Membership.Role.MANAGER, "zhaoqing")
    quiet, raised = (make_inquiry(bureau=city, status=Status.SPAM, spam_reason="trap") for _number in range(2))
    inbox, page = reverse("admin:inquiries_inquiry_changelist"), reverse("admin:inquiries_inquiry_change", args=[raised.pk])
    step = reverse("admin:inquiries_inquiry_step", args=[raised.pk, "spam"])
    browser = signed_in(manager)

    def rows(view):
        return [row.pk for row in browser.get(inbox, {"show": view}).context["cl"].result_list]

    assert (rows("spam"), rows("raised")) == ([quiet.pk, raised.pk], [])
    assert step not in browser.get(page).content.decode()
    for act in ("write", "change"):
        if act == "write":
            investor.write(raised, "I am no machine.", via="page")
        else:
            make_message(inquiry=raised, kind=Message.Kind.STEP, step="change")
        assert (rows("spam"), rows("raised")) == ([raised.pk, quiet.pk], [raised.pk])
        assert "the sender has written again" in browser.get(inbox, {"show": "spam"}).content.decode()
        assert not Letter.objects.exists()
        shown = browser.get(page).content.decode()
        assert f'formaction="{step}">Confirm as spam</button>' in shown
        assert "it stays spam" in shown
        assert browser.post(step, {"seen": "0", "reply": "", "note": ""}).status_code == 303
        assert rows("raised") == []
        assert "Confirm as spam" not in browser.get(page).content.decode()
    assert rows("spam") == [quiet.pk, raised.pk]
    new = make_inquiry(bureau=city)
    shown = browser.get(reverse("admin:inquiries_inquiry_change", args=[new.pk])).content.decode()
    assert f'{reverse("admin:inquiries_inquiry_step", args=[new.pk, "spam"])}">Spam</button>' in shown
    assert "Confirm as spam" not in shown


def test_s64_staff_read_why_and_one_press_sends_what_was_held_back(city, signed_in):
    """Each robot's page says that it was received; so does a person's who was taken for one."""
    manager = make_member("mei", Membership.Role.MANAGER, "zhaoqing", email="mei@example.com")
    response = send(key=aged_key(age=2), name="Erika")
    inquiry = Inquiry.objects.get()
    client, address = signed_in(manager), reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    page = client.get(address).content.decode()
    assert re.search(r"sent \d seconds after the form was opened", page)
    assert "the clock counts from the day it was sent" in page
    assert "sent 2 seconds after" in client.get(reverse("admin:inquiries_inquiry_changelist") + "?show=spam").content.decode()
    due = inquiry.answer_by
    pressed = client.post(reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "not_spam"]), follow=True)
    assert "The clock counts from the day it was sent." in pressed.content.decode()
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answer_by, inquiry.spam_reason) == (Status.NEW, due, "")
    arrival, receipt = Letter.objects.order_by("to").all()[::-1]
    assert (arrival.to, receipt.to) == ("mei@example.com", "erika@example.com")
    link = receipt.body[receipt.body.index("/en/inquiry/") :].split()[0]
    assert Client().get(link).status_code == 200
    assert Client().get(response["Location"]).status_code == 200
    # Moved there by hand and back again: nobody gets a second receipt.
    client.post(reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "spam"]))
    client.post(reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "not_spam"]))
    assert Letter.objects.count() == 2
    assert TrackingLink.objects.count() == 1


def test_s64_spam_comes_back_within_thirty_days_of_being_marked(city, signed_in):
    manager, now = make_member("mei", Membership.Role.MANAGER, "zhaoqing"), timezone.now()
    old = make_inquiry(bureau=city, status=Status.SPAM, received_at=now - timedelta(days=31))
    marked = make_inquiry(bureau=city, status=Status.SPAM, received_at=now - timedelta(days=40))
    make_message(inquiry=marked, kind=Message.Kind.STEP, step="spam", body="", written_at=now - timedelta(days=2))
    for inquiry, status in ((old, Status.SPAM), (marked, Status.NEW)):
        signed_in(manager).post(reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "not_spam"]))
        inquiry.refresh_from_db()
        assert inquiry.status == status


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "Our company: https://company.example. We look for 2 hectares."},
        {"message": f"{LINKS} are our three plants."},
        {"organization": "www.company.example"},
        {"message": "请发送园区资料。"},
        {"message": "a < b, [1] and a table: 1 | 2"},
    ],
)
def test_s64_what_people_write_is_no_spam(city, fields):
    assert sent(**fields).status == Status.NEW


def test_s64_one_person_who_asks_about_three_plots_in_the_same_words_is_no_robot(city):
    assert {sent(key=aged_key(f"{number:032d}")).status for number in range(3)} == {Status.NEW}


def test_every_sign_has_its_words(db):
    answers = {"website": "x", "message": f'<a href="x">{LINKS * 3}', "name": "https://x", "email": "erika@example.com", "phone": ""}
    make_inquiry(message=answers["message"], email="other@example.com")
    names = spam.reasons(answers, age=0)
    assert names == "trap quick:0 code name links:9 repeated:1"
    assert len(names) <= Inquiry._meta.get_field("spam_reason").max_length
    assert len(spam.in_words(names)) == 6
    assert not any("%" in words or words in names.split() for words in spam.in_words(names))
