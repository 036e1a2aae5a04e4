"""What a letter held that was not taken over: stored as it was judged, read by staff and investor each in their own language."""

import json

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def stored(refused, is_cut: bool) -> str:
    """A line for each; `refused` are `(name, size, why, params)`, the reason in the words of the source."""
    lines = [{"cut": True}] if is_cut else []
    lines += [{"name": name, "size": size, "why": why, "params": params} for name, size, why, params in refused]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def in_words(text: str) -> list[str]:
    """Sentences in the active language."""
    lines = [json.loads(line) for line in text.split("\n") if line]
    files = [line for line in lines if "name" in line]
    said = [_("The letter was longer; its end is not shown here.")] if len(files) < len(lines) else []
    if files:
        number = len(files)
        sentence = ngettext("%d file was attached and is not taken over:", "%d files were attached and are not taken over:", number)
        said.append(sentence % number)
        said += [f"{file['name']} ({filesizeformat(file['size'])}): {why_of(file)}" for file in files]
    return said


def why_of(file) -> str:
    return _(file["why"]) % file["params"] if file["params"] else _(file["why"])
