"""The links that stand on pages of the site: which there are, and where those lead that stay on the site (staff.md S45).

Rows of `PageLink` follow what is public: an item's are made anew whenever the workflow changes what the world sees of it.
Links to other sites are tried at night (`link_check.py`).
"""

import hashlib
import re
from collections import defaultdict
from html import unescape

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import TextField, URLField
from django.utils import timezone

from publishing import revisions
from publishing.addresses import leads_somewhere, without_language
from publishing.models import PageLink, Publishable, Status

State = PageLink.State
HREF = re.compile(r'<a\b[^>]*\shref="([^"]+)"', re.IGNORECASE)
SHOWN = (Status.LIVE, Status.WITHDRAWN)
# What an internal link that leads nowhere is said to answer.
NOWHERE = "nowhere"
AT_ONCE = 200


# --- Which links there are ---


def linking_columns(model) -> list:
    """The columns that may hold links: addresses, and texts with marks."""
    return [field for field in model._meta.concrete_fields if isinstance(field, (URLField, TextField))]


def in_value(field, value) -> list[str]:
    if not value:
        return []
    found = [value] if isinstance(field, URLField) else [unescape(href) for href in HREF.findall(value)]
    return [address for address in found if address.startswith(("http://", "https://", "/"))]


def links_of(item) -> dict[str, list[str]]:
    """The links on an item as it is stored, with the columns that hold each."""
    found = defaultdict(list)
    for thing in (item, *(thing for part in item.parts for thing in getattr(item, part).all())):
        for field in linking_columns(type(thing)):
            for address in in_value(field, field.value_from_object(thing)):
                found[address].append(field.name)
    return {address: sorted(set(names)) for address, names in found.items()}


def links_in(item, rows: list[dict]) -> list[str]:
    """The links in a state of an item."""
    found = []
    for row in rows:
        if row["part"] not in ("", *item.parts):
            continue
        for field in linking_columns(revisions.model_of(item, row["part"])):
            found += in_value(field, row["fields"].get(field.name))
    return list(dict.fromkeys(found))


def path_of(address: str) -> str:
    """The address without host and language where it is one of this site, else ""."""
    is_own = address.startswith(("/", f"{settings.SITE_ADDRESS}/")) or address == settings.SITE_ADDRESS
    return (without_language(address) or "/") if is_own else ""


def path_to(item) -> str:
    """The same of an item's own page."""
    return without_language(item.get_absolute_url())


# --- Keeping the rows in step with what is public ---


def follow(item) -> None:
    """After what the world sees of an item has changed: its own links, and those of others that lead to it."""
    with transaction.atomic():
        store(type(item), [item])
        judge(PageLink.objects.filter(path=path_to(item)))


def gather() -> int:
    """All links of all public items, e.g. of those that came in by another way than the workflow. How many there are."""
    for model in Publishable.__subclasses__():
        shown = model._base_manager.filter(status__in=SHOWN).order_by("pk")
        keys = list(shown.values_list("pk", flat=True))
        content_type = ContentType.objects.get_for_model(model)
        PageLink.objects.filter(content_type=content_type).exclude(object_id__in=shown.values("pk")).delete()
        for start in range(0, len(keys), AT_ONCE):
            store(model, list(shown.filter(pk__in=keys[start : start + AT_ONCE]).prefetch_related(*model.parts)))
    judge(PageLink.objects.exclude(path=""))
    return PageLink.objects.count()


def store(model, items) -> None:
    """Gives items of one kind the rows that their present text asks for."""
    content_type = ContentType.objects.get_for_model(model)
    wanted = {}
    for item in items:
        for address, places in links_of(item).items() if item.status in SHOWN else ():
            wanted[item.pk, digest_of(address)] = (item, address, places)
    known = {
        (link.object_id, link.digest): link
        for link in PageLink.objects.filter(content_type=content_type, object_id__in=[one.pk for one in items])
    }
    PageLink.objects.filter(pk__in=[link.pk for key, link in known.items() if key not in wanted]).delete()
    new = []
    for key, (item, address, places) in wanted.items():
        link = known.get(key) or PageLink(
            content_type=content_type, object_id=item.pk, address=address, digest=key[1], path=path_of(address)
        )
        if link.pk is None:
            link.bureau_id, link.places = item.bureau_id, places
            new.append(link)
        elif (link.places, link.bureau_id) != (places, item.bureau_id):
            PageLink.objects.filter(pk=link.pk).update(places=places, bureau=item.bureau_id)
    PageLink.objects.bulk_create(new, ignore_conflicts=True)
    judge(PageLink.objects.filter(content_type=content_type, object_id__in=[one.pk for one in items]).exclude(path=""))


def digest_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def judge(links) -> None:
    """Notes of links within the site whether they lead somewhere."""
    now = timezone.now()
    for path in set(links.order_by().values_list("path", flat=True)):
        if leads_somewhere(path):
            links.filter(path=path).exclude(state=State.WORKS).update(state=State.WORKS, answer="", since=None, tried_at=now)
        else:
            links.filter(path=path).exclude(state=State.BROKEN).update(state=State.BROKEN, answer=NOWHERE, since=now, tried_at=now)


# --- What people are told at once ---


def dead_ends(item, rows: list[dict]) -> list[str]:
    """The links in a state of an item that stay on the site and lead nowhere."""
    own = path_to(item)
    found = [address for address in links_in(item, rows) if path_of(address)]
    return [address for address in found if path_of(address) != own and not leads_somewhere(path_of(address))]


def pages_linking_to(item) -> list:
    """The live items whose texts link to an item."""
    rows = PageLink.objects.filter(path=path_to(item)).select_related("content_type").order_by("content_type", "object_id")
    _page, mark, place = item.get_absolute_url().partition("#")
    if mark:  # a part of a page, such as a figure: only those that name it
        rows = rows.filter(address__endswith=f"#{place}")
    found = [link.content_type.model_class().objects.public().filter(pk=link.object_id).first() for link in rows]
    return list(dict.fromkeys(one for one in found if one is not None and one != item))
