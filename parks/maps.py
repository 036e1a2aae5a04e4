"""The drawn map: an octilinear diagram of Zhaoqing as SVG, with numbered pins for parks.

Not a map in the legal sense: no line claims to be a boundary, a coast or a track (docs/map.md). The drawing and its
words in three languages stand in map_data/schematic.json; colors come from the page's style sheet, by class.
Grid units go in, pixels come out: x = (longitude - 111) / 0.05, y = (24.5 - latitude) / 0.046, y runs south.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from itertools import chain
from pathlib import Path

from django.utils.safestring import SafeString

from publishing.languages import CODES

DATA = Path(__file__).resolve().parent / "map_data"
GLYPHS = {
    "airport": "M0-7 1.3-2 7 1.6V3.4L1.3 1.8 1 4.8 2.8 6.2V7.4L0 6.6-2.8 7.4V6.2L-1 4.8-1.3 1.8-7 3.4V1.6L-1.3-2Z",
    "port": (
        "M-1-5.4a1 1 0 1 1 2 0 1 1 0 0 1-2 0ZM-.7-3.6H.7V-2.6H3V-1.3H.7V4.3A4.2 4.2 0 0 0 4 1.2H5.3"
        "A5.6 5.6 0 0 1-5.3 1.2H-4A4.2 4.2 0 0 0-.7 4.3V-1.3H-3V-2.6H-.7Z"
    ),
}
# Widths in pixels of the West River, of other rivers and of railways; radius of a place; radius of a pin.
WIDTHS = {"region": (8, 2.6, 1.8), "area": (6, 2.2, 1.3), "east": (11, 4, 1.9)}
DOTS = {"region": 5, "area": 4.5, "east": 6}
PINS = {"area": 12, "east": 13}
HOME = "zhaoqing-east-station"


@dataclass(frozen=True)
class Pin:
    """A park on the drawing. `number` is that of the list beside it; a position that is not given comes from `map_id`."""

    map_id: str
    number: int
    title: str
    url: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None


@cache
def drawing() -> dict:
    return json.loads((DATA / "schematic.json").read_text(encoding="utf-8"))


@cache
def points() -> dict:
    """Places and parks of the drawing by identifier; every position is an estimate."""
    files = [json.loads((DATA / name).read_text(encoding="utf-8")) for name in ("parks.geojson", "transport.geojson")]
    return {feature["id"]: feature for feature in chain.from_iterable(file["features"] for file in files)}


def lies_in(view: str, pin: Pin) -> bool:
    """Whether a view of the drawing reaches as far as this park."""
    canvas = Canvas(view, "en")
    return canvas.holds(*canvas.position(pin.map_id, pin.longitude, pin.latitude))


def numbered(parks) -> list[tuple]:
    """`(park, pin)` in the order given; a park without a position has no pin and takes no number."""
    found, number = [], 0
    for park in parks:
        pin = None
        if park.longitude is not None or park.map_id in points():
            number += 1
            pin = Pin(park.map_id, number, park.title, park.get_absolute_url(), park.longitude, park.latitude)
        found.append((park, pin))
    return found


def text(name: str, language: str) -> str:
    return drawing()["texts"][name][CODES.index(language)]


@lru_cache(maxsize=256)
def render(view: str, language: str, pins: tuple[Pin, ...] = (), focus: str = "", key: str = "") -> SafeString:
    """The drawing as inline SVG: `region` (the Bay Area), `area` (the city) or `east` (where most parks are).

    `focus` is the map_id of the one park to mark; `key` keeps identifiers apart where a view stands twice on a page.
    """
    canvas = Canvas(view, language)
    parts = [
        *ground(canvas),
        *thin_lines(canvas),
        *(lines_over_city(canvas, key) if view == "region" else ()),
        *west_river(canvas),
        *names(canvas),
        *places(canvas),
        *(home(canvas) if view == "region" else markers(canvas, pins, focus)),
        *(legend(canvas) if view == "area" else ()),
    ]
    return SafeString("\n".join([opening(canvas, f"map-{view}{key}", pins), *parts, "</svg>"]))


class Canvas:
    """One view of the drawing: where its grid units lie in pixels."""

    def __init__(self, view, language):
        self.view, self.language, self.index = view, language, CODES.index(language)
        box = drawing()["views"][view]
        self.left, self.top, right, bottom = box["box"]
        self.width = box["width"]
        self.scale = self.width / (right - self.left)
        self.height = round((bottom - self.top) * self.scale)

    def pixels(self, point):
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale

    def position(self, identifier, longitude=None, latitude=None):
        """Pixels of a place: its coordinates, plus its nudge for legibility."""
        if longitude is None:
            longitude, latitude = points()[identifier]["geometry"]["coordinates"]
        (west, north), (width, height) = drawing()["grid"]["origin"], drawing()["grid"]["unit"]
        aside, down = drawing()["nudge"].get(identifier, (0, 0))
        return self.pixels(((float(longitude) - west) / width + aside, (north - float(latitude)) / height + down))

    def holds(self, x, y):
        return 0 < x < self.width and 0 < y < self.height


# --- Elements ---


def short(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) >= 0.05 else "0"


def pair(point) -> str:
    return f"{short(point[0])} {short(point[1])}"


def ring(canvas, corners) -> str:
    return "M" + "L".join(pair(canvas.pixels(corner)) for corner in corners) + "z"


def rounded_line(canvas, corners, radius) -> str:
    """An open line whose corners are rounded; `radius` in grid units."""
    pixels = [canvas.pixels(corner) for corner in corners]
    line = f"M{pair(pixels[0])}"
    for before, corner, after in zip(pixels, pixels[1:], pixels[2:], strict=False):
        start, end = (toward(corner, other, radius * canvas.scale) for other in (before, after))
        line += f"L{pair(start)}Q{pair(corner)} {pair(end)}"
    return line + f"L{pair(pixels[-1])}"


def toward(corner, other, distance):
    """The point that lies `distance` from the corner on the way to the next one, at most half way."""
    x, y = other[0] - corner[0], other[1] - corner[1]
    share = min(distance / max(abs(x), abs(y), abs(x + y) * 0.7), 0.5)
    return corner[0] + x * share, corner[1] + y * share


def path(classes, shape, width=None) -> str:
    stroke = f' stroke-width="{short(width)}"' if width else ""
    return f'<path class="{classes}"{stroke} d="{shape}"/>'


def label(x, y, words, classes, anchor="start") -> str:
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{classes}"{side}>{escape(words)}</text>'


def circle(classes, x, y, radius) -> str:
    return f'<circle class="{classes}" cx="{short(x)}" cy="{short(y)}" r="{short(radius)}"/>'


# --- Layers, from the ground up ---


def opening(canvas, identifier, pins) -> str:
    role = "group" if any(pin.url for pin in pins) else "img"
    # The eastern view is cut from the right where its box is narrow: the same drawing serves phones.
    side = "xMinYMid" if canvas.view == "east" else "xMidYMid"
    said = text("desc_region" if canvas.view == "region" else "desc", canvas.language)
    space = " " if canvas.language == "en" else ""
    return (
        f'<svg viewBox="0 0 {canvas.width} {canvas.height}" class="map map-{canvas.view}" role="{role}" '
        f'preserveAspectRatio="{side} slice" aria-labelledby="{identifier}-t" aria-describedby="{identifier}-d">'
        f'<title id="{identifier}-t">{escape(text(canvas.view, canvas.language))}</title>'
        f'<desc id="{identifier}-d">{escape(said + space + text("note", canvas.language))}</desc>'
    )


def ground(canvas):
    yield path("m-land", f"M0 0H{canvas.width}V{canvas.height}H0z")
    if canvas.view != "area":
        yield path("m-bay", ring(canvas, drawing()["bay"]))
    if canvas.view == "region":
        yield path("m-sea", ring(canvas, drawing()["sea"]))
        yield path("m-bay", "".join(ring(canvas, island) for island in drawing()["islands"]))
    for division in drawing()["divisions"]:
        if canvas.view == "region":
            classes = f"m-city m-t{division['tone']}"
        else:
            classes = "m-div m-core" if division.get("core") else "m-div"
        yield path(classes, ring(canvas, division["ring"]))


def thin_lines(canvas):
    _main, river, rail = WIDTHS[canvas.view]
    yield path("m-river", rivers(canvas, main=False), river)
    yield path("m-rail", railways(canvas, building=False), rail)
    yield path("m-rail building", railways(canvas, building=True), rail)


def rivers(canvas, *, main):
    return "".join(rounded_line(canvas, river["line"], 0.65) for river in drawing()["rivers"] if bool(river.get("main")) == main)


def railways(canvas, *, building):
    return "".join(
        rounded_line(canvas, part, 0.7)
        for rail in drawing()["rails"]
        if bool(rail.get("building")) == building
        for part in (rail["line"], rail.get("more"))
        if part
    )


def lines_over_city(canvas, key):
    """Within the dark city the thin lines are drawn once more, in a light tone."""
    city = "".join(ring(canvas, division["ring"]) for division in drawing()["divisions"])
    yield f'<clipPath id="map-city{key}"><path d="{city}"/></clipPath><g class="m-over" clip-path="url(#map-city{key})">'
    yield from thin_lines(canvas)
    yield "</g>"


def west_river(canvas):
    width = WIDTHS[canvas.view][0]
    yield path("m-case", rivers(canvas, main=True), width + 3)
    yield path("m-river", rivers(canvas, main=True), width)


def names(canvas):
    for division in drawing()["divisions"] if canvas.view != "region" else ():
        x, y = canvas.pixels(division.get(f"label_{canvas.view}") or division["label"])
        if canvas.holds(x, y):
            classes = "m-divname m-minor" if division.get("minor") else "m-divname"
            yield label(x, y, division["name"][canvas.index], classes, "middle")
    for note in drawing()["notes"][canvas.view]:
        x, y = canvas.pixels(note["at"])
        halo = "" if note["class"] == "zq" else " m-halo"
        yield label(x, y, note["text"][canvas.index], f"m-{note['class']}{halo}", note.get("anchor", "middle"))


def places(canvas):
    for identifier, (aside, down, anchor, size, *inside) in drawing()["labels"][canvas.view].items():
        x, y = canvas.position(identifier)
        yield place(canvas, points()[identifier]["properties"], x, y, minor=size == "")
        if anchor != "none":
            classes = " ".join(filter(None, [f"m-{size}" if size else "", "m-halo", "m-in" if inside else ""]))
            yield label(x + aside, y + down, name_of(identifier, canvas), classes, anchor)


def place(canvas, properties, x, y, *, minor):
    radius = DOTS[canvas.view]
    glyph = GLYPHS.get(properties["kind"])
    if glyph is None:
        return circle("m-dot", x, y, radius - 1 if minor else radius)
    planned = " m-planned" if properties["status"] == "planned" else ""
    sign = f'<path class="m-glyph{planned}" transform="translate({pair((x, y))}) scale({short(radius / 4.4)})" d="{glyph}"/>'
    stands_on_river = properties["kind"] == "port" and canvas.view == "east"
    return (circle("m-dot", x, y, 12) if stands_on_river else "") + sign


def name_of(identifier, canvas):
    if identifier in drawing()["short"]:
        return drawing()["short"][identifier][canvas.index]
    return points()[identifier]["properties"][f"name_{canvas.language.replace('-', '_')}"]


def home(canvas):
    x, y = canvas.position(HOME)
    yield circle("m-home", x, y, 9)


def markers(canvas, pins, focus):
    """The pins; the marked one last, so that it lies on top."""
    for pin in sorted(pins, key=lambda pin: pin.map_id == focus if focus else False):
        x, y = canvas.position(pin.map_id, pin.longitude, pin.latitude)
        if canvas.holds(x, y):
            yield marker(canvas, pin, x, y, "" if not focus else " on" if pin.map_id == focus else " off")


def marker(canvas, pin, x, y, state):
    radius = PINS[canvas.view] + (3 if state == " on" else 0)
    named = escape(f"{pin.number}. {pin.title}")
    body = (
        f"<title>{named}</title>{circle(f'm-pin{state}', x, y, radius)}"
        f'<text class="m-num" x="{short(x)}" y="{short(y + 4.5)}">{pin.number}</text>'
    )
    # The list beside the drawing holds the same links for the keyboard.
    return f'<a href="{escape(pin.url)}" tabindex="-1" aria-label="{named}">{body}</a>' if pin.url else f"<g>{body}</g>"


def legend(canvas):
    x, y = canvas.width - 196, 40
    for row, (name, classes) in enumerate([("open", "m-rail"), ("building", "m-rail building")]):
        yield path(classes, f"M{x} {y + 24 * row - 5}h34", 1.6)
        yield label(x + 44, y + 24 * row, text(name, canvas.language), "m-small")
