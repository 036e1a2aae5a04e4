"""Pictures: judged by content, re-encoded from pixels, kept private until a public item uses them.

The original is never served. Copies in a few widths, as JPEG and WebP, lie beside it under a random name.
"""

import hashlib
import secrets
import warnings
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from publishing.models import Picture, Status

FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS = (480, 960, 1600)
ENCODINGS = {"jpg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}), "webp": ("WEBP", {"quality": 80, "method": 4})}


def read_picture(upload) -> Image.Image:
    """The pixels of an uploaded file, upright and without metadata. ValidationError says what is wrong with it."""
    if upload.size > settings.PICTURE_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)d MB. Save it smaller and try again."),
            params={"name": upload.name, "limit": settings.PICTURE_MAX_BYTES // 1_000_000},
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > settings.PICTURE_MAX_PIXELS:
                raise Image.DecompressionBombError
            if getattr(image, "is_animated", False):
                raise ValidationError(_("“%(name)s” is animated. Use a still picture."), params={"name": upload.name})
            image.load()
            image = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            _("“%(name)s” has more than %(limit)d megapixels. Save it smaller and try again."),
            params={"name": upload.name, "limit": settings.PICTURE_MAX_PIXELS // 1_000_000},
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ValidationError(
            _("“%(name)s” is not a JPEG, PNG or WebP picture that can be read. HEIC pictures from phones: export them as JPEG."),
            params={"name": upload.name},
        ) from None
    return _pixels_alone(image)


def _pixels_alone(image):
    """The picture as plain RGB; what was transparent becomes white; comments, positions and profiles are gone."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    image = image.convert("RGB")
    image.info.clear()
    return image


def store_picture(picture: Picture, upload) -> None:
    """Fills the file fields of an unsaved picture from an upload; the caller saves it. ValidationError as read_picture."""
    image = read_picture(upload)
    upload.seek(0)
    picture.sha256 = hashlib.sha256(upload.read()).hexdigest()
    picture.original = secrets.token_hex(16)
    picture.width, picture.height = image.size
    picture.rendition_widths = [width for width in WIDTHS if width < image.width] + ([image.width] if image.width <= WIDTHS[-1] else [])
    _save(image, f"{picture.original}/original.jpg", "JPEG", {"quality": 92})
    for width in picture.rendition_widths:
        copy = image if width == image.width else image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
        for ending, (encoding, options) in ENCODINGS.items():
            _save(copy, f"{picture.original}/{width}.{ending}", encoding, options)


def _save(image, name, encoding, options):
    buffer = BytesIO()
    image.save(buffer, encoding, **options)
    default_storage.save(name, ContentFile(buffer.getvalue()))


def is_shown_publicly(picture: Picture) -> bool:
    """Whether a public or withdrawn item uses the picture, so that its copies may be fetched by anyone."""
    return any(use.item is not None and use.item.status in (Status.LIVE, Status.WITHDRAWN) for use in picture.uses.all())
