"""Drafts of live pages, two people at one item, history: what staff do stays apart from what the world sees."""

import re
import threading
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from inquiries.models import PublicAnswer
from outbox.models import Letter
from parks.models import FunctionalArea, Listing, Park
from projects.models import Project
from publishing import changes, revisions
from publishing.languages import CODES
from publishing.models import Change, PictureUse, Publishable, Revision, Status
from publishing.steps import in_words
from publishing.workflow import take
from tests import factories
from tests.browsing import fields_of, submit
from tests.factories import in_three, make_change, make_listing, make_member, make_park, make_picture, use_picture
from tests.publishing.test_admin import address, save, sentences
from zhaoqing_site.content import KINDS


@pytest.fixture
def park(db):
    return make_park(slug="lianhua", **in_three("title", "Lianhua"))


def page_of(client, item):
    return fields_of(client.get(address(item)), f"{item._meta.model_name}_form")


def send(client, item, page, **changed):
    return client.post(address(item), page | {"_continue": "1"} | changed)


PICTURES = "publishing-pictureuse-content_type-object_id-"


# --- A state and its rows ---


@pytest.mark.parametrize("model", Publishable.__subclasses__(), ids=lambda model: model.__name__)
def test_every_row_that_goes_with_an_item_is_part_of_its_state(model):
    relations = [relation for relation in model._meta.related_objects if relation.one_to_many]
    owned = {relation.get_accessor_name() for relation in relations if relation.on_delete.__name__ == "CASCADE"}
    assert owned == set(model.parts)


def test_a_state_put_back_is_the_same_state(park):
    factories.make_functional_area(park=park)
    use_picture(park, make_picture())
    before = revisions.snapshot(park)
    park.functional_areas.all().delete()
    PictureUse.objects.all().delete()
    Park.objects.filter(pk=park.pk).update(title_en="Other", area_planned_m2=5)
    assert revisions.apply(park, before) == []
    assert revisions.snapshot(park) == before
    assert park.title_en == "Lianhua"


def test_states_never_bring_back_what_the_workflow_counts(park):
    before = revisions.snapshot(park)
    Park.objects.filter(pk=park.pk).update(version=9, status=Status.WITHDRAWN, is_sample=True)
    revisions.apply(park, before)
    assert (park.version, park.status, park.is_sample) == (9, Status.WITHDRAWN, True)


def test_s39_a_state_with_fields_that_are_gone_or_new_is_put_back_and_says_so(park):
    state = revisions.snapshot(park)
    del state[0]["fields"]["address_en"]
    state[0]["fields"] |= {"lift": "yes", "title_en": "Restored"}
    assert revisions.apply(park, state) == ["lift"]
    assert park.title_en == "Restored"


def test_a_thing_pointed_at_that_is_gone_is_left_out_and_named(park):
    industry = factories.make_industry()
    park.industries.add(industry)
    state = revisions.snapshot(park)
    industry.delete()
    assert revisions.apply(park, state) == ["industry"]
    assert not park.industries.exists()


def test_an_address_that_another_item_took_meanwhile_does_not_break_the_draft(editor, publisher, signed_in, park):
    client = signed_in(editor)
    save(client, park, slug="wanted", title_en="Renamed")
    make_park(slug="wanted")
    page = client.get(address(park))
    assert page.status_code == 200
    assert 'value="Renamed"' in page.content.decode()
    with pytest.raises(ValidationError, match="taken by another item"):
        take(park, "submit", editor)


def test_a_dry_run_leaves_nothing_behind(park):
    assert revisions.dry(lambda: Park.objects.update(title_en="Other")) == 1
    park.refresh_from_db()
    assert park.title_en == "Lianhua"


# --- S20: a change of a live item ---


