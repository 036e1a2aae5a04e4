"""Writing down who did what (trust.md T19): one function, called by name where the thing is done, in its transaction.

There is no setting that switches it off, and no function that changes or deletes an entry: the database forbids both.
"""

from axes.helpers import get_client_ip_address
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from bureaus.models import AuditEntry, Bureau
from bureaus.rights import bureau_of, bureaus_where, city_bureau

Action, Result = AuditEntry.Action, AuditEntry.Result


def record(
    action: str,
    *,
    request=None,
    user=None,
    thing: Model | None = None,
    kind: type[Model] | None = None,
    bureau: Bureau | None = None,
    result: str = Result.OK,
    address: str = "",
    detail: str = "",
) -> AuditEntry:
    """Adds an entry to the audit log.

    `user` is who did it and `address` the network address from which, by default those of this `request`; `thing` is
    what it was done to, or `kind` the model of many, `bureau` by default the bureau of the thing. `detail` is a word
    or two that the list translates, several with " · " between, never anything that an investor wrote or is called.
    KeyError for an action that the log does not know.
    """
    if action not in Action:
        raise KeyError(f"unknown action: {action}")
    if user is None and request is not None and request.user.is_authenticated:
        user = request.user
    return AuditEntry.objects.create(
        action=action,
        result=result,
        user_id=user.pk if user else None,
        bureau_id=bureau.pk if bureau else _bureau_of(thing),
        kind=ContentType.objects.get_for_model(kind or thing) if kind or thing else None,
        thing_id=str(thing.pk) if thing else "",
        thing=_name_of(thing)[:200] if thing else "",
        address=address or (address_of(request) if request else ""),
        detail=str(detail)[:300],
    )


def address_of(request) -> str:
    """The network address that asks, as sign-in locks and rate limits count it."""
    return (get_client_ip_address(request) or "")[:45]


def export_detail(changelist, number: int, *words: str) -> str:
    """What was exported of a staff list, for `detail`: how many rows, what they were filtered by, anything else."""
    return " · ".join([f"{number} rows", *filters_in_words(changelist), *words])


def filters_in_words(changelist) -> list[str]:
    """The filters of a staff list that are set, as the list names them."""
    found = [f"“{changelist.query}”"] if changelist.query else []
    for one in changelist.filter_specs:
        if one.used_parameters:
            chosen = [str(choice["display"]) for choice in one.choices(changelist) if choice["selected"]]
            found.append(f"{one.title}: {', '.join(chosen)}")
    if changelist.date_hierarchy:
        parts = (changelist.params.get(f"{changelist.date_hierarchy}__{part}") for part in ("year", "month", "day"))
        day = "-".join(str(part[-1] if isinstance(part, list) else part) for part in parts if part)
        found += [day] if day else []
    return found


def _bureau_of(thing):
    """None for people, who may work at several bureaus; the city bureau for what belongs to no other."""
    if thing is None or isinstance(thing, get_user_model()):
        return None
    return bureau_of(thing) or city_bureau()


def _name_of(thing) -> str:
    """Inquiries and letters go by their reference: their names tell who the investor is."""
    return thing.reference if hasattr(thing, "reference") else str(thing)


def visible_entries(user):
    """The entries that a person may read: of their bureaus and, where no bureau is named, by or about their people."""
    bureaus = bureaus_where(user, "see audit")
    if len(bureaus) == Bureau.objects.count():
        return AuditEntry.objects.all()
    people = get_user_model().objects.filter(memberships__bureau__in=bureaus, is_superuser=False).values_list("pk", flat=True)
    people = set(people) if bureaus else set()
    about = Q(kind=ContentType.objects.get_for_model(get_user_model()), thing_id__in=[str(key) for key in people])
    return AuditEntry.objects.filter(Q(bureau__in=bureaus) | Q(bureau=None) & (Q(user__in=people) | about))
