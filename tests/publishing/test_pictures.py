"""The picture library: which files are taken, what is left of them, and who may fetch a copy (trust.md T7-T11, T76)."""

import struct
import time
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from publishing.images import read_picture
from publishing.models import Picture, Status
from tests.browsing import submit
from tests.factories import make_park, make_picture, picture_file, use_picture

SCRIPT = b"<script>alert(1)</script>"


def encoded(encoding, size=(640, 400), mode="RGB", **options):
    buffer = BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 0).save(buffer, encoding, **options)
    return buffer.getvalue()


def png_that_says(width, height):
    """A small PNG whose header promises a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def animated(encoding):
    buffer = BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(buffer, encoding, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def zipped():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("evil.html", SCRIPT)
    return buffer.getvalue()


def with_comment(jpeg):
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT + jpeg[2:]


TAKEN = {
    "a JPEG": ("photo.jpg", encoded("JPEG")),
    "a PNG": ("plan.png", encoded("PNG")),
    "a WebP": ("photo.webp", encoded("WEBP")),
    "a grey JPEG": ("photo.jpg", encoded("JPEG", mode="L")),
    "a CMYK JPEG": ("print.jpg", encoded("JPEG", mode="CMYK")),
    "a PNG with palette": ("logo.png", encoded("PNG", mode="P")),
    "a see-through PNG": ("logo.png", encoded("PNG", mode="RGBA")),
    "a JPEG under a wrong name": ("photo.png", encoded("JPEG")),
    "a PNG named like a program": ("x.php.png", encoded("PNG")),
    "a JPEG with a script in its comment": ("photo.jpg", with_comment(encoded("JPEG"))),
    "a JPEG with an archive behind it": ("photo.jpg", encoded("JPEG") + zipped()),
    "a PNG with a script behind it": ("photo.png", encoded("PNG") + SCRIPT),
}
REFUSED = {
    "an empty file": ("photo.jpg", b""),
    "a GIF": ("photo.gif", encoded("GIF", mode="P")),
    "a GIF under another name": ("photo.jpg", encoded("GIF", mode="P")),
    "a GIF that is a script too": ("photo.jpg", b"GIF89a/*" + SCRIPT + b"*/=1;"),
    "an SVG": ("plan.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "an SVG under another name": ("plan.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    "an HTML page": ("photo.jpg", b"<!doctype html><title>x</title>" + SCRIPT),
    "a program": ("photo.jpg", b"MZ\x90\x00" + b"\0" * 2000),
    "an archive": ("photo.jpg", zipped()),
    "a PDF": ("plan.jpg", b"%PDF-1.7\n" + SCRIPT),
    "an EPS": ("plan.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"),
    "a TIFF": ("scan.tif", encoded("TIFF")),
    "an icon": ("favicon.ico", encoded("ICO", size=(32, 32))),
    "a BMP": ("photo.bmp", encoded("BMP")),
    "a HEIC": ("photo.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 500),
    "an AVIF head": ("photo.avif", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00" + b"\0" * 500),
    "a cut JPEG": ("photo.jpg", encoded("JPEG")[:900]),
    "a cut PNG": ("photo.png", encoded("PNG")[:60]),
    "a cut WebP": ("photo.webp", encoded("WEBP")[:60]),
    "a moving WebP": ("photo.webp", animated("WEBP")),
    "a moving PNG": ("photo.png", animated("PNG")),
    "a PNG of 400 megapixels": ("photo.png", png_that_says(20_000, 20_000)),
    "a PNG of 41 megapixels": ("photo.png", png_that_says(41_000, 1_000)),
    "a PNG of 4 gigapixels": ("photo.png", png_that_says(65_000, 65_000)),
}


@pytest.mark.parametrize("what", TAKEN)
def test_taken(what):
    name, content = TAKEN[what]
    assert read_picture(SimpleUploadedFile(name, content)).mode == "RGB"


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what):
    name, content = REFUSED[what]
    began = time.perf_counter()
    with pytest.raises(ValidationError, match=name):
        read_picture(SimpleUploadedFile(name, content))
    assert time.perf_counter() - began < 0.5


def test_a_file_above_the_limit_is_refused_by_its_size(settings):
    settings.PICTURE_MAX_BYTES = 1000
    with pytest.raises(ValidationError, match="larger than"):
        read_picture(picture_file())


# --- Uploading ---


@pytest.fixture
def library(editor, signed_in):
    """Uploads a file with these other fields: `library(file, credit="...")`."""
    client = signed_in(editor)

    def upload(file, **fields):
        fields = {"credit": "Xijiang Daily", "license": "own", "alt_en": "A factory hall"} | fields
        return submit(client, reverse("admin:publishing_picture_add"), "picture_form", **({"file": file} if file else {}), **fields)

    return upload


def stored_files():
    folders, _files = default_storage.listdir("") if default_storage.exists("") else ([], [])
    return [f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]]


def errors(response):
    return response.context["adminform"].form.errors


def test_an_uploaded_picture_has_copies_and_texts(library, editor):
    assert library(picture_file(size=(2000, 1000))).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.rendition_widths, picture.uploaded_by) == (2000, 1000, [480, 960, 1600], editor)
    assert len(stored_files()) == 7


@pytest.mark.parametrize(
    "what", ["a JPEG with a script in its comment", "a JPEG with an archive behind it", "a PNG with a script behind it"]
)
def test_what_was_hidden_in_a_file_is_in_none_of_its_copies(what, library):
    library(SimpleUploadedFile(*TAKEN[what]))
    for name in stored_files():
        with default_storage.open(name) as file:
            content = file.read()
        assert SCRIPT not in content
        assert b"evil.html" not in content


def test_s35_where_a_photograph_was_taken_is_not_kept(library):
    exif = Image.Exif()
    exif[0x010E] = "Canary-7731"
    exif.get_ifd(0x8825)[1] = "N"
    library(SimpleUploadedFile("photo.jpg", encoded("JPEG", exif=exif)))
    for name in stored_files():
        with default_storage.open(name) as file:
            assert not Image.open(file).getexif()


@pytest.mark.parametrize("name", ["../../settings.py.jpg", "CON.jpg", "x" * 300 + ".jpg", "照片 1.jpg", "\u202egpj.exe.jpg"])
def test_the_name_of_a_file_becomes_no_part_of_its_address(name, library):
    assert library(picture_file(name=name)).status_code == 302
    assert Picture.objects.get().original.isalnum()


def test_a_refused_file_is_named_at_its_field_and_the_other_fields_stay(library):
    response = library(SimpleUploadedFile("plan.svg", b"<svg/>"), credit="Liang Xiaoming")
    assert "plan.svg" in errors(response)["file"][0]
    assert 'value="Liang Xiaoming"' in response.content.decode()
    assert not Picture.objects.exists()


def test_a_refused_form_leaves_no_file_behind(library):
    assert "credit" in errors(library(picture_file(), credit=""))
    assert stored_files() == []


def test_a_picture_needs_a_file_unless_the_site_does_not_hold_it(library):
    assert "file" in errors(library(None))
    assert "file" in errors(library(picture_file(), license="not-held"))
    assert library(None, license="not-held").status_code == 302


def test_the_file_of_a_picture_is_never_replaced(editor, signed_in):
    picture = make_picture()
    client, page = signed_in(editor), reverse("admin:publishing_picture_change", args=[picture.pk])
    before = picture.original
    assert submit(client, page, "picture_form", alt_en="A new hall", file=picture_file()).status_code == 302
    picture.refresh_from_db()
    assert (picture.alt_en, picture.original) == ("A new hall", before)
    assert "license" in errors(submit(client, page, "picture_form", license="not-held"))


def test_the_texts_of_a_picture_on_a_live_page_are_changed_by_those_who_publish(editor, publisher, signed_in):
    picture = make_picture()
    use_picture(make_park(), picture)
    page = reverse("admin:publishing_picture_change", args=[picture.pk])
    assert signed_in(editor).post(page, {"alt_en": "Changed"}).status_code == 403
    assert submit(signed_in(publisher), page, "picture_form", alt_en="Changed").status_code == 302


# --- Fetching ---


@pytest.fixture
def picture(db):
    return make_picture()


def copy_of(picture, size="480", ending="jpg"):
    return reverse("picture", args=[picture.original, size, ending])


def test_a_picture_on_a_live_page_is_for_everybody_and_never_changes(picture, visitor):
    use_picture(make_park(), picture)
    response = visitor.get(copy_of(picture))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(("status", "answer"), [(Status.DRAFT, 404), (Status.LIVE, 200), (Status.WITHDRAWN, 200), (Status.TAKEN_DOWN, 404)])
def test_a_picture_is_as_public_as_the_items_that_use_it(status, answer, picture, visitor):
    use_picture(make_park(status=status), picture)
    assert visitor.get(copy_of(picture)).status_code == answer


def test_a_picture_of_a_draft_is_for_the_staff_of_its_bureau(picture, visitor, editor, officer, stranger, city_desk, signed_in):
    answers = [client.get(copy_of(picture)).status_code for client in (visitor, *map(signed_in, (editor, officer, stranger, city_desk)))]
    assert answers == [404, 200, 404, 404, 404]
    assert signed_in(editor).get(copy_of(picture)).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("size", "ending"), [("original", "jpg"), ("481", "jpg"), ("0480", "jpg"), ("480", "png"), ("480", "php"), ("99999", "webp")]
)
def test_only_the_copies_that_were_made_have_an_address(size, ending, picture, visitor):
    use_picture(make_park(), picture)
    assert visitor.get(copy_of(picture, size, ending)).status_code == 404


def test_pictures_are_only_fetched(picture, visitor):
    use_picture(make_park(), picture)
    assert visitor.post(copy_of(picture)).status_code == 405
    assert visitor.head(copy_of(picture)).status_code == 200


def test_a_picture_whose_file_is_lost_is_missing(picture, visitor):
    use_picture(make_park(), picture)
    default_storage.delete(f"{picture.original}/480.jpg")
    assert visitor.get(copy_of(picture)).status_code == 404
