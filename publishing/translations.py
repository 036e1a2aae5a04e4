"""The state of each translation of an item: missing, converted and unread, behind its original, or in step (staff.md S32, S33)."""

import hashlib
from dataclasses import dataclass, field
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus.staff import LANGUAGES, language_of
from publishing import revisions, scripts
from publishing.languages import CODES
from publishing.models import Revision, TranslationState
from publishing.revisions import ITEM, Difference, held_back

# So many pairs of texts are remembered for each place: enough for a draft that is discarded, or an earlier version restored.
REMEMBERED = 12


class State(models.TextChoices):
    ORIGINAL = "original", _("original")
    CURRENT = "current", _("in step with the original")
    CHANGED = "changed", _("the original has changed")
    CONVERTED = "converted", _("converted, not checked")
    INCOMPLETE = "incomplete", _("some texts are missing")
    MISSING = "missing", _("missing")


@dataclass
class Translation:
    """How an item stands in one language. Places are `(part, key, name of the text)`."""

    language: str
    original: str
    missing: list = field(default_factory=list)
    converted: list = field(default_factory=list)
    # Places with the version whose original text they were written for.
    changed: list = field(default_factory=list)
    has_title: bool = False
    checked_by: object = None
    checked_on: object = None

    @property
    def name(self) -> str:
        return LANGUAGES[self.language]

    @property
    def state(self) -> State:
        if not self.has_title:
            return State.MISSING
        if self.language == self.original:
            return State.ORIGINAL
        if self.converted:
            return State.CONVERTED
        if self.changed:
            return State.CHANGED
        return State.INCOMPLETE if self.missing else State.CURRENT

    def has(self, what: str) -> bool:
        """Whether something in this language is missing, changed or converted; "check" is either of the latter."""
        return bool(self.converted or self.changed) if what == "check" else bool(getattr(self, what))


# --- The texts of an item ---


@cache
def text_columns(model) -> dict[str, dict[str, str]]:
    """Translated texts of a model, each with its column in every language."""
    found = {}
    for column in model._meta.concrete_fields:
        code = language_of(column)
        if code and column.name not in held_back(model):
            found.setdefault(column.name.removesuffix("_" + code.replace("-", "_")), {})[code] = column.name
    return found


def texts_in(item, rows: list[dict]) -> dict[tuple, dict[str, str]]:
    """`{place: {language: text}}` of a state, as `revisions.snapshot` gives it."""
    found = {}
    for row in rows:
        if row["part"] not in {ITEM, *item.parts}:
            continue
        key = "" if row["part"] == ITEM else row["pk"]
        for name, by_language in text_columns(revisions.model_of(item, row["part"])).items():
            found[(row["part"], key, name)] = {code: row["fields"].get(column, "") for code, column in by_language.items()}
    return found


def texts_of(item) -> dict[tuple, dict[str, str]]:
    """The same of an item in memory, whose parts should be loaded already."""
    things = [(ITEM, "", item), *((part, str(thing.pk), thing) for part in item.parts for thing in getattr(item, part).all())]
    return {
        (part, key, name): {code: getattr(thing, column) for code, column in by_language.items()}
        for part, key, thing in things
        for name, by_language in text_columns(type(thing)).items()
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- What fits what ---


def rows_for(item):
    return TranslationState.objects.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)


def row_for(item, language) -> TranslationState:
    found = rows_for(item).filter(language=language).first()
    content_type = ContentType.objects.get_for_model(item)
    return found or TranslationState(content_type=content_type, object_id=item.pk, language=language)


def note(row: TranslationState, place: tuple, original: str, text: str, version: int, *, is_converted=False) -> None:
    """Remembers that `text` was written for `original`, or was found to fit it."""
    if text:
        pair, key = [digest(original), digest(text)], ":".join(place)
        others = [other for other in row.pairs.get(key, []) if other[:2] != pair]
        row.pairs[key] = [[*pair, version, is_converted], *others][:REMEMBERED]


def follow(item, revision: Revision) -> None:
    """Notes which texts a new version wrote for which original ones. Called in the transaction that stores the version."""
    base = revision.base
    new, old = texts_in(item, revision.data), texts_in(item, base.data) if base else {}
    original = original_language(revision.data)
    other_original = base is not None and original_language(base.data) != original
    for language in CODES:
        if language == original:
            continue
        row = row_for(item, language)
        before = str(row.pairs)
        for place, words in new.items():
            was = old.get(place)
            if was is not None and ":".join(place) not in row.pairs:
                note(row, place, was[original], was[language], base.n)
            if was is None or other_original or was[language] != words[language]:
                note(row, place, words[original], words[language], revision.n)
        was_to_check, row.to_check = row.to_check, is_to_check(new, original, row)
        if str(row.pairs) != before or row.to_check != was_to_check:
            row.save()