def test_s20_a_draft_of_a_live_item_leaves_the_public_page_as_it_is(editor, publisher, signed_in, visitor, park):
    picture = make_picture()
    before = visitor.get("/en/parks/lianhua/").content
    client = signed_in(editor)
    response = save(
        client, park, title_en="Renamed", area_planned_m2="4321", **{f"{PICTURES}TOTAL_FORMS": "1", f"{PICTURES}0-picture": picture.pk}
    )
    assert sentences(response) == ["Draft saved. The live page is unchanged."]
    assert visitor.get("/en/parks/lianhua/").content == before
    assert not PictureUse.objects.exists()
    form = client.get(address(park)).content.decode()
    assert "a draft differs from the live page" in form
    assert 'value="Renamed"' in form
    assert f'value="{picture.pk}"' in form
    preview = client.get(address(park, "preview", "en")).content.decode()
    assert "Renamed" in preview
    assert picture.original in preview
    page = page_of(client, park)
    send(client, park, page, _step="submit")
    signed_in(publisher).post(address(park, "step", "approve_and_publish"))
    live = visitor.get("/en/parks/lianhua/").content.decode()
    assert "Renamed" in live
    assert picture.original in live


def test_s20_discarding_returns_the_form_to_the_live_page(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, title_en="Renamed")
    page = client.get(address(park, "step", "discard")).content.decode()
    assert "<del>Lianhua</del>" in page
    assert "<ins>Renamed</ins>" in page
    client.post(address(park, "step", "discard"))
    assert page_of(client, park)["title_en"] == ["Lianhua"]


def test_a_second_save_goes_on_from_the_first_with_its_new_rows(editor, signed_in, park):
    client = signed_in(editor)
    rows = {"functional_areas-TOTAL_FORMS": "1", "functional_areas-0-title_en": "North", "functional_areas-0-kind": "living"}
    save(client, park, **rows, **{"functional_areas-0-park": park.pk})
    key = page_of(client, park)["functional_areas-0-id"]
    save(client, park, title_en="Renamed")
    assert page_of(client, park)["functional_areas-0-id"] == key
    assert not FunctionalArea.objects.exists()


def test_while_a_change_is_reviewed_the_form_can_only_be_read(editor, publisher, signed_in, park):
    save(signed_in(editor), park, title_en="Renamed", _step="submit")
    for person in (editor, publisher):
        page = signed_in(person).get(address(park)).content.decode()
        assert "Renamed" in page
        assert 'name="title_en"' not in page
    assert signed_in(editor).post(address(park), {"title_en": "x"}).status_code == 403


def test_s23_looking_writes_nothing_and_sends_nothing(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, title_en="Renamed")
    before = [model.objects.count() for model in (Revision, Change, Park, Letter)]
    for name, *arguments in (("change",), ("preview", "en"), ("history",), ("version", 1), ("step", "discard")):
        assert client.get(address(park, name, *arguments)).status_code == 200
    assert [model.objects.count() for model in (Revision, Change, Park, Letter)] == before
    park.refresh_from_db()
    assert park.title_en == "Lianhua"


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_s22_the_preview_of_a_change_is_the_page_after_publishing(model, editor, publisher, signed_in, visitor):
    build = factories.make_answer if model is PublicAnswer else getattr(factories, f"make_{model._meta.model_name}")
    item = build(slug="the-item", **in_three("title", "Old name"))
    client = signed_in(editor)
    save(client, item, **in_three("title", "New name"), _step="submit")
    previews = {code: client.get(address(item, "preview", code)).content.decode() for code in CODES}
    signed_in(publisher).post(address(item, "step", "approve_and_publish"))
    item.refresh_from_db()
    for code, preview in previews.items():
        with override(code):
            public = visitor.get(item.get_absolute_url()).content.decode()
        bar = re.search(r'\n<link rel="stylesheet" href="[^"]*preview[^"]*">\n<aside class="preview-bar".*?</aside>\n', preview, re.DOTALL)[
            0
        ]
        assert without_dates(preview.replace(bar, "", 1)) == without_dates(public)
        assert "New name" in public


