"""Amounts as people write them, asked about when they leap, and never public without source and day (staff.md S37, S44)."""

import datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parks.models import Listing
from projects.models import Project
from publishing import changes
from publishing.models import Status
from tests.factories import in_three, make_figure, make_listing, make_policy, make_project
from tests.publishing.test_admin import address, errors, save, sentences

SOURCED = in_three("source", "Notice of 3 March") | {"as_of": "2026-03-03"}


@pytest.fixture
def project(db):
    return make_project(status=Status.DRAFT)


@pytest.mark.parametrize(
    "typed",
    [
        "12000000",
        "1,200万元",
        "1200万",
        "0.12亿元",
        "１２００万元",
        "12，000，000",
        "CNY 12 million",
        "12 million",
        "¥12,000,000",
        "1,200萬元",
    ],
)
def test_s37_one_amount_written_in_many_ways_is_stored_alike(typed, editor, signed_in, project):
    assert save(signed_in(editor), project, investment_cny=typed).status_code == 302
    assert Project.objects.get().investment_cny == Decimal("12000000")


@pytest.mark.parametrize("typed", ["1,200万美元", "about 5", "1.2.3", "12 Mio", "-5"])
def test_s37_what_is_no_amount_in_yuan_is_refused_and_stays_as_typed(typed, editor, signed_in, project):
    answer = save(signed_in(editor), project, investment_cny=typed)
    assert "investment_cny" in errors(answer)
    assert f'value="{typed}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "stored"), [("sale_price", "30万元/亩", "450"), ("rent", "18.5", "18.5"), ("land_area_m2", "30亩", "20000")]
)
def test_s37_prices_and_areas_are_read_in_the_units_of_the_trade(field, typed, stored, editor, signed_in):
    listing = make_listing(status=Status.DRAFT, land_area_m2=None)
    save(signed_in(editor), listing, **{field: typed})
    assert getattr(Listing.objects.get(), field) == Decimal(stored)


def test_s37_the_amount_stands_in_words_beside_its_field_saved_or_not(editor, signed_in, project):
    client = signed_in(editor)
    save(client, project, investment_cny="1,200万元")
    page = client.get(address(project)).content.decode()
    assert 'value="12000000"' in page
    assert ">CNY 12 million</output>" in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
    assert ">1200萬元</output>" in client.get(address(project)).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    refused = save(client, project, **in_three("title", ""), investment_cny="1300万元").content.decode()
    assert 'value="1300万元"' in refused
    assert ">CNY 13 million</output>" in refused


def test_s37_an_amount_in_another_currency_is_said_without_one(editor, signed_in, project):
    client = signed_in(editor)
    save(client, project, stated_amount="1200万美元", stated_currency="USD")
    assert ">12 million</output>" in client.get(address(project)).content.decode()


# --- Leaps ---


@pytest.mark.parametrize("new", ["1.3亿元", "1,100,000"])
def test_s37_a_change_by_more_than_ten_times_is_asked_about_once(new, editor, signed_in):
    project = make_project(status=Status.DRAFT, investment_cny=12_000_000)
    client = signed_in(editor)
    answer = save(client, project, investment_cny=new)
    assert "really?" in errors(answer)["investment_cny"][0]
    (leap,) = answer.context["adminform"].form.leaps
    assert f'name="really" value="{leap.token}"' in answer.content.decode()
    assert save(client, project, investment_cny=new, really=leap.token).status_code == 302
    assert save(client, project, investment_cny=new).status_code == 302


def test_s37_the_tick_is_for_that_number_alone(editor, signed_in):
    project = make_project(status=Status.DRAFT, investment_cny=12_000_000)
    answer = save(signed_in(editor), project, investment_cny="1500000000", really="investment_cny=1300000000")
    assert "investment_cny" in errors(answer)


def test_s37_the_tick_stays_when_something_else_is_wrong(editor, signed_in):
    project = make_project(status=Status.DRAFT, investment_cny=12_000_000)
    token = "investment_cny=130000000"
    answer = save(signed_in(editor), project, **in_three("title", ""), investment_cny="1.3亿", really=token)
    assert f'value="{token}" checked' in answer.content.decode()


@pytest.mark.parametrize("new", ["120000000", "1200000", "", "0"])
def test_s37_ten_times_an_amount_taken_away_and_nothing_are_not_asked_about(new, editor, signed_in):
    project = make_project(status=Status.DRAFT, investment_cny=12_000_000)
    assert save(signed_in(editor), project, investment_cny=new).status_code == 302


