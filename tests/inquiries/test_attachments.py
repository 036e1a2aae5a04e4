"""Files in the thread: judged by what they hold, stored whole or not at all, handed only to who may read their message."""

import os
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image, PngImagePlugin

from inquiries import attachments, uploads
from inquiries.attachments import attach, judge, stored
from inquiries.form_key import fingerprint
from inquiries.models import Attachment, Inquiry, Message
from tests.factories import make_attachment, make_inquiry, make_member, make_message
from tests.inquiries.conftest import send
from zhaoqing_site import retention

HEAD = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n"
TAIL = b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def pdf(*parts):
    return HEAD + b"".join(parts) + TAIL


def stream(content, dictionary=b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>"):
    return b"5 0 obj\n" + dictionary + b"\nstream\n" + content + b"\nendstream\nendobj\n"


def picture(encoding="JPEG", size=(60, 40), **options):
    buffer = BytesIO()
    Image.new("RGB", size, "green").save(buffer, encoding, **options)
    return buffer.getvalue()


def photo_with_position():
    exif = Image.Exif()
    exif[0x010E] = "CANARY-DESCRIPTION"
    exif[0x8825] = {1: "N", 2: (23.0, 3.0, 0.0)}
    return picture(exif=exif, comment=b"CANARY-COMMENT") + b"<script>CANARY-TRAILER</script>"


def png_with_text():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "CANARY-AUTHOR")
    return picture("PNG", pnginfo=text)


def bomb():
    """A picture of 169 megapixels in a few kilobytes."""
    buffer = BytesIO()
    Image.new("1", (13_000, 13_000)).save(buffer, "PNG")
    return buffer.getvalue()


def file(content, name="plan.pdf"):
    return SimpleUploadedFile(name, content)


# --- Judging ---


@pytest.mark.parametrize(
    ("name", "content", "kind", "called"),
    [
        ("plan.pdf", pdf(), "application/pdf", "plan.pdf"),
        ("Lageplan 平面图.PDF", pdf(stream(zlib.compress(b"5 0 << /Type /Page >>"))), "application/pdf", "Lageplan 平面图.PDF"),
        ("photo.jpeg", picture(), "image/jpeg", "photo.jpeg"),
        ("x.php.png", picture("PNG"), "image/png", "x.php.png"),
        ("shot.webp", picture("WEBP"), "image/webp", "shot.webp"),
        ("invoice.exe", picture(), "image/jpeg", "invoice.exe.jpg"),
        ("..\\..\\etc/passwd", pdf(), "application/pdf", "passwd.pdf"),
        ("a\x00b\u202efdp.exe", pdf(), "application/pdf", "abfdp.exe.pdf"),
        ("n" * 300 + ".pdf", pdf(), "application/pdf", "n" * 116 + ".pdf"),
        ("", pdf(), "application/pdf", "file.pdf"),
    ],
)
def test_files_are_what_they_hold_under_a_harmless_name(name, content, kind, called):
    judged = judge(ContentFile(content, name=name))
    assert (judged.kind, judged.name) == (kind, called)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<html><script>1</script>", "not a PDF"),
        ("drawing.svg", b"<svg onload='x'/>", "not a PDF"),
        ("macro.docm", b"PK\x03\x04 word/vbaProject.bin", "not a PDF"),
        ("phone.heic", b"\x00\x00\x00\x18ftypheic", "export them as JPEG"),
        ("moving.gif", b"GIF89a" + b"0" * 50, "not a PDF"),
        ("run.pdf", b"MZ\x90\x00" + pdf(), "not a PDF"),
        ("both.pdf", b"<html>" + pdf(), "not a PDF"),
        ("cut.jpg", picture(size=(600, 600))[:900], "cannot|not a JPEG"),
        ("bomb.png", bomb(), "megapixels"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", pdf(b"%" + b"x" * attachments.LARGEST), "larger than 10 MB"),
        ("half.pdf", pdf()[:-40], "cut off"),
        ("script.pdf", pdf(b"3 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n"), "holds a program"),
        ("coded.pdf", pdf(b"3 0 obj << /S /J#61v#61Script >> endobj\n"), "holds a program"),
        ("js.pdf", pdf(b"3 0 obj << /JS (x) >> endobj\n"), "holds a program"),
        ("launch.pdf", pdf(b"3 0 obj << /S /Launch /F (cmd.exe) >> endobj\n"), "another file"),
        ("carrier.pdf", pdf(b"3 0 obj << /Names << /EmbeddedFiles 4 0 R >> >> endobj\n"), "another file"),
        ("packed.pdf", pdf(stream(zlib.compress(b"5 0 << /S /JavaScript /JS (x) >>"))), "holds a program"),
        ("packed short.pdf", pdf(stream(zlib.compress(b"5 0 << /JS (x) >>"))), "holds a program"),
        (
            "untyped.pdf",
            pdf(stream(zlib.compress(b"5 0 << /S /Launch >>"), b"<< /N 1 /First 4 /Filter /FlateDecode >>")),
            "holds a program",
        ),
        ("packed otherwise.pdf", pdf(stream(b"~>", b"<< /Type /ObjStm /Filter [/ASCII85Decode /FlateDecode] >>")), "cannot be read"),
        ("predicted.pdf", pdf(stream(b"x", b"<< /DecodeParms << /Predictor 12 >> /Type /ObjStm >>")), "cannot be read"),
        ("swelling.pdf", pdf(stream(zlib.compress(b"5 0 " + b" " * 21_000_000))), "cannot be read"),
        ("locked.pdf", pdf(b"3 0 obj << /Encrypt 4 0 R >> endobj\n"), "protected with a password"),
    ],
)
def test_refused_file_is_named_with_the_reason_and_what_to_do(name, content, sentence):
    with pytest.raises(ValidationError, match=sentence) as refusal:
        judge(ContentFile(content, name=name))
    assert f"“{name}”" in refusal.value.messages[0]


