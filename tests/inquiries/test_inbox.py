"""The officers' inbox: who sees what, and what a press does."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from inquiries.clock import BEIJING
from inquiries.inbox import VIEWS, due_in_words, short, shown
from inquiries.models import CalendarDay, Inquiry, Message
from inquiries.workflow import STEPS
from outbox.models import Letter
from tests.factories import make_calendar_day, make_contact, make_inquiry, make_letter, make_message

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind
LIST = reverse("admin:inquiries_inquiry_changelist")


def case(inquiry):
    return reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])


def step(inquiry, name):
    return reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, name])


def press(browser, inquiry, name, **fields):
    """Opens the page and presses a button on it."""
    form = browser.get(case(inquiry)).context["form"]
    return browser.post(step(inquiry, name), {"key": form.initial["key"], "seen": form.initial["seen"], "reply": "", "note": ""} | fields)


# --- Who sees what ---


def test_officer_sees_the_inquiries_of_the_own_bureau(officer, signed_in):
    own, foreign = make_inquiry(name="Own"), make_inquiry(bureau="sihui", name="CANARY")
    browser = signed_in(officer)
    page = browser.get(LIST).content.decode()
    assert own.reference in page
    assert "CANARY" not in page
    assert foreign.reference not in page


def test_s53_foreign_inquiry_does_not_exist(officer, signed_in):
    foreign = make_inquiry(bureau="sihui")
    browser = signed_in(officer)
    addresses = [case(foreign), reverse("admin:inquiries_inquiry_reference", args=[foreign.reference])]
    addresses += [reverse(f"admin:inquiries_inquiry_{name}", args=[foreign.pk]) for name in ("history", "delete")]
    assert {browser.get(address).status_code for address in addresses} == {404}
    assert {browser.post(step(foreign, one.name), {"reply": "x"}).status_code for one in STEPS} == {404}
    assert browser.get(f"{LIST}?q={foreign.reference}").context["cl"].result_count == 0
    foreign.refresh_from_db()
    assert foreign.status == Status.NEW


def test_s53_city_desk_sees_open_inquiries_of_all_and_closed_ones_of_its_own(city_desk, signed_in):
    rows = {
        "open elsewhere": make_inquiry(),
        "closed elsewhere": make_inquiry(status=Status.CLOSED, result="answered"),
        "spam elsewhere": make_inquiry(status=Status.SPAM),
        "closed here": make_inquiry(bureau="zhaoqing", status=Status.CLOSED, result="answered"),
    }
    browser = signed_in(city_desk)
    seen = {name for name, inquiry in rows.items() if browser.get(case(inquiry)).status_code == 200}
    assert seen == {"open elsewhere", "closed here"}


@pytest.mark.parametrize("person", ["editor", "publisher", "stranger", "administrator"])
def test_others_see_no_inquiries(person, request, signed_in):
    browser, inquiry = signed_in(request.getfixturevalue(person)), make_inquiry()
    for address in (LIST, case(inquiry), reverse("admin:inquiries_inquiry_reference", args=[inquiry.reference])):
        assert browser.get(address).status_code in (403, 404)
    assert browser.post(step(inquiry, "take")).status_code in (403, 404)


def test_installer_reads_no_inquiry_and_no_letter_about_one(administrator, signed_in):
    administrator.is_superuser = True
    administrator.save()
    inquiry = make_inquiry()
    letter = make_letter(reference=inquiry.reference, body="CANARY")
    browser = signed_in(administrator)
    assert browser.get(case(inquiry)).status_code in (403, 404)
    page = browser.get(reverse("admin:outbox_letter_change", args=[letter.pk]))
    assert page.status_code == 200
    assert "CANARY" not in page.content.decode()


def test_visitor_is_sent_to_the_sign_in(visitor):
    inquiry = make_inquiry()
    for address in (LIST, case(inquiry), step(inquiry, "take")):
        assert visitor.get(address).status_code == 302


def test_nobody_adds_changes_or_deletes_by_the_stock_pages(manager, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(manager)
    assert browser.get(reverse("admin:inquiries_inquiry_add")).status_code == 403
    assert browser.post(reverse("admin:inquiries_inquiry_delete", args=[inquiry.pk]), {"post": "yes"}).status_code == 403
    assert browser.post(case(inquiry), {"status": "closed"}).status_code == 405
    assert browser.post(LIST, {"action": "delete_selected", "_selected_action": [inquiry.pk]}).status_code in (200, 302, 403)
    assert Inquiry.objects.get().status == Status.NEW


def test_press_without_token_is_refused(officer):
    inquiry = make_inquiry()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(step(inquiry, "take")).status_code == 403
    assert Inquiry.objects.get().status == Status.NEW


def test_steps_are_taken_by_post_alone(officer, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    assert {browser.get(step(inquiry, one.name)).status_code for one in STEPS} == {405}
    assert browser.post(step(inquiry, "castle")).status_code == 404
    assert Inquiry.objects.get().status == Status.NEW


# --- The list ---


def test_list_opens_with_what_is_open_and_most_urgent_first(officer, signed_in):
    now = timezone.now()
    late, later = make_inquiry(answer_by=now - timedelta(hours=1)), make_inquiry(answer_by=now + timedelta(days=9))
    make_inquiry(status=Status.CLOSED, result="answered")
    rows = signed_in(officer).get(LIST).context["cl"].result_list
    assert [row.pk for row in rows] == [late.pk, later.pk]
    assert [row.is_late for row in rows] == [True, False]
    assert rows[0].due_words.startswith("overdue since")


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_answers_and_counts_like_its_list(officer, signed_in, view):
    make_inquiry(assignee=officer, status=Status.ASSIGNED)
    make_inquiry(answer_by=timezone.now() - timedelta(days=1))
    inquiry = make_inquiry(status=Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Kind.REPLY, letter=make_letter(state=Letter.State.PARKED, tries=8))
    response = signed_in(officer).get(LIST, {"show": view})
    assert response.context["cl"].result_count == shown(Inquiry.objects.visible_to(officer), view, officer).count()


def test_search_looks_at_closed_ones_too(officer, signed_in):
    closed = make_inquiry(status=Status.CLOSED, result="answered", name="Zaphod")
    assert [row.pk for row in signed_in(officer).get(LIST, {"q": "Zaphod"}).context["cl"].result_list] == [closed.pk]


def test_list_queries_do_not_grow(officer, signed_in, django_assert_max_num_queries):
    for _number in range(12):
        make_inquiry(assignee=officer)
    browser = signed_in(officer)
    with django_assert_max_num_queries(18):
        assert browser.get(LIST).status_code == 200


def test_due_time_in_words(db):
    now = timezone.now()
    inquiry = make_inquiry(status=Status.ASSIGNED, answer_by=now - timedelta(minutes=1))
    assert due_in_words(inquiry, now)[1]
    inquiry.answer_by = now + timedelta(days=30)
    words, is_late = due_in_words(inquiry, now)
    assert "working days left" in words
    assert not is_late
    inquiry.answered_at = now
    assert due_in_words(inquiry, now) == ("", False)


def test_dates_of_another_year_name_it(db):
    this_year = timezone.now().astimezone(BEIJING).replace(month=3, day=2, hour=9, minute=30)
    for language, words in {"en": ("2 Mar, 09:30", "2 Mar 2024, 09:30"), "zh-hans": ("3月2日", "2024年3月2日")}.items():
        with override(language):
            assert words[0] in short(this_year)
            assert str(this_year.year) not in short(this_year)
            assert words[1] in short(this_year.replace(year=2024))


def test_new_inquiry_that_nobody_takes_is_late_after_the_promised_hours(db):
    inquiry = make_inquiry(received_at=timezone.now() - timedelta(days=6), answer_by=timezone.now() + timedelta(days=30))
    assert due_in_words(inquiry, timezone.now())[1]


# --- The page of one ---


def test_page_shows_thread_and_facts_and_marks_what_did_not_arrive(officer, signed_in):
    inquiry = make_inquiry(
        name="<b>Erika</b>", phone="+49 30 12345", message="<script>alert(1)</script>", may_publish=True, may_share=False
    )
    make_message(
        inquiry=inquiry,
        kind=Kind.REPLY,
        body="Our answer",
        author=officer,
        letter=make_letter(state=Letter.State.QUEUED, tries=2, last_error="550 no such mailbox"),
    )
    make_message(inquiry=inquiry, kind=Kind.NOTE, body="A note", author=officer)
    page = signed_in(officer).get(case(inquiry)).content.decode()
    for text in ("Our answer", "A note", "550 no such mailbox", "Not delivered yet", "You can call +49 30 12345"):
        assert text in page
    assert "<script>alert" not in page
    assert "<b>Erika" not in page
    consents = page.split('id="facts-title"')[1]
    assert "<dt>May be passed to another bureau or park</dt><dd>no: ask first</dd>" in consents
    assert "<dt>May be published without the name</dt><dd>yes</dd>" in consents


def test_reply_goes_out_and_leads_back_to_the_page(officer, signed_in):
    inquiry = make_inquiry()
    response = press(signed_in(officer), inquiry, "reply", reply="Three sites fit.")
    assert (response.status_code, response["Location"]) == (303, case(inquiry))
    assert Message.objects.get(kind=Kind.REPLY).body == "Three sites fit."
    assert "Three sites fit." in Letter.objects.get(subject__startswith="Answer").body


def test_reply_pressed_twice_is_one_message(officer, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    sent = {"key": str(uuid.uuid4()), "seen": "0", "reply": "Three sites fit.", "note": ""}
    assert {browser.post(step(inquiry, "reply"), sent).status_code for _press in range(3)} == {303}
    assert Message.objects.filter(kind=Kind.REPLY).count() == 1


def test_number_of_a_message_elsewhere_is_not_taken_for_one_here(officer, signed_in):
    other = make_message(inquiry=make_inquiry(bureau="sihui"), body="CANARY")
    inquiry = make_inquiry()
    browser = signed_in(officer)
    assert press(browser, inquiry, "note", key=str(other.pk), note="Mine").status_code == 303
    assert "CANARY" not in browser.get(case(inquiry)).content.decode()
    assert [message.body for message in inquiry.messages.all()] == ["Mine"]
    other.refresh_from_db()
    assert other.body == "CANARY"


def test_page_that_came_back_with_an_old_number_sends_another_text(officer, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    sent = {"key": str(uuid.uuid4()), "seen": "0", "note": ""}
    for text in ("First.", "First.", "Second."):
        assert browser.post(step(inquiry, "reply"), sent | {"reply": text}).status_code == 303
    assert sorted(Message.objects.filter(kind=Kind.REPLY).values_list("body", flat=True)) == ["First.", "Second."]


def test_text_in_the_other_box_is_kept(officer, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    for name, fields, box in (("note", {"note": "Kept", "reply": "Half a reply"}, "reply"), ("take", {"reply": "Half a reply"}, "reply")):
        response = press(browser, inquiry, name, **fields)
        assert response.status_code == 200
        assert response.context["form"].initial[box] == "Half a reply"
    assert Message.objects.get(kind=Kind.NOTE).body == "Kept"


def test_refused_step_says_why_and_keeps_the_text(officer, manager, signed_in):
    inquiry = make_inquiry(status=Status.SPAM)
    response = press(signed_in(officer), inquiry, "reply", reply="Half a reply")
    assert response.status_code == 400
    assert "no longer possible" in response.content.decode()
    assert "Half a reply" in response.content.decode()


def test_second_officer_reads_the_first_ones_reply_before_sending(officer, manager, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(manager)
    form = browser.get(case(inquiry)).context["form"]
    press(signed_in(officer), inquiry, "reply", reply="From the officer")
    fields = {"key": form.initial["key"], "seen": form.initial["seen"], "reply": "From the manager", "note": ""}
    response = browser.post(step(inquiry, "reply"), fields)
    page = response.content.decode()
    assert response.status_code == 400
    assert all(text in page for text in ("o wrote to the investor", "From the officer", "From the manager"))
    again = response.context["form"].initial
    assert browser.post(step(inquiry, "reply"), fields | {"seen": again["seen"]}).status_code == 303


def test_officer_to_assign_is_one_of_the_bureau(manager, officer, stranger, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(manager)
    assert press(browser, inquiry, "assign", assignee=stranger.pk).status_code == 400
    assert press(browser, inquiry, "assign", assignee=officer.pk).status_code == 303
    inquiry.refresh_from_db()
    assert inquiry.assignee == officer


@pytest.mark.parametrize("text", ["a\x00b", "x" * 20_001])
def test_odd_text_is_refused_in_words(officer, signed_in, text):
    assert press(signed_in(officer), make_inquiry(), "reply", reply=text).status_code == 400
    assert not Message.objects.exists()


# --- Letters ---


def letter_page(letter, name="change"):
    return reverse(f"admin:outbox_letter_{name}", args=[letter.pk])


def test_manager_sees_the_letters_of_the_own_bureau_alone(manager, officer, signed_in):
    own = make_letter(reference=make_inquiry().reference, subject="Own")
    foreign = make_letter(reference=make_inquiry(bureau="sihui").reference, subject="CANARY")
    nobodys = make_letter(subject="CANARY")
    browser = signed_in(manager)
    assert [row.pk for row in browser.get(reverse("admin:outbox_letter_changelist")).context["cl"].result_list] == [own.pk]
    assert [browser.get(letter_page(letter)).status_code for letter in (own, foreign, nobodys)] == [200, 404, 404]
    assert browser.post(letter_page(foreign, "again")).status_code == 404
    assert signed_in(officer).get(letter_page(own)).status_code in (403, 404)


def test_parked_letter_goes_again_by_post_alone(manager, signed_in):
    letter = make_letter(reference=make_inquiry().reference, state=Letter.State.PARKED, tries=8)
    browser = signed_in(manager)
    assert browser.get(letter_page(letter, "again")).status_code == 405
    assert browser.post(letter_page(letter, "again")).status_code == 303
    letter.refresh_from_db()
    assert (letter.state, letter.tries) == (Letter.State.QUEUED, 0)


def test_key_of_the_tracking_page_is_hidden_while_the_letter_waits(manager, signed_in):
    letter = make_letter(reference=make_inquiry().reference, body="https://x/inquiry/ZQ/s3cret/", secret="s3cret")
    assert "s3cret" not in signed_in(manager).get(letter_page(letter)).content.decode()


# --- Calendar ---


def test_city_bureau_keeps_the_calendar_and_due_times_follow(city_desk, signed_in):
    inquiry = make_inquiry(received_at="2027-03-01T02:00Z", answer_by="2027-03-03T09:30Z")
    browser = signed_in(city_desk)
    assert browser.post(reverse("admin:inquiries_calendarday_add"), {"date": "2027-03-02", "name": "Holiday"}).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.answer_by.isoformat() == "2027-03-04T09:30:00+00:00"
    browser.post(reverse("admin:inquiries_calendarday_delete", args=[CalendarDay.objects.get().pk]), {"post": "yes"})
    inquiry.refresh_from_db()
    assert inquiry.answer_by.isoformat() == "2027-03-03T09:30:00+00:00"


@pytest.mark.parametrize("person", ["manager", "officer", "editor"])
def test_other_bureaus_do_not_touch_the_calendar(person, request, signed_in, zhaoqing):
    day = make_calendar_day()
    browser = signed_in(request.getfixturevalue(person))
    expected = 200 if person == "manager" else 403  # managers read it
    assert browser.get(reverse("admin:inquiries_calendarday_changelist")).status_code == expected
    assert browser.post(reverse("admin:inquiries_calendarday_delete", args=[day.pk]), {"post": "yes"}).status_code in (403, 404)


def test_pages_answer_in_chinese_too(officer, signed_in):
    make_contact()
    browser = signed_in(officer)
    inquiry = make_inquiry(language="zh-hant")
    for language in ("zh-hans", "zh-hant"):
        browser.cookies["django_language"] = language
        assert browser.get(LIST).status_code == browser.get(case(inquiry)).status_code == 200
