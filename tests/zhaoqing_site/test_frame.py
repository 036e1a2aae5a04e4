"""The frame of every page: menu, footer, languages, addresses for search engines."""

import re

import pytest
from django.urls import reverse

from city.models import KeyFigure
from inquiries.models import TimeLimit
from publishing.models import Status
from tests.factories import make_bureau, make_contact, make_figure, make_listing, make_page, make_park, make_project
from zhaoqing_site import frame
from zhaoqing_site.templatetags.site import parts

pytestmark = pytest.mark.django_db


def page(client, address="/en/"):
    return client.get(address).content.decode()


def menu(html):
    return re.findall(r"<a [^>]*>([^<]+)</a>", re.search(r'<nav class="nav".*?</nav>', html, re.DOTALL)[0])


def head(html):
    return html[: html.index("</head>")]


def test_an_empty_kind_has_no_entry_in_menu_and_footer(client):
    make_park()
    html = page(client)
    assert menu(html) == ["Parks", "Contact"]
    assert reverse("projects:list") not in html


def test_a_kind_with_drafts_alone_has_no_entry(client):
    make_project(status=Status.DRAFT)
    assert "Projects" not in menu(page(client))


def test_a_kind_without_items_in_the_language_has_no_entry(client):
    make_park(title_en="")
    assert "Parks" not in menu(page(client))
    assert "Parks" not in page(client, "/en/contacts/").partition("</header>")[0]


def test_contact_leads_to_the_form_where_no_contact_is_known(client):
    make_bureau()
    assert f'href="{reverse("inquiries:form")}"' in re.search(r'<nav class="nav".*?</nav>', page(client))[0]


def test_the_footer_links_factories_only_where_there_are_some(client):
    make_listing()
    assert "?kind=land" in page(client)
    assert "?kind=factory" not in page(client)


def test_menu_and_footer_cost_one_query(django_assert_num_queries):
    make_park()
    make_contact()
    with django_assert_num_queries(1):
        frame.what_exists("en")


def test_the_section_of_a_page_is_marked(client):
    park = make_park()
    assert 'href="/en/parks/" aria-current="page"' in page(client, "/en/parks/")
    assert 'href="/en/parks/" aria-current="true"' in page(client, park.get_absolute_url())


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        ("/en/parks/?district=sihui&page=2", "zh-hant", "/zh-hant/parks/?district=sihui&page=2"),
        ("/zh-hans/", "en", "/en/"),
        ("/en", "zh-hans", "/zh-hans/"),
        ("/somewhere/?q=1", "zh-hans", "/zh-hans/"),
        ("//evil.example/en/", "en", "/en/"),
    ],
)
def test_a_language_link_keeps_address_and_query_and_stays_on_the_site(address, language, expected):
    assert frame.in_language(address, language) == expected


def test_each_language_is_named_in_itself(client):
    html = page(client, "/zh-hans/")
    assert '<html lang="zh-Hans">' in html
    assert '<a href="/zh-hant/" lang="zh-Hant" hreflang="zh-Hant">繁體中文</a>' in html
    assert '<a href="/zh-hans/" lang="zh-Hans" hreflang="zh-Hans" aria-current="true">简体中文</a>' in html


def test_the_canonical_address_is_that_of_the_site_without_query(client, settings):
    settings.SITE_ADDRESS = "https://invest.example"
    assert '<link rel="canonical" href="https://invest.example/en/">' in page(client, "/en/?utm=1")


def test_hreflang_names_the_languages_that_an_item_exists_in(client):
    park = make_park(title_zh_hant="")
    assert re.findall('hreflang="([^"]+)"', head(page(client, park.get_absolute_url()))) == ["en", "zh-Hans", "x-default"]


def test_a_page_shown_in_another_language_is_kept_out_of_search_engines(client):
    park = make_park(title_en="")
    html = head(page(client, f"/en/parks/{park.slug}/"))
    assert '<meta name="robots" content="noindex, follow">' in html
    assert f"/zh-hans/parks/{park.slug}/" in re.search('rel="canonical" href="([^"]+)"', html)[1]


def test_the_marks_of_the_inspection_stand_on_item_pages(client, settings):
    settings.FOOTER_SITE_CODE = "4412000001"
    park = make_park(title_en="Lingang", source_en="Yearbook")
    marks = dict(re.findall('<meta name="([A-Z][A-Za-z]+)" content="([^"]*)">', head(page(client, park.get_absolute_url()))))
    assert marks["SiteIDCode"] == "4412000001"
    assert marks["ColumnName"] == "Parks"
    assert marks["ArticleTitle"] == "Lingang"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", marks["PubDate"])
    assert marks["ContentSource"] == "Yearbook"


def test_unset_marks_of_the_footer_are_left_out(client, settings):
    assert "beian" not in page(client)
    settings.FOOTER_ICP = "粤ICP备00000000号"
    assert "粤ICP备00000000号" in page(client)


def test_the_footer_links_a_page_of_the_site_only_where_it_is_published(client):
    assert reverse("city:page", args=["privacy"]) not in page(client)
    make_page(slug="privacy")
    assert reverse("city:page", args=["privacy"]) in page(client)


def test_the_home_page_shows_up_to_four_figures_in_their_order(client):
    make_figure(title_en="Second figure", home_order=2)
    make_figure(title_en="First figure", home_order=1)
    make_figure(title_en="Not here", home_order=None)
    html = page(client)
    assert html.index("First figure") < html.index("Second figure")
    assert "Not here" not in html


def test_an_empty_site_has_a_home_page_without_empty_sections(client):
    html = page(client)
    assert "Choose a park" not in html
    assert "All news" not in html
    assert "Make an inquiry" in html


def test_the_promise_comes_from_the_time_limits(client):
    TimeLimit.objects.filter(topic="").update(answer_days=1)
    assert "within 1 working day." in page(client)


def test_a_value_is_cut_at_its_number():
    assert parts("about CNY 7.635 billion") == {"before": "about CNY ", "number": "7.635", "after": " billion"}
    assert parts("约76.35亿元")["after"] == "亿元"
    assert parts("+6.4%")["number"] == "+6.4%"
    assert parts("none")["number"] == "none"


def test_the_style_guide_shows_every_component(client):
    html = page(client, "/en/styleguide/")
    for name in ("card", "chips", "figure", "facts", "ledger", "pager", "filters", "steps", "next", "state", "picture", "chart", "pins"):
        assert f'class="{name}' in html
    assert "noindex" in html
    assert KeyFigure.objects.count() == 0
