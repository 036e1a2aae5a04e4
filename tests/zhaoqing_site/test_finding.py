"""Finding across everything in the staff area (staff.md S46)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publishing.models import Status
from tests.factories import in_three, make_article, make_contact, make_inquiry, make_listing, make_park


def found(client, words):
    page = client.get(reverse("admin:find"), {"q": words})
    return {name for group in page.context["groups"] for name, _state, _url in group.found}


@pytest.mark.parametrize("words", ["莲花", "蓮花", "Lianhua", "lianhua park", "ＬＩＡＮＨＵＡ"])
def test_s46_either_script_finds_a_park(words, editor, signed_in):
    make_park(status=Status.DRAFT, title_en="Lianhua Park", title_zh_hans="", title_zh_hant="蓮花園區")
    make_park(**in_three("title", "Other"))
    assert found(signed_in(editor), words) == {"Lianhua Park"}


def test_s46_a_code_and_a_title_are_grouped_by_kind(editor, signed_in):
    make_listing(code="DH-0042", **in_three("title", "A plot"))
    make_article(**in_three("title", "News of DH-0042"))
    page = signed_in(editor).get(reverse("admin:find"), {"q": "dh-0042"})
    assert [str(group.name) for group in page.context["groups"]] == ["Articles", "Land and buildings"]


@pytest.mark.parametrize("words", ["0758-269 2222", "+86 758 2692222", "2692222", "ＺＱ"])
def test_s46_a_telephone_is_found_however_it_is_typed(words, editor, signed_in):
    make_contact(bureau="dinghu", phone="+867582692222", **in_three("name", "Desk"))
    assert found(signed_in(editor), words) == ({"Desk"} if "2" in words else set())


def test_s46_an_officer_finds_an_inquiry_by_its_reference(officer, editor, signed_in):
    inquiry = make_inquiry(reference="ZQ-7731-AAAA")
    assert found(signed_in(officer), "ZQ-7731") == {str(inquiry)}
    assert found(signed_in(editor), "ZQ-7731") == set()


def test_s46_nothing_of_another_bureau_is_found(stranger, signed_in):
    make_park(status=Status.DRAFT, **in_three("title", "Canary-7731"))
    assert found(signed_in(stranger), "Canary") == set()


@pytest.mark.parametrize("words", ["", " ", "\0", "%", "_", "'; --", "x" * 500])
def test_odd_words_get_an_answer(words, editor, signed_in):
    make_park()
    assert signed_in(editor).get(reverse("admin:find"), {"q": words}).status_code == 200


def test_finding_asks_as_often_for_many(manager, signed_in):
    client = signed_in(manager)

    def queries():
        client.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:find"), {"q": "plot"})
        return len(captured)

    for _row in range(3):
        make_listing(**in_three("title", "A plot"))
    few = queries()
    for _row in range(30):
        make_listing(**in_three("title", "A plot"))
    assert queries() == few <= 25
