"""What still stops an item, or the change of one, from going live."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bureaus.staff import LANGUAGES
from publishing import revisions
from publishing.amounts import amounts_of
from publishing.languages import columns, in_one_line, languages_of, to_attribute
from publishing.models import Change


def missing_for_publishing(item) -> list[tuple[str, str]]:
    """What still stops an item from going live, as `(field, sentence)`; empty when it is ready."""
    missing = []
    if not languages_of(item):
        missing.append((to_attribute("title", item.original_language), _("A title in at least one language is missing.")))
    for code in languages_of(item):
        if not getattr(item, to_attribute("summary", code)) and item.needs_summary:
            sentence = _("The summary is missing in: %(language)s.") % {"language": LANGUAGES[code]}
            missing.append((to_attribute("summary", code), sentence))
    missing += [(name, _("Missing: %(field)s.") % {"field": label_of(item, name)}) for name in item.needed if not getattr(item, name)]
    missing += item.missing_facts()
    missing += unproven_amounts(item)
    for use in item.pictures.select_related("picture") if item.pk else []:
        picture = use.picture
        silent = [LANGUAGES[code] for code in languages_of(item) if not getattr(picture, to_attribute("alt", code))]
        if picture.has_file and silent:
            sentence = _("The picture “%(picture)s” has no alternative text in: %(languages)s.")
            missing.append(("pictures", sentence % {"picture": picture, "languages": in_one_line(silent)}))
    return missing


def label_of(item, name: str) -> str:
    return str(item._meta.get_field(name).verbose_name)


def unproven_amounts(item) -> list[tuple[str, str]]:
    """No amount goes live without saying who stated it and for which day (staff.md S37)."""
    amounts = amounts_of(item)
    if not amounts:
        return []
    names, missing = in_one_line(column.verbose_name for column in amounts), []
    if not any(getattr(item, column) for column in columns("source")):
        wanted = to_attribute("source", item.original_language)
        missing.append((wanted, _("The source is missing for: %(names)s.") % {"names": names}))
    if item.as_of is None:
        missing.append(("as_of", _("The day whose state the source describes is missing for: %(names)s.") % {"names": names}))
    return missing


def missing_in_change(item, change) -> list[tuple[str, str]]:
    """The same for the state that the change would publish. Things it names that are gone stop it too."""

    def look():
        lost = revisions.apply(item, change.revision.data)
        gone = (
            [("", _("What this change says of these is gone or taken by another item: %(names)s.") % {"names": ", ".join(lost)})]
            if lost
            else []
        )
        return gone + claimed_elsewhere(item, change) + missing_for_publishing(item)

    try:
        return revisions.dry(look)
    finally:
        item.refresh_from_db()


def claimed_elsewhere(item, change) -> list[tuple[str, str]]:
    """What must be unique and stands in another open change already; the database sees published rows alone."""
    others = Change.objects.filter(content_type=change.content_type, state__in=Change.OPEN).exclude(pk=change.pk)
    found = []
    for column in item._meta.concrete_fields:
        value = getattr(item, column.attname)
        same = {f"revision__data__0__fields__{column.name}": value}
        if column.unique and not column.primary_key and value and others.filter(**same).exists():
            found.append((column.name, _("Another draft claims the same %(field)s.") % {"field": column.verbose_name}))
    return found


def place_in_form(name: str) -> str:
    """Where on the change page a field or the pictures stand, as the end of a link."""
    return "publishing-pictureuse-content_type-object_id-group" if name == "pictures" else f"id_{name}"


def refuse_unready(missing):
    if missing:
        raise ValidationError([sentence for _field, sentence in missing])


def is_overtaken(item, change) -> bool:
    """Whether the stored row is no longer what the change started from."""
    return change.live is not None and bool(revisions.difference(change.live.data, revisions.snapshot(item)))
