"""Links by which somebody without an account reads a draft (staff.md S24)."""

import datetime
import logging
import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from bureaus.models import AuditEntry
from publishing.changes import open_change
from publishing.models import Change, SharedLink, Status
from publishing.sharing import WRONG_TRIES, hash_of, make
from publishing.workflow import take
from tests.factories import in_three, make_article, make_change, make_figure, make_park, make_picture, use_picture
from tests.pages import page_of
from tests.publishing.test_admin import address, save
from zhaoqing_site.logs import Line

LANGUAGES = ["en", "zh-hans", "zh-hant"]
BAR = re.compile(r'\n<link rel="stylesheet" href="[^"]*preview[^"]*">\n<aside class="preview-bar".*?</aside>\n', re.DOTALL)


@pytest.fixture(autouse=True)
def nobody_has_tried():
    cache.clear()


@pytest.fixture
def park(db):
    return make_park(slug="lianhua", **in_three("title", "Lianhua"))


@pytest.fixture
def draft(park, editor):
    return make_change(park, by=editor, **in_three("title", "Renamed", "新名"))


def links_on(response):
    """The addresses that a page gives away, without the name of the host."""
    return [
        field["value"].removeprefix("http://127.0.0.1:8000") for field in page_of(response).all("input", type="text") if "readonly" in field
    ]


def works(client, token, language="en"):
    return client.get(f"/{language}/draft/{token}/").status_code == 200


def test_s24_a_link_made_from_the_draft_opens_it_for_somebody_without_an_account(editor, signed_in, visitor, park, draft):
    client = signed_in(editor)
    way = address(park, "sharing")
    assert all(f'href="{way}"' in client.get(address(park, *page)).content.decode() for page in [("change",), ("preview", "en")])
    made = client.post(way, {"make": "1", "purpose": "Park company"})
    assert "no-store" in made["Cache-Control"]
    links = links_on(made)
    link = SharedLink.objects.get()
    token = links[0].split("/")[-2]
    assert links == [f"/{language}/draft/{token}/" for language in LANGUAGES]
    assert len(token) >= 43  # 256 bits
    assert link.token_hash == hash_of(token)
    assert token not in client.get(way).content.decode()
    assert link.expires_at - link.made_at == pytest.approx(datetime.timedelta(days=7), abs=datetime.timedelta(seconds=9))
    page = visitor.get(links[0])
    assert "Renamed" in page.content.decode()
    assert "Park company" not in page.content.decode()
    assert [(entry.user, entry.thing) for entry in AuditEntry.objects.filter(action="share")] == [(editor, "Lianhua")]
    visitor.get(links[1])
    visitor.head(links[1])
    assert "opened 2 times" in page_of(client.get(way)).text
    park.refresh_from_db()
    assert park.title_en == "Lianhua"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [Status.LIVE, Status.DRAFT])
