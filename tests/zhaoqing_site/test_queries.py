"""No page asks the database more because there is more to show (speed.md 2, V4)."""

import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import Status
from tests.factories import (
    make_amenity,
    make_answer,
    make_article,
    make_bureau,
    make_contact,
    make_district,
    make_figure,
    make_functional_area,
    make_industry,
    make_listing,
    make_milestone,
    make_opportunity,
    make_page,
    make_park,
    make_picture,
    make_policy,
    make_policy_step,
    make_project,
    make_project_milestone,
    make_transport_link,
    use_picture,
)

pytestmark = pytest.mark.django_db
FEW, MANY = 20, 200
LISTS = {
    "parks": "/en/parks/",
    "parks, filtered": "/en/parks/?q=park&unit=mu&area_min=1&sort=-area&industry=hub-industry&district=dinghu",
    "listings": "/en/listings/",
    "listings, filtered": "/en/listings/?kind=land&area_min=1&unknown=hide&sort=price&park=hub-park",
    "projects": "/en/projects/",
    "projects, filtered": "/en/projects/?kind=enterprise&stage=construction&industry=hub-industry&invest_min=1",
    "industries": "/en/industries/",
    "figures": "/en/figures/",
    "figures of a subject": "/en/figures/zhaoqing/",
    "history": "/en/history/",
    "pages": "/en/about/",
    "news": "/en/news/",
    "news feed": "/en/news/feed/",
    "policies": "/en/policies/",
    "contacts": "/en/contacts/",
    "questions": "/en/questions/",
    "promise": "/en/promise/",
    "home": "/en/",
    "search": "/en/search/?q=number",
    "site map": "/en/sitemap/",
    "open data": "/en/data/",
}
DETAILS = {
    "park": "/en/parks/hub-park/",
    "land": "/en/listings/hub-land/",
    "factory": "/en/listings/hub-factory/",
    "enterprise": "/en/projects/hub-project/",
    "opportunity": "/en/projects/hub-opportunity/",
    "industry": "/en/industries/hub-industry/",
    "article": "/en/news/hub-article/",
    "policy": "/en/policies/hub-policy/",
    "page": "/en/about/hub-page/",
    "question": "/en/questions/hub-answer/",
    "bureau": "/en/contacts/dinghu/",
}
FILES = {
    f"{name} as {ending}": f"/en/{name}/data.{ending}"
    for name in (
        "parks",
        "listings",
        "projects",
        "industries",
        "figures",
        "history",
        "news",
        "policies",
        "contacts",
        "questions",
        "promise",
    )
    for ending in ("csv", "json")
}
SITEMAPS = {"sitemap index": "/sitemap.xml"} | {
    f"sitemap of {name}": f"/sitemap-{name}.xml"
    for name in ("pages", "bureaus", "figures", "park", "listing", "project", "industry", "article", "policy", "page", "publicanswer")
}
ADDRESSES = LISTS | DETAILS | FILES | SITEMAPS


def make_hubs():
    """The items whose pages are measured; everything that `grow` makes hangs on them."""
    park = make_park(slug="hub-park", district=make_district("dinghu"), map_id="hightech-zone", longitude=112, latitude=23)
    hubs = {
        "park": park,
        "industry": make_industry(slug="hub-industry"),
        "land": make_listing(slug="hub-land", park=park),
        "factory": make_listing(slug="hub-factory", kind="factory", park=park, availability="allocated"),
        "project": make_project(slug="hub-project", park=park),
        "opportunity": make_opportunity(slug="hub-opportunity", park=park),
        "article": make_article(slug="hub-article"),
        "policy": make_policy(slug="hub-policy", office=make_bureau("dinghu")),
        "page": make_page(slug="hub-page"),
        "answer": make_answer(slug="hub-answer", park=park),
    }
    for item in hubs.values():
        if hasattr(item, "industries"):
            item.industries.add(hubs["industry"])
    return hubs


