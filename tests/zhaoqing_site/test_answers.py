"""What every public address sends, whoever asks: methods, caching, headers, no look at the visitor (trust.md T20, T21, T75)."""

import pytest
from django.db import transaction
from django.test import Client

from tests.pages import page_of
from tests.zhaoqing_site.addresses import ADDRESSES, DRAFTS, FORMS, PAGES, make_items
from tests.zhaoqing_site.test_crawl import HEADERS

pytestmark = pytest.mark.django_db
UNKNOWN = [
    *("/en/inquiry/ZQ-26-0000/unknown/" + end for end in ("", "unknown/", "copy.csv", "file/00000000-0000-0000-0000-000000000000/")),
    "/media/pictures/unknown/960.csv",
    "/.well-known/security.txt",
    *DRAFTS,
]
SHARED = [address for address in PAGES if address not in FORMS + DRAFTS]


@pytest.fixture(autouse=True, scope="module")
def items(django_db_setup, django_db_blocker, menu_kept):
    with django_db_blocker.unblock(), transaction.atomic():
        make_items()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def answers(items):
    """What each address answers to a plain question."""
    return {address: Client().get(address) for address in ADDRESSES}


@pytest.mark.parametrize("address", [one for one in ADDRESSES if one not in UNKNOWN])
def test_every_address_answers_and_head_sends_no_body(answers, visitor, address):
    assert answers[address].status_code == 200
    head = visitor.head(address)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("address", UNKNOWN)
def test_what_nobody_knows_is_not_found(answers, address):
    assert answers[address].status_code == 404


# --- Methods ---


@pytest.mark.parametrize("address", [one for one in ADDRESSES if one not in UNKNOWN and one not in FORMS])
def test_public_addresses_are_read_only(visitor, address):
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        response = visitor.generic(method, address)
        assert response.status_code == 405, method
        assert set(response.headers["Allow"].replace(" ", "").split(",")) >= {"GET", "HEAD"}
        assert_headers(response)


def test_the_form_takes_nothing_but_get_and_post(visitor):
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert visitor.generic(method, "/en/inquiry/").status_code == 405


# --- Caching ---


