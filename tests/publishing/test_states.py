"""What answers at the address of an item in each of its states (investors.md 3.4 and 4.2).

That what is not public is named nowhere else: tests/zhaoqing_site/test_public.py.
"""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from publishing.addresses import keep_old_address
from publishing.models import Status
from tests.factories import in_three, make_article, make_bureau, make_listing, make_milestone, make_park
from tests.pages import page_of
from tests.publishing.kinds import FILES, KINDS, only_in

pytestmark = pytest.mark.django_db
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
of_each_kind = pytest.mark.parametrize("kind", KINDS)
NOW = timezone.now()
WITHDRAWN = {
    "status": Status.WITHDRAWN,
    "withdrawn_at": datetime.datetime(2026, 5, 4, 2, 0, tzinfo=datetime.UTC),
    "withdrawal_note_en": "The plan has changed.",
    "withdrawal_note_zh_hans": "规划已调整。",
    "withdrawal_note_zh_hant": "規劃已調整。",
}


def make(kind, **fields):
    return KINDS[kind](slug="the-item", **{**in_three("title", "Unmistakable"), **fields})


def address(kind, language="en"):
    return f"/{language}/{kind}/the-item/"


def robots(response):
    return [meta["content"] for meta in page_of(response).all("meta", name="robots")]


def places_that_list(kind):
    """Where a public item of this kind is found: list, files, search, site map, sitemap, feed."""
    places = [f"/en/{kind}/", "/en/search/?q=Unmistakable", "/en/sitemap/", f"/sitemap-{SECTIONS[kind]}.xml"]
    places += [f"/en/{kind}/data.{ending}" for ending in ("csv", "json") if kind in FILES]
    return places + (["/en/news/feed/"] if kind == "news" else [])


SECTIONS = {
    "parks": "park",
    "listings": "listing",
    "projects": "project",
    "industries": "industry",
    "news": "article",
    "policies": "policy",
    "about": "page",
    "questions": "publicanswer",
}


def is_listed(visitor, kind):
    """Which of the places name the item."""
    return [place for place in places_that_list(kind) if b"the-item" in visitor.get(place).content]


@of_each_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_live_item_has_a_page_in_every_language(visitor, kind, language):
    make(kind)
    response = visitor.get(address(kind, language))
    assert response.status_code == 200
    page = page_of(response)
    assert page.one("html")["lang"] == LANGUAGES[language]
    assert "Unmistakable" in page.text
    assert page.one("link", rel="canonical")["href"] == settings.SITE_ADDRESS + address(kind, language)
    assert robots(response) == []


@of_each_kind
def test_a_live_item_is_found_everywhere(visitor, kind):
    make(kind)
    assert is_listed(visitor, kind) == places_that_list(kind)


# --- Never published, made up ---


@of_each_kind
def test_a_draft_answers_like_an_address_made_up(visitor, kind):
    make(kind, status=Status.DRAFT)
    draft, made_up = visitor.get(address(kind)), visitor.get(f"/en/{kind}/no-such-item/")
    assert draft.status_code == made_up.status_code == 404
    assert draft.content.replace(b"the-item", b"") == made_up.content.replace(b"no-such-item", b"")
    assert page_of(draft).one("input", type="search")["name"] == "q"
    assert robots(draft) == ["noindex, follow"]


# --- Withdrawn ---


@of_each_kind
@pytest.mark.parametrize(
    ("language", "day", "reason"),
    [
        ("en", "4 May 2026", "The plan has changed."),
        ("zh-hans", "2026年5月4日", "规划已调整。"),
        ("zh-hant", "2026年5月4日", "規劃已調整。"),
    ],
)
def test_a_withdrawn_item_stays_under_a_notice(visitor, kind, language, day, reason):
    make(kind, **WITHDRAWN)
    response = visitor.get(address(kind, language))
    assert response.status_code == 200
    text = page_of(response).text
    assert "Unmistakable" in text
    assert text.index(day) < text.index(reason)
    assert robots(response) == ["noindex, follow"]


# --- Taken down ---


@of_each_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_taken_down_is_gone(visitor, kind, language):
    make(kind, status=Status.TAKEN_DOWN)
    response = visitor.get(address(kind, language))
    assert response.status_code == 410
    page = page_of(response)
    assert page.one("html")["lang"] == LANGUAGES[language]
    assert "Unmistakable" not in page.text
    assert robots(response) == ["noindex, follow"]


@pytest.mark.parametrize(
    ("successor", "leads_to"),
    [
        ("/parks/other/", "/zh-hans/parks/other/"),
        ("/en/parks/other/", "/en/parks/other/"),
        ("/parks/other/?unit=mu#land", "/zh-hans/parks/other/?unit=mu#land"),
        ("https://www.zhaoqing.gov.cn/", "https://www.zhaoqing.gov.cn/"),
    ],
)
def test_an_item_taken_down_leads_to_its_successor(visitor, successor, leads_to):
    make("parks", status=Status.TAKEN_DOWN, successor=successor)
    response = visitor.get(address("parks", "zh-hans"))
    assert (response.status_code, response.headers["Location"]) == (301, leads_to)


# --- Expired ---


@of_each_kind
def test_an_expired_item_says_so(visitor, kind):
    make(kind, expires_at=datetime.datetime(2026, 5, 4, 2, 0, tzinfo=datetime.UTC))
    response = visitor.get(address(kind))
    assert response.status_code == 200
    assert "Expired on 4 May 2026" in page_of(response).text


def test_an_item_that_expires_later_is_public(visitor):
    make("parks", expires_at=NOW + datetime.timedelta(days=1))
    assert "Expired" not in page_of(visitor.get(address("parks"))).text
    assert is_listed(visitor, "parks") == places_that_list("parks")


