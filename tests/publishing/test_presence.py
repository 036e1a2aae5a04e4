"""Who else has an item open: told to those who may see its drafts, for as long as it is so (staff.md S11)."""

import datetime
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Membership
from publishing.models import Presence, Status
from tests.factories import make_article, make_change, make_contact, make_member

ADDRESS = reverse("admin:presence")


@pytest.fixture
def article(dinghu):
    return make_article(status=Status.DRAFT)


@pytest.fixture
def ann(db):
    return make_member("ann-li", Membership.Role.EDITOR, first_name="Ann")


@pytest.fixture
def rui(db):
    return make_member("rui-wu", Membership.Role.REVIEWER, first_name="Rui")


def question(item, **told):
    return {"kind": ContentType.objects.get_for_model(item).pk, "item": item.pk, "page": "one", "changed": "no"} | told


def lines(client, item, **told):
    return client.post(ADDRESS, question(item, **told)).json()["lines"]


def pass_by(seconds):
    """As if so much time had gone by since the last question."""
    for row in Presence.objects.all():
        moved = datetime.timedelta(seconds=seconds)
        Presence.objects.filter(pk=row.pk).update(until=row.until - moved, since=row.since - moved)


def test_s11_both_see_each_other_with_the_time(article, ann, rui, signed_in):
    assert lines(signed_in(ann), article) == []
    assert lines(signed_in(rui), article, changed="yes") == ["Ann has this open."]
    (line,) = lines(signed_in(ann), article, changed="yes")
    assert re.fullmatch(r"Rui is editing \(since \d\d:\d\d\)\.", line)
    assert f"{timezone.localtime(Presence.objects.get(user=rui).since):%H:%M}" in line
    assert "Ann is editing" in lines(signed_in(rui), article)[0]


def test_s11_editing_begins_with_the_first_change_and_ends_with_saving(article, ann, rui, signed_in):
    lines(signed_in(ann), article)
    pass_by(30)
    opened = Presence.objects.get().since
    lines(signed_in(ann), article, changed="yes")
    assert Presence.objects.get().since > opened
    lines(signed_in(ann), article, page="after saving")
    assert lines(signed_in(rui), article) == ["Ann has this open."]


def test_s11_who_closes_the_form_is_gone_at_once(article, ann, rui, signed_in):
    lines(signed_in(ann), article)
    lines(signed_in(ann), article, leaves="yes")
    assert lines(signed_in(rui), article) == []
    lines(signed_in(ann), article, unseen="yes")  # sent before the farewell, come after it
    assert lines(signed_in(rui), article) == []


def test_s11_whose_browser_crashed_is_gone_within_a_minute(article, ann, rui, signed_in):
    lines(signed_in(ann), article)
    pass_by(40)
    assert lines(signed_in(rui), article) != []
    pass_by(10)
    assert lines(signed_in(rui), article) == []


def test_a_form_behind_another_tab_asks_seldom_and_is_still_open(article, ann, rui, signed_in):
    lines(signed_in(ann), article, unseen="yes")
    pass_by(100)
    assert lines(signed_in(rui), article) != []


def test_saving_does_not_begin_the_time_anew_and_a_late_farewell_takes_nobody_away(article, ann, rui, signed_in):
    lines(signed_in(ann), article, page="first")
    pass_by(30)
    since = Presence.objects.get().since
    lines(signed_in(ann), article, page="second")
    lines(signed_in(ann), article, page="first", leaves="yes")
    assert Presence.objects.get().since == since
    assert len(lines(signed_in(rui), article)) == 1


def test_who_comes_back_later_begins_anew(article, ann, signed_in):
    lines(signed_in(ann), article)
    pass_by(600)
    old = Presence.objects.get().since
    lines(signed_in(ann), article)
    assert Presence.objects.get().since > old


def test_who_only_reads_is_not_editing(article, ann, rui, signed_in):
    lines(signed_in(ann), article, reads="yes")
    assert lines(signed_in(rui), article) == []


def test_s11_a_newer_version_is_told(article, ann, rui, signed_in):
    change = make_change(article, by=ann)
    assert lines(signed_in(rui), article, base=change.revision.pk) == []
    assert "Ann saved a newer version at" in lines(signed_in(rui), article, base=change.revision.base.pk)[-1]
    assert "You saved a newer version at" in lines(signed_in(ann), article, base="")[-1]


def test_s11_an_item_of_another_bureau_answers_404(article, stranger, officer, administrator, signed_in):
    for person in (stranger, officer, administrator):
        assert signed_in(person).post(ADDRESS, question(article)).status_code == 404
    assert not Presence.objects.exists()


@pytest.mark.parametrize("told", [{"item": "x"}, {"item": ""}, {"kind": "9" * 30}, {"kind": "0"}, {"item": "²"}, {"kind": "-1"}])
def test_what_is_no_item_answers_404(told, article, ann, signed_in):
    assert signed_in(ann).post(ADDRESS, question(article) | told).status_code == 404


def test_what_is_not_published_has_no_presence(ann, signed_in):
    assert signed_in(ann).post(ADDRESS, question(make_contact())).status_code == 404


def test_it_takes_a_token_and_a_session(article, ann, visitor, signed_in):
    assert signed_in(ann, enforce_csrf_checks=True).post(ADDRESS, question(article)).status_code == 403
    assert visitor.post(ADDRESS, question(article)).status_code == 401


def test_rows_of_no_use_go(article, ann, rui, signed_in):
    lines(signed_in(ann), article)
    pass_by(2 * 24 * 60 * 60)
    lines(signed_in(rui), article)
    assert [row.user for row in Presence.objects.all()] == [rui]
