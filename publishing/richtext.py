"""Rich text: one list of marks for the editor, for cleaning on save and for cleaning again on the page (trust.md T12, T71)."""

import base64
import hashlib
import re
from html import unescape

import nh3
from django.conf import settings
from django.utils.html import strip_tags
from django_prose_editor.config import allowlist_from_extensions
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget, importmap

# What the editor offers. The four parts of a table stand together, else its cells would be dropped.
EXTENSIONS = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
TAGS = allowlist_from_extensions(EXTENSIONS)["tags"]
ATTRIBUTES = {
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "*": {"lang"},
}
# Whole addresses, addresses of this site, places on the page. Not //host or /\host, which lead elsewhere.
LINK = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)[^\s\\\x00-\x1f]*", re.IGNORECASE)
# The one <style> block that the editor writes into its page; it changes with the editor's version.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


def _link_or_none(tag, attribute, value):
    if attribute == "href" and not LINK.fullmatch(value):
        return None
    return value


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_link_or_none,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)


def clean(html: str) -> str:
    """The text with only the allowed marks and links; everything else is dropped. A text without words is empty."""
    cleaned = CLEANER.clean(html)
    return cleaned if unescape(strip_tags(cleaned)).strip() else ""


def editor_field(db_field, **options):
    """Form field of a rich text: the editor, or without script a text area with the marks."""
    options |= {
        "form_class": ProseEditorFormField,
        "config": {"extensions": EXTENSIONS},
        "sanitize": clean,
        "widget": AdminProseEditorWidget,
    }
    return db_field.formfield(**options)


def editor_policy() -> str:
    """The site's Content-Security-Policy with the hashes of the two fixed blocks that the editor needs. For staff pages only."""
    block = str(importmap).split(">", 1)[1].rsplit("</script", 1)[0]
    digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
    extra = {"script-src": [f"'sha256-{digest}'"], "style-src": [EDITOR_STYLE]}
    return "; ".join(f"{name} {' '.join([*sources, *extra.get(name, [])])}" for name, sources in settings.SECURE_CSP.items())
