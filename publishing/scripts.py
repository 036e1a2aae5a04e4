"""From Simplified to Traditional Chinese, for a first proposal that a person reads (staff.md S33): staff side only."""

import re

from django.utils.translation import gettext_lazy as _

from publishing.search import converter

# A mark of rich text with its attributes; what lies between two marks is text.
MARK = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
SIMPLIFIED, TRADITIONAL = "zh-hans", "zh-hant"
FROM, TO = "_zh_hans", "_zh_hant"
# Button of the form that asks for a proposal: the form comes back filled, and nothing is saved.
BUTTON = "_convert"
TO_READ = _("The empty Traditional Chinese fields are filled from Simplified Chinese. Read them, then save.")


def to_traditional(text: str) -> str:
    """The text as Hong Kong writes it; the vocabulary stays that of the mainland."""
    return converter("s2hk").convert(text)


def rich_to_traditional(html: str) -> str:
    """The same for a rich text; addresses of links stay as they are."""
    return "".join(part if place % 2 else to_traditional(part) for place, part in enumerate(MARK.split(html)))


def proposal(posted, rich_names=()):
    """A copy of posted fields in which empty Traditional fields are filled from their Simplified neighbors: `(fields, names)`.

    What somebody has written there is never overwritten. `rich_names` are names of fields that hold marks.
    """
    filled, names = posted.copy(), []
    for name in [name for name in posted if name.endswith(TO) and not has_text(posted[name])]:
        simplified = posted.get(name.removesuffix(TO) + FROM, "")
        if has_text(simplified):
            filled[name] = rich_to_traditional(simplified) if name in rich_names else to_traditional(simplified)
            names.append(name)
    return filled, names


def has_text(value: str) -> bool:
    return bool(MARK.sub("", value).strip())
