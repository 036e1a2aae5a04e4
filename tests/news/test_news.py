"""The pages of articles, policies and services (investors.md 2.8, 2.9, 4.1)."""

import datetime

import pytest

from publishing.models import Status
from tests.factories import (
    in_three,
    make_article,
    make_bureau,
    make_industry,
    make_park,
    make_picture,
    make_policy,
    make_policy_step,
    make_project,
    use_picture,
)
from tests.pages import page_of

pytestmark = pytest.mark.django_db


def text_at(visitor, address):
    return page_of(visitor.get(address)).text


# --- Articles ---


def test_an_article_names_its_publisher_and_both_times(visitor):
    make_article(
        slug="news",
        first_published_at=datetime.datetime(2023, 10, 19, 17, 0, tzinfo=datetime.UTC),
        publisher_published_at=datetime.datetime(2023, 10, 19, 8, 30, tzinfo=datetime.UTC),
        publisher_url="https://www.zhaoqing.gov.cn/",
        **in_three("publisher", "Released by Zhaoqing", "肇庆发布"),
    )
    text = text_at(visitor, "/en/news/news/")
    assert "20 Oct 2023" in text  # midnight is Beijing's
    assert "Original publisher: Released by Zhaoqing · 19 Oct 2023, 16:30" in text
    assert "2023-10-19 16:30" in text_at(visitor, "/zh-hans/news/news/")


def test_an_undated_article_bears_no_date_anywhere(visitor):
    make_article(slug="old", is_undated=True, first_published_at=datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC))
    for address in ("/en/news/old/", "/en/news/", "/en/", "/en/news/feed/"):
        html = visitor.get(address).content.decode()
        assert "2020" not in html, address
    assert "undated" in text_at(visitor, "/en/news/old/")


def test_the_first_publication_stays_the_date_of_an_article(visitor):
    make_article(
        slug="news", first_published_at=datetime.datetime(2024, 8, 6, tzinfo=datetime.UTC), published_at=datetime.datetime.now(datetime.UTC)
    )
    assert "6 Aug 2024" in text_at(visitor, "/en/news/news/")


def test_the_newest_two_featured_stand_beside_an_article_but_not_itself(visitor):
    for day in (1, 2, 3):
        moment = datetime.datetime(2026, 1, day, tzinfo=datetime.UTC)
        make_article(slug=f"featured-{day}", featured=True, first_published_at=moment, **in_three("title", f"Featured {day}"))
    make_article(slug="news")
    featured = [article.title for article in visitor.get("/en/news/news/").context["featured"]]
    assert featured == ["Featured 3", "Featured 2"]
    assert [article.title for article in visitor.get("/en/news/featured-3/").context["featured"]] == ["Featured 2", "Featured 1"]


def test_an_article_leads_to_what_it_is_about(visitor):
    article = make_article(slug="news")
    article.parks.add(make_park(**in_three("title", "Park")), make_park(status=Status.DRAFT, **in_three("title", "Hidden")))
    article.projects.add(make_project(**in_three("title", "Plant")))
    article.industries.add(make_industry(**in_three("title", "Robots")))
    article.related.add(make_article(**in_three("title", "Earlier")))
    text = text_at(visitor, "/en/news/news/")
    assert all(word in text for word in ("Park", "Plant", "Robots", "Earlier"))
    assert "Hidden" not in text


def test_a_photograph_that_is_not_held_shows_caption_and_credit(visitor):
    article = make_article(slug="news")
    use_picture(article, make_picture(with_file=False, credit="Liang Xiaoming", **in_three("caption", "A new hall")))
    page = page_of(visitor.get("/en/news/news/"))
    assert "A new hall" in page.text
    assert "Liang Xiaoming" in page.text
    assert page.all("img") == []


def test_a_photograph_shows_its_alternative_text_in_the_language_of_the_page(visitor):
    article = make_article(slug="news")
    use_picture(article, make_picture())
    assert page_of(visitor.get("/en/news/news/")).one("img")["alt"] == "A factory hall"
    assert page_of(visitor.get("/zh-hant/news/news/")).one("img")["alt"] == "厂房"


def test_the_text_of_an_article_is_cleaned_on_its_way_out(visitor):
    make_article(
        slug="news", body_en='<p onclick="x()">Text<script>alert(1)</script><a href="javascript:x()">a</a></p><img src=x onerror=y>'
    )
    html = visitor.get("/en/news/news/").content.decode()
    assert "<p>Text" in html
    assert not any(word in html for word in ("onclick", "alert(1)", "javascript:", "onerror"))


