"""Writing, publishing and keeping apart in the staff area."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from bureaus.models import AuditEntry, Membership
from news.models import Article
from parks.models import FunctionalArea, Listing, Park
from projects.models import Project
from publishing import changes, links
from publishing.addresses import keep_old_address
from publishing.languages import CODES
from publishing.models import PictureUse, Status
from publishing.workflow import take
from tests import factories
from tests.browsing import fields_of, submit
from tests.factories import (
    in_three,
    make_article,
    make_change,
    make_contact,
    make_listing,
    make_park,
    make_picture,
    make_project,
    use_picture,
)


@pytest.fixture
def draft(db):
    return make_park(slug="lianhua", status=Status.DRAFT)


def address(item, name="change", *arguments):
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{name}", args=[item.pk, *arguments])


def save(client, item, **changes):
    return submit(client, address(item), f"{item._meta.model_name}_form", **changes)


def add_article(client, **fields):
    return submit(client, reverse("admin:news_article_add"), "article_form", title_en="A new line", **fields)


def explained(reason):
    """What the form of a withdrawal posts."""
    return {f"note_{code}": reason for code in CODES}


def errors(response):
    return response.context["adminform"].form.errors if response.context else {}


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Writing ---


def test_an_editor_changes_a_draft(editor, signed_in, draft):
    assert save(signed_in(editor), draft, title_en="Lianhua park").status_code == 302
    draft.refresh_from_db()
    assert (draft.title_en, draft.status) == ("Lianhua park", Status.DRAFT)


def test_new_rows_without_a_number_come_after_the_others_as_they_were_written(editor, signed_in, draft):
    factories.make_functional_area(park=draft, order=4, **in_three("title", "First"))
    rows = {"functional_areas-TOTAL_FORMS": "3"}
    for number, title in enumerate(["Second", "Third"], start=1):
        prefix = f"functional_areas-{number}-"
        rows |= {f"{prefix}title_en": title, f"{prefix}kind": "living", f"{prefix}order": "", f"{prefix}park": draft.pk}
    assert save(signed_in(editor), draft, **rows).status_code == 302
    assert [(area.order, area.title_en) for area in draft.functional_areas.all()] == [(4, "First"), (5, "Second"), (6, "Third")]


def test_a_new_item_belongs_to_the_bureau_of_its_author(editor, signed_in):
    assert add_article(signed_in(editor)).status_code == 302
    assert Article.objects.get().bureau.slug == "dinghu"


def test_an_author_at_two_bureaus_chooses_between_these(editor, signed_in, sihui, zhaoqing):
    Membership.objects.create(user=editor, bureau=sihui, role=Membership.Role.EDITOR)
    client = signed_in(editor)
    assert "bureau" in errors(add_article(client))
    assert "bureau" in errors(add_article(client, bureau=zhaoqing.pk))
    assert add_article(client, bureau=sihui.pk).status_code == 302
    assert Article.objects.get().bureau == sihui


def test_an_item_does_not_move_to_another_bureau_by_a_posted_field(editor, signed_in, draft, sihui):
    Membership.objects.create(user=editor, bureau=sihui, role=Membership.Role.EDITOR)
    assert save(signed_in(editor), draft, bureau=sihui.pk).status_code == 302
    draft.refresh_from_db()
    assert draft.bureau.slug == "dinghu"


def test_posted_state_version_and_dates_change_nothing(editor, signed_in, draft):
    posted = {"status": "live", "version": 9, "first_published_at": "2020-01-01", "is_sample": "on", "checked_by": editor.pk}
    save(signed_in(editor), draft, **posted)
    draft.refresh_from_db()
    assert (draft.status, draft.version, draft.first_published_at, draft.is_sample, draft.checked_by) == (
        Status.DRAFT,
        0,
        None,
        False,
        None,
    )


def test_a_title_in_one_language_is_enough_for_a_draft_and_none_is_not(editor, signed_in, draft):
    client = signed_in(editor)
    assert save(client, draft, **in_three("title", "") | {"title_zh_hans": "莲花园区"}).status_code == 302
    assert "title_zh_hans" in errors(save(client, draft, **in_three("title", "")))


def test_an_empty_address_part_is_made_from_the_english_title_and_is_free(editor, signed_in):
    client = signed_in(editor)
    add_article(client)
    add_article(client)
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["a-new-line", "a-new-line-2"]


def test_an_item_without_english_title_gets_an_address_part_too(editor, signed_in):
    page = reverse("admin:news_article_add")
    submit(signed_in(editor), page, "article_form", title_zh_hans="新生产线")
    assert Article.objects.get().slug.startswith("article-20")


@pytest.mark.parametrize("slug", ["feed", "moved-away"])
def test_an_address_part_that_leads_elsewhere_is_refused(slug, editor, signed_in):
    keep_old_address(make_article(), "moved-away")
    assert "slug" in errors(add_article(signed_in(editor), slug=slug))


def test_an_address_part_of_other_signs_is_refused_in_plain_words(editor, signed_in):
    found = errors(add_article(signed_in(editor), slug="Bad Slug!"))
    assert found["slug"] == ["Use lower-case Latin letters, digits and hyphens only."]


def test_texts_are_stored_composed_and_without_unseen_characters(editor, signed_in, draft):
    save(signed_in(editor), draft, title_en="Cafe\u0301 \u202epark\u200b")
    draft.refresh_from_db()
    assert draft.title_en == "Café park"


def test_rich_text_is_cleaned_on_save(editor, signed_in, draft):
    save(signed_in(editor), draft, body_en='<p onclick="x()">Steel<script>alert(1)</script></p><p></p>')
    draft.refresh_from_db()
    assert draft.body_en == "<p>Steel</p><p></p>"


def test_parts_are_added_changed_and_taken_away_in_the_form_of_their_item(editor, signed_in, draft):
    area = factories.make_functional_area(park=draft)
    prefix = "functional_areas-0-"
    save(signed_in(editor), draft, **{f"{prefix}title_en": "North area"})
    area.refresh_from_db()
    assert area.title_en == "North area"
    save(signed_in(editor), draft, **{f"{prefix}DELETE": "on"})
    assert not FunctionalArea.objects.exists()


def test_the_same_text_sent_twice_is_no_conflict(editor, signed_in, draft):
    client = signed_in(editor)
    page = fields_of(client.get(address(draft)), "park_form") | {"title_en": "Mine", "_continue": "1"}
    answers = [client.post(address(draft), page) for _press in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [address(draft)] * 2


# --- Publishing ---


def test_s19_a_draft_shows_what_is_missing_with_links_to_the_fields(publisher, signed_in):
    park = make_park(status=Status.DRAFT, summary_en="")
    page = signed_in(publisher).get(address(park)).content.decode()
    assert '<a href="#id_summary_en">' in page


def test_submitting_saves_what_is_typed_and_a_colleague_publishes_it(editor, publisher, signed_in, draft, visitor):
    save(signed_in(editor), draft, title_en="Ready", _step="submit")
    draft.refresh_from_db()
    assert (draft.title_en, draft.status) == ("Ready", Status.DRAFT)
    assert visitor.get("/en/parks/lianhua/").status_code == 404
    signed_in(publisher).post(address(draft, "step", "approve_and_publish"))
    assert "Ready" in visitor.get("/en/parks/lianhua/").content.decode()


def test_s19_submitting_what_is_not_ready_keeps_the_text_as_a_draft(editor, signed_in, draft):
    response = save(signed_in(editor), draft, title_en="Typed", summary_en="", _step="submit")
    draft.refresh_from_db()
    assert (draft.title_en, changes.open_change(draft).state) == ("Typed", "draft")
    assert "Your text is saved." in sentences(response)


def test_a_new_item_can_be_submitted_at_once(editor, signed_in):
    add_article(signed_in(editor), summary_en="Summary", body_en="<p>Text</p>", _step="submit")
    assert changes.open_change(Article.objects.get()).state == "in-review"


def test_an_editor_has_no_button_to_publish_and_a_forged_press_publishes_nothing(editor, signed_in, draft):
    make_change(draft, "approved")
    client = signed_in(editor)
    assert b"Publish now" not in client.get(address(draft)).content
    assert client.post(address(draft, "step", "publish")).status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_a_second_press_changes_nothing_and_says_the_same(publisher, signed_in, draft):
    make_change(draft, "approved")
    client = signed_in(publisher)
    first, second = (client.post(address(draft, "step", "publish")) for _press in range(2))
    draft.refresh_from_db()
    assert (first.status_code, second.status_code, draft.version) == (302, 302, 1)


def test_steps_are_taken_by_post_alone(publisher, signed_in, draft):
    make_change(draft, "approved")
    signed_in(publisher).get(address(draft, "step", "publish"))
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_s31_withdrawing_asks_for_a_reason_that_the_page_shows(publisher, signed_in, visitor):
    park = make_park(slug="lianhua")
    client = signed_in(publisher)
    said = explained("The map is being corrected.")
    page = client.post(address(park, "step", "withdraw"), said | {"note_zh-hans": " "}).content.decode()
    assert "Say why in 简体中文" in page
    assert "Say why in English" not in page
    client.post(address(park, "step", "withdraw"), said)
    park.refresh_from_db()
    assert park.status == Status.WITHDRAWN
    assert "The map is being corrected." in visitor.get("/en/parks/lianhua/").content.decode()


def test_s31_taking_down_asks_why_and_shows_what_refers_to_it(manager, signed_in):
    park = make_park(slug="old-park")
    inside, draft = make_listing(park=park), make_listing(park=park, status=Status.DRAFT)
    linking = make_article(body_en='<a href="/en/parks/old-park/">there</a>')
    links.gather()
    client, way = signed_in(manager), address(park, "step", "take_down")
    page = client.get(way).content.decode()
    for one in (inside, linking):
        assert f'href="{address(one)}"' in page[: page.index('id="step_form"')]
    assert draft.title not in page
    assert "No live page" not in page
    assert client.post(way, {"outcome": "gone", "comment": " "}).context["form"].has_error("comment", "required")
    with pytest.raises(ValidationError):
        take(park, "take_down", manager)
    client.post(way, {"outcome": "gone", "comment": "Merged with the high-tech zone."})
    park.refresh_from_db()
    assert park.status == Status.TAKEN_DOWN
    assert AuditEntry.objects.get(action="take-down").detail == "Merged with the high-tech zone."
    history = client.get(address(park, "history")).content.decode()
    assert "Taken down" in history
    assert "Merged with the high-tech zone." in history
    assert "No live page" in client.get(address(make_park(), "step", "take_down")).content.decode()


def test_s31_taking_down_says_gone_or_leads_to_a_successor(manager, signed_in, visitor):
    make_park(slug="new-park")
    park, other = make_park(slug="old-park"), make_park(slug="lost-park")
    client = signed_in(manager)
    client.post(address(park, "step", "take_down"), {"outcome": "moved", "successor": "/zh-hans/parks/new-park/", "comment": "Merged."})
    client.post(address(other, "step", "take_down"), {"outcome": "gone", "comment": "Closed."})
    assert visitor.get("/en/parks/old-park/").headers["Location"] == "/en/parks/new-park/"
    assert visitor.get("/en/parks/lost-park/").status_code == 410


@pytest.mark.parametrize(
    "successor",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/nowhere/",
        "/en/parks/unknown/",
        "/en/parks/old-park/",
        "/admin/",
        "javascript:alert(1)",
    ],
)
def test_s31_a_successor_is_another_public_page_of_this_site(successor, manager, signed_in):
    park = make_park(slug="old-park")
    signed_in(manager).post(address(park, "step", "take_down"), {"outcome": "moved", "successor": successor, "comment": "Merged."})
    park.refresh_from_db()
    assert park.status == Status.LIVE


def test_what_was_taken_down_can_be_put_back(manager, publisher, signed_in):
    park = make_park(status=Status.TAKEN_DOWN)
    signed_in(publisher).post(address(park, "step", "put_back"))
    park.refresh_from_db()
    assert park.status == Status.LIVE


def test_a_reviewer_does_not_take_down(publisher, signed_in):
    park = make_park()
    assert signed_in(publisher).post(address(park, "step", "take_down"), {"outcome": "gone"}).status_code == 403


def test_in_an_emergency_the_city_desk_withdraws_what_another_bureau_shows(city_desk, signed_in):
    park, client = make_park(), signed_in(city_desk)
    client.post(address(park, "step", "withdraw"), explained("Wrong by a zero."))
    park.refresh_from_db()
    assert park.status == Status.WITHDRAWN
    assert client.post(address(park, "step", "put_back")).status_code == 404


@pytest.mark.parametrize(
    "address_typed", ["/en/parks/lianhua/", "/zh-hans/parks/lianhua/?x=1#y", "http://127.0.0.1:8000/en/parks/lianhua/"]
)
def test_the_city_desk_finds_what_to_withdraw_by_its_public_address(address_typed, city_desk, signed_in):
    park = make_park(slug="lianhua")
    answer = signed_in(city_desk).get(reverse("admin:withdraw_elsewhere"), {"address": address_typed})
    assert answer.headers["Location"] == address(park, "step", "withdraw")


@pytest.mark.parametrize("address_typed", ["/en/parks/", "/en/parks/draft/", "https://e.example/en/parks/lianhua/", "/admin/", "x" * 600])
def test_an_address_without_a_public_item_leads_nowhere(address_typed, city_desk, signed_in):
    make_park(slug="draft", status=Status.DRAFT)
    answer = signed_in(city_desk).get(reverse("admin:withdraw_elsewhere"), {"address": address_typed})
    assert "No item that the public sees" in answer.content.decode()


def test_figures_are_confirmed_in_the_list_by_an_editor(editor, signed_in):
    figure, other = factories.make_figure(), factories.make_figure(bureau="sihui")
    client, rows = signed_in(editor), reverse("admin:city_keyfigure_changelist")
    assert figure.code in client.get(rows, {"check": "due"}).content.decode()
    client.post(rows, {"action": "confirm_correct", "_selected_action": [figure.pk, other.pk]})
    assert figure.code not in client.get(rows, {"check": "due"}).content.decode()
    figure.refresh_from_db()
    other.refresh_from_db()
    assert (figure.checked_by, other.checked_by) == (editor, None)


def test_nothing_is_deleted_in_a_list(manager, signed_in, draft):
    client, rows = signed_in(manager), reverse("admin:parks_park_changelist")
    assert b"delete_selected" not in client.get(rows).content
    client.post(rows, {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"})
    assert Park.objects.exists()


# --- Bureaus stay apart ---


@pytest.fixture
def foreign(db):
    """What Sihui has: a draft and a live park."""
    return make_park(bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731")), make_park(
        bureau="sihui", **in_three("title", "Live-park")
    )


def test_s51_choices_hold_own_and_public_rows_alone(editor, signed_in, foreign):
    own = make_park(status=Status.DRAFT, **in_three("title", "Own-draft"))
    query = {"app_label": "parks", "model_name": "listing", "field_name": "park", "term": ""}
    answer = signed_in(editor).get(reverse("admin:autocomplete"), query).json()
    assert {row["text"] for row in answer["results"]} == {"Own-draft", "Live-park"}
    assert own.pk


def test_pictures_to_choose_from_are_the_own_bureaus(editor, signed_in):
    make_picture(credit="Own", with_file=False, **in_three("alt", ""))
    make_picture(credit="Theirs", with_file=False, bureau="sihui", **in_three("alt", ""))
    query = {"app_label": "publishing", "model_name": "pictureuse", "field_name": "picture", "term": ""}
    assert [row["text"] for row in signed_in(editor).get(reverse("admin:autocomplete"), query).json()["results"]] == ["Own"]


def test_s51_a_forged_id_of_another_bureaus_draft_is_a_field_error(editor, signed_in, foreign):
    hidden, public = foreign
    listing = make_listing(status=Status.DRAFT)
    project = make_project(status=Status.DRAFT)
    client = signed_in(editor)
    assert "park" in errors(save(client, listing, park=hidden.pk))
    assert "park" in errors(save(client, project, park=hidden.pk))
    assert save(client, listing, park=public.pk).status_code == 302
    assert Listing.objects.get().park == public


def test_s51_forged_ids_in_lists_to_tick_and_in_rows_are_field_errors(editor, signed_in, foreign):
    hidden = make_listing(bureau="sihui", status=Status.DRAFT)
    secret = factories.make_industry(bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731"))
    project, park = make_project(status=Status.DRAFT), make_park(status=Status.DRAFT)
    area, client = factories.make_functional_area(park=park), signed_in(editor)
    assert "listings" in errors(save(client, project, listings=[hidden.pk]))
    assert "industries" in errors(save(client, project, industries=[secret.pk]))
    save(client, park, **{"functional_areas-0-industries": [secret.pk]})
    assert not Project.objects.get().listings.exists()
    assert not area.industries.exists()
    assert "Canary-7731" not in client.get(address(park)).content.decode()


def test_s51_a_forged_picture_of_another_bureau_is_not_used(editor, signed_in, draft):
    picture = make_picture(bureau="sihui")
    prefix = "publishing-pictureuse-content_type-object_id-"
    save(signed_in(editor), draft, **{f"{prefix}TOTAL_FORMS": "1", f"{prefix}0-picture": picture.pk, f"{prefix}0-order": "0"})
    assert not PictureUse.objects.exists()


def test_s51_a_forged_row_of_another_item_is_not_changed(editor, signed_in, draft, foreign):
    area = factories.make_functional_area(park=foreign[1])
    own = factories.make_functional_area(park=draft)
    save(signed_in(editor), draft, **{"functional_areas-0-id": area.pk, "functional_areas-0-title_en": "Changed"})
    area.refresh_from_db()
    own.refresh_from_db()
    assert "Changed" not in (area.title_en, own.title_en)
    assert area.park == foreign[1]


def test_what_a_row_names_already_can_stay(editor, signed_in, foreign):
    listing = make_listing(status=Status.DRAFT, park=foreign[0])
    assert save(signed_in(editor), listing, title_en="Changed").status_code == 302
    listing.refresh_from_db()
    assert (listing.title_en, listing.park) == ("Changed", foreign[0])


def test_s51_the_filters_of_a_list_name_own_rows_alone(city_desk, signed_in, foreign, zhaoqing, dinghu):
    page = signed_in(city_desk).get(reverse("admin:parks_park_changelist")).content.decode()
    assert "Sihui" not in page


def test_contacts_in_the_choices_say_whose_they_are(editor, signed_in, draft):
    make_contact(bureau="sihui")
    assert "Bureau of Sihui · Investment office" in signed_in(editor).get(address(draft)).content.decode()


# --- Preview ---


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_preview_is_the_public_page_with_a_bar(language, editor, signed_in, draft):
    draft.title_zh_hans, draft.title_zh_hant = "莲花园区", "蓮花園區"
    draft.save()
    response = signed_in(editor).get(address(draft, "preview", language))
    assert response.headers["Cache-Control"].startswith("private, no-store")
    assert response.content.decode().count("preview-bar") == 1
    assert {"en": draft.title_en, "zh-hans": "莲花园区", "zh-hant": "蓮花園區"}[language] in response.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize(
    "make", [make_park, make_listing, make_project, make_article, factories.make_policy, factories.make_industry, factories.make_page]
)
def test_the_preview_without_its_bar_is_the_public_page_to_the_letter(make, language, editor, signed_in, visitor):
    item = make()
    with override(language):
        public = visitor.get(item.get_absolute_url()).content.decode()
    preview = signed_in(editor).get(address(item, "preview", language)).content.decode()
    bar = re.search(r'\n<link rel="stylesheet" href="[^"]*preview[^"]*">\n<aside class="preview-bar".*?</aside>\n', preview, re.DOTALL)[0]
    assert preview.replace(bar, "", 1) == public


def test_a_preview_in_an_unknown_language_is_missing(editor, signed_in, draft):
    assert signed_in(editor).get(address(draft, "preview", "xx")).status_code == 404


def test_a_preview_writes_nothing(editor, signed_in, draft):
    client = signed_in(editor)
    client.get(reverse("admin:index"))  # the session itself is noted once
    with CaptureQueriesContext(connection) as queries:
        client.get(address(draft, "preview", "en"))
    assert [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []


def test_pages_with_the_editor_allow_its_two_blocks_and_nothing_else(editor, signed_in, draft, settings):
    policy = signed_in(editor).get(address(draft)).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2
    assert "sha256" not in signed_in(editor).get(reverse("admin:index")).headers["Content-Security-Policy"]


def test_a_used_picture_shows_where(editor, signed_in, draft):
    picture = make_picture()
    use_picture(draft, picture)
    use_picture(make_park(bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731")), picture)
    page = signed_in(editor).get(reverse("admin:publishing_picture_change", args=[picture.pk])).content.decode()
    assert address(draft) in page
    assert "and one in another bureau" in page
    assert "Canary-7731" not in page


@pytest.mark.parametrize("key", ["0", "-1", "x", "²", "9" * 30, "1/../2", "%00", "a" * 500])
@pytest.mark.parametrize("ending", ["change/", "step/publish/", "preview/en/", "history/", "delete/"])
def test_keys_of_no_row_are_missing(key, ending, manager, signed_in):
    client = signed_in(manager)
    assert client.get(f"/admin/parks/park/{key}/{ending}").status_code == 404


@pytest.mark.parametrize(
    "query", [{"q": "\0"}, {"status__exact": "x"}, {"missing": "xx"}, {"check": "x"}, {"p": "x"}, {"o": "99.-99"}, {"bureau__slug": "x"}]
)
def test_odd_questions_to_a_list_get_an_answer(query, manager, signed_in):
    assert signed_in(manager).get(reverse("admin:parks_park_changelist"), query).status_code in (200, 302, 400)