@pytest.mark.parametrize("address", SHARED)
def test_pages_may_be_shared_for_seconds_and_are_asked_for_again_by_their_etag(answers, visitor, address):
    response = answers[address]
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=2, stale-while-revalidate=3, stale-if-error=86400"
    assert "Vary" not in response.headers
    assert "Set-Cookie" not in response.headers
    again = visitor.get(address, headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == response.headers["ETag"]
    assert again.headers["Cache-Control"] == response.headers["Cache-Control"]


@pytest.mark.parametrize("address", DRAFTS)
def test_links_to_drafts_are_kept_by_no_cache(answers, address):
    assert answers[address].headers["Cache-Control"] == "private, no-store"


def test_another_etag_gets_the_page(visitor):
    assert visitor.get("/en/", headers={"if-none-match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("address", [*FORMS[:1], "/livez", "/readyz"])
def test_what_belongs_to_one_visitor_or_moment_is_stored_nowhere(visitor, address):
    assert "no-store" in visitor.get(address).headers["Cache-Control"]


FORGED = {
    "cookie": f"sessionid={32 * 'a'}; csrftoken={32 * 'b'}; django_language=zh-hant; messages=forged",
    "accept-language": "zh-HK",
    "accept-encoding": "gzip, br",
    "authorization": "Basic Zm9yZ2Vk",
    "user-agent": "Mozilla/5.0 (compatible; MSIE 6.0)",
    "referer": "https://e.example/",
    "origin": "https://e.example",
    "x-forwarded-host": "e.example",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "1.2.3.4",
    "x-forwarded-port": "444",
    "x-real-ip": "1.2.3.4",
    "forwarded": "host=e.example;proto=https",
    "x-original-url": "/admin/",
    "x-rewrite-url": "/admin/",
    "x-http-method-override": "DELETE",
    "x-requested-with": "XMLHttpRequest",
    "dnt": "1",
    "save-data": "on",
    "sec-fetch-mode": "navigate",
    "purpose": "prefetch",
    "range": "bytes=0-9",
    "if-modified-since": "Mon, 01 Jan 2035 00:00:00 GMT",
    "if-match": '"x"',
    "x-csrftoken": "forged",
    "x-language": "zh-hant",
    "accept": "application/json",
    "cdn-loop": "x",
    "via": "1.1 x",
    "max-forwards": "0",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_header_of_the_visitor_changes_a_page(answers, visitor, name):
    for address in ("/en/parks/the-item/", "/en/listings/"):
        plain, forged = answers[address], visitor.get(address, headers={name: FORGED[name]})
        if name == "if-match":
            assert forged.status_code in (200, 412)
        else:
            assert forged.content == plain.content, address
            assert dict(forged.headers) == dict(plain.headers)


def test_a_person_who_has_signed_in_sees_the_same_page(editor, signed_in, visitor):
    for address in ("/en/", "/en/parks/the-item/", "/en/search/?q=item"):
        assert signed_in(editor).get(address).content == visitor.get(address).content


@pytest.mark.parametrize("host", ["e.example", "127.0.0.1.e.example", "127.0.0.1:80@e.example", "", "localhost\\e"])
def test_a_forged_host_is_refused(visitor, host):
    response = visitor.get("/en/", headers={"host": host}) if host else visitor.get("/en/", HTTP_HOST=" ")
    assert response.status_code == 400
    assert "e.example" not in response.content.decode()


def test_links_name_the_address_of_the_settings_not_of_the_request(visitor, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    settings.ALLOWED_HOSTS = ["other.example"]
    page = page_of(visitor.get("/en/", headers={"host": "other.example"}))
    assert page.one("link", rel="canonical")["href"] == "https://invest.example/en/"
    assert not any("other.example" in link for link in page.links(""))


# --- Headers on every kind of answer ---


def assert_headers(response):
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, name
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 302),
        ("/en/parks", 301),
        ("/en/no-such-page/", 404),
        ("/no-such-page", 404),
        ("/fr/", 404),
        ("/en/parks/?page=99", 404),
        ("/en/parks/?" + "&".join(f"a{number}=1" for number in range(1200)), 400),
        ("/static/css/site.css", 200),
        ("/static/no-such-file.css", 404),
        ("/robots.txt", 200),
        ("/sitemap.xml", 200),
        ("/livez", 200),
        ("/readyz", 200),
        ("/en/parks/data.csv", 200),
        ("/en/news/feed/", 200),
        ("/admin/login/", 200),
    ],
)
def test_every_kind_of_answer_carries_the_security_headers(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    assert_headers(response)


def test_a_failure_carries_them_too_and_tells_nothing(monkeypatch):
    def fail(language):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("zhaoqing_site.views.home_context", fail)
    response = Client(raise_request_exception=False).get("/zh-hant/")
    assert response.status_code == 500
    assert_headers(response)
    assert "secret detail" not in response.content.decode()
    assert page_of(response).one("html")["lang"] == "zh-Hant"


def test_https_is_asked_for_where_the_site_has_it(settings, visitor):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    client = Client()
    assert client.get("/en/").status_code == 301
    assert client.get("/en/", secure=True).headers["Strict-Transport-Security"].startswith("max-age=63072000")


# --- The first address ---


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh-MY", "zh-hans"),
        ("zh-Hans", "zh-hans"),
        ("zh-Hans-HK", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("zh-HK", "zh-hant"),
        ("zh-MO", "zh-hant"),
        ("zh-TW", "zh-hant"),
        ("zh-Hant", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh-hk, zh;q=0.5", "zh-hant"),
        ("ZH-hk", "zh-hant"),
        ("yue, zh-HK;q=0.9", "zh-hant"),
        ("de-DE,de;q=0.9,zh-TW;q=0.2", "zh-hant"),
        ("de", "en"),
        ("en-GB", "en"),
        ("en;q=0.1, zh-CN;q=0.9", "zh-hans"),
        ("*", "en"),
        ("", "en"),
        (None, "en"),
        ("x" * 5000, "en"),
        ("zh-" + "x" * 8, "zh-hans"),
        ("zh-" + "x" * 500, "en"),
        ("\x00;;;q=,,", "en"),
    ],
)
def test_the_first_address_leads_to_the_language_of_the_browser(visitor, asked, language):
    response = visitor.get("/", headers={} if asked is None else {"accept-language": asked})
    assert (response.status_code, response.headers["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in response.headers["Vary"]
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["//e.example/", "/\\e.example", "/%2Fe.example/", "///e.example", "/%5Ce.example/"])
def test_no_redirect_leaves_the_site(visitor, path):
    response = visitor.get("/", PATH_INFO=path)
    assert not response.headers.get("Location", "/").startswith(("//", "/\\", "http"))


def test_an_address_without_language_leads_to_one(visitor):
    response = visitor.get("/parks/?unit=mu", headers={"accept-language": "zh-HK"})
    assert (response.status_code, response.headers["Location"]) == (302, "/zh-hant/parks/?unit=mu")
    assert "Accept-Language" in response.headers["Vary"]
