"""Words that a bureau prefers: where an item writes others, and the same item with the preferred ones (staff.md S34)."""

import re
from dataclasses import dataclass

from django.db.models import Q

from publishing.models import PreferredWord
from publishing.revisions import ITEM, Difference
from publishing.scripts import MARK
from publishing.translations import text_columns, texts_in


@dataclass(frozen=True)
class Found:
    """A text that writes a word which another is preferred to."""

    place: tuple
    column: str
    word: PreferredWord
    text: str


def preferred_words(bureau_id: int) -> list[PreferredWord]:
    """The words of a bureau and those for all, the longest first: 招商项目 before 项目."""
    words = PreferredWord.objects.filter(Q(bureau=None) | Q(bureau=bureau_id))
    return sorted(words, key=lambda word: (-len(word.instead_of), word.pk))


def pattern(word: PreferredWord) -> re.Pattern:
    """Finds the preferred word, which stays as it is, or the other one; Latin words as a whole and in any case."""
    # Where the preferred word holds the other one, 招商项目 and 项目, it must not be found inside it.
    either = [word.use, word.instead_of] if word.instead_of in word.use else [word.instead_of]
    text = "|".join(map(re.escape, either))
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)" if word.language == "en" else text, re.IGNORECASE if word.language == "en" else 0)


def replaced_in(text: str, word: PreferredWord) -> str:
    """The text with the preferred word; what stands inside marks and links is left alone."""
    find = pattern(word)

    def put(match):
        return match[0] if match[0].casefold() == word.use.casefold() else word.use

    return "".join(part if place % 2 else find.sub(put, part) for place, part in enumerate(MARK.split(text)))


def findings(item, rows: list[dict]) -> list[Found]:
    """Every text of a state that writes another word than the preferred one."""
    words = preferred_words(item.bureau_id)
    found = []
    for place, by_language in texts_in(item, rows).items() if words else ():
        for word in words:
            text = by_language[word.language]
            if text and replaced_in(text, word) != text:
                found.append(Found(place, column_of(item, place, word.language), word, text))
    return found


def column_of(item, place, language) -> str:
    part, _key, name = place
    model = type(item) if part == ITEM else getattr(item, part).model
    return text_columns(model)[name][language]


def with_preferred_words(item, rows: list[dict]) -> list[dict]:
    """The state with every other word replaced."""
    changed = [{**row, "fields": dict(row["fields"])} for row in rows]
    by_place = {(row["part"], "" if row["part"] == ITEM else row["pk"]): row["fields"] for row in changed}
    for one in findings(item, rows):
        fields = by_place[one.place[:2]]
        fields[one.column] = replaced_in(fields[one.column], one.word)
    return changed


def as_differences(item, found: list[Found]) -> list[Difference]:
    """What a replacement would change, for showing it in words."""
    return [Difference(one.place[0], one.place[1] or str(item.pk), one.column, one.word.instead_of, one.word.use) for one in found]
