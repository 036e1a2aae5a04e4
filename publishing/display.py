"""What lists and fact tables show, put into words once per row (speed.md 3.3)."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext

from publishing.languages import TAGS, active_language, text_of


@dataclass(frozen=True)
class Fact:
    """One line of a fact table; an empty value reads "Ask us". `language` only where it is not the page's."""

    label: str
    value: str
    note: str = ""
    language: str = ""


@dataclass(frozen=True)
class Row:
    """One item in a list: `tags` and `facts` are pairs of label and kind, label and value."""

    title: str
    url: str
    language: str = ""
    text: str = ""
    meta: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    # The cover, where the list loaded the pictures.
    picture: object = None
    is_unstated: bool = False


def foreign(language: str) -> str:
    """The `lang` attribute of a text, or nothing where it is the page's language."""
    return "" if language == active_language() else TAGS[language]


def row(item, *, tags=(), **more) -> Row:
    """The row of an item: its title, address and what the kind adds. A sample says so wherever it stands."""
    title, language = text_of(item, "title")
    sample = [(gettext("Sample"), "seal")] if item.is_sample else []
    unstated = getattr(item, "is_unstated", False)
    more = {"picture": cover_of(item)} | more
    return Row(title, item.get_absolute_url(), foreign(language), tags=[*sample, *tags], is_unstated=unstated, **more)


def cover_of(item):
    """The first picture of an item that has a file; nothing where its pictures were not loaded beforehand."""
    if "pictures" not in getattr(item, "_prefetched_objects_cache", {}):
        return None
    return next((use.picture for use in item.pictures.all() if use.picture.has_file), None)


def text_fact(label, item, name: str, note: str = "") -> Fact:
    """A translated field as a fact, with its language where it is not the page's."""
    value, language = text_of(item, name)
    return Fact(label, value, note, foreign(language) if value else "")


def public_or_none(item):
    """What an item points at, if the world may see it; else None: no name of an unpublished thing leaks through a relation."""
    return item if item is not None and item.is_public else None


def only_public(items) -> list:
    """The same for many, in memory: for rows whose relations are already loaded."""
    return [item for item in items if item.is_public]


def ledger_day(moment) -> str:
    """The day in Beijing, as ledgers show it: 2026-11-18."""
    return timezone.localtime(moment).date().isoformat()


def lack_values(facts) -> bool:
    """Whether one of them at least has nothing to say."""
    return any(fact.value in ("", None) for fact in facts)


def stated(facts: list[Fact]) -> list[Fact]:
    """Those that say something: for facts that nobody asks after when they are missing."""
    return [fact for fact in facts if fact.value not in ("", None)]
