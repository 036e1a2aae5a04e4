"""Where the parks lie: the drawing and the numbered list beside it, which share their numbers."""

from dataclasses import dataclass

from django.db.models import Q

from parks import maps
from parks.models import Park
from parks.rows import LEVEL_TAGS
from publishing.display import foreign
from publishing.languages import text_of

NAMES = ("title", "short_title")


@dataclass(frozen=True)
class PlacedPark:
    """An entry of the list beside the drawing (components/pins.html)."""

    number: int | None
    title: str
    url: str
    language: str
    tag: str
    tag_kind: str
    place: str


def parks_around(park=None):
    """The public parks that have a place on the drawing, and those that lie within `park`: one query."""
    found = Park.objects.public().in_language().select_related("district").order_by("pk")
    return found.filter(~Q(map_id="", longitude=None) | (Q(parent=park) if park else Q(pk__in=[])))


def placed_parks(parks) -> tuple[list, list]:
    """`(pins, entries)` of those parks that have a place on the drawing."""
    numbered = [(park, pin) for park, pin in maps.numbered(parks) if pin is not None]
    return [pin for _park, pin in numbered], [entry(park, pin.number) for park, pin in numbered]


def entry(park, number) -> PlacedPark:
    language = text_of(park, "title")[1]
    return PlacedPark(
        number=number,
        title=park.name,
        url=park.get_absolute_url(),
        language=foreign(language),
        tag=park.get_level_display(),
        tag_kind=LEVEL_TAGS.get(park.level, ""),
        place=park.district.name if park.district else "",
    )


def map_context(parks, focus=None) -> dict:
    """What parks/map.html takes: the whole city, or the part around one park with its number marked."""
    if focus is not None and not focus.map_id:
        return {}
    pins, entries = placed_parks(parks)
    own = next((pin for pin in pins if focus is not None and pin.map_id == focus.map_id), None)
    if focus is not None and own is None:
        return {}
    shown_east = own is not None and maps.lies_in("east", own)
    return {
        "view": "east" if shown_east else "area",
        "pins": pins,
        "focus": own.map_id if own else "",
        "number": own.number if own else None,
        "parks": entries,
    }