def original_language(rows: list[dict]) -> str:
    return rows[0]["fields"]["original_language"]


def note_conversion(item, revision: Revision) -> None:
    """Marks the Traditional texts of a new version that a conversion filled and nobody has touched since."""
    new = texts_in(item, revision.data)
    old = texts_in(item, revision.base.data) if revision.base else {}
    original, row = original_language(revision.data), row_for(item, scripts.TRADITIONAL)
    if original == scripts.TRADITIONAL:
        return
    for place, words in new.items():
        text, simplified = words[scripts.TRADITIONAL], words[scripts.SIMPLIFIED]
        is_new = text and text != old.get(place, {}).get(scripts.TRADITIONAL)
        if is_new and text in (scripts.to_traditional(simplified), scripts.rich_to_traditional(simplified)):
            note(row, place, words[original], text, revision.n, is_converted=True)
    row.to_check = is_to_check(new, original, row)
    row.save()


def confirm(item, rows: list[dict], version: int, language: str, user) -> None:
    """Notes that a person has read a translation and found it correct, all of it, as it stands in `rows`."""
    original, row = original_language(rows), row_for(item, language)
    texts = texts_in(item, rows)
    for place, words in texts.items():
        note(row, place, words[original], words[language], version)
    row.checked_by, row.checked_on = user, timezone.now()
    row.to_check = is_to_check(texts, original, row)
    row.save()


def is_to_check(texts, original: str, row: TranslationState) -> bool:
    """Whether somebody has to look at a translation: it is behind its original, or converted and unread."""
    found = in_language(texts, original, row.language, row)
    return bool(found.converted or found.changed)


def look_again(item, rows: list[dict]) -> None:
    """Notes the same where another state has become the newest without being saved as a version."""
    texts, original = texts_in(item, rows), original_language(rows)
    for row in rows_for(item):
        if (to_check := is_to_check(texts, original, row)) != row.to_check:
            TranslationState.objects.filter(pk=row.pk).update(to_check=to_check)


# --- Asking ---


def translations(item, rows: list[dict]) -> dict[str, Translation]:
    """How an item stands in each language, in the state `rows`."""
    known = {row.language: row for row in rows_for(item).select_related("checked_by")}
    return compare(texts_in(item, rows), original_language(rows), known)


def compare(texts, original: str, known: dict[str, TranslationState]) -> dict[str, Translation]:
    return {language: in_language(texts, original, language, known.get(language)) for language in CODES}


def in_language(texts, original, language, row: TranslationState | None) -> Translation:
    found = Translation(language, original, has_title=bool(texts[(ITEM, "", "title")][language]))
    if row is not None:
        found.checked_by, found.checked_on = row.checked_by, row.checked_on
    if language == original:
        if not found.has_title:
            found.missing.append((ITEM, "", "title"))
        return found
    for place, words in texts.items():
        source, text = words[original], words[language]
        if source and not text:
            found.missing.append(place)
        elif text and row is not None:
            look_up(found, place, row.pairs.get(":".join(place), []), source, text)
    return found


def look_up(found: Translation, place, pairs, source, text):
    """What is known of a text: read for this original, for another one, or converted. Nothing is known of one nobody has saved."""
    if not pairs:
        return
    mine = [pair for pair in pairs if pair[1] == digest(text)]
    fitting = next((pair for pair in mine if pair[0] == digest(source)), None)
    if (fitting or (mine and mine[0]) or [0, 0, 0, False])[3]:
        found.converted.append(place)
    if fitting is None and mine:
        found.changed.append((place, mine[0][2]))


def is_unread(item, rows: list[dict]) -> bool:
    """Whether a conversion stands in this state that nobody has read."""
    row = rows_for(item).filter(language=scripts.TRADITIONAL).first()
    if row is None or not any(pair[3] for pairs in row.pairs.values() for pair in pairs):
        return False
    return bool(in_language(texts_in(item, rows), original_language(rows), scripts.TRADITIONAL, row).converted)


def changes_of_original(item, rows: list[dict], translation: Translation) -> list[Difference]:
    """What the original text was when a translation last fitted, and what it is now."""
    versions = {version for _place, version in translation.changed}
    content_type = ContentType.objects.get_for_model(item)
    before = {
        one.n: texts_in(item, one.data) for one in Revision.objects.filter(content_type=content_type, object_id=item.pk, n__in=versions)
    }
    now, found = texts_in(item, rows), []
    for place, version in translation.changed:
        part, key, name = place
        old = before.get(version, {}).get(place, {}).get(translation.original, "")
        column = text_columns(revisions.model_of(item, part))[name][translation.original]
        found.append(Difference(part, key or str(item.pk), column, old, now[place][translation.original]))
    return found
