"""The Atom feed of articles (investors.md 3.2; RFC 4287)."""

import datetime
from xml.etree import ElementTree

import pytest
from django.utils.dateparse import parse_datetime

from publishing.models import Status
from tests.factories import in_three, make_article, make_park

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://invest.example"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_ADDRESS = SITE


def feed_at(visitor, address="/en/news/feed/"):
    response = visitor.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def entries(feed):
    return feed.findall(f"{ATOM}entry")


def text(element, name):
    return element.findtext(f"{ATOM}{name}")


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant")])
def test_the_feed_is_valid_atom_in_each_language(visitor, language, tag):
    make_article(**in_three("title", "News", "新闻"))
    feed = feed_at(visitor, f"/{language}/news/feed/")
    assert feed.tag == f"{ATOM}feed"
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"].lower() == tag.lower()
    assert text(feed, "title")
    assert text(feed, "id").startswith(SITE)
    assert parse_datetime(text(feed, "updated")).tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.attrib.get("rel"): link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{SITE}/{language}/news/", "self": f"{SITE}/{language}/news/feed/"}


def test_an_entry_has_a_lasting_id_dates_and_an_absolute_link(visitor):
    article = make_article(slug="the-news", **in_three("title", "A & B <c>"), **in_three("summary", "Short"))
    (entry,) = entries(feed_at(visitor))
    assert text(entry, "title") == "A & B <c>"
    assert text(entry, "summary") == "Short"
    assert entry.find(f"{ATOM}link").attrib["href"] == f"{SITE}/en/news/the-news/"
    assert parse_datetime(text(entry, "published")) == article.first_published_at
    assert parse_datetime(text(entry, "updated")).replace(microsecond=0) == article.updated_at.replace(microsecond=0)
    before = text(entry, "id")
    article.save()
    assert text(entries(feed_at(visitor))[0], "id") == before


def test_ids_are_unique_and_differ_between_languages(visitor):
    for _number in range(3):
        make_article()
    english = [text(entry, "id") for entry in entries(feed_at(visitor))]
    chinese = [text(entry, "id") for entry in entries(feed_at(visitor, "/zh-hans/news/feed/"))]
    assert len(set(english + chinese)) == 6


def test_the_newest_stand_first_and_thirty_at_most(visitor):
    for day in range(1, 36):
        moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=day)
        make_article(**in_three("title", f"Day {day}"), first_published_at=moment)
    titles = [text(entry, "title") for entry in entries(feed_at(visitor))]
    assert titles == [f"Day {day}" for day in range(35, 5, -1)]


def test_the_feed_is_filtered_like_the_list(visitor):
    park = make_park(slug="the-park")
    make_article(**in_three("title", "Notice"), kind="notice").parks.add(park)
    make_article(**in_three("title", "News"))
    assert [text(entry, "title") for entry in entries(feed_at(visitor, "/en/news/feed/?kind=notice"))] == ["Notice"]
    assert [text(entry, "title") for entry in entries(feed_at(visitor, "/en/news/feed/?park=the-park&kind=x"))] == ["Notice"]


def test_a_feed_of_nothing_is_still_a_feed(visitor):
    feed = feed_at(visitor)
    assert entries(feed) == []
    assert text(feed, "updated")


def test_drafts_are_not_in_the_feed(visitor):
    make_article(status=Status.DRAFT)
    make_article(status=Status.WITHDRAWN)
    assert entries(feed_at(visitor)) == []


def test_the_feed_follows_the_articles(visitor):
    article = make_article(**in_three("title", "Before"))
    etag = visitor.get("/en/news/feed/").headers["ETag"]
    article.title_en = "After"
    article.save()
    assert visitor.get("/en/news/feed/", headers={"if-none-match": etag}).status_code == 200


def test_the_list_names_its_feed(visitor):
    make_article()
    html = visitor.get("/en/news/").content.decode()
    assert 'type="application/atom+xml"' in html
    assert "/en/news/feed/" in html
