"""Tables brought in: what a person was shown is applied as drafts, all of it or nothing (staff.md S47)."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from publishing import changes, revisions
from publishing.models import Batch, Revision, Upload
from publishing.tables.cells import as_stored
from publishing.tables.columns import Columns
from publishing.tables.judging import look
from publishing.tables.outcome import NEW, SAME, Outcome, Row

Kind = Revision.Kind


class Overtaken(Exception):
    """Something changed after the preview; `rows` say what, in words. Nothing was saved."""

    def __init__(self, rows: list[str]):
        super().__init__()
        self.rows = rows


def forget_uploads() -> int:
    """Takes away the uploads that nobody has confirmed in time."""
    return Upload.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def apply(kind: Columns, upload: Upload, user) -> Batch:
    """Makes every new and every changed row of an upload a draft, in one transaction, and returns what holds them together.

    Raises Overtaken when anything is not as the person was shown, and ValidationError when the table has faults now.
    """
    with transaction.atomic():
        lock_uploads(upload)
        outcome = look(kind, upload, user)
        if differing := differences_of_plans(upload.plan, outcome):
            raise Overtaken(differing)
        if outcome.faults:
            raise ValidationError(gettext("The table has faults now. Look at it again."))
        batch = Batch.objects.create(
            id=upload.pk,  # a second press finds what the first has made
            content_type=ContentType.objects.get_for_model(kind.model),
            bureau=upload.bureau,
            user=user,
            name=upload.name,
        )
        for row in outcome.rows:
            if row.state == SAME:
                continue
            try:
                with transaction.atomic():
                    apply_row(kind, row, upload.bureau, user, batch)
            except (changes.Overtaken, ValidationError, IntegrityError) as error:
                raise Overtaken([overtaken_row(row, error)]) from error
        upload.delete()
        return batch


def lock_uploads(upload):
    """A second press waits here, and finds that there is nothing left to do."""
    if not Upload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise Overtaken([])


def apply_row(kind, row, bureau, user, batch):
    if row.item is None:
        create(kind, row, bureau, user, batch)
        return
    if row.state == NEW:
        changes.begin(changes.lock(row.item), user, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)
        return
    rows = row.head.data if row.head else revisions.snapshot(row.item)
    first, *others = rows
    fields = first["fields"] | {name: as_stored(value) for name, value in row.values.items()}
    rows = [{**first, "fields": fields}, *others]
    changes.keep(row.item, rows, user, seen=row.head, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)


def create(kind, row, bureau, user, batch):
    plain = {
        kind.by_name[name].field.attname if name in kind.by_name else name: value
        for name, value in row.values.items()
        if not is_many(kind, name)
    }
    item = kind.model(bureau=bureau, **plain)
    if not item.title_zh_hans and not item.title_zh_hant:
        item.original_language = "en"
    item.save(force_insert=True)
    for name, keys in row.values.items():
        if is_many(kind, name):
            getattr(item, name).set(keys)
    changes.begin(item, user, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)


def is_many(kind, name) -> bool:
    return name in kind.by_name and kind.by_name[name].is_many


def differences_of_plans(plan: dict, outcome: Outcome) -> list[str]:
    """What is no longer as the person was shown, in words."""
    now, found = outcome.plan, []
    rows = {row.place: row for row in outcome.rows}
    for place in dict.fromkeys([*plan, *now]):
        if plan.get(place) != now.get(place):
            row = rows.get(place)
            found.append(overtaken_row(row) if row else str(plan[place][0]))
    return found


def overtaken_row(row: Row, error=None) -> str:
    head = row.head if not isinstance(error, changes.Overtaken) else error.theirs
    if head is None or head.author is None:
        return gettext("%(name)s (row %(row)d): somebody changed it meanwhile.") % {"name": row.label, "row": row.number}
    return gettext("%(name)s (row %(row)d): %(person)s saved it on %(date)s.") % {
        "name": row.label,
        "row": row.number,
        "person": head.author.get_full_name() or head.author.get_username(),
        "date": f"{timezone.localtime(head.at):%Y-%m-%d %H:%M}",
    }
