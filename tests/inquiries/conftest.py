"""What the tests of inquiries share: a form that a person has had open for a while, and how it is sent."""

import time

import pytest
from django.core import signing
from django.test import Client

from bureaus.models import Contact
from inquiries.models import Inquiry
from tests.factories import make_bureau, make_contact

FORM = {"en": "/en/inquiry/", "zh-hans": "/zh-hans/inquiry/", "zh-hant": "/zh-hant/inquiry/"}


class OldSigner(signing.TimestampSigner):
    age = 0

    def timestamp(self):
        return signing.b62_encode(int(time.time()) - self.age)


NOTICE = "0" * 64


def aged_key(random="a" * 32, age=60, notice=NOTICE):
    """The key of a form that was opened so many seconds ago."""
    signer = OldSigner(salt="inquiries.form")
    signer.age = age
    return signer.sign(f"{random}.{notice}")


def answers(**fields):
    """What a person fills in; `None` leaves a field out."""
    filled = {
        "name": "Erika Beispiel",
        "email": "erika@example.com",
        "topic": "land",
        "message": "We look for 2 hectares near the port.",
        "consent": "on",
        "key": aged_key(),
    }
    return {name: value for name, value in (filled | fields).items() if value is not None}


def send(visitor=None, language="en", **fields):
    return (visitor or Client()).post(FORM[language], answers(**fields))


def sent(**fields) -> Inquiry:
    """The inquiry that a form became."""
    response = send(**fields)
    assert response.status_code == 303, response.context["form"].errors
    return Inquiry.objects.get(reference=response["Location"].split("/")[3])


@pytest.fixture
def city(db):
    """The city bureau, which takes what has no other; with a telephone and a mailbox."""
    bureau = make_bureau("zhaoqing", name_zh_hans="肇庆市投资促进局", name_zh_hant="肇慶市投資促進局")
    make_contact(bureau=bureau, kind=Contact.Kind.DESK, phone="+867582899202", email="desk@example.com")
    return bureau
