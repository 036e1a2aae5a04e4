"""Correcting what is held about an investor: by whoever answers, with a reason, and without showing it to others."""

import pytest
from django.urls import reverse

from bureaus.models import AuditEntry
from inquiries.form_key import fingerprint
from inquiries.models import Message
from outbox.models import Letter
from tests.factories import make_inquiry, make_letter, make_member
from tests.pages import page_of

pytestmark = pytest.mark.django_db
WHY = "told by telephone on 3 Nov"


def address(inquiry):
    return reverse("admin:inquiries_inquiry_correct", args=[inquiry.pk])


def said(inquiry, **changes):
    fields = {name: getattr(inquiry, name) for name in ("name", "organization", "region", "email", "phone")}
    return fields | {"why": WHY} | changes


def test_a_new_address_gets_a_link_and_what_had_not_left(officer, signed_in):
    inquiry = make_inquiry(email="wrogn@example.com", language="zh-hant", secret_hash=fingerprint("known-to-the-wrong-mailbox"))
    before = f"/zh-hant/inquiry/{inquiry.reference}/known-to-the-wrong-mailbox/"
    assert signed_in(officer).get(before).status_code == 200
    parked = make_letter(to="wrogn@example.com", reference=inquiry.reference, state=Letter.State.PARKED)
    gone = make_letter(to="wrogn@example.com", reference=inquiry.reference, state=Letter.State.SENT)
    other = make_letter(to="wrogn@example.com", reference="ZQ-OTHER", state=Letter.State.PARKED)
    answer = signed_in(officer).post(address(inquiry), said(inquiry, email="right@example.com"))
    assert answer.status_code == 303
    inquiry.refresh_from_db()
    assert inquiry.email == "right@example.com"
    assert [Letter.objects.get(pk=letter.pk).to.split("@")[0] for letter in (parked, gone, other)] == ["right", "wrogn", "wrogn"]
    letter = Letter.objects.exclude(pk__in=[parked.pk, gone.pk, other.pk]).get()
    assert letter.to == "right@example.com"
    assert f"/zh-hant/inquiry/{inquiry.reference}/" in letter.body
    assert signed_in(officer).get(before).status_code == 404
    path = letter.body.partition("http://127.0.0.1:8000")[2].split()[0]
    assert signed_in(officer).get(path).status_code == 200


def test_thread_and_audit_log_say_which_and_not_what(officer, signed_in):
    inquiry = make_inquiry(email="wrogn@example.com", name="CANARY", phone="+852 2345 6789")
    client = signed_in(officer)
    client.post(address(inquiry), said(inquiry, name="Erika", phone="+852 2345 6780"))
    entry = AuditEntry.objects.get(action=AuditEntry.Action.CORRECT)
    assert (entry.detail, entry.user) == ("name, phone", officer)
    assert Message.objects.get(inquiry=inquiry, step="correct").body == WHY
    page = page_of(client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])))
    assert f"corrected the details: {WHY}" in page.text
    assert "CANARY" not in page.text
    assert not Letter.objects.exists()  # the address is the same: nobody is written to


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "", "phone": ""}, "Give an e-mail address or a telephone number."),
        ({"email": "not an address"}, "Enter an e-mail address in the form name@example.com."),
        ({"name": ""}, "This field is required."),
        ({"why": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_as_typed(officer, signed_in, changes, sentence):
    inquiry = make_inquiry(email="erika@example.com")
    answer = signed_in(officer).post(address(inquiry), said(inquiry, organization="Beispiel GmbH") | changes)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page
    assert "Beispiel GmbH" in page
    inquiry.refresh_from_db()
    assert (inquiry.email, inquiry.organization) == ("erika@example.com", "")


def test_nothing_changed_writes_nothing(officer, signed_in):
    inquiry = make_inquiry(email="erika@example.com")
    page = signed_in(officer).post(address(inquiry), said(inquiry), follow=True).content.decode()
    assert "Nothing differs from what was held." in page
    assert not Message.objects.filter(step="correct").exists()


def test_another_bureau_finds_nothing_to_correct(signed_in):
    inquiry = make_inquiry(bureau="sihui")
    stranger = make_member("do", "officer", "dinghu")
    assert signed_in(stranger).post(address(inquiry), said(inquiry, name="X")).status_code == 404