PREVIEW_BAR = re.compile(r'\n<link rel="stylesheet" href="[^"]*preview[^"]*">\n<aside class="preview-bar".*?</aside>\n', re.DOTALL)


def without_dates(page):
    return re.sub(r"\d{4}-\d\d-\d\d(T[\d:.+Z]+)?|\d{1,2} \w+ \d{4}|\d{4}年\d{1,2}月\d{1,2}日", "", page)


def test_s21_a_draft_leaks_nowhere(editor, signed_in, visitor, park):
    save(signed_in(editor), park, slug="canary-7731", **in_three("title", "Canary-7731"))
    for path in ("/en/", "/en/parks/", "/en/parks/lianhua/", "/en/search/?q=canary", "/sitemap.xml", "/en/parks/?format=csv"):
        answer = visitor.get(path, follow=True)
        assert "7731" not in b"".join(answer).decode(errors="replace"), path
    assert visitor.get("/en/parks/canary-7731/").status_code == 404


# --- S12-S17: two people ---


def test_s12_different_fields_are_both_kept_after_one_look(editor, publisher, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, area_planned_m2="777")
    answer = send(mine, park, page, title_en="Mine")
    conflict = mine.get(answer.headers["Location"])
    text = conflict.content.decode()
    assert "dr saved this item on" in text
    assert "Taken over from dr" in text
    assert "<ins>777" in text
    assert "<ins>Mine</ins>" in text
    mine.post(answer.headers["Location"], fields_of_conflict(conflict))
    saved = revisions.by_row(changes.head(park).data)[("", str(park.pk))]
    assert (saved["title_en"], saved["area_planned_m2"][:3]) == ("Mine", "777")


def fields_of_conflict(page, **choices):
    return {"seen": re.search(r'name="seen" value="(\d+)"', page.content.decode())[1], "_continue": "1"} | choices


def test_s13_the_same_field_asks_for_a_choice_and_takes_none_for_granted(editor, publisher, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, title_en="Theirs")
    where = send(mine, park, page, title_en="Mine").headers["Location"]
    conflict = mine.get(where)
    text = conflict.content.decode()
    assert all(value in text for value in ("Lianhua", "Theirs", "Mine"))
    assert "checked" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    refused = mine.post(where, fields_of_conflict(conflict))
    assert "Choose one of the two." in refused.content.decode()
    assert head_title(park) == "Theirs"
    mine.post(where, fields_of_conflict(conflict, choice_0="mine"))
    assert head_title(park) == "Mine"
    assert "Theirs" in mine.get(address(park, "history")).content.decode()


def head_title(park):
    return changes.head(park).data[0]["fields"]["title_en"]


def test_s13_the_other_text_stays_in_the_history(editor, publisher, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, title_en="Theirs")
    where = send(mine, park, page, title_en="Mine").headers["Location"]
    mine.post(where, fields_of_conflict(mine.get(where), choice_0="theirs"))
    assert head_title(park) == "Theirs"
    assert "<ins>Mine</ins>" in mine.get(address(park, "history")).content.decode()


def test_s14_a_row_that_one_removed_and_the_other_changed_is_asked_about(editor, publisher, signed_in, park):
    area = factories.make_functional_area(park=park, **in_three("title", "North"))
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, **{"functional_areas-0-DELETE": "on"})
    where = send(mine, park, page, **{"functional_areas-0-title_en": "Changed"}).headers["Location"]
    conflict = mine.get(where)
    text = conflict.content.decode()
    assert "dr deleted functional area 1 “North”. You changed: Title · English." in text
    assert all(words in text for words in ("Leave it deleted", "Keep it with what you changed", "Title · English: North → Changed"))
    assert mine.post(where, fields_of_conflict(conflict)).status_code == 200
    mine.post(where, fields_of_conflict(conflict, choice_0="mine"))
    rows = revisions.by_row(changes.head(park).data)
    assert rows[("functional_areas", str(area.pk))]["title_en"] == "Changed"


