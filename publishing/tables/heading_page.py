"""The page that asks what the headings of a bureau's own table mean, before anything else is asked of it."""

from django.shortcuts import redirect
from django.utils.translation import gettext

from publishing.tables.answers import address, page
from publishing.tables.cells import text_of
from publishing.tables.headings import IN_CELLS, asks_for_unit, questions, read_tables, remember, remembered
from publishing.tables.measures import choices, fold, units_in


def headings_page(model_admin, request, kind, upload, tables, asked, *, is_refused=False):
    """`is_refused`: what was posted cannot be; the page holds it still, and nothing of it is remembered."""
    lines = [line_of(kind, table, one) for table, assigned in tables for one in assigned]
    for number, line in enumerate(lines):
        line["number"] = number
    context = {
        "upload": upload,
        "lines": lines,
        "columns": [(column.name, column.label, number_of(kind, column)) for column in kind.all],
        "measures": [unit_choices(measure) for measure in kind.measures],
        "asked": asked,
        "is_refused": is_refused,
    }
    return page(model_admin, request, "admin/import_headings.html", gettext("Which column is which?"), context)


def line_of(kind, table, one) -> dict:
    column = one.proposed
    measure = column.measure if column else None
    examples = [text_of(cells[one.heading.at])[:40] for _number, cells in table.rows if cells[one.heading.at].value is not None]
    lacks_unit = asks_for_unit(table, one)
    return {
        "sheet": table.sheet,
        "heading": one.heading.text,
        "letter": one.heading.letter,
        "examples": list(dict.fromkeys(examples))[:3],
        "column": column.name if column else "",
        "is_guess": one.guess is not None,
        # The unit is asked for beside measures only, and where the heading does not say it.
        "units": unit_choices(measure) if measure and len(one.own_units) != 1 else [],
        "unit": one.said_unit or ("" if lacks_unit else IN_CELLS),
        "lacks_unit": lacks_unit,
        "is_measure": measure is not None,
        "names_unit": any(len(units_in(one.heading.text, measure)) == 1 for measure in kind.measures),
    }


def number_of(kind, column) -> int | str:
    """Which of the kind's measures a column is in; "" for none."""
    return kind.measures.index(column.measure) if column.measure else ""


def unit_choices(measure) -> list[tuple[str, str]]:
    return [*choices(measure), (IN_CELLS, gettext("none: each cell says it"))]


def take_headings(model_admin, request, kind, upload):
    """Remembers what a person said of the headings, for the next table of the bureau too; not what cannot be."""
    known = remembered(kind, upload.bureau)
    said = answers(kind, request.POST)
    tables, _unread = read_tables(kind, upload, known | said)
    if asked := questions(kind, tables):
        return headings_page(model_admin, request, kind, upload, tables, asked, is_refused=True)
    remember(kind, upload.bureau, said)
    return redirect(address(model_admin, "import_upload", upload.pk))


def answers(kind, posted) -> dict:
    """Folded heading -> column and unit, as posted; what the page does not offer counts as not said."""
    said = {}
    for number in range(len([name for name in posted if name.startswith("heading_")])):
        column = kind.by_name.get(posted.get(f"column_{number}", ""))
        units = [code for code, _name in unit_choices(column.measure)] if column and column.measure else []
        unit = posted.get(f"unit_{number}", "")
        said[fold(posted.get(f"heading_{number}", ""))] = {"column": column.name if column else "", "unit": unit if unit in units else ""}
    return said
