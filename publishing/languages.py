"""Content in three languages: real columns, one visible order of fallback (architecture.md section 8)."""

from django.conf import settings
from django.utils.translation import get_language
from translated_fields import TranslatedField, to_attribute

CODES = [code for code, _name in settings.LANGUAGES]
# A Hong Kong reader gets Chinese before English; an English reader gets Simplified first.
FALLBACKS = {
    "en": ("zh-hans", "zh-hant"),
    "zh-hans": ("zh-hant", "en"),
    "zh-hant": ("zh-hans", "en"),
}
# What `lang` and `hreflang` attributes say (BCP 47).
TAGS = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def active_language() -> str:
    """The language of the page; the default where a command has switched translation off."""
    language = get_language()
    return language if language in FALLBACKS else settings.LANGUAGE_CODE


def gap() -> str:
    """The space after a sentence or a colon; Chinese marks bring their own."""
    return " " if active_language() == "en" else ""


def reading_order(language: str) -> tuple[str, ...]:
    """The language itself, then the ones shown where it is missing."""
    return (language, *FALLBACKS[language])


def languages_of(item) -> list[str]:
    """The languages that an item exists in: those its title is filled in."""
    return [code for code in CODES if getattr(item, to_attribute("title", code))]


def text_of(item, name: str, language: str | None = None) -> tuple[str, str]:
    """`(text, language of the text)` of a translated field, by the reading order; `("", language)` if empty."""
    language = language or active_language()
    for code in reading_order(language):
        if value := getattr(item, to_attribute(name, code)):
            return value, code
    return "", language


def with_fallback(name, field):
    return lambda item: text_of(item, name)[0]


def translated(field, specific=None) -> TranslatedField:
    """A column per language; reading the plain name gives the text of the active language or its fallback."""
    return TranslatedField(field, specific, attrgetter=with_fallback)


def columns(name: str) -> list[str]:
    """The real columns of a translated field, e.g. `title_en`, `title_zh_hans`, `title_zh_hant`."""
    return [to_attribute(name, code) for code in CODES]


def in_one_line(names) -> str:
    """Several names with commas between: , in English, 、 in Chinese."""
    return (", " if active_language() == "en" else "、").join(str(name) for name in names)


__all__ = [
    "CODES",
    "FALLBACKS",
    "TAGS",
    "active_language",
    "columns",
    "gap",
    "in_one_line",
    "languages_of",
    "reading_order",
    "text_of",
    "to_attribute",
    "translated",
]
