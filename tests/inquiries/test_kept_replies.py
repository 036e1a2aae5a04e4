"""Replies kept for use: filled in as plain text, put in by one press, proposed by officers and put into use by managers."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from inquiries.canned import BY_HAND, MARK, MARKS, fill, fitting
from inquiries.form_key import fingerprint
from inquiries.models import CannedReply, Inquiry, Message
from tests.factories import in_three, make_article, make_canned_reply, make_contact, make_inquiry, make_park
from zhaoqing_site import seeding

pytestmark = pytest.mark.django_db
LIST = reverse("admin:inquiries_cannedreply_changelist")
ADD = reverse("admin:inquiries_cannedreply_add")


def put_in(browser, inquiry, kept, **fields):
    address = reverse("admin:inquiries_inquiry_kept", args=[inquiry.pk, kept.pk])
    return browser.post(address, {"reply": "", "note": "", "seen": "0"} | fields)


def box(response):
    return response.context["form"].initial["reply"]


def edit(reply):
    return reverse("admin:inquiries_cannedreply_change", args=[reply.pk])


def filled(**fields):
    texts = dict.fromkeys((f"{name}_{code}" for name in ("title", "body") for code in ("en", "zh_hans", "zh_hant")), "")
    return texts | {"topic": "", "order": "0", "title_en": "Ours", "body_en": "Thank you, {name}."} | fields


# --- Filling in ---


def test_what_is_filled_in_is_never_looked_at_again_and_no_template_runs():
    text, left = fill("{name}: {{ name }} {% now 'Y' %} {about} {strange}", {"name": "{reference} {% x %}", "reference": "R"})
    assert text == "{reference} {% x %}: {{ name }} {% now 'Y' %} {about} {strange}"
    assert left == ["{about}", "{strange}"]


def test_s56_kept_reply_comes_in_the_investors_language_with_names_and_dates(officer, signed_in):
    officer.first_name, officer.last_name = "Ou", "Yang"
    officer.save()
    park = make_park(slug="high-tech", title_en="High-tech Zone", title_zh_hans="高新区", title_zh_hant="高新區")
    inquiry = make_inquiry(language="zh-hant", name="陳大文", park=park, answer_by="2026-11-25T09:30Z")
    make_contact(bureau=inquiry.bureau, phone="+867582899202")
    body = "{name} · {reference} · {about} · {link} · {due} · {officer} · {bureau} · {phone} · {oddity}"
    reply = make_canned_reply(is_in_use=True, body_zh_hant=body)
    response = put_in(signed_in(officer), Inquiry.objects.get(), reply)
    parts = box(response).split(" · ")
    assert parts[:3] == ["陳大文", inquiry.reference, "高新區"]
    assert parts[3].endswith("/zh-hant/parks/high-tech/")
    assert parts[4] == "北京時間2026年11月25日（星期三）17:30"
    assert parts[5:] == ["Ou Yang", inquiry.bureau.name_zh_hant, "+86 758 2899202", "{oddity}"]
    assert "Fill in by hand, nothing is known for it: {oddity}" in response.content.decode()


def test_item_that_the_public_does_not_see_is_not_named_to_an_investor(officer):
    inquiry = make_inquiry(park=make_park(status="draft", **in_three("title", "CANARY")))
    make_canned_reply(is_in_use=True, **in_three("body", "{about} {link}"))
    assert fitting(inquiry, officer)[0].left == ["{about}", "{link}"]


def test_page_that_was_asked_on_is_filled_in_where_nothing_nearer_is_known(officer):
    make_article(slug="grid", **in_three("title", "A new grid", "新电网"))
    make_article(slug="hidden", status="draft", **in_three("title", "CANARY"))
    make_canned_reply(is_in_use=True, **in_three("body", "{about} {link}"))
    asked = {address: make_inquiry(about=address, language="zh-hant") for address in ("/en/news/grid/?from=a", "/en/news/hidden/", "/en/")}
    texts = [fitting(inquiry, officer)[0].text for inquiry in asked.values()]
    assert re.fullmatch(r"新电网 \S+/zh-hant/news/grid/", texts[0])
    assert texts[1:] == ["{about} {link}"] * 2
    inquiry = make_inquiry(about="/en/news/grid/", park=make_park(**in_three("title", "The park")))
    assert fitting(inquiry, officer)[0].text.startswith("The park ")


def test_only_replies_in_use_on_the_topic_and_in_the_language_are_offered(officer):
    inquiry = make_inquiry(language="zh-hant", topic="land")
    offered = [make_canned_reply(bureau=None, is_in_use=True, order=2), make_canned_reply(topic="land", is_in_use=True, order=3)]
    make_canned_reply()
    make_canned_reply(is_in_use=True, topic="policy")
    make_canned_reply(is_in_use=True, body_zh_hant="")
    make_canned_reply(is_in_use=True, bureau="sihui")
    assert [reply.pk for reply in fitting(inquiry, officer)] == [reply.pk for reply in offered]


# --- Putting in, without script ---


def test_typed_text_is_not_overwritten_before_the_officer_has_said_so(officer, signed_in):
    inquiry, reply, browser = make_inquiry(), make_canned_reply(is_in_use=True), signed_in(officer)
    asked = put_in(browser, inquiry, reply, reply="My own words.", note="A note")
    assert (box(asked), asked.context["form"].initial["note"]) == ("My own words.", "A note")
    assert "There is a text in the box already." in asked.content.decode()
    assert box(put_in(browser, inquiry, reply, reply="My own words.", how="below")) == "My own words.\n\nThank you, Erika Beispiel."
    assert box(put_in(browser, inquiry, reply, reply="My own words.", how="replace")) == "Thank you, Erika Beispiel."
    assert box(put_in(browser, inquiry, reply, reply="Thank you, Erika Beispiel.")) == "Thank you, Erika Beispiel."
    assert not Message.objects.exists()


def test_foreign_and_unused_replies_are_not_put_in(officer, signed_in):
    inquiry, browser = make_inquiry(), signed_in(officer)
    for reply in (make_canned_reply(), make_canned_reply(bureau="sihui", is_in_use=True)):
        assert put_in(browser, inquiry, reply).status_code == 404
    assert put_in(browser, make_inquiry(bureau="sihui"), make_canned_reply(is_in_use=True)).status_code == 404


def test_text_with_open_marks_does_not_leave(officer, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    for step in ("reply", "update", "ask"):
        address = reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, step])
        response = browser.post(address, {"seen": "0", "note": "", "reply": "We propose {site1} and {about}, about {abc} mu, 约{亩}。"})
        assert response.status_code == 400
        assert "The text still holds marks in braces: {site1} {about} {abc} {亩}." in response.content.decode()
    assert not Message.objects.exists()
    assert browser.post(address, {"seen": "0", "note": "", "reply": "No mark: {} { a set }."}).status_code == 303


LATER = "Thank you, {name}.\n\nYou will have our answer by {due}. Call us on {phone}."


def test_kept_reply_that_answers_later_goes_out_as_an_update_or_is_said_to_be_the_answer(officer, signed_in):
    inquiry = make_inquiry(secret_hash=fingerprint("right"))
    later, other = make_canned_reply(is_in_use=True, answers_later=True, body_en=LATER), make_canned_reply(is_in_use=True)
    browser = signed_in(officer)
    assert main_button(put_in(browser, inquiry, other)) == "reply"
    page = put_in(browser, inquiry, later)
    assert main_button(page) == "update"
    text = box(page).replace("{phone}", "0758 2899202")
    sent = {"key": page.context["form"].initial["key"], "seen": "0", "note": "", "reply": f"{text}\n\nIt may be sooner."}

    def step(name, **fields):
        return browser.post(reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, name]), sent | fields)

    refused = step("reply")
    assert refused.status_code == 400
    assert "send it as an update, or tick that it is the answer" in refused.content.decode()
    assert (box(refused), main_button(refused)) == (sent["reply"], "update")
    assert step("update").status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_at) == (Inquiry.Status.IN_PROGRESS, None)
    assert "update, not yet the answer" in browser.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()
    assert "an update, not yet the answer" in Client().get(f"/en/inquiry/{inquiry.reference}/right/").content.decode()
    assert step("reply", reply="Thank you. You will have our answer by telephone.").status_code == 303
    assert step("reply", is_answer="on").status_code == 303
    assert list(Message.objects.order_by("written_at").values_list("step", flat=True)) == ["update", "reply", "reply"]


def main_button(page):
    return re.search(r'data-step="(\w+)"[^>]* class="default"', page.content.decode())[1]


# --- Keeping them ---


def test_officer_proposes_and_manager_puts_into_use(officer, manager, signed_in):
    browser = signed_in(officer)
    assert browser.post(ADD, filled(is_in_use="on")).status_code == 302
    reply = CannedReply.objects.get()
    assert (reply.bureau.slug, reply.is_in_use) == ("dinghu", False)
    assert browser.post(edit(reply), filled(title_en="Better")).status_code == 302
    assert signed_in(manager).post(edit(reply), filled(title_en="Best", is_in_use="on")).status_code == 302
    reply.refresh_from_db()
    assert (reply.title_en, reply.is_in_use) == ("Best", True)
    assert browser.post(edit(reply), filled(title_en="Undone")).status_code == 403


def test_replies_for_all_are_the_city_bureaus_and_other_bureaus_are_not_seen(officer, manager, city_desk, signed_in):
    shared, foreign = make_canned_reply(bureau=None, is_in_use=True), make_canned_reply(bureau="sihui", title_en="CANARY")
    assert "CANARY" not in signed_in(officer).get(LIST).content.decode()
    assert signed_in(manager).get(edit(foreign)).status_code == 404
    assert signed_in(manager).post(edit(shared), filled()).status_code == 403
    assert signed_in(city_desk).post(edit(shared), filled(title_en="For all", bureau="", is_in_use="on")).status_code == 302
    shared.refresh_from_db()
    assert (shared.title_en, shared.bureau) == ("For all", None)


def test_reply_needs_a_title_and_a_text_and_strange_marks_are_named(officer, signed_in):
    browser = signed_in(officer)
    refused = browser.post(ADD, filled(title_en="", body_en=""))
    assert refused.status_code == 200
    assert {"title_en", "body_en"} <= set(refused.context["adminform"].form.errors)
    strange = browser.post(ADD, filled(body_en="{name} and {nmae}"))
    assert "There is no such mark: {nmae}." in strange.context["adminform"].form.errors["body_en"][0]
    assert not CannedReply.objects.exists()
    assert browser.post(ADD, filled(body_en="{name} and {due}")).status_code == 302


def test_what_a_manager_writes_is_in_use_at_once(officer, manager, signed_in):
    ticked = [signed_in(person).get(ADD).context["adminform"].form.initial.get("is_in_use", False) for person in (officer, manager)]
    assert ticked == [False, True]


def test_seeded_replies_exist_in_three_languages_with_known_marks_and_come_once(db):
    load = ("kept_replies.toml", CannedReply, ["order"])
    assert seeding.load_file(*load, samples=False) >= 12
    for reply in CannedReply.objects.all():
        texts = [getattr(reply, f"{name}_{code}") for name in ("title", "body") for code in ("en", "zh_hans", "zh_hant")]
        assert all(texts), reply
        used = [set(MARK.findall(text)) for text in texts[3:]]
        assert used[0] == used[1] == used[2] <= set(MARKS | BY_HAND), reply
        assert (reply.bureau, reply.is_in_use) == (None, True)
    later = CannedReply.objects.filter(answers_later=True).order_by("order").values_list("title_en", flat=True)
    assert list(later) == ["First acknowledgment", "Interim answer with a new date"]
    CannedReply.objects.first().delete()
    assert seeding.load_file(*load, samples=False) == 0
