"""The letters: in the investor's language, nothing untranslated, nothing that the sender typed before a person has read it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from bureaus.models import Bureau, Membership, Preference
from inquiries import letters
from inquiries.models import Extension, Inquiry, Message
from outbox.models import Letter
from tests.factories import (
    in_three,
    make_article,
    make_bureau,
    make_contact,
    make_inquiry,
    make_member,
    make_message,
    make_park,
    make_user,
)
from tests.inquiries.conftest import aged_key, sent

pytestmark = pytest.mark.django_db
Role = Membership.Role
TEXTS = Path(settings.BASE_DIR) / "templates/inquiries/letters"
LANGUAGES = ["en", "zh-hans", "zh-hant"]
# What may stand in Latin letters in a Chinese letter.
LATIN = re.compile(r"https?://\S+|ZQ-\S+|\+[\d ]+")
SIMPLIFIED_ONLY = "们这说请过时对访问经发询复编号页间进办"
TRADITIONAL_ONLY = "們這說請過時對訪問經發詢復編號頁間進辦"


# What an investor is told of, and what a member of staff.
TOLD = [
    ("moved", {}),
    ("moved_back", {"sender": Bureau(name_en="Sihui", name_zh_hans="四会市局", name_zh_hant="四會市局")}),
    ("extended", {"extension": Extension(clock="answer", reason="二公顷 二公頃"), "due": "2026"}),
    ("extended", {"extension": Extension(clock="result", reason="二公顷 二公頃"), "due": "2026"}),
    ("waiting", {}),
    ("closed", {"link": "https://invest.example/link"}),
    ("corrected", {"link": "https://invest.example/link"}),
    ("erasure_asked", {}),
    ("erasure_held", {}),
    ("withdrawal", {}),
    ("silent", {}),
    ("reopened", {}),
    ("merged", {"other": Inquiry(reference="ZQ-0000-0000")}),
]
TOLD_STAFF = [
    "assigned",
    "investor_wrote",
    "reopened_by_investor",
    "withdrawn",
    "poor_grade",
    "transfer_proposed",
    "transfer_offered",
    "transfer_declined",
    "transfer_refused",
    "moved_here",
    "extension_asked",
    "extension_granted",
    "extension_refused",
    "untaken",
    "half_time",
    "nearly_due",
    "overdue",
    "overdue_own",
    "overdue_city",
]


@pytest.fixture
def officer_wu(city):
    return make_member("wu", Role.OFFICER, "zhaoqing", first_name="吴", email="wu@example.com")


def letters_in(language, city, officer):
    """One of each letter to an investor."""
    inquiry = make_inquiry(bureau=city, language=language, name="王小明", assignee=officer, park=make_park())
    answer = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="reply", body="二公顷 二公頃", author=officer)
    question = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="ask", body="二公顷 二公頃", author=officer)
    update = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="update", body="二公顷 二公頃", author=officer)
    late = make_inquiry(bureau=city, language=language, name="王小明", assignee=officer, answer_by="2020-01-01T00:00Z")
    late.refresh_from_db()
    return [
        letters.receipt(inquiry, "s3cret"),
        letters.taken(inquiry),
        letters.taken(late),
        letters.reply(inquiry, answer),
        letters.reply(inquiry, question),
        letters.reply(inquiry, update),
        letters.reply(late, make_message(inquiry=late, kind=Message.Kind.REPLY, step="update", body="二公顷 二公頃", author=officer)),
        *(letters.to_investor(asked, name, **context) for name, context in TOLD for asked in (inquiry, late)),
    ]


@pytest.mark.parametrize(
    "name", ["receipt", "taken", "reply", "update", "ask", "arrival", "assigned", "returned", *dict(TOLD), *TOLD_STAFF]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_is_written_in_each_language(name, language):
    assert (TEXTS / f"{name}.{language}.txt").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_has_a_subject_and_the_reference(language, city, officer_wu):
    for letter in letters_in(language, city, officer_wu):
        assert letter["reference"] in letter["subject"]
        assert letter["language"] == language
        assert "{" not in letter["subject"] + letter["body"]
        assert "None" not in letter["body"]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_chinese_letters_hold_no_english(language, city, officer_wu):
    inquiry = make_inquiry(bureau=city, name="CANARY", message="CANARY")
    to_staff = [letter for name in TOLD_STAFF for letter in letters.to_people(inquiry, name, [officer_wu], bureau=city)]
    assert len(to_staff) == len(TOLD_STAFF)
    assert all("{" not in letter["subject"] + letter["body"] for letter in to_staff)
    to_staff += letters.returned(city, officer_wu, [inquiry], [officer_wu])
    for letter in [*letters_in(language, city, officer_wu), *letters.arrival_notices(inquiry), *to_staff]:
        rest = LATIN.sub("", letter["subject"] + letter["body"]).replace("Park", "")
        assert not re.search("[A-Za-z]{2,}", rest), rest


def test_english_letters_hold_no_chinese(city, officer_wu):
    for letter in letters_in("en", city, officer_wu):
        body = letter["body"].replace("王小明", "").replace("吴", "").replace("二公顷 二公頃", "")
        assert not re.search("[\u4e00-\u9fff]", letter["subject"] + body)


def test_traditional_letters_hold_no_simplified_characters_and_back():
    for path in TEXTS.glob("*.zh-*.txt"):
        foreign = SIMPLIFIED_ONLY if "hant" in path.name else TRADITIONAL_ONLY
        assert not set(path.read_text(encoding="utf-8")) & set(foreign), path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_repeats_nothing_that_the_sender_typed(language, city):
    fields = {"name": "CANARY one", "message": "CANARY two", "organization": "CANARY three", "region": "CANARY four"}
    sent(language=language, **fields)
    receipt = Letter.objects.get(to="erika@example.com")
    assert "CANARY" not in receipt.subject + receipt.body


def test_receipt_leads_to_the_page_of_the_investor(city, settings, visitor):
    settings.SITE_ADDRESS = "https://invest.example"
    sent(language="zh-hant")
    receipt = Letter.objects.get(to="erika@example.com")
    address = re.search(r"https://invest\.example(/zh-hant/inquiry/\S+)", receipt.body)[1]
    assert visitor.get(address).status_code == 200
    assert receipt.reply_to == "desk@example.com"
    assert "+86 758" in receipt.body


def test_notice_to_officers_says_nothing_about_the_person(city, officer_wu):
    sent(name="CANARY one", message="CANARY two", phone="+852 9999 8888", organization="CANARY three")
    notice = Letter.objects.get(to="wu@example.com")
    assert "CANARY" not in notice.subject + notice.body
    assert "erika" not in notice.body
    assert "9999" not in notice.body
    assert Inquiry.objects.get().reference in notice.body


def test_notice_goes_to_officers_and_managers_who_still_work_there(city):
    for name, role in [("off", Role.OFFICER), ("man", Role.MANAGER), ("ed", Role.EDITOR), ("root", Role.ADMINISTRATOR)]:
        make_member(name, role, "zhaoqing", email=f"{name}@example.com")
    make_member("gone", Role.OFFICER, "zhaoqing", email="gone@example.com", is_active=False)
    make_member("other", Role.OFFICER, "sihui", email="other@example.com")
    Preference.objects.create(user=User.objects.get(username="man"), language="en")
    assert letters.staff_readers(city) == [("man@example.com", "en"), ("off@example.com", "zh-hans")]


def test_bureau_without_officers_reads_its_own_mailbox(city):
    assert letters.staff_readers(city) == [("desk@example.com", "zh-hans")]
    silent = make_bureau("sihui")
    make_contact(bureau=silent, email="")
    assert letters.staff_readers(silent) == []


def test_inquiry_without_mail_address_gets_no_letter(city):
    sent(email=None, phone="+852 2345 6789")
    assert set(Letter.objects.values_list("to", flat=True)) == {"desk@example.com"}


def test_question_does_not_ask_for_a_reply_to_an_address_that_reads_nothing(sihui):
    make_contact(bureau=sihui, email="", phone="+867583611228")
    officer = make_user("ou", first_name="Ou")
    for language, words in {"en": "cannot receive mail", "zh-hans": "不接收来信", "zh-hant": "不接收來信"}.items():
        inquiry = make_inquiry(bureau=sihui, language=language)
        question = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="ask", author=officer)
        assert words in letters.reply(inquiry, question)["body"]


# An invitation to reply by e-mail, in each language.
REPLY_BY_MAIL = re.compile("reply to this e-mail|回复本邮件|回覆本電郵", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_lead_to_the_page_and_ask_for_an_e_mail_only_where_it_comes_into_the_inquiry(language, city, officer_wu, settings):
    inquiry = make_inquiry(bureau=city, language=language)
    question = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="ask", author=officer_wu)
    page = "https://invest.example/page"

    def written():
        told = [letters.to_investor(inquiry, name, link=page) for name in ("waiting", "closed", "silent")]
        return [letters.reply(inquiry, question), *told]

    settings.MAIL_REPLY_ADDRESS = ""
    for letter in written():
        assert letter["reply_to"] == "desk@example.com"  # the bureau's own: what comes there is never seen in the inquiry
        assert not REPLY_BY_MAIL.search(letter["body"])
        assert page in letter["body"] or f"/{language}/inquiry/lost/" in letter["body"]
    settings.MAIL_REPLY_ADDRESS = "inquiry@example.org"
    for letter in written():
        assert letter["reply_to"].endswith("@example.org")
        place = re.search("page|页面|頁面", letter["body"]).start()
        assert place < REPLY_BY_MAIL.search(letter["body"]).start()
    for name in ("moved", "moved_back", "reopened"):
        assert f"/{language}/inquiry/lost/" in letters.to_investor(inquiry, name, sender=city)["body"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_names_the_public_page_that_was_asked_on(language, city):
    make_article(slug="grid", **in_three("title", "GRID-TITLE"))
    make_article(slug="hidden", status="draft", **in_three("title", "CANARY"))
    sent(language=language, about="/zh-hans/news/grid/")
    sent(language=language, about="/en/news/hidden/", email="max@example.com", key=aged_key("b" * 32))
    assert "GRID-TITLE" in Letter.objects.get(to="erika@example.com").body
    assert "CANARY" not in Letter.objects.get(to="max@example.com").body


def test_angle_brackets_in_an_answer_stay_as_typed(city, officer_wu):
    inquiry = make_inquiry(bureau=city, name="O'Neil & Sons")
    answer = make_message(inquiry=inquiry, kind=Message.Kind.REPLY, step="reply", body='2 < 3 & "so"', author=officer_wu)
    letter = letters.reply(inquiry, answer)
    assert letter["is_by_person"]
    body = letter["body"]
    assert '2 < 3 & "so"' in body
    assert "O'Neil & Sons" in body


def test_no_mail_leaves_with_the_request(city, mailoutbox):
    sent(key=aged_key())
    assert mailoutbox == []