def test_s14_the_other_way_round_the_row_goes_only_when_i_say_so(editor, publisher, signed_in, park):
    factories.make_functional_area(park=park, **in_three("title", "North"))
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, **{"functional_areas-0-title_en": "South"})
    where = send(mine, park, page, **{"functional_areas-0-DELETE": "on"}).headers["Location"]
    text = mine.get(where).content.decode()
    assert "You deleted functional area 1 “North”. dr changed: Title · English." in text
    assert all(words in text for words in ("Keep it with what dr changed", "Delete it"))
    mine.post(where, fields_of_conflict(mine.get(where), choice_0="mine"))
    assert len(revisions.by_row(changes.head(park).data)) == 1
    assert "<ins>deleted</ins>" in mine.get(address(park, "history")).content.decode()


def test_choices_that_were_carried_through_sign_in_come_back_and_settle_nothing(editor, publisher, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, title_en="Theirs")
    where = send(mine, park, page, title_en="Mine").headers["Location"]
    carried = {"_put_back": "1", "_by": str(editor.pk), "choice_0": "mine"}
    answer = mine.post(where, fields_of_conflict(mine.get(where)) | carried).content.decode()
    assert re.search(r'value="mine"[^>]*checked', answer)
    assert head_title(park) == "Theirs"


# --- S26: asked for changes ---


def test_s26_a_comment_points_at_fields_and_the_reviewer_then_sees_what_changed_since(editor, publisher, signed_in, park):
    author, reviewer, step = signed_in(editor), signed_in(publisher), address(park, "step", "ask_for_changes")
    save(author, park, title_en="First try", summary_en="Long.", _step="submit")
    asking = reviewer.get(step).content.decode()
    touched, others = asking.split("<summary>Other fields")
    assert 'value=":title_en"' in touched
    assert 'value=":source_en"' in others
    refused = reviewer.post(step, {"comment": "Where?", "at": ["no:field"]}).content.decode()
    assert "no:field" in refused
    reviewer.post(step, {"comment": "Shorter, and say the source.", "at": [":title_en"], "others": [":source_en", "pictures:picture"]})
    assert "sent back to you" in author.get("/admin/publishing/change/").content.decode()
    form = author.get(address(park)).content.decode()
    for link in ("#id_title_en", "#id_source_en", f"#{PICTURES}group"):
        assert f'<li><a href="{link}">' in form
        assert f'id="{link[1:]}"' in form
    save(author, park, title_en="Second try", _step="submit")
    page = reviewer.get(address(park)).content.decode()
    since, whole = page.split('<details class="whole-change">')
    assert "<del>First try</del>" in since
    assert "<ins>Second try</ins>" in since
    assert "Long." not in since
    assert "<ins>Long.</ins>" in whole
    assert "Source" in reviewer.get(address(park, "history")).content.decode()


# --- S28: without script ---


def test_s28_the_button_names_the_time_before_it_is_pressed(publisher, signed_in, park):
    make_change(park, "approved", title_en="Renamed")
    client, where = signed_in(publisher), address(park, "step", "schedule")
    assert "Goes live (Beijing time)" in client.get(where).content.decode()
    chosen = {"go_live_at_0": "2036-12-01", "go_live_at_1": "09:00"}
    asked = client.post(where, chosen).content.decode()
    assert re.search(r"<button[^>]*>Schedule for 1 Dec 2036 09:00</button>", asked)
    assert "Publish" not in re.sub(r"<head>.*?</head>", "", asked, flags=re.DOTALL)
    assert changes.open_change(park).state == "approved"
    (confirmed,) = re.findall(r'name="confirmed" value="([^"]+)"', asked)
    later = client.post(where, chosen | {"confirmed": confirmed, "go_live_at_1": "10:00"}).content.decode()
    assert "Schedule for 1 Dec 2036 10:00" in later
    answer = client.post(where, chosen | {"confirmed": confirmed})
    assert sentences(answer) == ["Goes live on Mon 1 Dec 2036, 09:00 Beijing time."]
    assert "goes live on Mon 1 Dec 2036, 09:00 Beijing time" in client.get(address(park)).content.decode()
    change = changes.open_change(park)
    assert (change.state, f"{change.go_live_at:%Y-%m-%d %H:%M %Z}") == ("scheduled", "2036-12-01 01:00 UTC")
    with override("zh-hant"):
        assert in_words(change.go_live_at) == "北京時間2036年12月1日（星期一）09:00"


