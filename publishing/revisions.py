"""States of an item with its rows: taken, compared, put in place, tried without a trace (staff.md section 5)."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

ITEM = ""  # the part of a state that is the item's own row
PICTURES = "pictures"
# What no state brings back: the key, and whose a thing is; published kinds name more.
ALWAYS_HELD_BACK = {"id", "bureau"}


class Undone(Exception):
    """Ends a dry run."""


def dry(function: Callable):
    """What `function` returns; whatever it wrote is undone. Nothing that waits for the commit happens."""
    try:
        with transaction.atomic():
            result = function()
            raise Undone
    except Undone:
        return result


# --- Taking a state ---


def snapshot(item) -> list[dict]:
    """The state of a stored item: its row, then those of its parts and pictures, as plain JSON.

    A row is `{"part": accessor ("" for the item), "pk": text, "fields": {name: value}}`; many-to-many fields are
    lists of keys.
    """
    stored = type(item)._base_manager.get(pk=item.pk)
    rows = [row_of(stored, ITEM)]
    for part in parts_of(item):
        things = getattr(stored, part).all()
        many = [field.name for field in things.model._meta.many_to_many]
        rows += [row_of(thing, part) for thing in things.prefetch_related(*many)]
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))


def parts_of(item) -> tuple[str, ...]:
    """Accessors of the rows that belong to an item and are saved with it."""
    return (*item.parts, PICTURES) if hasattr(item, "parts") else ()


def row_of(thing, part: str) -> dict:
    fields = {field.name: field.value_from_object(thing) for field in fields_of(type(thing), part)}
    fields |= {field.name: sorted(other.pk for other in getattr(thing, field.name).all()) for field in thing._meta.many_to_many}
    return {"part": part, "pk": str(thing.pk), "fields": fields}


def fields_of(model, part: str) -> list:
    """The columns that a state of this model holds."""
    left_out = held_back(model) if part == ITEM else {"id"}
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def held_back(model) -> set[str]:
    """The columns that the workflow sets or the site counts."""
    return ALWAYS_HELD_BACK | set(getattr(model, "held_back", ()))


def model_of(item, part: str):
    return type(item) if part == ITEM else getattr(item, part).model


# --- Putting a state in place ---


def apply(item, rows: list[dict]) -> list[str]:
    """Gives a stored item the state of `rows`; rows of parts that it does not name go. Call it in a transaction.

    Returns the names of what could not be put in place: fields that are no more, things pointed at that are gone,
    values that may stand only once and now stand elsewhere.
    A field added since the state was taken keeps its present value.
    """
    lost = []
    first, others = rows[0], rows[1:]
    item.refresh_from_db()
    item._prefetched_objects_cache = {}
    write(item, first, lost)
    for part in parts_of(item):
        wanted = {row["pk"]: row for row in others if row["part"] == part}
        present = {str(thing.pk): thing for thing in getattr(item, part).all()}
        for pk in present.keys() - wanted.keys():
            present[pk].delete()
        for pk, row in wanted.items():
            write(present.get(pk) or model_of(item, part)(pk=pk), row, lost)
    lost += sorted({row["part"] for row in others} - set(parts_of(item)))
    return lost


def write(thing, row: dict, lost: list[str]) -> None:
    """Saves a row as its state says; what is as it was is not written again."""
    is_new = thing._state.adding
    before = {} if is_new else json.loads(json.dumps(row_of(thing, row["part"])["fields"], cls=DjangoJSONEncoder))
    if before == row["fields"]:
        return
    many = {field.name: field for field in thing._meta.many_to_many}
    fields = {field.name: field for field in fields_of(type(thing), row["part"])}
    lost += sorted(row["fields"].keys() - fields.keys() - many.keys() - held_back(type(thing)))
    for name in row["fields"].keys() & fields.keys():
        if row["fields"][name] != before.get(name) and not give(thing, fields[name], row["fields"][name], lost):
            return
    thing.save(force_insert=is_new)
    for name in row["fields"].keys() & many.keys():
        if row["fields"][name] != before.get(name):
            getattr(thing, name).set(existing(many[name].related_model, row["fields"][name], lost))


def give(thing, field, value, lost) -> bool:
    """Sets one field. False when it points at something that is gone and the row cannot do without."""
    value = field.to_python(value)
    if field.is_relation and value is not None and not existing(field.related_model, [value], lost):
        if not field.null:
            return False
        value = None
    if field.unique and value != getattr(thing, field.attname) and is_taken(thing, field, value):
        lost.append(str(field.verbose_name))
        return True
    setattr(thing, field.attname, value)
    return True


def is_taken(thing, field, value) -> bool:
    """Whether another row holds what only one may hold, e.g. an address part that was given away meanwhile."""
    return value is not None and type(thing)._base_manager.filter(**{field.attname: value}).exclude(pk=thing.pk).exists()


def existing(model, keys: list, lost: list[str]) -> list:
    """Those of the keys that are still there."""
    there = {str(key) for key in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)} if keys else set()
    lost += [str(model._meta.verbose_name) for key in keys if str(key) not in there]
    return [key for key in keys if str(key) in there]


# --- Comparing states ---


@dataclass(frozen=True)
class Difference:
    """One value that differs. Without a field it is a whole row: `old` None where it is new, `new` None where it is gone."""

    part: str
    pk: str
    field: str
    old: object
    new: object

    @property
    def place(self) -> tuple[str, str, str]:
        return self.part, self.pk, self.field

    @property
    def row(self) -> tuple[str, str]:
        return self.part, self.pk


def difference(old: list[dict], new: list[dict]) -> list[Difference]:
    """What differs between two states, in the order of the form. A field that one of them does not know is left out."""
    before, after = by_row(old), by_row(new)
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            found.append(Difference(*key, "", was, now))
            continue
        for name in [name for name in was if name in now]:
            if was[name] != now[name]:
                found.append(Difference(*key, name, was[name], now[name]))
    return found


def by_row(rows: list[dict]) -> dict[tuple[str, str], dict]:
    return {(row["part"], row["pk"]): row["fields"] for row in rows}


@dataclass(frozen=True)
class Clash:
    """A place that two people changed since the state that both started from."""

    place: tuple[str, str, str]
    base: object
    theirs: object
    mine: object


def compare_three(base, theirs, mine) -> tuple[list[Clash], list[Difference], list[Difference]]:
    """`(clashes, only theirs, only mine)`. A row that one side took away while the other changed it is one clash."""
    their_changes = {one.place: one for one in difference(base, theirs)}
    my_changes = {one.place: one for one in difference(base, mine)}
    clashes = []
    for gone, changed in ((their_changes, my_changes), (my_changes, their_changes)):
        for place in [place for place, one in gone.items() if not place[2] and one.new is None]:
            inside = [other for other in changed if other[:2] == place[:2] and other != place]
            if inside:
                clashes.append(Clash(place, *(by_row(state).get(place[:2]) for state in (base, theirs, mine))))
                gone.pop(place)
                for other in inside:
                    changed.pop(other)
    for place in [place for place in my_changes if place in their_changes]:
        my_change, their_change = my_changes.pop(place), their_changes.pop(place)
        if my_change.new != their_change.new:
            clashes.append(Clash(place, my_change.old, their_change.new, my_change.new))
    return clashes, list(their_changes.values()), list(my_changes.values())


def merge(theirs: list[dict], changes: list[Difference]) -> list[dict]:
    """Their state with these changes put in."""
    rows = {(row["part"], row["pk"]): {**row, "fields": dict(row["fields"])} for row in theirs}
    for one in changes:
        if one.field and one.row in rows:
            rows[one.row]["fields"][one.field] = one.new
        elif one.field:
            continue
        elif one.new is None:
            rows.pop(one.row, None)
        else:
            rows[one.row] = {"part": one.part, "pk": one.pk, "fields": dict(one.new)}
    return list(rows.values())
