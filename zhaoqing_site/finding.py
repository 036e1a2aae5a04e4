"""Finding by name, code, reference or telephone across everything that a person may see in the staff area (staff.md S46)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from bureaus.staff import list_name
from zhaoqing_site.work_list import GROUPS, address, list_of, rows_of

SHOWN = 8  # of each kind; the list of the kind shows them all


@dataclass
class Group:
    """What was found of one kind, and the way to the whole list."""

    name: str
    found: list[tuple[str, str, str]]
    has_more: bool
    all_url: str


def find(site, request, words: str) -> list[Group]:
    """`(name, state, address)` of what matches every word, by kind. One query for each kind that the person has a list of."""
    groups = []
    for model in kinds():
        model_list = list_of(site, request, model)
        if not words.strip() or model_list is None or not model_list.get_search_fields(request):
            continue
        rows, has_duplicates = model_list.get_search_results(request, rows_of(model_list, request), words)
        rows = rows.order_by(*model_list.get_ordering(request) or ["pk"])
        found = list((rows.distinct() if has_duplicates else rows)[: SHOWN + 1])
        if found:
            entries = [(str(row), state_of(row), address_of(row)) for row in found[:SHOWN]]
            all_url = f"{address(model, 'changelist')}?{urlencode({'q': words})}"
            groups.append(Group(list_name(model), entries, len(found) > SHOWN, all_url))
    return groups


def kinds():
    for _title, rows in GROUPS:
        for _new, model in rows:
            yield model


def state_of(row) -> str:
    return row.get_status_display() if hasattr(row, "get_status_display") else ""


def address_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
