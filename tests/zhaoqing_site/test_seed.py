"""The content that the site starts with: complete, repeatable, never in the way of staff."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bureaus.models import Bureau, Contact, District
from city.models import Industry, KeyFigure, Milestone, Page
from news.models import Article, Policy
from parks.models import Amenity, Listing, Park, TransportLink
from projects.models import Project
from publishing.addresses import keep_old_address
from publishing.languages import CODES, columns
from publishing.models import Publishable, Status
from tests.factories import make_inquiry
from tests.pages import page_of
from zhaoqing_site import seeding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
MODELS = [model for _name, model, _key in seeding.FILES]
PUBLISHED = [model for model in MODELS if issubclass(model, Publishable)]
LANGUAGES = ("en", "zh-hans", "zh-hant")


def snapshot():
    return {model: sorted(model.objects.values_list(), key=str) for model in MODELS}


def test_seeding_again_changes_nothing():
    before = snapshot()
    assert set(seeding.load().values()) == {0}
    assert snapshot() == before


def test_what_staff_have_corrected_stays():
    Park.objects.filter(slug="hightech-zone").update(title_en="Corrected")
    Contact.objects.filter(bureau__slug="sihui").update(phone="+867580000000")
    KeyFigure.objects.filter(code="F01").update(value=1, status=Status.WITHDRAWN)
    TransportLink.objects.filter(place_en__startswith="Nanning").update(place_en="Nanguang railway")
    Amenity.objects.filter(title_en="Sheraton hotel").update(title_en="Hotel")
    before = snapshot()
    seeding.load()
    assert snapshot() == before


def test_an_item_with_a_new_address_does_not_come_back_under_the_old_one():
    park = Park.objects.get(slug="hightech-zone")
    park.slug = "high-tech-industrial-zone"
    park.save()
    keep_old_address(park, "hightech-zone")
    seeding.load()
    assert not Park.objects.filter(slug="hightech-zone").exists()


def test_everything_is_public_in_three_languages():
    for model in PUBLISHED:
        assert model.objects.exists()
        for item in model.objects.all():
            assert item.is_public, item
            assert all(getattr(item, column) for column in columns("title")), item
            assert not item.is_sample, item


def test_every_listed_item_has_a_summary_in_three_languages():
    for model in PUBLISHED:
        if model.needs_summary:
            for item in model.objects.all():
                assert all(getattr(item, column) for column in columns("summary")), item


def test_every_figure_has_a_source_in_three_languages():
    assert KeyFigure.objects.count() == 51
    assert not any(KeyFigure.objects.filter(**{column: ""}).exists() for column in columns("source"))


def test_nothing_is_invented():
    """The only listing is the starting areas' land; a part of a figure that no source states is empty."""
    assert list(Listing.objects.values_list("code", flat=True)) == ["ZQ-CLUSTER-01"]
    listing = Listing.objects.get()
    assert (listing.sale_price, listing.rent, listing.term_years, listing.tenure) == (None, None, None, "")
    assert round(listing.land_area_m2 * 3 / 2000) == 30_000
    assert KeyFigure.objects.get(code="F08").growth_percent is None
    assert not Contact.objects.exclude(email__in=["", "SHQYFW@VIP.163.com"]).exists()


def test_eight_districts_and_the_city_bureau():
    assert set(District.objects.values_list("slug", flat=True)) == {
        "duanzhou", "dinghu", "gaoyao", "sihui", "guangning", "huaiji", "fengkai", "deqing",
    }  # fmt: skip
    assert Bureau.objects.get(takes_unrouted=True).slug == "zhaoqing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_bureaus_can_be_reached(visitor, language):
    shown = page_of(visitor.get(f"/{language}/contacts/"))
    for fact in ("+86 758 2899202", "+86 758 2282600", "+86 758 3611228", "+86 758 3611188", "SHQYFW@VIP.163.com"):
        assert fact in shown.text
    assert {"tel:+867582899202", "tel:+867583611228", "mailto:SHQYFW@VIP.163.com"} <= {link["href"] for link in shown.all("a")}
    addresses = {
        "en": ("No. 18 Jiangbin West Road", "Dongcheng Street"),
        "zh-hans": ("江滨西路18号", "东城街道行政中心3楼"),
        "zh-hant": ("江濱西路18號", "東城街道行政中心3樓"),
    }
    assert all(address in shown.text for address in addresses[language])


