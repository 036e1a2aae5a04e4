"""The privacy notice beside the consent box: shown, and stored with each inquiry by version and hash."""

import hashlib

from django.conf import settings
from django.template.loader import render_to_string

from city.models import Page
from inquiries.routing import city_bureau
from publishing.languages import active_language

# Change it with every change of the texts in templates/inquiries/notice.<language>.html.
VERSION = "2026-11-22.3"


def notice_html(language: str | None = None) -> str:
    """The notice in a language (the active one): who handles the details, why, which, how long, who else, which rights."""
    bureau = city_bureau()
    context = {
        "bureau": bureau,
        "contact": bureau.contacts.exclude(phone="").first(),
        "months": settings.RETENTION_MONTHS,
        "page": Page.objects.public().in_language(language).filter(slug="privacy").first(),
    }
    return render_to_string(f"inquiries/notice.{language or active_language()}.html", context)


def notice_hash(html: str) -> str:
    return hashlib.sha256(" ".join(html.split()).encode()).hexdigest()
