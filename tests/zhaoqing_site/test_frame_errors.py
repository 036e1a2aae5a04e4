"""Error pages: in the language of the address, with the frame, without the database where that may be the trouble."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.test import RequestFactory
from django.utils import translation

from tests.factories import make_park
from zhaoqing_site import errors


def request(address="/en/parks/", method="get", **data):
    return getattr(RequestFactory(), method)(address, data)


PAGES = [
    (errors.bad_request, 400),
    (errors.forbidden, 403),
    (errors.gone, 410),
    (errors.server_error, 500),
    (errors.unavailable, 503),
]


@pytest.mark.parametrize(("page", "status"), PAGES)
@pytest.mark.parametrize(("address", "language"), [("/en/x/", "en"), ("/zh-hans/x/", "zh-Hans"), ("/zh-hant/x/", "zh-Hant")])
def test_an_error_page_asks_no_database_and_speaks_the_language_of_the_address(page, status, address, language):
    """Without the mark for the database, a query would fail this test."""
    with translation.override("zh-hans"):
        response = page(request(address))
    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert 'name="robots" content="noindex' in html
    assert 'hreflang="x-default"' not in html


def test_a_page_not_found_offers_search_and_the_menu(client, db):
    make_park()
    response = client.get("/en/nothing-here/")
    html = response.content.decode()
    assert response.status_code == 404
    assert 'role="search"' in html
    assert 'href="/en/parks/"' in html


def test_an_unknown_address_without_language_follows_the_browser(client, db):
    response = client.get("/nothing-here", headers={"accept-language": "zh-HK"})
    assert response.status_code == 404
    assert '<html lang="zh-Hant">' in response.content.decode()


def test_errors_carry_the_headers_of_all_pages(client, db):
    response = client.get("/en/nothing-here/")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("error", "status"), [(PermissionDenied, 403), (SuspiciousOperation, 400), (DatabaseError, 500)])
def test_an_error_in_a_view_leads_to_our_page(client, db, monkeypatch, error, status):
    def fail(*args, **kwargs):
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr("zhaoqing_site.views.home_context", fail)
    response = client.get("/zh-hant/")
    assert response.status_code == status
    assert '<html lang="zh-Hant">' in response.content.decode()


def test_a_busy_site_says_when_to_come_back():
    assert errors.unavailable(request()).headers["Retry-After"] == "30"


def test_a_form_without_token_keeps_the_text_and_is_sent_again_by_one_click():
    response = errors.csrf_failure(request("/en/inquiry/", "post", name="Chan <b>", message="Ten hectares", csrfmiddlewaretoken="old"))
    html = response.content.decode()
    assert response.status_code == 403
    assert '<input type="hidden" name="message" value="Ten hectares">' in html
    assert "Chan &lt;b&gt;" in html
    assert 'value="old"' not in html
    assert html.count('name="csrfmiddlewaretoken"') == 1
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_staff_form_without_token_shows_the_text_but_is_not_sent_again():
    html = errors.csrf_failure(request("/admin/parks/park/add/", "post", title_en="Lingang")).content.decode()
    assert "Lingang" in html
    assert '<form class="form"' not in html