def test_what_is_planned_is_marked():
    assert set(KeyFigure.objects.filter(code__in=["F29", "F30"]).values_list("nature", flat=True)) == {"planned"}
    assert set(TransportLink.objects.filter(kind="airport").values_list("state", flat=True)) == {"planned"}


def test_the_case_of_five_working_days_is_never_a_promise():
    assert not Policy.objects.filter(promised_days__isnull=False).exists()
    assert not Policy.objects.filter(statutory_days__isnull=False).exists()


def test_kinds_of_the_source_documents_are_there():
    assert Park.objects.count() >= 13
    assert Project.objects.filter(kind="enterprise").count() >= 15
    assert Project.objects.filter(kind="works").count() >= 15
    assert {article.slug for article in Article.objects.all()}
    assert Milestone.objects.count() >= 5
    assert Industry.objects.filter(group="core").count() == 3
    assert Industry.objects.filter(group="supporting").count() == 2
    assert {"why-zhaoqing", "how-it-works", "privacy", "accessibility", "legal"} <= set(Page.objects.values_list("slug", flat=True))


# --- Samples ---


def test_samples_are_marked_on_every_page_and_leave_by_one_command(visitor):
    seeding.load(samples=True)
    samples = [*Listing.objects.filter(is_sample=True), *Project.objects.filter(is_sample=True)]
    assert len(samples) > 5
    for item in samples:
        kind = "listings" if isinstance(item, Listing) else "projects"
        response = visitor.get(f"/en/{kind}/{item.slug}/")
        assert "Sample: made up" in page_of(response).text
        assert page_of(response).all("meta", name="robots", content="noindex, follow")
    seeding.remove_samples()
    assert not Listing.objects.filter(is_sample=True).exists()
    assert not Project.objects.filter(is_sample=True).exists()
    assert visitor.get(f"/en/listings/{samples[0].slug}/").status_code == 404


def test_a_sample_that_an_inquiry_names_leaves_the_public_site_but_not_the_inquiry(visitor):
    seeding.load(samples=True)
    sample = Listing.objects.filter(is_sample=True).first()
    inquiry = make_inquiry(listing=sample)
    seeding.remove_samples()
    inquiry.refresh_from_db()
    assert inquiry.listing == sample
    assert visitor.get(f"/en/listings/{sample.slug}/").status_code == 410


def test_loading_samples_again_changes_nothing():
    seeding.load(samples=True)
    before = snapshot()
    assert set(seeding.load(samples=True).values()) == {0}
    assert snapshot() == before


def test_removing_samples_keeps_the_real_content():
    before = snapshot()
    seeding.load(samples=True)
    seeding.remove_samples()
    assert snapshot() == before


def test_the_command_says_what_it_did(capsys):
    call_command("seed", "--samples")
    assert "nothing changed" in capsys.readouterr().out
    call_command("seed", "--remove-samples")
    assert "samples taken away" in capsys.readouterr().out


def test_demonstration_staff_need_debug(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("seed", "--staff")


def test_a_mistake_in_a_seed_file_names_file_and_row(tmp_path, monkeypatch):
    (tmp_path / "districts.csv").write_text("slug,code,kind,name_en,name_zh_hans,name_zh_hant,order\nx,449999,district,X,X,X,first\n")
    monkeypatch.setattr(seeding, "FOLDER", tmp_path)
    with pytest.raises(CommandError, match="districts.csv, row 1"):
        seeding.load_file("districts.csv", District, ["slug"], samples=False)


def test_languages_of_the_seeds_are_those_of_the_site():
    assert list(LANGUAGES) == CODES
