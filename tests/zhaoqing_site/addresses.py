"""Every public address, read from the address map itself: a new one is tested without being named here."""

import re

from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# What stands for the parameters: an item of every kind, a subject, a file; and what nobody knows.
VALUES = {
    "slug": "the-item",
    "subject": "the-item",
    "ending": "csv",
    "section": "park",
    "name": "unknown",
    "size": "960",
    "reference": "ZQ-26-0000",
    "secret": "unknown",
    "token": "unknown",
    "pk": "00000000-0000-0000-0000-000000000000",
}


def routes(patterns, above=""):
    for entry in patterns:
        part = "en/" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            if not part.startswith("admin/"):
                yield from routes(entry.url_patterns, above + part)
        elif not part.startswith("admin/"):
            yield above + part


ROUTES = list(routes(get_resolver().url_patterns))
ADDRESSES = ["/" + PARAMETER.sub(lambda found: VALUES[found[1]], route) for route in ROUTES]
PAGES = [address for address in ADDRESSES if address.startswith("/en/")]
FORMS = [address for address in PAGES if "/inquiry/" in address]
# Private: a link that somebody was given, never kept by any cache.
DRAFTS = [address for address in ADDRESSES if "/draft/" in address]


def make_items():
    """One item of every kind at the addresses above."""
    from tests.factories import make_bureau, make_figure, make_milestone
    from tests.publishing.kinds import KINDS

    make_bureau("zhaoqing")
    make_bureau("the-item")
    for builder in KINDS.values():
        builder(slug="the-item")
    make_figure(subject_code="the-item")
    make_milestone(slug="the-item")
