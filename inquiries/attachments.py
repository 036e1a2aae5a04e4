"""Files in the thread: judged by what they hold, stored under names of our own, served only to who may read their message.

Three files of 10 MB with a message: PDF, JPEG, PNG, WebP. Pictures are made anew from their pixels, so that nothing else
travels in them; a PDF stays as it is and is refused where it could act by itself (trust.md T7-T11).
"""

import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from bureaus.text import FORBIDDEN, clean_line
from inquiries import pdf
from inquiries.models import Attachment, Inquiry, Message
from inquiries.thread_rights import for_investor, for_staff
from publishing.images import read_picture

MOST_FILES = 3
LARGEST = 10_000_000  # bytes
LONGEST_NAME = 120
FOLDER = "inquiries"
# A file without a row is left alone for so long: its row may be on the way.
UNCLAIMED = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """A file that may be stored."""

    name: str
    kind: str  # media type
    content: bytes


# --- Judging ---


@dataclass(frozen=True)
class Format:
    kind: str
    starts: re.Pattern
    endings: tuple[str, ...]
    encoding: str = ""  # Pillow's name, and how it saves
    options: tuple = ()


FORMATS = (
    Format("application/pdf", re.compile(rb"%PDF-[12]\.\d"), (".pdf",)),
    Format("image/jpeg", re.compile(rb"\xff\xd8\xff"), (".jpg", ".jpeg"), "JPEG", (("quality", 90),)),
    Format("image/png", re.compile(rb"\x89PNG\r\n\x1a\n"), (".png",), "PNG"),
    Format("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL), (".webp",), "WEBP", (("quality", 90),)),
)


def judge(upload) -> Judged:
    """What an uploaded file is (`name`, `size`, `read`). ValidationError names the file, the limit and what to do."""
    name = clean_name(upload.name)
    if upload.size > LARGEST:
        refuse(_("“%(name)s” is larger than %(limit)d MB. Save it smaller, or send it in parts."), name)
    if not upload.size:
        refuse(_("“%(name)s” is empty. Choose the file again."), name)
    upload.seek(0)
    content = upload.read()
    found = next((one for one in FORMATS if one.starts.match(content)), None)
    if found is None:
        refuse(
            _(
                "“%(name)s” is not a PDF, JPEG, PNG or WebP file. Save it as PDF and choose that. "
                "HEIC pictures from phones: export them as JPEG."
            ),
            name,
        )
    if found.encoding:
        content = pixels_of(content, name, found)
    elif reason := pdf.why_not(content):
        refuse(reason, name)
    return Judged(with_ending(name, found.endings), found.kind, content)


def refuse(sentence, name):
    raise ValidationError(sentence, params={"name": name, "limit": LARGEST // 1_000_000}, code="file")


def pixels_of(content: bytes, name: str, found: Format) -> bytes:
    """The picture encoded anew: no position, comment, preview or trailing bytes are left."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = read_picture(ContentFile(content, name=name))
        buffer = BytesIO()
        image.save(buffer, found.encoding, **dict(found.options))
    return buffer.getvalue()


def clean_name(name: str) -> str:
    """What the sender called the file, in one line that no file system and no reader can misunderstand."""
    name = FORBIDDEN.sub("", (name or "").replace("\\", "/").rpartition("/")[2])
    name = clean_line(" ".join(name.split()))
    return re.sub(r'[<>:"|?*]', "", name).strip(". ") or "file"


def with_ending(name: str, endings: tuple[str, ...]) -> str:
    """The name with an ending that tells the truth, cut to what the table holds."""
    stem, dot, ending = name.rpartition(".")
    if not dot or f".{ending.lower()}" not in endings:
        stem, ending = name, endings[0][1:]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


# --- Storing ---


@contextmanager
def stored(files: list[Judged]) -> Iterator[list[Attachment]]:
    """Writes files to the disk and gives their rows, not saved yet, for `attach`; takes away what has become no row.

    To be used around the transaction: no lock is held while files are written, and no row stands without its file.
    """
    rows = []
    try:
        for file in files:
            row = Attachment(name=file.name, kind=file.kind, size=len(file.content), added_at=timezone.now())
            row.file.name = f"{FOLDER}/{row.pk}"
            rows.append(row)
            write(row.file.name, file.content)
        yield rows
    finally:
        try:
            claimed = set(Attachment.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if rows else set()
        except DatabaseError:
            claimed = {row.pk for row in rows}  # nobody knows: `forget_unclaimed` will
        for row in rows:
            if row.pk not in claimed:
                default_storage.delete(row.file.name)


def write(name: str, content: bytes) -> None:
    """On the disk, not only on its way there: what is acknowledged survives a power failure."""
    default_storage.save(name, ContentFile(content))
    with default_storage.open(name) as file:
        os.fsync(file.fileno())


def attach(message: Message, rows: list[Attachment]) -> None:
    """Makes files of `stored` part of a message, in the caller's transaction."""
    for row in rows:
        row.message = message
        row.save(force_insert=True)


def forget_unclaimed() -> int:
    """Removes files without a row, left behind where the machine stopped between the two; how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    claimed = {str(pk) for pk in Attachment.objects.values_list("pk", flat=True)}
    paths = [f"{FOLDER}/{name}" for name in names if name not in claimed]
    old = [path for path in paths if default_storage.get_modified_time(path) < timezone.now() - UNCLAIMED]
    for path in old:
        default_storage.delete(path)
    return len(old)


# --- Fetching ---

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def for_the_investor(inquiry: Inquiry, pk) -> FileResponse:
    """A file of a message that the sender of the inquiry may read; 404 for all others."""
    return served(for_investor(inquiry), pk)


def for_the_staff(inquiry: Inquiry, user, pk) -> FileResponse:
    """A file of a message that this member of staff may read; 404 for all others."""
    return served(for_staff(inquiry, user), pk)


def served(messages, pk) -> FileResponse:
    """Never shown in the browser, where it could act in the name of this site: always saved under its name."""
    found = Attachment.objects.filter(pk=pk, message__in=messages.order_by()).first()
    if found is None:
        raise Http404
    try:
        file = default_storage.open(found.file.name)
    except FileNotFoundError:
        log.error("The file of attachment %s is gone", found.pk)
        raise Http404 from None
    response = FileResponse(file, content_type=found.kind)
    for header, value in HEADERS.items():
        response.headers[header] = value
    response.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(found.name, safe='')}"
    return response
