"""Judging open pages by axe: WCAG 2.2 AA and best practice (trust.md G16, investors.md A1)."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
ALL_BUT_COLORS = ALL | {"rules": {name: {"enabled": False} for name in COLORS}}
COLORS_ALONE = {"runOnly": {"type": "rule", "values": COLORS}}
# (scheme, width, rules). Judging colors takes four fifths of the time, and they depend on the scheme, hardly on the width.
VIEWS = [("light", 1280, ALL), ("dark", 390, COLORS_ALONE), ("light", 390, ALL_BUT_COLORS)]
# Without `preload` axe writes nothing into the page: the site's own policy stays in force.
JUDGE = """(rules) => axe.run({...rules, preload: false, resultTypes: ["violations"]}).then(({violations}) =>
    violations.map(({id, help, nodes}) => {
        const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message ?? "";
        return `${id}: ${help}: ` + nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} [${why(node)}]`).join(" | ");
    }))"""


def judge(page, colors=True) -> list[str]:
    """What axe finds in an open page, in all views, or on a telephone alone where its colors are judged on other pages."""
    found = []
    for scheme, width, rules in VIEWS if colors else VIEWS[-1:]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{page.url} {scheme} {width}: {violation}" for violation in page.evaluate(JUDGE, rules)]
    return found
