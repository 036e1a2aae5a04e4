"""How many inquiries one sender may make."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inquiries.limits import sender_of
from inquiries.models import Inquiry
from outbox.models import Letter
from tests.inquiries.conftest import aged_key, send

pytestmark = pytest.mark.django_db


def send_number(number, visitor=None, **fields):
    return send(visitor, key=aged_key(f"{number:032d}"), email=f"erika{number}@example.com", **fields)


def fill(count, first=0):
    for number in range(first, first + count):
        assert send_number(number).status_code == 303


def move_back(**ago):
    for inquiry in Inquiry.objects.all():
        Inquiry.objects.filter(pk=inquiry.pk).update(received_at=inquiry.received_at - timedelta(**ago))


def test_sixth_inquiry_within_ten_minutes_waits_with_a_time_in_words_and_its_text(city):
    fill(5)
    response = send_number(5)
    page = response.content.decode()
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 600
    assert "Beijing time" in page
    assert "near the port" in page
    move_back(minutes=11)
    assert send_number(5).status_code == 303


def test_twenty_first_inquiry_of_a_day_waits(city):
    for batch in range(4):
        fill(5, first=batch * 5)
        move_back(minutes=11)
    response = send_number(20)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3600


def test_pressing_again_is_outside_the_limits(city):
    fill(5)
    assert send_number(0).status_code == 303


def test_others_are_not_held_up(city):
    fill(5)
    assert send_number(5, Client(REMOTE_ADDR="203.0.113.9")).status_code == 303


def test_spam_counts_too(city):
    for number in range(5):
        assert send_number(number, website="x").status_code == 303
    assert send_number(5).status_code == 429


def test_one_ipv6_network_is_one_sender(rf):
    one, two, other = (sender_of(rf.get("/", REMOTE_ADDR=address)) for address in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"))
    assert one == two != other


def test_forwarded_addresses_are_believed_only_from_our_own_proxy(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7")
    direct = sender_of(request)
    settings.PROXY_COUNT = 1
    assert sender_of(request) != direct


def test_eleventh_receipt_to_one_address_a_day_is_not_sent(city):
    for number in range(11):
        visitor = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert send(visitor, key=aged_key(f"{number:032d}"), email="victim@example.com").status_code == 303
    assert Letter.objects.filter(to="victim@example.com").count() == 10
    assert Inquiry.objects.count() == 11


def test_old_inquiries_do_not_count(city):
    fill(5)
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=2))
    assert send_number(6).status_code == 303
