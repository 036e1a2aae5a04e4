"""Where a reviewer points who asks for changes: fields of the form, by name, and the way to each (staff.md S26)."""

from publishing import history, revisions
from publishing.revisions import ITEM, PICTURES


def places(item, change) -> tuple[list, list]:
    """`(what the change touches, everything else)`, each as `(part:field, name)` in the order of the form."""
    known, touched = history.places(item), touched_by(change)
    first = [(place, name) for place, name in known if is_touched(place, touched)]
    return first, [pair for pair in known if pair not in first]


def touched_by(change) -> set[tuple[str, str]]:
    """`(part, field)`; of a page that was never public everything that is filled in; a field of "" is a whole row."""
    if change.live is not None:
        return {(one.part, one.field) for one in revisions.difference(change.live.data, change.revision.data)}
    rows = change.revision.data
    return {(row["part"], name) for row in rows for name, value in row["fields"].items() if value not in (None, "", [], False)}


def is_touched(place, touched) -> bool:
    part, _colon, name = place.partition(":")
    return (part, name) in touched or (part, "") in touched


def named(item, fields) -> list[tuple[str, str]]:
    """`(end of the link, name)` of the fields of a decision; fields that are no more are left out."""
    names = dict(history.places(item))
    return [(place_in_form(place), names[place]) for place in fields if place in names]


def place_in_form(place) -> str:
    part, _colon, name = place.partition(":")
    if part == ITEM:
        return f"id_{name}"
    return "publishing-pictureuse-content_type-object_id-group" if part == PICTURES else f"{part}-group"
