"""Template tags for published items: rich text, lists of lines, moments."""

import re
from html import unescape

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from bureaus.staff import list_name
from publishing.languages import TAGS, active_language, text_of
from publishing.richtext import clean
from publishing.views import localized

register = template.Library()
LINK = re.compile(r'href="(/[^"]*)"')
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@register.simple_tag
def prose(item, name="body"):
    """A rich text, sanitized again on its way out; its links to this site lead to pages in the reader's language."""
    text, language = text_of(item, name)
    if not text:
        return ""
    html = LINK.sub(lambda match: f'href="{localized(match[1])}"', clean(text))
    html = TABLE.sub(in_region, html)
    if language == active_language():
        return SafeString(html)
    return format_html('<div class="prose" lang="{}">{}</div>', TAGS[language], SafeString(html))


def in_region(match) -> str:
    """A wide table scrolls by itself; the region has the table's heading row as its name, so that each has its own."""
    heading = " · ".join(strip_tags(cell) for cell in re.findall(r"<th\b.*?</th>", match[0].partition("</tr>")[0], re.DOTALL))
    name = escape(unescape(heading)) or gettext("Table")
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">{match[0]}</div>'


@register.simple_tag
def lines(item, name):
    """The lines of a translated text that holds one entry per line, each marked with its language where that is not the page's."""
    text, language = text_of(item, name)
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if language == active_language():
        return found
    return [format_html('<span lang="{}">{}</span>', TAGS[language], line) for line in found]


@register.filter
def labelled(cells, headers):
    """The cells of a row of a staff list, each with the name of its column."""
    names = [capfirst(strip_tags(str(header["text"]))) for header in headers]
    return [SafeString(cell[:3] + format_html(' data-label="{}"', name) + cell[3:]) for cell, name in zip(cells, names, strict=True)]


@register.filter("list_name")
def list_name_of(opts):
    return list_name(opts.model)


@register.filter
def moment(value):
    """A moment in Beijing time: 19 Oct 2023, 16:30 · 2023-10-19 16:30 (investors.md 8.3 D11)."""
    value = timezone.localtime(value)
    return f"{value.day} {value:%b %Y, %H:%M}" if active_language() == "en" else f"{value:%Y-%m-%d %H:%M}"


@register.filter
def person(user):
    """What colleagues call somebody: the name, else the name to sign in with."""
    return user.get_full_name() or user.get_username()


@register.filter
def bcp47(code):
    """What a `lang` attribute says: zh-hans -> zh-Hans."""
    return TAGS.get(code, code)