def test_a_conflict_seen_by_nobody_else(editor, publisher, stranger, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, title_en="Theirs")
    where = send(mine, park, page, title_en="Mine").headers["Location"]
    assert theirs.get(where).status_code == 404
    assert signed_in(stranger).get(where).status_code == 404


def test_somebody_who_saves_while_i_choose_is_not_overwritten(editor, publisher, signed_in, park):
    mine, theirs = signed_in(editor), signed_in(publisher)
    page = page_of(mine, park)
    save(theirs, park, title_en="Theirs")
    where = send(mine, park, page, title_en="Mine").headers["Location"]
    conflict = mine.get(where)
    save(theirs, park, title_en="Theirs again")
    answer = mine.post(where, fields_of_conflict(conflict, choice_0="mine"))
    assert "Somebody saved once more" in answer.content.decode()
    assert "Theirs again" in answer.content.decode()
    assert head_title(park) == "Theirs again"


def test_text_typed_while_a_colleague_submitted_is_set_aside(editor, publisher, signed_in, park):
    save(signed_in(editor), park, title_en="Draft")
    client = signed_in(publisher)
    page = page_of(client, park)
    take(park, "submit", editor)
    answer = client.post(address(park), page | {"title_en": "Typed", "_continue": "1"})
    assert answer.status_code == 403
    assert head_title(park) == "Draft"