def test_s24_the_shared_page_is_the_preview_and_says_that_it_is_a_draft(status, language, editor, signed_in, visitor):
    article = make_article(slug="the-item", status=status, **in_three("title", "Old name"))
    client = signed_in(editor)
    save(client, article, **in_three("title", "New name"))
    token = make(open_change(article), editor)[1]
    response = visitor.get(f"/{language}/draft/{token}/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies
    bar = BAR.search(response.content.decode())[0]
    until = timezone.localtime(SharedLink.objects.get().expires_at)
    assert f"{until.day} {until:%b %Y, %H:%M}" in bar or f"{until:%Y-%m-%d %H:%M}" in bar
    preview = client.get(address(article, "preview", language)).content.decode()
    shared = response.content.decode()
    for code in LANGUAGES:
        assert f'href="/{code}/draft/{token}/"' in BAR.search(shared)[0]
        shared = shared.replace(f"/{code}/draft/{token}/", f"/{code}/news/the-item/")
    assert BAR.sub("", shared) == BAR.sub("", preview)
    assert "admin" not in shared


def test_s24_a_part_of_a_page_is_shared_too(editor, visitor):
    figure = make_figure()
    token = make(make_change(figure, by=editor, value=4711), editor)[1]
    assert "471.1" in visitor.get(f"/en/draft/{token}/").content.decode()


def test_s24_pictures_of_the_draft_are_seen_through_the_link_alone(editor, publisher, signed_in, visitor, park):
    mine, other = make_picture(), make_picture()
    use_picture(make_park(status=Status.DRAFT), other)
    client = signed_in(editor)
    prefix = "publishing-pictureuse-content_type-object_id-"
    save(client, park, **{f"{prefix}TOTAL_FORMS": "1", f"{prefix}0-picture": mine.pk})
    token = make(open_change(park), editor)[1]
    shown = visitor.get(f"/en/draft/{token}/").content.decode()
    assert f"/media/pictures/{mine.original}" not in shown
    below = re.search(rf'src="(/media/draft/{token}/{mine.original}/\d+\.jpg)"', shown)[1]
    copy = visitor.get(below)
    assert copy.status_code == 200
    assert copy["Cache-Control"] == "private, no-store"
    assert copy["Content-Type"] == "image/jpeg"
    elsewhere = [
        below.replace("/draft/" + token, "/pictures"),
        below.replace(token, "x" * 43),
        below.replace(mine.original, other.original),
    ]
    assert [visitor.get(one).status_code for one in [*elsewhere, below.replace(".jpg", ".png")]] == [404] * 4
    save(client, park, _step="submit")
    take(park, "approve_and_publish", publisher)
    assert visitor.get(below).status_code == 404
    assert visitor.get(below.replace("/draft/" + token, "/pictures")).status_code == 200


def over_by_hand(link, client, park):
    client.post(address(park, "sharing"), {"end": link.pk})


def over_by_time(link, client, park):
    SharedLink.objects.update(expires_at=timezone.now())


def over_by_publishing(link, client, park):
    Change.objects.update(state="approved")
    take(park, "publish", link.made_by)


def over_by_discarding(link, client, park):
    take(park, "discard", link.made_by)


def over_by_leaving(link, client, park):
    link.made_by.memberships.all().delete()


@pytest.mark.parametrize("end", [over_by_hand, over_by_time, over_by_publishing, over_by_discarding, over_by_leaving])
def test_s24_a_link_that_is_over_answers_like_one_that_never_was(end, manager, publisher, signed_in, visitor, park, draft):
    link, token = make(draft, publisher)
    client = signed_in(manager)
    assert works(visitor, token)
    end(link, client, park)
    for language, words in zip(LANGUAGES, ("This link shows no draft", "zh-Hans", "zh-Hant"), strict=True):
        over, unknown = (visitor.get(f"/{language}/draft/{one}/") for one in (token, "x" * 43))
        assert over.status_code == unknown.status_code == 404
        assert over.content.replace(token.encode(), b"") == unknown.content.replace(b"x" * 43, b"")
        assert words in over.content.decode()
        assert "Renamed" not in over.content.decode()
        assert over["Cache-Control"] == "private, no-store"
    page = page_of(client.get(address(park, "sharing"))).text
    assert "End this link" not in page
    assert ("ended by dm" in page) == (end is over_by_hand)
    assert AuditEntry.objects.filter(action="share-end", user=manager).count() == (end is over_by_hand)


def test_s24_what_is_saved_later_is_seen_and_what_is_not_a_draft_cannot_be_shared(editor, signed_in, visitor, park, draft):
    token = make(draft, editor)[1]
    client = signed_in(editor)
    save(client, park, title_en="Renamed again")
    assert "Renamed again" in visitor.get(f"/en/draft/{token}/").content.decode()
    published = make_park()
    assert "There is no draft to share" in client.get(address(published, "sharing")).content.decode()
    client.post(address(published, "sharing"), {"make": "1"})
    assert SharedLink.objects.count() == 1


def test_s24_links_of_another_item_or_bureau_are_not_ended(editor, stranger, signed_in, visitor, park, draft):
    link, token = make(draft, editor)
    own = make_park()
    assert signed_in(editor).post(address(own, "sharing"), {"end": link.pk}).status_code == 404
    for posted in ({"end": link.pk}, {"make": "1"}):
        assert signed_in(stranger).post(address(park, "sharing"), posted).status_code == 404
    assert works(visitor, token)
    assert SharedLink.objects.count() == 1


def test_s24_whoever_tries_many_wrong_links_waits(editor, visitor, draft):
    token = make(draft, editor)[1]
    statuses = [visitor.get(f"/en/draft/wrong-{number}/").status_code for number in range(WRONG_TRIES)]
    assert set(statuses) == {404}
    slowed = visitor.get("/en/draft/wrong/")
    assert slowed.status_code == 429
    assert int(slowed["Retry-After"]) > 0
    assert visitor.get(f"/en/draft/{token}/").status_code == 429
    assert visitor.get(f"/en/draft/{token}/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_s24_the_log_holds_no_keys():
    for path, shown in (
        ("/en/draft/abc-DEF_1/", "/en/draft/…/"),
        ("/media/draft/abc/name/960.jpg", "/media/draft/…/name/960.jpg"),
        ("/en/inquiry/ZQ-1/abc/", "/en/inquiry/ZQ-1/…/"),
        ("/admin/invitation/abc/", "/admin/invitation/…/"),
        ("/en/parks/draft-park/", "/en/parks/draft-park/"),
    ):
        record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", path), None)
        assert Line("%(message)s").format(record) == f"Not Found: {shown}"


def test_s24_search_engines_are_kept_away(visitor, db):
    lines = visitor.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /*/draft/", "Disallow: /media/draft/"} <= set(lines)
