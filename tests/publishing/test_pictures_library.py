"""The library of pictures: focal point, the same picture twice, where it is used, taking it out and putting it back (S35, S36)."""

import datetime
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from publishing.models import Picture, Status
from publishing.picture_uses import forget_removed
from tests.browsing import submit
from tests.factories import make_article, make_park, make_picture, picture_file, use_picture
from tests.publishing.test_admin import save, sentences

pytestmark = pytest.mark.django_db
INLINE = "publishing-pictureuse-content_type-object_id-"


def page(picture, name="change"):
    return reverse(f"admin:publishing_picture_{name}", args=[picture.pk])


def upload(client, file, **fields):
    fields = {"credit": "Xijiang Daily", "license": "own", "alt_en": "A factory hall"} | fields
    return submit(client, reverse("admin:publishing_picture_add"), "picture_form", file=file, **fields)


# --- S35: the focal point ---


def test_s35_the_focal_point_is_kept_by_the_crops_of_list_and_page(editor, signed_in, visitor):
    picture = make_picture()
    assert submit(signed_in(editor), page(picture), "picture_form", focal_x="18", focal_y="82").status_code == 302
    park = make_park()
    use_picture(park, picture)
    assert f'class="cover fx-20 fy-80" src="/media/pictures/{picture.original}' in visitor.get("/en/parks/").content.decode()
    assert 'class="fx-20 fy-80" src=' in visitor.get(park.get_absolute_url()).content.decode()


def test_s35_a_picture_nobody_has_pointed_at_keeps_its_middle(visitor):
    park = make_park()
    use_picture(park, make_picture())
    assert "fx-" not in visitor.get(park.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("x", "y"), [("101", "0"), ("-1", "0"), ("left", "0"), ("", "50")])
def test_s35_a_focal_point_lies_in_the_picture(x, y, editor, signed_in):
    picture = make_picture()
    answer = submit(signed_in(editor), page(picture), "picture_form", focal_x=x, focal_y=y)
    assert "focal_x" in answer.context["adminform"].form.errors


def test_s35_a_drawing_is_shown_whole(visitor):
    park = make_park()
    use_picture(park, make_picture(is_rendering=True, focal_x=10))
    assert '<img class="whole"' in visitor.get(park.get_absolute_url()).content.decode()


def test_s35_a_list_shows_the_first_picture_that_it_has(visitor):
    park = make_park()
    use_picture(park, make_picture(with_file=False), order=1)
    second = use_picture(park, make_picture(), order=2).picture
    use_picture(park, make_picture(), order=3)
    text = visitor.get("/en/parks/").content.decode()
    assert text.count('class="cover') == 1
    assert second.original in text


# --- S35: the same file again, what is not kept, texts ---


def test_s35_the_same_file_offers_the_picture_that_is_there(editor, signed_in):
    client = signed_in(editor)
    upload(client, picture_file())
    first = Picture.objects.get()
    answer = upload(client, picture_file(name="again.jpg"))
    assert "in the library already" in answer.context["adminform"].form.errors["file"][0]
    assert f'name="_existing" value="{first.pk}"' in answer.content.decode()
    assert Picture.objects.count() == 1
    assert [folder for folder in default_storage.listdir("")[0] if default_storage.listdir(folder)[1]] == [first.original]


def test_s35_the_existing_picture_is_taken_by_one_press(editor, signed_in):
    picture = make_picture()
    client, add = signed_in(editor), reverse("admin:publishing_picture_add")
    assert client.post(add, {"_existing": picture.pk}).headers["Location"] == page(picture)
    in_window = client.post(add, {"_existing": picture.pk, "_popup": "1"}).content.decode()
    assert str(picture.pk) in in_window
    assert "popup_response.js" in in_window


def test_s35_the_same_file_can_be_uploaded_once_more_on_purpose(editor, signed_in):
    client = signed_in(editor)
    upload(client, picture_file())
    assert upload(client, picture_file(), again="on").status_code == 302
    assert Picture.objects.count() == 2


def test_s35_a_picture_of_another_bureau_is_not_offered(editor, stranger, signed_in):
    upload(signed_in(stranger), picture_file())
    theirs = Picture.objects.get()
    assert upload(signed_in(editor), picture_file()).status_code == 302
    assert signed_in(editor).post(reverse("admin:publishing_picture_add"), {"_existing": theirs.pk}).status_code == 404


def test_s35_credit_license_and_place_of_a_photograph(editor, signed_in):
    """What EXIF says of camera and place is in no copy; test_pictures.py walks the other hidden parts of a file."""
    exif = Image.Exif()
    exif[0x010F] = "Canary-7731"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 20.0, 0.0), 3: "E", 4: (112.0, 30.0, 0.0)})
    buffer = BytesIO()
    Image.new("RGB", (640, 400), "teal").save(buffer, "JPEG", exif=exif)
    client = signed_in(editor)
    file = SimpleUploadedFile("photo.jpg", buffer.getvalue())
    assert set(upload(client, file, credit="", license="").context["adminform"].form.errors) == {"credit", "license"}
    upload(client, SimpleUploadedFile("photo.jpg", buffer.getvalue()))
    folder = Picture.objects.get().original
    for name in default_storage.listdir(folder)[1]:
        with default_storage.open(f"{folder}/{name}") as copy:
            content = copy.read()
        assert b"Canary-7731" not in content
        assert b"Exif" not in content


