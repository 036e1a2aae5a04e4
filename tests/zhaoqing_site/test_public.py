"""Public is one thing, in every place that shows items (investors.md 1.3.9; architecture.md section 3)."""

import datetime

import pytest
from django.utils import timezone

from parks.models import Park
from publishing.models import Publishable, Status
from tests.factories import (
    in_three,
    make_bureau,
    make_district,
    make_figure,
    make_industry,
    make_listing,
    make_milestone,
    make_opportunity,
    make_park,
    make_policy,
    make_project,
)
from tests.publishing.kinds import KINDS
from tests.zhaoqing_site.addresses import ADDRESSES
from zhaoqing_site.content import KINDS as MODELS

pytestmark = pytest.mark.django_db
HIDDEN = "Hiddenword"
BUILDERS = [*KINDS.values(), make_figure, make_milestone, make_opportunity]
PAST = timezone.now() - datetime.timedelta(days=1)
NOT_PUBLIC = {
    "draft": {"status": Status.DRAFT},
    "withdrawn": {"status": Status.WITHDRAWN, "withdrawn_at": PAST},
    "taken down": {"status": Status.TAKEN_DOWN},
    "expired": {"expires_at": PAST},
}
# Each public address, and the search and files beside them.
PLACES = [address for address in ADDRESSES if "/inquiry/" not in address]
PLACES += [f"/en/search/?q={HIDDEN}", *(address.replace(".csv", ".json") for address in ADDRESSES if ".csv" in address)]


def surroundings():
    """Public items at the addresses that are looked at, so that each of their pages has something to point from."""
    make_bureau("zhaoqing")
    make_bureau("the-item")
    items = {kind: builder(slug="the-item") for kind, builder in KINDS.items()}
    items["parks"].district = make_district("dinghu")
    items["listings"].park = items["projects"].park = items["parks"]
    for kind in ("parks", "listings", "projects"):
        items[kind].industries.add(items["industries"])
        items[kind].save()
    make_figure(subject_code="the-item", industry=items["industries"])
    return items


def relate(items, hidden):
    """Everything public points at everything hidden, where the models allow it."""
    by_model = {type(one): one for one in hidden}
    for item in items.values():
        for field in item._meta.get_fields():
            target = by_model.get(field.related_model)
            if target is None or field.one_to_many:
                continue
            if field.many_to_many:
                name = field.name if not field.auto_created else field.get_accessor_name()
                getattr(item, name).add(target)
            elif field.many_to_one and field.null:
                setattr(item, field.name, target)
                item.save()


def test_what_is_not_public_is_named_nowhere(visitor):
    items = surroundings()
    for fields in NOT_PUBLIC.values():
        relate(items, [builder(**in_three("title", HIDDEN), **fields) for builder in BUILDERS])
    answers = {place: visitor.get(place).content.decode() for place in PLACES}
    found = [place for place, answer in answers.items() if HIDDEN in without_the_question(answer, place)]
    assert found == []


def without_the_question(answer, place):
    """A search page repeats the words that were asked for."""
    return answer if "/search/" not in place else answer.partition("<h2")[2]


def test_the_hidden_items_would_be_named_if_they_were_public(visitor):
    """The test above looks where it should."""
    items = surroundings()
    relate(items, [builder(**in_three("title", HIDDEN)) for builder in BUILDERS])
    naming = [place for place in PLACES if HIDDEN in visitor.get(place).content.decode()]
    for part in ("/en/", "/en/parks/the-item/", "/en/industries/the-item/", "/en/news/the-item/", "/en/policies/the-item/", "/en/sitemap/"):
        assert part in naming


def test_every_kind_inherits_what_published_things_share():
    for model in MODELS:
        assert issubclass(model, Publishable)
        assert {"live_has_date", "live_has_title"} <= {one.name.partition("_")[2] for one in model._meta.constraints}, model
        assert model._meta.ordering[-1] == "pk", model


def test_public_is_live_and_not_expired():
    live = make_park()
    later = make_park(expires_at=timezone.now() + datetime.timedelta(minutes=1))
    for fields in NOT_PUBLIC.values():
        make_park(**fields)
    assert set(Park.objects.public()) == {live, later}
    assert all(park.is_public == (park in {live, later}) for park in Park.objects.all())


def test_counts_are_of_public_items_alone(visitor):
    park = make_park(slug="the-park")
    make_listing(park=park)
    make_listing(park=park, status=Status.DRAFT)
    make_listing(park=park, availability="allocated")
    (row,) = visitor.get("/en/parks/").context["rows"]
    assert ("on offer", "1 listing") in row.facts
    assert "2 listings" in visitor.get("/en/listings/").content.decode()


# --- Samples ---


def test_a_sample_says_so_wherever_it_stands(visitor):
    park = make_park(slug="the-park")
    industry = make_industry(slug="the-industry")
    listing = make_listing(**in_three("title", HIDDEN), park=park, is_sample=True)
    project = make_project(**in_three("title", HIDDEN), park=park, is_sample=True)
    opportunity = make_opportunity(**in_three("title", HIDDEN), park=park, is_sample=True)
    for item in (listing, project, opportunity):
        item.industries.add(industry)
    places = ["/en/", "/en/listings/", "/en/projects/", "/en/parks/the-park/", "/en/industries/the-industry/", f"/en/search/?q={HIDDEN}"]
    for place in places:
        html = visitor.get(place).content.decode()
        links = html.count(f">{HIDDEN}</a>")
        assert links >= 1, place
        assert html.count(">Sample</span>") == links, place


def test_samples_are_not_offered_to_search_engines(visitor):
    make_listing(slug="sample", is_sample=True)
    assert "sample" not in visitor.get("/sitemap-listing.xml").content.decode()


def test_samples_are_marked_in_the_files(visitor):
    make_listing(is_sample=True)
    assert visitor.get("/en/listings/data.json").json()["items"][0]["is_sample"] is True


def test_a_policy_that_no_longer_holds_is_not_on_the_home_page(visitor):
    make_policy(**in_three("title", HIDDEN), validity="repealed")
    assert HIDDEN not in visitor.get("/en/").content.decode()
    assert HIDDEN not in visitor.get("/en/policies/").content.decode()
    assert HIDDEN in visitor.get("/en/policies/?validity=expired").content.decode()
