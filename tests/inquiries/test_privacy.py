"""Consent, the investor's own copy, and what never comes into a log."""

import json
import logging
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from bureaus.models import AuditEntry
from inquiries import notice, tracking
from inquiries.form_key import fingerprint
from inquiries.models import Inquiry, Message
from inquiries.workflow import Details, take
from outbox.models import Letter
from tests.factories import make_inquiry, make_message, make_user
from tests.inquiries.conftest import FORM, aged_key, answers, send, sent
from zhaoqing_site.logs import Line

pytestmark = pytest.mark.django_db
CANARY = "Kanarienvogel"
Kind = Message.Kind


# --- Consent ---


@pytest.mark.parametrize("language", FORM)
def test_p4_notice_says_the_period_and_who_gets_it_and_the_tick_is_empty(city, visitor, settings, language):
    settings.RETENTION_MONTHS = 37
    page = visitor.get(FORM[language]).content.decode()
    assert "37" in notice.notice_html(language)
    assert notice.notice_html(language).strip().splitlines()[0] in page
    tick = page[page.index('name="may_share"') - 60 : page.index('name="may_share"') + 60]
    assert "checked" not in tick


def test_p3_the_privacy_page_says_the_period_that_holds(settings):
    text = (settings.BASE_DIR / "seeds" / "pages.toml").read_text()
    assert text.count(str(settings.RETENTION_MONTHS)) >= 3
    assert all(words in text for words in ("24 months after", "办结后24个月", "辦結後24個月"))
    assert text.count(f"{settings.BACKUPS_KEPT_MONTHS} months more") == 1


def test_p4_the_tick_is_stored_with_the_notice_that_was_shown(city):
    assert sent(key=aged_key("a" * 32)).may_share is False
    inquiry = sent(key=aged_key("b" * 32), may_share="on")
    assert (inquiry.may_share, inquiry.notice_version) == (True, notice.VERSION)


def test_p4_without_the_tick_a_transfer_needs_the_investors_word(manager, officer, sihui, signed_in):
    inquiry = make_inquiry(may_share=False, language="zh-hans")
    for person, step in ((officer, "propose_transfer"), (manager, "transfer")):
        with pytest.raises(ValidationError, match="Ask first"):
            take(inquiry, step, person, Details(bureau=sihui, reason="It lies there."))
    page = signed_in(manager).get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()
    assert 'name="agreed"' in page
    signed_in(manager).post(
        reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "transfer"]),
        {"bureau": sihui.pk, "transfer_reason": "x" * 500, "agreed": "2 Dec, by telephone"},
    )
    inquiry.refresh_from_db()
    assert inquiry.bureau == sihui
    assert (inquiry.transfers.get().reason, inquiry.transfers.get().agreed) == ("x" * 500, "2 Dec, by telephone")


# --- The investor's copy ---


def test_p3_the_investor_downloads_everything_but_what_staff_wrote_for_each_other(city, visitor):
    inquiry = make_inquiry(
        bureau=city, secret_hash=fingerprint("right"), name="Erika <b>", organization="Beispiel & Co", sender_hash="5e4d3c"
    )
    make_message(inquiry=inquiry, kind=Kind.REPLY, step="reply", body="Our answer", author=make_user("ou", first_name="Ou Wen"))
    make_message(inquiry=inquiry, kind=Kind.INVESTOR, body="My reply", quoted="An old letter", foreign_sender="other@example.com")
    make_message(inquiry=inquiry, kind=Kind.NOTE, body="SECRET-NOTE")
    make_message(inquiry=inquiry, kind=Kind.STEP, step="assign", body="SECRET-STEP")
    Letter.objects.create(
        to="officer@example.com", language="en", subject="SECRET-LETTER", reference=inquiry.reference, next_try_at=inquiry.received_at
    )
    Letter.objects.create(
        to=inquiry.email, language="en", subject="We have it", reference=inquiry.reference, next_try_at=inquiry.received_at
    )
    page = f"/en/inquiry/{inquiry.reference}/right/"
    assert f"{page}copy.txt" in visitor.get(page).content.decode()
    held = (
        "Erika <b>",
        "Beispiel & Co",
        "near the port",
        "Our answer",
        "Ou Wen",
        "My reply",
        "An old letter",
        "other@example.com",
        "We have it",
        "5e4d3c",
    )
    for ending in ("txt", "json"):
        response = visitor.get(f"{page}copy.{ending}")
        text = response.content.decode()
        assert [word for word in held if word not in text] == []
        assert "SECRET" not in text
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
    assert json.loads(text)["details"]["name"] == "Erika <b>"
    assert visitor.get(f"{page}copy.exe").status_code == 404
    assert visitor.get(f"/en/inquiry/{inquiry.reference}/wrong/copy.txt").status_code == 404
    Inquiry.objects.update(erased_at=inquiry.received_at)
    assert visitor.get(f"{page}copy.txt").status_code == 404


