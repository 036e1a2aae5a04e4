"""Contacts: corrected at once, with their history, and nobody overwritten."""

import pytest
from django.urls import reverse

from publishing.models import Change, Revision
from tests.browsing import fields_of, submit
from tests.factories import make_contact
from tests.publishing.test_admin import sentences


@pytest.fixture
def contact(db):
    return make_contact(bureau="dinghu", phone="+867582692222")


def address(contact, name="change", *arguments):
    return reverse(f"admin:bureaus_contact_{name}", args=[contact.pk, *arguments])


def save(client, contact, **changed):
    return submit(client, address(contact), "contact_form", **changed)


def test_a_number_is_public_as_soon_as_it_is_saved(editor, signed_in, visitor, contact):
    response = save(signed_in(editor), contact, phone="+867582699999")
    assert sentences(response) == ["Saved. It is public now."]
    contact.refresh_from_db()
    assert contact.phone == "+867582699999"
    assert not Change.objects.exists()
    assert "tel:+867582699999" in visitor.get("/en/contacts/").content.decode()


def test_the_day_of_the_test_call_is_kept(editor, signed_in, contact):
    save(signed_in(editor), contact, checked_on="2026-11-02")
    contact.refresh_from_db()
    assert f"{contact.checked_on}" == "2026-11-02"


def test_s38_who_changed_this_phone(editor, officer, signed_in, contact):
    save(signed_in(editor), contact, phone="+867582690001")
    save(signed_in(officer), contact, phone="+867582690002")
    client = signed_in(editor)
    assert 'data-place=":phone"' in client.get(address(contact)).content.decode()
    page = client.get(address(contact, "history"), {"field": ":phone"}).content.decode()
    assert "<del>+867582690001</del>" in page
    assert "<ins>+867582690002</ins>" in page
    assert "do" in page


def test_s12_two_people_at_one_contact_are_asked(editor, officer, signed_in, contact):
    mine, theirs = signed_in(editor), signed_in(officer)
    page = fields_of(mine.get(address(contact)), "contact_form")
    save(theirs, contact, phone="+867582690002")
    answer = mine.post(address(contact), page | {"phone": "+867582690001", "_continue": "1"})
    where = answer.headers["Location"]
    assert "/conflict/" in where
    contact.refresh_from_db()
    assert contact.phone == "+867582690002"
    seen = Revision.objects.filter(kind=Revision.Kind.DIRECT).latest("n").pk
    mine.post(where, {"seen": seen, "choice_0": "mine", "_continue": "1"})
    contact.refresh_from_db()
    assert contact.phone == "+867582690001"


def test_s39_an_earlier_number_is_put_back(editor, signed_in, contact):
    client = signed_in(editor)
    save(client, contact, phone="+867582690001")
    assert "public at once" in client.get(address(contact, "version", 1)).content.decode()
    client.post(address(contact, "version", 1))
    contact.refresh_from_db()
    assert contact.phone == "+867582692222"


def test_a_new_contact_has_its_first_version(editor, signed_in):
    fields = {"kind": "office", "phone": "+867582692222", "name_en": "Office", "name_zh_hans": "办公室", "name_zh_hant": "辦公室"}
    fields |= {"address_en": "1 Road", "address_zh_hans": "路1号", "address_zh_hant": "路1號"}
    submit(signed_in(editor), reverse("admin:bureaus_contact_add"), "contact_form", **fields)
    assert Revision.objects.get().kind == Revision.Kind.DIRECT


def test_a_number_is_typed_as_people_write_it_and_shown_in_groups(editor, signed_in, visitor, contact):
    client = signed_in(editor)
    save(client, contact, phone="（0758）289 3000", fax="189 2660 0000")
    contact.refresh_from_db()
    assert (contact.phone, contact.fax) == ("+867582893000", "+8618926600000")
    assert 'value="+86 758 2893000"' in client.get(address(contact)).content.decode()
    assert "+86 758 2893000" in client.get(reverse("admin:bureaus_contact_changelist")).content.decode()
    assert "You had changed nothing." in sentences(save(client, contact))
    refused = save(client, contact, phone="2893000").content.decode()
    assert "The area code is missing. Write e.g. 0758 2893000." in refused
    assert 'value="2893000"' in refused


def test_the_languages_spoken_are_ticked(editor, signed_in, visitor, contact):
    client = signed_in(editor)
    save(client, contact, languages=["yue", "en"])
    contact.refresh_from_db()
    assert contact.languages == "en yue"
    assert fields_of(client.get(address(contact)), "contact_form")["languages"] == ["en", "yue"]
    save(client, contact, languages=["en", "tlh"])
    contact.refresh_from_db()
    assert contact.languages == "en yue"
    save(client, contact, languages=[])
    contact.refresh_from_db()
    assert contact.languages == ""