def test_s37_the_leap_is_measured_from_the_draft_of_a_live_item(editor, signed_in):
    project = make_project(investment_cny=12_000_000)
    client = signed_in(editor)
    save(client, project, investment_cny="1.3亿", really="investment_cny=130000000")
    assert save(client, project, investment_cny="1.4亿").status_code == 302


def test_s37_the_value_of_a_figure_is_asked_about_too(editor, signed_in):
    figure = make_figure(status=Status.DRAFT, value=2260)
    assert "value" in errors(save(signed_in(editor), figure, value="22.6"))


# --- Source, day, unit ---


def test_s37_no_submit_of_an_amount_without_source_and_day(editor, signed_in, project):
    client = signed_in(editor)
    answer = save(client, project, investment_cny="1,200万元", _step="submit")
    assert changes.open_change(project).state == "draft"
    assert any("source is missing" in sentence for sentence in sentences(answer))
    page = client.get(address(project)).content.decode()
    assert 'href="#id_as_of"' in page
    assert 'href="#id_source_zh_hans"' in page
    save(client, project, _step="submit", **SOURCED)
    assert changes.open_change(project).state == "in-review"


def test_s37_no_submit_of_an_amount_without_its_unit(editor, signed_in, project):
    client = signed_in(editor)
    save(client, project, stated_amount="5000000", _step="submit", **SOURCED)
    assert changes.open_change(project).state == "draft"
    save(client, project, stated_currency="USD", _step="submit")
    assert changes.open_change(project).state == "in-review"


@pytest.mark.parametrize(("make", "amount"), [(make_listing, {"sale_price": "450"}), (make_policy, {"cap_cny": "500万"})])
def test_s37_prices_and_caps_need_a_source_too(make, amount, editor, signed_in):
    item = make(status=Status.DRAFT)
    save(signed_in(editor), item, _step="submit", **amount)
    assert changes.open_change(item).state == "draft"
    save(signed_in(editor), item, _step="submit", **SOURCED)
    assert changes.open_change(item).state == "in-review"


def test_s37_an_item_without_amounts_needs_no_source(editor, signed_in, project):
    save(signed_in(editor), project, _step="submit", summary_en="New")
    assert changes.open_change(project).state == "in-review"


def test_s37_a_figure_says_for_which_period_it_holds(editor, signed_in):
    figure = make_figure(status=Status.DRAFT, period_kind="point", period_start=None, period_end=None)
    client = signed_in(editor)
    save(client, figure, _step="submit", note_en="New")
    assert changes.open_change(figure).state == "draft"
    save(client, figure, _step="submit", as_of="2026-03-03")
    assert changes.open_change(figure).state == "in-review"


# --- S44: what nobody has checked for a year ---


def figures(client, **query):
    return client.get(reverse("admin:city_keyfigure_changelist"), query).content.decode()


@pytest.fixture
def stale(db):
    long_ago = datetime.date(2020, 1, 1)
    return make_figure(as_of=long_ago, checked_on=long_ago, review_by=long_ago, **in_three("title", "Old figure"))


def test_s44_still_correct_in_the_list_takes_a_figure_out_of_the_stale_ones(stale, editor, signed_in, visitor):
    client, changed = signed_in(editor), stale.updated_at
    assert "Old figure" in figures(client, check="due")
    confirm(client, stale)
    assert "Old figure" not in figures(client, check="due")
    stale.refresh_from_db()
    assert (stale.checked_on, stale.checked_by, stale.as_of) == (timezone.localdate(), editor, datetime.date(2020, 1, 1))
    assert stale.updated_at == changed
    public = visitor.get(stale.get_absolute_url().split("#")[0]).content.decode()
    assert f"checked {timezone.localdate():%b %Y}" in public


def confirm(client, figure):
    client.post(reverse("admin:city_keyfigure_changelist"), {"action": "confirm_correct", "_selected_action": [figure.pk]})


def test_s44_a_confirmed_figure_with_an_open_draft_can_still_be_published(stale, editor, publisher, signed_in):
    client = signed_in(editor)
    save(client, stale, note_en="Draft")
    confirm(client, stale)
    save(client, stale, note_en="Draft again", _step="submit")
    submit_answer = signed_in(publisher).post(address(stale, "step", "approve_and_publish"))
    stale.refresh_from_db()
    assert stale.note_en == "Draft again", sentences(submit_answer)


def test_s44_a_stranger_confirms_nothing(stale, stranger, signed_in):
    confirm(signed_in(stranger), stale)
    stale.refresh_from_db()
    assert stale.checked_on == datetime.date(2020, 1, 1)
