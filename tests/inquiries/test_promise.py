"""The public page of the promise: what it says, in each language, with and without figures."""

import csv
import datetime
import io

import pytest
from django.utils import timezone

from inquiries.models import TimeLimit
from inquiries.promise import time_in_words
from tests.factories import make_district, make_inquiry, make_page
from tests.pages import page_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def make_answered(count, **fields):
    """Inquiries of a Monday of the last full year, each answered after so many working hours as its number."""
    received = datetime.datetime(timezone.now().year - 1, 6, 1, 9, tzinfo=datetime.timezone(8 * HOUR))
    received += datetime.timedelta(days=-received.weekday() % 7)
    for number in range(count):
        make_inquiry(
            received_at=received, first_answered_at=received + HOUR * (number + 1) / 2, status="closed", result="answered", **fields
        )
    return received


def test_the_page_shows_the_promise_and_the_figures_with_charts_and_tables(visitor):
    make_answered(6, language="zh-hans", district=make_district("dinghu"))
    received = make_answered(5, district=make_district("sihui"))
    make_inquiry(received_at=received)
    response = visitor.get("/en/promise/")
    page, html = page_of(response), response.content.decode()
    assert response.status_code == 200
    assert "Within 2 working days" in page.text
    assert "Inquiries received 12" in page.text
    assert "Median time to the first answer 1 hour 30 minutes" in page.text
    assert "简体中文 6 6 1 hour 45 minutes 3 hours 0 0" in page.text
    assert "Together: Sihui, no district named 6 5" in page.text
    assert html.count('<svg class="chart"') == html.count("Show the data as a table") == 5
    assert "style=" not in html
    assert page.all("a", href="/en/promise/data.csv")


def test_the_figures_of_another_year_have_an_address_and_a_wrong_year_is_named(visitor):
    received = make_answered(5)
    shown = page_of(visitor.get(f"/en/promise/?year={received.year}"))
    assert f"How we did in {received.year}" in shown.text
    wrong = page_of(visitor.get("/en/promise/?year=MMXX"))
    assert "year = “MMXX”" in wrong.text
    assert f"How we did in {received.year}" in wrong.text


def test_without_inquiries_the_page_says_since_when(visitor):
    make_page(first_published_at=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC))
    assert "No inquiry has come in since 2 Mar 2026." in page_of(visitor.get("/en/promise/")).text
    make_answered(4)
    page = page_of(visitor.get("/en/promise/"))
    assert "Fewer than five inquiries a year have come in so far." in page.text
    assert page.all("svg", **{"class": "chart"}) == []


def test_limits_of_a_topic_stand_beside_those_of_all_others(visitor):
    TimeLimit.objects.update_or_create(topic="error", defaults={"take_hours": 3, "answer_days": 1, "result_days": 4})
    assert "An error on this website 3 1 4" in page_of(visitor.get("/en/promise/")).text


def test_the_file_holds_the_same_figures_without_small_groups(visitor):
    received = make_answered(5, district=make_district("dinghu"))
    make_inquiry(received_at=received, language="zh-hant", district=make_district("sihui"))
    lines = list(csv.reader(io.StringIO(visitor.get("/en/promise/data.csv").content.decode("utf-8-sig"))))
    assert lines[0][:4] == ["year", "by", "groups", "came"]
    assert lines[1] == [str(received.year), "total", "", "6", "5", "90", "150", "1", "1"]
    assert [line[2:4] for line in lines if line[1] == "language"] == [["en zh-hans zh-hant", "6"]]
    assert visitor.get("/en/promise/data.pdf").status_code == 404


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "less than a minute"),
        (1, "1 minute"),
        (59.7, "1 hour"),
        (200, "3 hours 20 minutes"),
        (360, "1 working day"),
        (480, "1 working day 2 hours"),
        (719, "2 working days"),
    ],
)
def test_working_time_reads_as_people_say_it(minutes, words):
    assert time_in_words(datetime.timedelta(minutes=minutes)) == words