@pytest.mark.parametrize("alt", ["IMG_1234.jpg", "微信图片_20260301", "DSC00042", "factory-hall.png", "mmexport1700000000.jpeg"])
def test_an_alternative_text_that_is_a_file_name_warns(alt, editor, signed_in):
    answer = upload(signed_in(editor), picture_file(), alt_en=alt)
    assert f"“{alt}” is the name of a file" in sentences(answer)[0]


@pytest.mark.parametrize("alt", ["A factory hall", "Hall 12", "莲花园区", "View of the G80 motorway", ""])
def test_an_alternative_text_in_words_does_not_warn(alt, editor, signed_in):
    answer = upload(signed_in(editor), picture_file(), alt_en=alt)
    assert not any("name of a file" in sentence for sentence in sentences(answer))


# --- S36: usage, removal, undo ---


def test_s36_a_used_picture_is_not_removed_and_its_places_are_linked(publisher, signed_in):
    picture = make_picture()
    ours, public_elsewhere = make_park(title_en="Lianhua"), make_article(bureau="sihui", title_en="Sihui news")
    hidden = [make_park(bureau="sihui", status=Status.DRAFT, title_en="Canary-7731") for _number in range(2)]
    for item in (ours, public_elsewhere, *hidden):
        use_picture(item, picture)
    client = signed_in(publisher)
    text = client.get(page(picture, "remove")).content.decode()
    assert f'<a href="{reverse("admin:parks_park_change", args=[ours.pk])}">Lianhua</a>' in text
    assert "<li>Sihui news</li>" in text
    assert "and 2 in other bureaus" in text
    assert "Canary" not in text
    client.post(page(picture, "remove"))
    picture.refresh_from_db()
    assert picture.removed_at is None


def test_s36_a_picture_of_an_open_draft_counts_as_used(editor, publisher, signed_in):
    picture, park = make_picture(), make_park(title_en="Lianhua")
    save(signed_in(editor), park, **{f"{INLINE}TOTAL_FORMS": "1", f"{INLINE}0-picture": picture.pk})
    client = signed_in(publisher)
    assert ">Lianhua</a>" in client.get(page(picture, "remove")).content.decode()
    client.post(page(picture, "remove"))
    picture.refresh_from_db()
    assert picture.removed_at is None


def library(client, **query):
    return client.get(reverse("admin:publishing_picture_changelist"), query).content.decode()


def test_s36_an_unused_picture_leaves_library_and_choices_and_comes_back(publisher, signed_in):
    picture = make_picture(credit="Liang Xiaoming")
    client = signed_in(publisher)
    client.post(page(picture, "remove"))
    assert str(picture.pk) not in library(client)
    assert str(picture.pk) in library(client, removed="yes")
    suggestions = reverse("admin:autocomplete")
    query = {"app_label": "publishing", "model_name": "pictureuse", "field_name": "picture", "term": "Liang"}
    assert client.get(suggestions, query).json()["results"] == []
    client.post(page(picture, "remove"), {"restore": "1"})
    assert str(picture.pk) in library(client)
    assert len(client.get(suggestions, query).json()["results"]) == 1


def test_s36_a_removed_picture_cannot_be_put_on_an_item_by_hand(editor, publisher, signed_in):
    picture, park = make_picture(), make_park(status=Status.DRAFT)
    signed_in(publisher).post(page(picture, "remove"))
    answer = save(signed_in(editor), park, **{f"{INLINE}TOTAL_FORMS": "1", f"{INLINE}0-picture": picture.pk})
    assert answer.status_code == 200
    assert not park.pictures.exists()


def test_s36_an_editor_removes_nothing(editor, signed_in):
    picture = make_picture()
    assert signed_in(editor).post(page(picture, "remove")).status_code == 403
    picture.refresh_from_db()
    assert picture.removed_at is None


def test_s36_after_thirty_days_a_removed_picture_is_gone_with_its_files(publisher, signed_in, django_capture_on_commit_callbacks):
    picture, kept = make_picture(), make_picture()
    signed_in(publisher).post(page(picture, "remove"))
    assert forget_removed(timezone.now() + datetime.timedelta(days=29)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_removed(timezone.now() + datetime.timedelta(days=31)) == 1
    assert list(Picture.objects.all()) == [kept]
    assert not default_storage.exists(f"{picture.original}/original.jpg")
    assert default_storage.exists(f"{kept.original}/original.jpg")


def test_s36_a_picture_that_an_earlier_version_shows_is_never_deleted(editor, publisher, signed_in):
    picture, park = make_picture(), make_park(status=Status.DRAFT)
    client = signed_in(editor)
    save(client, park, **{f"{INLINE}TOTAL_FORMS": "1", f"{INLINE}0-picture": picture.pk})
    save(client, park, **{f"{INLINE}0-DELETE": "on"})
    signed_in(publisher).post(page(picture, "remove"))
    assert forget_removed(timezone.now() + datetime.timedelta(days=31)) == 0
    assert Picture.objects.filter(pk=picture.pk).exists()
