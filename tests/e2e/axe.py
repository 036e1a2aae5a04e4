"""Judging open pages by axe: WCAG 2.2 AA and best practice (trust.md G16, investors.md A1)."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
ALL_BUT_COLORS = ALL | {"rules": {name: {"enabled": False} for name in COLORS}}
COLORS_ALONE = {"runOnly": {"type": "rule", "values": COLORS}}
# (scheme, width, rules for a page that is judged in full, rules for the others). Judging colors takes four fifths of the time,
# and they depend on the scheme and hardly on the width or the language: the languages take turns, the others are judged without
# colors, on a telephone.
VIEWS = [
    ("light", 1280, ALL, None),
    ("dark", 390, COLORS_ALONE, None),
    ("light", 390, ALL_BUT_COLORS, ALL_BUT_COLORS),
]
# Without `preload` axe writes nothing into the page: the site's own policy stays in force. The promise is kept in the page,
# so that several pages are judged at once.
START = """(rules) => { window.judged = axe.run({...rules, preload: false, resultTypes: ["violations"]}); }"""
RESULT = """() => window.judged.then(({violations}) => violations.map(({id, help, nodes}) => {
    const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message ?? "";
    return `${id}: ${help}: ` + nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} [${why(node)}]`).join(" | ");
}))"""


def judge(pages, in_full) -> list[str]:
    """What axe finds in the open pages, of which `in_full` is judged in all views with all rules."""
    found = []
    for scheme, width, rules, rules_of_others in VIEWS:
        chosen = {page: rules if page is in_full else rules_of_others for page in pages}
        judged = [page for page in pages if chosen[page]]
        for page in judged:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(START, chosen[page])
        for page in judged:
            found += [f"{page.url} {scheme} {width}: {violation}" for violation in page.evaluate(RESULT)]
    return found