def test_short_names_that_compressed_data_holds_by_chance_refuse_nothing():
    drawing = b"<< /Length 40 /Filter /FlateDecode >>"
    assert judge(ContentFile(pdf(stream(b"\x9c\x01/JS \x02\xff/EF(", drawing)), name="scan.pdf")).kind == "application/pdf"


@pytest.mark.parametrize("content", [photo_with_position(), png_with_text()])
def test_pictures_lose_everything_but_their_pixels(content):
    assert b"CANARY" in content
    made = judge(ContentFile(content, name="photo.jpg")).content
    image = Image.open(BytesIO(made))
    assert b"CANARY" not in made
    assert not image.getexif()
    assert image.size == (60, 40)
    assert image.convert("RGB").getpixel((5, 5))[1] > 100


# --- With the form ---


@pytest.mark.django_db
def test_inquiry_brings_its_files_and_its_page_hands_them_back(city, visitor):
    response = send(visitor, files=[file(pdf()), file(photo_with_position(), "Photo 1.jpg")])
    inquiry, address = Inquiry.objects.get(), response["Location"]
    entry = inquiry.messages.get()
    assert (entry.kind, entry.step, entry.body) == (Message.Kind.INVESTOR, "enclosed", "")
    assert sorted(entry.attachments.values_list("name", "kind")) == [("Photo 1.jpg", "image/jpeg"), ("plan.pdf", "application/pdf")]
    html = visitor.get(address).content.decode()
    assert html.count('<li class="investor">') == 1
    for one in entry.attachments.all():
        assert f"{address}file/{one.pk}/" in html
    answer = visitor.get(f"{address}file/{entry.attachments.get(kind='application/pdf').pk}/")
    assert b"".join(answer.streaming_content) == pdf()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''plan.pdf"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_refused_files_are_named_and_the_text_stays(city, visitor):
    large = file(pdf(b"%" + b"x" * attachments.LARGEST), "large.pdf")
    text = send(visitor, files=[large, file(b"MZ", "run.exe"), file(pdf(), "good.pdf")]).content.decode()
    assert "“large.pdf” is larger than 10 MB" in text
    assert "“run.exe” is not a PDF" in text
    assert "We look for 2 hectares" in text
    assert "choose your files again" in text
    assert '<a href="#id_files">' in text
    four = send(visitor, files=[file(pdf(), f"{number}.pdf") for number in range(4)]).content.decode()
    assert "at most 3 files" in four
    assert not Inquiry.objects.exists()
    assert not default_storage.exists(attachments.FOLDER) or not default_storage.listdir(attachments.FOLDER)[1]