def grow(hubs, number):
    """`number` more rows of every kind, all of them related to the hubs."""
    park, industry = hubs["park"], hubs["industry"]
    titled = {f"title_{code}": f"Number {number}" for code in ("en", "zh_hans", "zh_hant")}
    for count in range(number):
        district = make_district(f"district-{number}-{count}", order=count)
        park.districts.add(district)
        hubs["policy"].districts.add(district)
        make_bureau("dinghu").districts.add(district)
        contact = make_contact()
        bureau = make_bureau(f"bureau-{number}-{count}")
        make_contact(bureau=bureau)
        figure = make_figure(
            industry=industry, district=district, period_end=datetime.date(1000 + number + count, 12, 31), period_start=None, **titled
        )
        other_park = make_park(parent=park, district=district, map_id="hightech-zone", longitude=112, latitude=23, **titled)
        listing = make_listing(park=park, district=district, **titled)
        projects = [make_project(park=park, district=district, **titled), make_opportunity(park=other_park, district=district, **titled)]
        article, policy = make_article(featured=True, **titled), make_policy(interpretation=hubs["article"], office=bureau, **titled)
        make_milestone(date=datetime.date(1900 + count % 100, 1, 1), **titled)
        make_page(parent=hubs["page"], **titled)
        make_answer(park=park, asked_about="/news/hub-article/", **titled)
        other_industry = make_industry(**titled)
        for item in (other_park, listing, *projects, article, policy, *hubs.values()):
            if hasattr(item, "industries"):
                item.industries.add(industry, other_industry)
            if hasattr(item, "contacts"):
                item.contacts.add(contact)
        park.key_figures.add(figure)
        hubs["project"].listings.add(listing)
        for one in (article, policy, hubs["article"], hubs["policy"]):
            one.parks.add(park, other_park)
        for one in (article, hubs["article"]):
            one.projects.add(*projects, hubs["project"])
        hubs["article"].related.add(article)
        make_functional_area(park=park)
        make_amenity(park=park)
        for owner in ({"park": park}, {"listing": hubs["land"]}, {}):
            make_transport_link(**owner)
        make_project_milestone(project=hubs["project"])
        make_policy_step(policy=hubs["policy"])
        picture = make_picture(with_file=False)
        for item in hubs.values():
            use_picture(item, picture)
    for kind in (make_park, make_project, make_article):
        kind(status=Status.DRAFT)


def queries_of_each():
    client, counted = Client(), {}
    for name, address in ADDRESSES.items():
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, address
        counted[name] = [query["sql"] for query in captured]
    return counted


@pytest.fixture(scope="module")
def queries(django_db_setup, django_db_blocker):
    """What each address asks with few rows and with many: `(name, few, many)` lists of statements."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_bureau("zhaoqing")
        hubs = make_hubs()
        grow(hubs, FEW)
        Client().get("/en/parks/hub-park/")  # what is read once per process
        few = queries_of_each()
        grow(hubs, MANY - FEW)
        yield few, queries_of_each()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ADDRESSES)
def test_more_rows_ask_no_more_questions(queries, name):
    few, many = queries
    assert len(many[name]) == len(few[name]), extra(few[name], many[name])


@pytest.mark.parametrize("name", LISTS | FILES)
def test_a_list_asks_at_most_twelve_questions(queries, name):
    assert len(queries[1][name]) <= 12, "\n".join(queries[1][name])


@pytest.mark.parametrize("name", DETAILS)
def test_a_detail_page_asks_at_most_sixteen_questions(queries, name):
    assert len(queries[1][name]) <= 16, "\n".join(queries[1][name])


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_public_page_only_reads(queries, name):
    assert [one for one in queries[1][name] if not one.lstrip("(").upper().startswith("SELECT")] == []


def extra(few, many):
    """The statements of the larger answer that stand more often in it, for the message of a failed test."""
    shapes = [one.split(" WHERE ")[0] for one in few]
    return "\n".join(one for one in dict.fromkeys(many) if one.split(" WHERE ")[0] not in shapes) or "\n".join(many[:40])
