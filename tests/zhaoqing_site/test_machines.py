"""What machines read: sitemaps, robots.txt, security.txt, health (investors.md 3.2; trust.md 7.1, G17)."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError
from django.utils.dateparse import parse_datetime

from publishing.languages import TAGS
from publishing.models import Status
from tests.factories import make_bureau, make_figure, make_park
from tests.publishing.kinds import KINDS, only_in

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SITE = "https://invest.example"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_ADDRESS = SITE


def xml_at(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


def sections(visitor):
    index = xml_at(visitor, "/sitemap.xml")
    assert index.tag == f"{SITEMAP}sitemapindex"
    return [location.text for location in index.iter(f"{SITEMAP}loc")]


def entries(visitor, address):
    """Of each page of a sitemap: its address, its language versions, its last change."""
    return [
        (
            url.findtext(f"{SITEMAP}loc"),
            {link.attrib["hreflang"]: link.attrib["href"] for link in url.iter(LINK)},
            url.findtext(f"{SITEMAP}lastmod"),
        )
        for url in xml_at(visitor, address).iter(f"{SITEMAP}url")
    ]


def test_the_index_names_one_sitemap_per_kind_that_holds_something(visitor):
    assert sections(visitor) == [f"{SITE}/sitemap-pages.xml"]
    for builder in KINDS.values():
        builder()
    make_figure()
    kinds = ["article", "bureaus", "figures", "industry", "listing", "page", "pages", "park", "policy", "project", "publicanswer"]
    assert sorted(sections(visitor)) == [f"{SITE}/sitemap-{kind}.xml" for kind in kinds]


def test_every_page_of_a_sitemap_answers_and_hreflang_is_reciprocal(visitor):
    for builder in KINDS.values():
        builder(**only_in("zh_hans", "en"))
    make_figure()
    for section in sections(visitor):
        pages = {address: languages for address, languages, _lastmod in entries(visitor, section.removeprefix(SITE))}
        assert pages
        for address, languages in pages.items():
            assert visitor.get(address.removeprefix(SITE)).status_code == 200, address
            assert address in languages.values()
            assert languages["x-default"] == f"{SITE}/"
            for name, other in languages.items():
                assert name == "x-default" or pages[other] == languages


def test_hreflang_names_languages_as_browsers_do(visitor):
    make_park(slug="the-park")
    _address, languages, _lastmod = entries(visitor, "/sitemap-park.xml")[0]
    assert {name for name in languages if name != "x-default"} == set(TAGS.values())
    assert languages["zh-Hant"] == f"{SITE}/zh-hant/parks/the-park/"


def test_a_sitemap_holds_existing_languages_alone(visitor):
    make_park(slug="the-park", **only_in("zh_hans"))
    assert [(address, set(languages) - {"x-default"}) for address, languages, _lastmod in entries(visitor, "/sitemap-park.xml")] == [
        (f"{SITE}/zh-hans/parks/the-park/", {"zh-Hans"})
    ]


def test_lastmod_is_the_time_of_the_last_change(visitor):
    park = make_park()
    for _address, _languages, lastmod in entries(visitor, "/sitemap-park.xml"):
        assert datetime.date.fromisoformat(lastmod[:10]) in {park.updated_at.date(), park.updated_at.date() + datetime.timedelta(days=1)}
        if "T" in lastmod:
            assert parse_datetime(lastmod).tzinfo


def test_what_is_hidden_is_in_no_sitemap(visitor):
    for status in (Status.DRAFT, Status.WITHDRAWN, Status.TAKEN_DOWN):
        for builder in KINDS.values():
            builder(status=status)
    make_figure(status=Status.DRAFT)
    assert set(sections(visitor)) == {f"{SITE}/sitemap-pages.xml", f"{SITE}/sitemap-bureaus.xml"}


def test_fixed_pages_and_bureaus_are_there_in_three_languages(visitor):
    make_bureau("sihui")
    pages = [address for address, _languages, _lastmod in entries(visitor, "/sitemap-pages.xml")]
    for code in TAGS:
        for part in (
            "",
            "parks/",
            "listings/",
            "projects/",
            "industries/",
            "figures/",
            "history/",
            "contacts/",
            "news/",
            "policies/",
            "inquiry/",
        ):
            assert f"{SITE}/{code}/{part}" in pages
    assert f"{SITE}/en/contacts/sihui/" in [address for address, *_rest in entries(visitor, "/sitemap-bureaus.xml")]


def test_an_unknown_section_is_not_found(visitor):
    assert visitor.get("/sitemap-secrets.xml").status_code == 404


def test_a_sitemap_may_be_read_but_is_not_a_result_itself(visitor):
    make_park()
    assert "noindex" in visitor.get("/sitemap-park.xml").headers.get("X-Robots-Tag", "")


def test_robots_may_read_all_but_staff_and_tracking_pages(visitor):
    response = visitor.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def test_security_txt_is_there_once_a_contact_is_named(visitor, settings):
    assert visitor.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@invest.example"
    response = visitor.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@invest.example"
    expires = parse_datetime(fields["Expires"])
    assert datetime.timedelta(days=30) < expires - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=366)
    assert set(fields) <= {"Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"}


def test_livez_asks_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = visitor.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_is_ready(visitor):
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (200, True)


def test_readyz_is_not_ready_without_a_database(visitor, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("secret host")

    monkeypatch.setattr("zhaoqing_site.views.MigrationExecutor", refuse)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)
    assert "secret" not in response.content.decode()


def test_readyz_is_not_ready_with_migrations_missing(visitor, monkeypatch):
    monkeypatch.setattr("zhaoqing_site.views.MigrationExecutor.migration_plan", lambda self, targets: [("parks", "0099")])
    assert visitor.get("/readyz").status_code == 503


def test_health_works_whatever_host_the_probe_names(visitor):
    assert visitor.get("/livez", headers={"host": "127.0.0.1"}).status_code == 200