def test_links_of_a_text_stay_in_the_language_of_the_page(visitor):
    make_article(
        slug="news", **in_three("body", '<p><a href="/parks/x/">x</a> <a href="/en/parks/x/">y</a> <a href="https://e.example/">z</a></p>')
    )
    links = {link["href"] for link in page_of(visitor.get("/zh-hant/news/news/")).all("a")}
    assert {"/zh-hant/parks/x/", "/en/parks/x/", "https://e.example/"} <= links


# --- Policies and services ---


def test_a_policy_in_force_says_who_issued_it_and_until_when(visitor):
    make_policy(
        slug="reward",
        validity="in-force",
        document_no="肇府规〔2023〕7号",
        issued_on=datetime.date(2023, 5, 1),
        expires_on=datetime.date(2027, 4, 30),
        rate_percent=10,
        cap_cny=5_000_000,
        **in_three("issuing_body", "Municipal government"),
        **in_three("rate_base", "of equipment"),
        **in_three("eligibility", "One\n\nTwo"),
        **in_three("documents_needed", "Form\nLicense"),
    )
    page = page_of(visitor.get("/en/policies/reward/"))
    for fact in ("肇府规〔2023〕7号", "Municipal government", "1 May 2023", "30 Apr 2027", "10%", "of equipment", "CNY 5 million"):
        assert fact in page.text
    assert "Validity not confirmed" not in page.text
    assert "prevails" in page.text
    assert "One Two" in page.text
    assert "Form License" in page.text


def test_a_policy_that_is_not_confirmed_has_a_bar(visitor):
    make_policy(slug="reward", validity="not-confirmed")
    assert "Validity not confirmed" in text_at(visitor, "/en/policies/reward/")


def test_a_policy_that_was_replaced_leads_to_the_new_one(visitor):
    make_policy(slug="old", validity="repealed", replaced_by=make_policy(**in_three("title", "New reward")))
    make_policy(slug="older", validity="expired", replaced_by=make_policy(status=Status.DRAFT, **in_three("title", "Hidden")))
    assert "Repealed · Replaced by: New reward" in text_at(visitor, "/en/policies/old/")
    assert "Hidden" not in text_at(visitor, "/en/policies/older/")


def test_steps_name_office_days_and_fee(visitor):
    policy = make_policy(slug="service", kind="service", promised_days=5, fee_cny=0, office=make_bureau("sihui"))
    make_policy_step(policy=policy, order=2, days=1, fee_cny=120, **in_three("title", "Collect"))
    make_policy_step(policy=policy, order=1, days=3, **in_three("title", "Hand in", "提交"), **in_three("office", "Window 3"))
    text = text_at(visitor, "/en/policies/service/")
    assert "Hand in · Window 3 · 3 working days Collect · 1 working day · CNY 120" in text
    assert "Promised time 5 working days" in text
    assert "Fee Free of charge" in text
    assert "120元" in text_at(visitor, "/zh-hans/policies/service/")


def test_unknown_facts_of_a_policy_ask(visitor):
    make_policy(slug="reward")
    text = text_at(visitor, "/en/policies/reward/")
    for fact in ("Document number", "Issuing body", "Issued on", "In force until", "Office in charge", "Promised time", "Fee"):
        assert f"{fact} Ask us" in text


def test_a_policy_and_its_interpretation_lead_to_each_other(visitor):
    article = make_article(slug="explained", kind="interpretation", **in_three("title", "In plain words"))
    make_policy(slug="reward", interpretation=article, **in_three("title", "Reward"))
    assert "Reward" in text_at(visitor, "/en/news/explained/")
    assert "In plain words" in text_at(visitor, "/en/policies/reward/")


def test_the_list_shows_what_holds_unless_asked_otherwise(visitor):
    for validity in ("in-force", "not-confirmed", "expired", "amended", "repealed"):
        make_policy(validity=validity, **in_three("title", validity))

    def found(query=""):
        return {row.title for row in visitor.get(f"/en/policies/{query}").context["rows"]}

    assert found() == found("?validity=current") == {"in-force", "not-confirmed"}
    assert found("?validity=expired") == {"expired", "amended", "repealed"}
    assert len(found("?validity=all")) == 5


def test_a_foreign_condition_is_marked_with_its_language(visitor):
    make_policy(slug="reward", title_en="Reward", eligibility_en="", eligibility_zh_hans="条件一", eligibility_zh_hant="")
    assert '<span lang="zh-Hans">条件一</span>' in visitor.get("/en/policies/reward/").content.decode()
