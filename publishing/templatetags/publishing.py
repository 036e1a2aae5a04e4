"""Template tags for published items: text in the right language, dates in the reader's form, "Ask us"."""

import re

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from publishing.languages import TAGS, active_language, text_of
from publishing.richtext import clean
from publishing.views import inquiry_address, localized

register = template.Library()
LINK = re.compile(r'href="(/[^"]*)"')


@register.simple_tag
def translated(item, name):
    """A translated text; one that is not in the page's language says so with its own `lang`."""
    text, language = text_of(item, name)
    if not text or language == active_language():
        return text
    return format_html('<span lang="{}">{}</span>', TAGS[language], text)


@register.simple_tag
def prose(item, name="body"):
    """A rich text, sanitized again on its way out; its links to this site lead to pages in the reader's language."""
    text, language = text_of(item, name)
    if not text:
        return ""
    html = LINK.sub(lambda match: f'href="{localized(match[1])}"', clean(text))
    attribute = "" if language == active_language() else format_html(' lang="{}"', TAGS[language])
    return format_html("<div{}>{}</div>", attribute, SafeString(html))


@register.simple_tag
def lines(item, name):
    """The lines of a translated text that holds one entry per line."""
    return [line.strip() for line in text_of(item, name)[0].splitlines() if line.strip()]


@register.simple_tag
def has_text(item, name):
    return bool(text_of(item, name)[0])


@register.simple_tag(takes_context=True)
def inquiry_url(context, item):
    """Address of the inquiry form, filled in for this item."""
    return inquiry_address(item, context["request"].path if "request" in context else "")


@register.simple_tag(takes_context=True)
def or_ask(context, value, item):
    """A value, or where it is unknown the words "Ask us", linked to an inquiry about this item."""
    if value not in (None, ""):
        return value
    return format_html('<a class="ask" href="{}">{}</a>', inquiry_url(context, item), gettext("Ask us"))


@register.filter
def day(value):
    """A date in the reader's form: 18 Nov 2026 · 2026年11月18日; moments in Beijing time."""
    if value in (None, ""):
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value)
    if active_language() == "en":
        return f"{value.day} {value:%b} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def moment(value):
    """A moment in Beijing time: 19 Oct 2023, 16:30 · 2023-10-19 16:30 (investors.md 8.3 D11)."""
    value = timezone.localtime(value)
    return f"{day(value)}, {value:%H:%M}" if active_language() == "en" else f"{value:%Y-%m-%d %H:%M}"


@register.filter
def bcp47(code):
    """What a `lang` attribute says: zh-hans -> zh-Hans."""
    return TAGS.get(code, code)


@register.filter
def language_name(code):
    """A content language in words, in the language of the page."""
    return {
        "en": gettext("English"),
        "zh-hans": gettext("Simplified Chinese"),
        "zh-hant": gettext("Traditional Chinese"),
    }[code]


@register.filter
def phone(number):
    """An E.164 number in groups: +86 758 289 9202 -> as it is dialled, +86 758 2899202."""
    if number.startswith("+86758"):
        return f"+86 758 {number[6:]}"
    return number
