"""Asking to erase a person: with a reason, and with word to whoever has to wait; and what the staff see when it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import erasing, investor
from inquiries.form_key import fingerprint
from inquiries.models import Erasure, FollowUp, Inquiry, Message
from outbox.models import Letter
from tests.factories import make_contact, make_follow_up, make_inquiry, make_message

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind


def closed(**fields):
    now = timezone.now()
    end = {"status": Status.CLOSED, "result": "answered", "closed_at": now, "first_answered_at": now - timedelta(hours=1)}
    return make_inquiry(received_at=now - timedelta(days=1), **end | fields)


def address(inquiry, name):
    return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk])


def subjects(inquiry):
    return list(Letter.objects.filter(reference=inquiry.reference).order_by("created_at", "pk").values_list("subject", flat=True))


def test_s72_manager_says_why_and_the_second_person_reads_it(manager, administrator, signed_in):
    inquiry, page = closed(), None
    browser = signed_in(manager)
    for ground in ("", "  ", "x" * 201):
        assert browser.post(address(inquiry, "person"), {"act": "ask", "ground": ground, "reason": "not this one"}).status_code == 400
    assert not Erasure.objects.exists()
    why = "Asked for by telephone on 3 Nov."
    assert browser.post(address(inquiry, "person"), {"act": "ask", "ground": why}).status_code == 303
    erasure = inquiry.erasures.get()
    assert erasure.reason == why
    for person, page in (
        (manager, address(inquiry, "person")),
        (administrator, reverse("admin:inquiries_erasure_change", args=[erasure.pk])),
    ):
        assert why in signed_in(person).get(page).content.decode()
    # The box of the legal hold takes its own reason.
    assert browser.post(address(inquiry, "person"), {"act": "hold", "ground": "not this one", "reason": ""}).status_code == 400
    assert browser.post(address(inquiry, "person"), {"act": "hold", "reason": "Complaint of 3 Nov"}).status_code == 303
    inquiry.refresh_from_db()
    assert inquiry.legal_hold == "Complaint of 3 Nov"


def test_s72_investor_who_asked_is_told_that_the_law_keeps_it(manager, visitor):
    inquiry = closed(secret_hash=fingerprint("right"))
    investor.ask_to_erase(inquiry)
    for reason in ("Complaint of 3 Nov", "Complaint of 4 Nov"):
        erasing.hold(inquiry, manager, reason)
    assert [words for words in subjects(inquiry) if "keep" in words] == [f"We must keep your details for now ({inquiry.reference})"]
    letter = Letter.objects.get(subject__contains="must keep")
    assert "bound by law" in letter.body
    assert "Complaint" not in letter.body
    assert "The law obliges us to keep them" in visitor.get(f"/en/inquiry/{inquiry.reference}/right/").content.decode()
    erasing.hold(inquiry, manager, "")
    assert "The law obliges us" not in visitor.get(f"/en/inquiry/{inquiry.reference}/right/").content.decode()
    # Held before the investor asks; and what the bureau alone asks for.
    held, own = closed(legal_hold="audit"), closed()
    investor.ask_to_erase(held)
    erasing.ask(own, manager, "Asked for by telephone")
    erasing.hold(own, manager, "audit")
    assert ["must keep" in words for words in subjects(held)] == [True]
    assert subjects(own) == []


def test_s72_letter_names_somebody_to_tell_if_it_was_not_the_investor(sihui, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    investor.ask_to_erase(closed(bureau="sihui"))
    assert "https://invest.example/en/inquiry/\n" in Letter.objects.get().body
    make_contact(bureau=sihui, email="", phone="+867583611228")
    investor.ask_to_erase(closed(bureau="sihui", language="zh-hant"))
    assert "您可致電 +86 758 3611228" in Letter.objects.get(language="zh-hant").body


def test_s72_erased_inquiry_asks_for_no_work_and_says_that_its_words_are_deleted(manager, administrator, signed_in):
    inquiry = closed(may_publish=True, name="Kanarienvogel", message="Kanarienvogel")
    make_message(inquiry=inquiry, kind=Kind.INVESTOR, body="Kanarienvogel")
    make_message(inquiry=inquiry, kind=Kind.STEP, step="close", body="Kanarienvogel", author=manager)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="take", body="", author=manager)
    for kind in (FollowUp.Kind.DAY_45, FollowUp.Kind.POOR_GRADE):
        make_follow_up(inquiry=inquiry, kind=kind, due_at=timezone.now() - timedelta(days=1))
    browser = signed_in(manager)
    before = browser.get(address(inquiry, "change")).content.decode()
    assert 'id="tasks-title"' in before
    assert address(inquiry, "public_answer") in before
    erasing.confirm(erasing.ask(inquiry, manager, "Asked for by telephone"), administrator)
    page = browser.get(address(inquiry, "change")).content.decode()
    assert 'id="tasks-title"' not in page
    assert address(inquiry, "public_answer") not in page
    assert "Kanarienvogel" not in page
    assert (page.count("The text has been deleted."), page.count("name deleted")) == (2, 2)
    assert page.count("<em>deleted</em>") == 1  # of the step that had a text; taking it had none
    assert "<dd>deleted</dd>" in page
    assert not inquiry.follow_ups.filter(done_at=None).exists()
    assert browser.get(reverse("admin:inquiries_inquiry_changelist") + "?show=tasks").content.decode().count(inquiry.reference) == 0
