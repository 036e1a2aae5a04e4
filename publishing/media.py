"""Fetching the copies of pictures: anyone for pictures on public items, staff of the bureau for the others."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from bureaus.rights import may
from publishing.images import ENCODINGS, is_shown_publicly
from publishing.models import Picture

TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}
# A copy never changes under its name.
FOR_ALL = "public, max-age=31536000, immutable"
FOR_STAFF = "private, no-store"


@require_safe
def picture(request, name, size, ending):
    """One copy of a picture, e.g. 960.webp. The original has no address."""
    found = Picture.objects.filter(original=name).first()
    if found is None:
        raise Http404
    if is_shown_publicly(found):
        caching = FOR_ALL
    elif may(request.user, "see drafts", found):
        caching = FOR_STAFF
    else:
        raise Http404
    return copy_of(found, size, ending, caching)


def copy_of(found: Picture, size, ending, caching) -> FileResponse:
    """One copy of a picture that the asker may see. Http404 if there is no such copy."""
    if ending not in ENCODINGS or size not in map(str, found.rendition_widths):
        raise Http404
    try:
        file = default_storage.open(f"{found.original}/{size}.{ending}")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        content_type=TYPES[ending],
        headers={
            "Cache-Control": caching,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
