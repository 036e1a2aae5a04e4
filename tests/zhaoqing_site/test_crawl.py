"""A walk over the site with its real content, in three languages, as a visitor would click."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings

from publishing.languages import TAGS
from tests.pages import own_part
from tests.walking import HOST

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def answers(walked):
    return walked.answers


@pytest.fixture(scope="module")
def pages(answers):
    return {path: answer for path, answer in answers.items() if answer.is_page}


def test_no_link_is_dead(answers):
    assert {path: answer.status for path, answer in answers.items() if answer.status != 200} == {}
    assert len(answers) > 400


def test_every_kind_of_page_is_reached_in_every_language(answers):
    kinds = ["parks", "listings", "projects", "industries", "news", "policies", "about", "figures", "contacts"]
    for code in TAGS:
        for kind in kinds:
            below = [path for path in answers if path.startswith(f"/{code}/{kind}/") and path.count("/") == 4]
            assert below, f"no page of {kind} in {code}"


def test_every_anchor_exists(pages):
    dead = []
    for path, answer in pages.items():
        for link in answer.page.links(HOST + path):
            target, fragment = own_part(link)
            if link.startswith(HOST) and fragment and target in pages and fragment not in pages[target].page.ids:
                dead.append((path, link))
    assert dead == []


def test_an_identifier_stands_once_on_a_page(pages):
    twice = {path: sorted(one for one in set(answer.page.ids) if answer.page.ids.count(one) > 1) for path, answer in pages.items()}
    assert {path: found for path, found in twice.items() if found} == {}


def test_no_page_asks_another_host_for_anything(pages):
    """What a page loads by itself. Canonical and hreflang links name the site's public address."""
    foreign = set()
    for path, answer in pages.items():
        for tag, attributes in answer.page.elements:
            loaded = [attributes[name] for name in ("src", "srcset", "action", "poster", "data") if name in attributes]
            if tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload"):
                loaded.append(attributes["href"])
            foreign |= {(path, one) for one in loaded if urlsplit(one).netloc}
    assert foreign == set()


def test_links_to_other_sites_are_plain_web_mail_or_telephone_links(pages):
    schemes = {urlsplit(link).scheme for path, answer in pages.items() for link in answer.page.links(HOST + path)}
    assert schemes <= {"http", "https", "mailto", "tel"}


def test_no_page_holds_inline_styles_scripts_or_event_attributes(pages):
    found = []
    for path, answer in pages.items():
        for tag, attributes in answer.page.elements:
            if tag == "style" or (tag == "script" and "src" not in attributes):
                found.append((path, tag))
            found += [(path, name) for name in attributes if name == "style" or name.startswith("on")]
    assert found == []


def test_every_page_says_its_language(pages):
    for path, answer in pages.items():
        assert answer.page.one("html")["lang"] == TAGS[path.split("/")[1]], path


def test_every_page_has_one_main_heading_and_a_title(pages):
    for path, answer in pages.items():
        assert len(answer.page.all("h1")) == 1, path
        assert "<title>" in answer.body.decode(), path


def test_titles_of_pages_differ(pages):
    """Two addresses with one title look alike in a list of results; lists keep theirs however they are filtered."""
    titles = {}
    for path, answer in pages.items():
        if "?" not in path:
            title = answer.body.decode().partition("<title>")[2].partition("</title>")[0].strip()
            titles.setdefault((path.split("/")[1], title), []).append(path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_no_cookie_is_set_but_by_the_inquiry_form(answers):
    assert [path for path, answer in answers.items() if "Set-Cookie" in answer.headers and "/inquiry/" not in path] == []


def test_public_pages_vary_by_nothing_and_may_be_shared(answers):
    for path, answer in answers.items():
        if "/inquiry/" in path:
            assert "no-store" in answer.headers["Cache-Control"], path
        elif not path.startswith("/media/"):
            assert answer.headers.get("Vary", "") in ("", "Accept-Encoding"), path
            assert answer.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=2"), path
            assert answer.headers["ETag"].startswith('W/"'), path


def test_every_answer_carries_the_security_headers(answers):
    for path, answer in answers.items():
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, f"{name} of {path}"


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


def test_hreflang_is_reciprocal(pages):
    """Each language that a page names answers, and names it back (trust.md G17)."""
    for path, answer in pages.items():
        if "?" in path or answer.page.all("meta", name="robots"):
            continue
        alternates = alternates_of(answer)
        assert alternates[TAGS[path.split("/")[1]]] == settings.SITE_ADDRESS + path
        assert alternates.pop("x-default") == settings.SITE_ADDRESS + "/"
        for address in alternates.values():
            other = pages[address.removeprefix(settings.SITE_ADDRESS)]
            assert alternates_of(other) == alternates_of(answer), path


def alternates_of(answer):
    return {link["hreflang"]: link["href"] for link in answer.page.all("link", rel="alternate") if "hreflang" in link}


def test_unknown_facts_are_never_blank_zero_or_dash(pages):
    """`Ask us` is the only word for what is not known (investors.md 1.3)."""
    for path, answer in pages.items():
        html = answer.body.decode()
        for empty in ("<dd></dd>", "<dd>-</dd>", "<dd>—</dd>", "<dd>None</dd>", "<td></td>", "<td>None</td>", ">None<", "> None <"):
            assert empty not in html, f"{empty} on {path}"


def test_no_doubt_of_the_staff_reaches_a_public_answer(walked):
    """`to_confirm`, `doubt` and notes for staff show in the staff area alone (investors.md 1.3.8)."""
    assert len(walked.doubts) > 20
    leaks = [(path, doubt) for path, answer in walked.answers.items() for doubt in walked.doubts if doubt in answer.body.decode()]
    assert leaks == []


def test_no_placeholder_is_left(pages):
    for path, answer in pages.items():
        for word in ("lorem", "TODO", "FIXME", "coming soon", "xxx"):
            assert word.lower() not in answer.page.text.lower(), f"{word} on {path}"
        assert "placeholder=" not in answer.body.decode(), path