# --- Moved ---


@of_each_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_s31_an_old_address_leads_to_the_new_one(visitor, kind, language):
    keep_old_address(make(kind), "old-name")
    response = visitor.get(f"/{language}/{kind}/old-name/")
    assert (response.status_code, response.headers["Location"]) == (301, address(kind, language))


def test_an_old_address_of_something_hidden_is_not_found(visitor):
    keep_old_address(make("parks", status=Status.DRAFT), "old-name")
    assert visitor.get("/en/parks/old-name/").status_code == 404


def test_a_new_item_takes_an_old_address_over(visitor):
    keep_old_address(make("parks"), "old-name")
    make_park(slug="old-name")
    assert visitor.get("/en/parks/old-name/").status_code == 200


def test_s31_an_address_that_comes_back_makes_no_loop(visitor):
    park = make("parks")
    for old, new in (("the-item", "second"), ("second", "the-item")):
        park.slug = new
        park.save()
        keep_old_address(park, old)
    assert visitor.get(address("parks")).status_code == 200
    assert visitor.get("/en/parks/second/").headers["Location"] == address("parks")


@pytest.mark.parametrize("path", ["/en/parks", "/en/parks/the-item", "/zh-hant/news", "/en/contacts/dinghu", "/en/figures/zhaoqing", "/en"])
def test_a_missing_final_slash_leads_to_the_address(visitor, path):
    make("parks")
    response = visitor.get(f"{path}?unit=mu")
    assert (response.status_code, response.headers["Location"]) == (301, f"{path}/?unit=mu")


# --- Missing language ---


@of_each_kind
def test_a_missing_language_shows_the_text_that_exists(visitor, kind):
    make(kind, **only_in("zh_hans"))
    response = visitor.get(address(kind))
    page = page_of(response)
    assert response.status_code == 200
    assert page.one("html")["lang"] == "en"
    assert page.one("h1") is not None
    assert '<span lang="zh-Hans">简体文字</span>' in response.content.decode()
    assert "Not yet" in page.text
    assert page.all("a", href=address(kind, "zh-hans"))
    assert page.one("link", rel="canonical")["href"] == settings.SITE_ADDRESS + address(kind, "zh-hans")
    assert robots(response) == ["noindex, follow"]
    assert "Contact" in page.text


@pytest.mark.parametrize(
    ("wanted", "existing", "shown"),
    [
        ("zh-hant", ["zh_hans", "en"], "简体文字"),
        ("zh-hant", ["en"], "English words"),
        ("zh-hans", ["zh_hant", "en"], "繁體文字"),
        ("en", ["zh_hant", "zh_hans"], "简体文字"),
        ("en", ["zh_hant"], "繁體文字"),
    ],
)
def test_the_other_chinese_comes_before_english(visitor, wanted, existing, shown):
    make("parks", **only_in(*existing))
    assert shown in page_of(visitor.get(address("parks", wanted))).text


@of_each_kind
def test_only_existing_languages_are_offered_to_search_engines(visitor, kind):
    make(kind, **only_in("zh_hans", "en"))
    page = page_of(visitor.get(address(kind)))
    alternates = {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate") if "hreflang" in link}
    assert alternates == {
        "en": settings.SITE_ADDRESS + address(kind),
        "zh-Hans": settings.SITE_ADDRESS + address(kind, "zh-hans"),
        "x-default": settings.SITE_ADDRESS + "/",
    }
    sitemap = visitor.get(f"/sitemap-{SECTIONS[kind]}.xml").content.decode()
    assert "/zh-hant/" not in sitemap
    assert sitemap.count("<url>") == 2


@of_each_kind
def test_a_list_leaves_out_what_its_language_lacks_and_counts_it(visitor, kind):
    make(kind, **only_in("zh_hans"))
    KINDS[kind](title_en="Other")
    page = page_of(visitor.get(f"/en/{kind}/"))
    assert "简体文字" not in page.text
    assert "1 further entry is published in another language only: 简体中文" in page.text
    assert "only: 简体中文 繁體中文" not in page.text
    assert "简体文字" in page_of(visitor.get(f"/zh-hans/{kind}/")).text
    assert "简体文字" not in page_of(visitor.get("/en/sitemap/")).text


def test_the_feed_and_the_history_keep_to_their_language(visitor):
    make_article(**only_in("zh_hans"))
    make_milestone(**only_in("zh_hans"))
    assert "简体文字" not in visitor.get("/en/news/feed/").content.decode()
    assert "简体文字" in visitor.get("/zh-hans/news/feed/").content.decode()
    assert "简体文字" not in page_of(visitor.get("/en/history/")).text
    assert "简体文字" in page_of(visitor.get("/zh-hans/history/")).text


# --- What an item points at ---


def test_a_hidden_park_is_not_named_by_what_lies_in_it(visitor):
    park = make("parks", status=Status.DRAFT)
    make_listing(slug="plot", park=park)
    page = page_of(visitor.get("/en/listings/plot/"))
    assert "Unmistakable" not in page.text
    assert "Unmistakable" not in page_of(visitor.get("/en/listings/")).text


def test_staff_notes_are_never_shown(visitor):
    make_bureau("zhaoqing")
    for kind in KINDS:
        make(kind, to_confirm="Nobody has checked this.")
        assert "Nobody has checked" not in visitor.get(address(kind)).content.decode()


def test_an_item_past_its_day_of_review_says_so(visitor):
    make("parks", review_by=datetime.date(2026, 1, 1), checked_on=datetime.date(2025, 1, 1))
    text = page_of(visitor.get(address("parks"))).text
    assert "1 Jan 2025" in text
    assert "before relying on it" in text
