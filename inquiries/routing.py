"""Which bureau answers an inquiry: the first match of one short list (investors.md 6.5).

1. the bureau of the listing, then of the park; 2. of the project; 3. of the district; 4. the city bureau, which takes
what has no other. An error on the website goes to the bureau that owns the page, before all of these.
"""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils import translation

from bureaus.models import Bureau
from inquiries.models import Inquiry


def bureau_for(*, topic: str, about: str = "", listing=None, park=None, project=None, district=None) -> Bureau:
    """The bureau that answers. Bureau.DoesNotExist where the site has none at all."""
    candidates = [listing, park, project]
    if topic == Inquiry.Topic.ERROR:
        candidates.insert(0, item_at(about))
    for item in candidates:
        if item is not None and item.bureau_id is not None:
            return item.bureau
    return (of_district(district) if district else None) or city_bureau()


def of_district(district) -> Bureau | None:
    """The bureau whose territory it is; a district's own bureau before the city's."""
    return district.bureaus.order_by("takes_unrouted", "order", "pk").first()


def city_bureau() -> Bureau:
    """The bureau that takes the unrouted; before one is chosen, the first. Bureau.DoesNotExist without any."""
    return Bureau.objects.filter(takes_unrouted=True).first() or Bureau.objects.earliest("order", "pk")


def asked_about(inquiry: Inquiry):
    """What an inquiry is about: its listing, project or park, the public page that it was asked on, or its district; else None."""
    return inquiry.listing or inquiry.project or inquiry.park or page_asked_on(inquiry) or inquiry.district


def page_asked_on(inquiry: Inquiry):
    """The public thing on whose page it was asked, beside its own listing, project and park; None if there is none."""
    item = item_at(inquiry.about) if inquiry.about else None
    return item if item is not None and item.is_public and item not in (inquiry.listing, inquiry.project, inquiry.park) else None


def item_at(about: str):
    """The published thing whose page has this address (a local path), or None. The address map knows its kind."""
    path = urlsplit(about).path
    language = path.strip("/").split("/")[0]
    try:
        with translation.override(language):
            match = resolve(path)
    except Resolver404:
        return None
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    if model is None or "slug" not in match.kwargs or not hasattr(model, "bureau_id"):
        return None
    return model.objects.select_related("bureau").filter(slug=match.kwargs["slug"]).first()
