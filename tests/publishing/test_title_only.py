"""A draft of any kind needs a title alone; what it lacks to go live is listed, each line leading to its field (staff.md S19)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from city.models import Industry, KeyFigure, Milestone, Page
from news.models import Article, Policy
from parks.models import Listing, Park
from projects.models import Project
from publishing.languages import CODES
from publishing.models import Change, Status
from tests import factories
from tests.browsing import fields_of
from tests.publishing.test_admin import address, errors, save, sentences

# What each kind lists as missing besides the summary, as ends of links.
MISSING = {
    Park: ["id_kind"],
    Listing: ["id_code", "id_kind"],
    Project: ["id_kind"],
    Article: ["id_body_en"],
    Policy: ["id_kind", "id_category"],
    Industry: ["id_group"],
    Page: ["id_body_en"],
    Milestone: ["id_date", "id_kind"],
    KeyFigure: ["id_subject_code", "id_indicator_code", "id_group", "id_unit", "id_period_kind", "id_value", "id_as_of"],
}


def write(client, model, **typed):
    """Opens the form of a new item, types and saves."""
    new = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    fields = fields_of(client.get(new), f"{model._meta.model_name}_form")
    return client.post(new, fields | {"title_en": "Only a title", "_continue": "1"} | typed, follow=True)


@pytest.mark.parametrize("model", MISSING, ids=lambda model: model._meta.model_name)
def test_s19_a_draft_with_a_title_alone_is_saved_listed_previewed_and_not_submitted(model, manager, signed_in):
    client = signed_in(manager)
    page = write(client, model).content.decode()
    item = model.objects.get()
    missing = re.search(r'class="missing".*?</ul>', page, re.DOTALL)[0]
    ends = re.findall(r'href="#([^"]+)"', missing)
    assert set(MISSING[model]) <= set(ends)
    assert all(f'id="{end}"' in page for end in ends)
    assert "Your text is saved." in sentences(save(client, item, _step="submit"))
    assert Change.objects.get().state == Change.State.DRAFT
    for language in CODES:
        assert client.get(address(item, "preview", language)).status_code == 200
    assert "Only a title" in client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")).content.decode()
    assert client.get(reverse("admin:translations")).status_code == 200
    assert client.get(address(item, "history")).status_code == 200


@pytest.mark.parametrize("model", [Listing, Project, KeyFigure])
def test_s48_the_table_of_a_list_holds_drafts_with_a_title_alone(model, manager, signed_in):
    client = signed_in(manager)
    write(client, model)
    write(client, model, title_en="Another")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_export"
    assert client.get(reverse(name), {"as": "csv"}).status_code == 200
    assert model.objects.count() == 2


def test_a_figure_gets_a_code_that_is_free(manager, signed_in):
    client = signed_in(manager)
    factories.make_figure(code="N1")
    write(client, KeyFigure)
    write(client, KeyFigure, title_en="Another")
    write(client, KeyFigure, title_en="Named", code="F99")
    assert set(KeyFigure.objects.values_list("code", flat=True)) == {"N1", "N2", "N3", "F99"}


@pytest.mark.parametrize("make", [factories.make_project, factories.make_park, factories.make_listing, factories.make_policy])
def test_what_was_public_keeps_its_kind(make, editor, signed_in):
    item = make()
    refused = save(signed_in(editor), item, kind="")
    assert errors(refused).keys() == {"kind"}
    item.kind = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_a_listing_without_number_is_not_public_whatever_its_state(db):
    listing = factories.make_listing(status=Status.DRAFT, code=None)
    listing.status, listing.first_published_at = Status.LIVE, listing.updated_at
    with pytest.raises(IntegrityError), transaction.atomic():
        listing.save()