@pytest.mark.django_db
def test_text_of_a_form_with_files_is_still_limited(city, visitor):
    response = send(visitor, message="x" * 3_000_000, files=[file(pdf())])
    assert response.status_code == 413
    assert "5,000 characters" in response.content.decode()


def test_upload_takes_in_no_more_than_the_limit(rf):
    sent = file(b"x" * (attachments.LARGEST + 1), "large.bin")
    request = rf.post("/", {"body": "kept", "files": [sent, file(b"%PDF", "small.pdf")]})
    assert uploads.why_unreadable(request) is None
    large, small = request.FILES.getlist("files")
    assert (large.size, large.read(), large.name) == (attachments.LARGEST + 1, b"", "large.bin")
    assert small.read() == b"%PDF"
    assert request.POST["body"] == "kept"


# --- Stored whole or not at all ---


def files_on_disk():
    return set(default_storage.listdir(attachments.FOLDER)[1]) if default_storage.exists(attachments.FOLDER) else set()


@pytest.mark.django_db
def test_file_that_becomes_no_row_is_taken_away():
    judged = [judge(ContentFile(pdf(), name="one.pdf")), judge(ContentFile(pdf(), name="two.pdf"))]
    message = make_message()
    with pytest.raises(IntegrityError), stored(judged) as rows, transaction.atomic():
        attach(message, [rows[0], rows[0]])
    assert files_on_disk() == set()
    assert not Attachment.objects.exists()
    with stored(judged) as rows:
        attach(message, rows[:1])
    assert files_on_disk() == {str(rows[0].pk)}


@pytest.mark.django_db
def test_full_disk_leaves_neither_row_nor_half_a_file(city, visitor, tmp_path):
    """A disk that takes no file, whoever asks: where the folder should be, something else lies."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / attachments.FOLDER).write_text("in the way")
    response = send(visitor, files=[file(pdf())])
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "We look for 2 hectares" in response.content.decode()
    assert not Inquiry.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_file_left_behind_by_a_stopped_machine_is_forgotten_after_a_day():
    message = make_message()
    with stored([judge(ContentFile(pdf(), name="one.pdf"))]) as rows:
        attach(message, rows)
    kept = str(rows[0].pk)
    for name, age in (("fresh", 0), ("old", 90_000), (kept, 90_000)):
        if name != kept:
            default_storage.save(f"{attachments.FOLDER}/{name}", ContentFile(b"x"))
        path = default_storage.path(f"{attachments.FOLDER}/{name}")
        os.utime(path, (os.stat(path).st_atime, os.stat(path).st_mtime - age))
    retention.run(timezone.now())
    assert files_on_disk() == {"fresh", kept}


# --- Who may have them ---


def with_file(inquiry, **fields):
    return make_attachment(message=make_message(inquiry=inquiry, **fields))


@pytest.mark.django_db
def test_s59_files_of_notes_reach_neither_page_nor_investor(visitor, city):
    inquiry = make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"))
    note = with_file(inquiry)
    other = with_file(make_inquiry(bureau=city, email="other@example.com"), kind=Message.Kind.INVESTOR)
    own = with_file(inquiry, kind=Message.Kind.REPLY)
    page = "/en/inquiry/ZQ-AAAA-2222/right/"
    assert [visitor.get(f"{page}file/{one.pk}/").status_code for one in (note, other, own)] == [404, 404, 200]
    assert visitor.get(f"/en/inquiry/ZQ-AAAA-2222/wrong/file/{own.pk}/").status_code == 404
    assert visitor.get(f"/media/inquiries/{own.pk}").status_code == 404
    html = visitor.get(page).content.decode()
    assert str(own.pk) in html
    assert str(note.pk) not in html


@pytest.mark.django_db
def test_staff_fetch_the_files_of_their_bureaus_inquiries_alone(officer, editor, city_desk, signed_in):
    inquiry = make_inquiry()
    one = with_file(inquiry, kind=Message.Kind.INVESTOR)
    private = with_file(inquiry, bureau=inquiry.bureau, is_private=True)
    elsewhere = make_member("ou", "officer", "sihui")

    def status(user, row):
        return signed_in(user).get(f"/admin/inquiries/inquiry/{inquiry.pk}/file/{row.pk}/").status_code

    assert [status(user, one) for user in (officer, city_desk, elsewhere, editor)] == [200, 200, 404, 404]
    assert [status(user, private) for user in (officer, city_desk)] == [200, 404]
