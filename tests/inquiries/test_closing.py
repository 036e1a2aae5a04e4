"""The letters after the receipt: each has a way back to the page of the inquiry, and asks for nothing that cannot be done."""

import re

import pytest
from django.utils import timezone

from inquiries import investor, letters
from inquiries.models import Inquiry, Message, TrackingLink
from inquiries.workflow import Details, take
from outbox.models import Letter
from tests.factories import make_inquiry, make_message

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind
ASKS_FOR_RATING = {"en": "rate our service", "zh-hans": "作出评价", "zh-hant": "評分"}


@pytest.mark.parametrize("language", ASKS_FOR_RATING)
def test_s68_closing_letter_leads_to_the_page_and_asks_for_a_rating_once(language, officer, visitor, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    inquiry = make_inquiry(status=Status.ANSWERED, assignee=officer, first_answered_at=timezone.now(), language=language)
    take(inquiry, "close", officer, Details(result="answered"))
    first = Letter.objects.get()
    assert ASKS_FOR_RATING[language] in first.body
    path = re.search(r"https://invest\.example(/\S+/)", first.body)[1]
    page = visitor.get(path)
    assert page.status_code == 200
    assert page.context["forms"]["rate"]
    assert Inquiry.objects.get().secret_hash == inquiry.secret_hash  # the address before is good as well
    assert TrackingLink.objects.count() == 1
    investor.rate(inquiry, 5)
    investor.reopen(inquiry, "One thing more")
    take(inquiry, "call", officer, Details(body="Said yes"))
    Letter.objects.all().delete()
    take(inquiry, "close", officer, Details(result="answered"))
    second = Letter.objects.get()
    assert ASKS_FOR_RATING[language] not in second.body
    assert "https://invest.example/" in second.body


@pytest.mark.parametrize("language", ASKS_FOR_RATING)
def test_s62_letters_without_a_link_of_their_own_say_where_a_lost_one_is_asked_for(language, officer, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    inquiry = make_inquiry(assignee=officer, language=language)
    found = [letters.taken(inquiry), letters.to_investor(inquiry, "waiting"), letters.to_investor(inquiry, "withdrawal")]
    for step in ("reply", "update"):
        found.append(letters.reply(inquiry, make_message(inquiry=inquiry, kind=Kind.REPLY, step=step, author=officer)))
    assert all(f"https://invest.example/{language}/inquiry/lost/" in letter["body"] for letter in found)