# --- T1 and the view log ---


def test_t1_each_inquiry_has_its_line_in_the_audit_log_without_the_person(city):
    inquiry = sent(name=CANARY, email=f"{CANARY}@example.com", phone="+852 2345 6789")
    entry = AuditEntry.objects.get(action=AuditEntry.Action.RECEIVE)
    assert (entry.thing, entry.bureau, entry.address, entry.user) == (inquiry.reference, inquiry.bureau, "", None)
    send()  # the same key again
    assert AuditEntry.objects.filter(action=AuditEntry.Action.RECEIVE).count() == 1


def test_s73_the_manager_lists_the_readers(officer, manager, signed_in):
    inquiry = make_inquiry()
    address = reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    signed_in(officer).get(address)
    assert [(row.user, row.thing) for row in AuditEntry.objects.filter(action=AuditEntry.Action.VIEW)] == [(officer, inquiry.reference)]
    assert "Who has opened it" in signed_in(manager).get(address).content.decode()
    assert "Who has opened it" not in signed_in(officer).get(address).content.decode()


# --- Logs ---


class Memory(logging.Handler):
    """Every line as the console would get it, with the trace of an error."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    """What the root of all logs hears, whatever LOG_LEVEL says; the statements of the database apart, which no setting switches on."""
    handler, root = Memory(), logging.getLogger()
    handler.setFormatter(next(known.formatter for known in root.handlers if isinstance(known.formatter, Line)))
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(before)


def test_t31_no_line_of_any_log_bears_a_person_a_text_or_a_secret(city, lines, monkeypatch):
    number = count()
    client = Client(raise_request_exception=False)
    filled = {name: f"{CANARY}-{name}" for name in ("name", "organization", "region", "message")} | {"email": f"{CANARY}@example.com"}

    def fresh(**more):
        return answers(key=aged_key(f"{next(number):032d}"), phone="+85223456789", **filled | more)

    page = client.post(FORM["en"], fresh())["Location"]
    secret = page.split("/")[4]
    assert len(secret) > 30
    Client(enforce_csrf_checks=True, raise_request_exception=False).post(FORM["en"], fresh())
    client.post(FORM["en"], fresh(name=""))
    client.post(FORM["en"], fresh(message=f"{CANARY}\0"))
    client.post(FORM["en"], fresh(website=CANARY))
    client.post(FORM["en"], "%", content_type="multipart/form-data; boundary=x")
    client.get(FORM["en"], {"about": f"/{CANARY}"})
    client.put(FORM["en"], CANARY)
    for ending in ("", "copy.txt", "copy.exe", "write/", "nothing/", "file/00000000-0000-0000-0000-000000000000/", "x/y/z", "%0a"):
        client.get(page + ending)
        client.put(page + ending, CANARY)
    client.get(page.removesuffix("/"))
    client.get(page.replace("/en/", "/xx/"))
    client.post(page + "write/", {"body": CANARY})
    Client(enforce_csrf_checks=True, raise_request_exception=False).post(page + "write/", {"body": CANARY})

    def breaks(*args, **kwargs):
        raise RuntimeError("broken in between")

    monkeypatch.setattr(Inquiry, "save", breaks)
    assert client.post(FORM["en"], fresh()).status_code == 500
    monkeypatch.setattr(tracking, "standing", breaks)
    assert client.get(page).status_code == 500
    text = "\n".join(lines)
    assert "Internal Server Error" in text
    assert "Not Found" in text
    assert CANARY not in text
    assert "23456789" not in text
    assert secret not in text