@pytest.mark.django_db(transaction=True)
def test_s17_of_many_saves_with_one_token_one_wins_and_the_others_are_asked():
    park = make_park(slug="lianhua")
    people = [make_member(f"editor-{number}", "editor") for number in range(6 if connection.vendor == "sqlite" else 20)]
    clients = []
    for person in people:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        clients.append((client, page_of(client, park)))
    barrier, answers = threading.Barrier(len(clients)), []

    def press(client, page, number):
        with closing(connection):
            barrier.wait()
            answers.append(send(client, park, page, title_en=f"Name {number}").headers["Location"])

    threads = [threading.Thread(target=press, args=(client, page, number)) for number, (client, page) in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([where for where in answers if where == address(park)]) == 1
    assert len([where for where in answers if "/conflict/" in where]) == len(clients) - 1
    assert Revision.objects.filter(kind=Revision.Kind.DRAFT).count() == 1
    assert Revision.objects.filter(kind=Revision.Kind.SET_ASIDE).count() == len(clients) - 1


# --- S38-S40: history ---


def test_s38_who_changed_this_field(editor, publisher, signed_in, park):
    save(signed_in(editor), park, address_en="No. 1 Park Road")
    save(signed_in(publisher), park, address_en="No. 2 Park Road", title_en="Renamed")
    page = signed_in(editor).get(address(park, "history"), {"field": ":address_en"}).content.decode()
    assert "<del>No. 1 Park Road</del>" in page
    assert "<ins>No. 2 Park Road</ins>" in page
    assert "Renamed" not in page
    assert "du" in page
    assert "dr" in page


def test_s38_the_form_leads_to_the_history_of_each_field_that_was_changed(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, address_en="No. 1 Park Road")
    page = client.get(address(park)).content.decode()
    assert 'data-place=":address_en"' in page
    assert 'data-place=":title_en"' not in page


def test_s38_also_of_a_row(editor, signed_in, park):
    factories.make_functional_area(park=park, **in_three("title", "North"))
    save(signed_in(editor), park, **{"functional_areas-0-title_en": "South"})
    page = signed_in(editor).get(address(park, "history"), {"field": "functional_areas:title_en"}).content.decode()
    assert "<ins>South</ins>" in page


def test_s39_an_earlier_version_becomes_a_draft_and_nothing_is_lost(editor, publisher, signed_in, visitor, park):
    client = signed_in(editor)
    save(client, park, title_en="Second", _step="submit")
    signed_in(publisher).post(address(park, "step", "approve_and_publish"))
    save(client, park, title_en="Third")
    page = client.get(address(park, "version", 1)).content.decode()
    assert "<del>Third</del>" in page
    assert "<ins>Lianhua</ins>" in page
    client.post(address(park, "version", 1))
    assert head_title(park) == "Lianhua"
    assert "Second" in visitor.get("/en/parks/lianhua/").content.decode()
    assert "Third" in client.get(address(park, "history")).content.decode()


def test_s39_history_speaks_in_names_and_words(editor, signed_in):
    listing = make_listing(park=make_park(**in_three("title", "Old park")))
    other = make_park(**in_three("title", "New park"))
    client = signed_in(editor)
    save(client, listing, park=other.pk, expires_at_0="2030-01-02", expires_at_1="08:00")
    page = client.get(address(listing, "history")).content.decode()
    assert "<del>Old park</del>" in page
    assert "<ins>New park</ins>" in page
    assert "<ins>2030-01-02 08:00</ins>" in page
    assert "True" not in page


def test_s40_nothing_edits_the_history(manager, stranger, signed_in, park):
    save(signed_in(manager), park, title_en="Changed")
    for name, *arguments in (("history",), ("version", 1), ("preview", "en"), ("step", "discard"), ("conflict", 1)):
        assert signed_in(stranger).get(address(park, name, *arguments)).status_code == 404
        assert signed_in(stranger).post(address(park, name, *arguments)).status_code in (403, 404, 405)
    revision = Revision.objects.get(n=1)
    signed_in(manager).post(address(park, "version", 1), {"data": "[]"})
    assert Revision.objects.get(n=1).data == revision.data


def test_s29_what_expired_is_no_longer_listed_and_its_page_says_so(visitor, editor, signed_in):
    listing = make_listing(expires_at=timezone.now())
    assert listing not in Listing.objects.public()
    assert visitor.get(listing.get_absolute_url()).status_code == 200


def test_a_new_item_has_its_first_version_at_once(editor, signed_in):
    submit(signed_in(editor), "/admin/projects/project/add/", "project_form", title_en="Works", kind="enterprise", stage="construction")
    project = Project.objects.get()
    assert [revision.n for revision in changes.of(project, Revision)] == [1]
    assert changes.open_change(project).opened_by == editor


def test_two_drafts_do_not_claim_one_address(editor, signed_in, park):
    other = make_park(slug="other")
    make_change(other, "in-review", slug="wanted")
    save(signed_in(editor), park, slug="wanted", _step="submit")
    assert changes.open_change(park).state == "draft"


def test_s52_what_other_bureaus_show_is_read_as_the_public_sees_it(editor, signed_in, park):
    make_park(bureau="sihui", **in_three("title", "Live in Sihui"))
    draft = make_park(bureau="sihui", status=Status.DRAFT, **in_three("title", "Canary-7731"))
    changed = make_park(bureau="sihui", **in_three("title", "Old name"))
    make_change(changed, "draft", **in_three("title", "Canary-7732"))
    page = signed_in(editor).get("/admin/parks/park/elsewhere/").content.decode()
    assert "Live in Sihui" in page
    assert "Old name" in page
    assert "Canary" not in page
    assert "Lianhua" not in page
    assert address(draft) not in page
