"""Template tags for the frame of the site and for its components."""

import re
from dataclasses import dataclass, field

from django import forms, template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bureaus.telephones import in_groups
from city.models import date_in_words
from parks.rows import in_one_line
from publishing import facts
from publishing.asking import ask_us, inquiry_address
from publishing.display import lack_values
from publishing.languages import TAGS, active_language, gap, text_of
from zhaoqing_site import frame as frames
from zhaoqing_site.states import day_of, states_of

register = template.Library()
NUMBER = re.compile(r"[-+]?\d[\d,.]*%?")


@dataclass(frozen=True)
class Frame:
    """What base.html needs to know about the page."""

    language: str
    languages: list
    menu: list
    columns: list
    canonical: str
    alternates: list
    default: str
    meta: list
    operator: str
    icp: str
    public_security: str
    site_code: str
    map_review_number: str


@register.simple_tag(takes_context=True)
def frame(context):
    """Menu, footer and addresses of the page. Reads `item`, `address`, `canonical`, `without_database` where a view sets them."""
    request, item = context.get("request"), context.get("item")
    address = context.get("address") or (request.get_full_path() if request else f"/{active_language()}/")
    path = address.partition("?")[0]
    match = getattr(request, "resolver_match", None)
    exists = frames.Everything() if context.get("without_database") else context.get("exists") or frames.what_exists(active_language())
    menu = frames.menu(exists, match.view_name if match else "", path)
    return Frame(
        language=TAGS[active_language()],
        languages=frames.language_links(address),
        menu=menu,
        columns=frames.footer(exists),
        canonical=frames.absolute(context.get("canonical") or frames.canonical(path, item)),
        alternates=frames.alternates(path, item),
        default=frames.absolute("/"),
        meta=frames.inspection_marks(item, frames.section_of(menu)),
        operator=settings.FOOTER_OPERATOR[active_language()],
        icp=settings.FOOTER_ICP,
        public_security=settings.FOOTER_PUBLIC_SECURITY,
        site_code=settings.FOOTER_SITE_CODE,
        map_review_number=settings.MAP_REVIEW_NUMBER,
    )


# --- Asking a person ---


register.simple_tag(inquiry_address, name="inquiry_url")
register.simple_tag(ask_us)
register.filter("lack_values", lack_values)


# --- Texts and values ---


register.simple_tag(gap)
register.filter("in_one_line", in_one_line)
register.filter("phone", in_groups)


@register.simple_tag
def text(item, name):
    """A translated field of the item, marked with its language where that is not the page's."""
    value, language = text_of(item, name)
    if not value or language == active_language():
        return value
    return format_html('<span lang="{}">{}</span>', TAGS[language], value)


@register.filter
def parts(value):
    """A value in words cut at its number, so that this can be set large: `{before, number, after}`. A percent sign stays with it."""
    words = str(value)
    found = NUMBER.search(words)
    if not found:
        return {"before": "", "number": words, "after": ""}
    return {"before": words[: found.start()], "number": found[0], "after": words[found.end() :]}


@register.filter
def day(date):
    """18 Nov 2026 · 2026年11月18日; of a moment, its day in Beijing."""
    if not date:
        return ""
    return day_of(date) if hasattr(date, "hour") else date_in_words(date)


@register.filter
def get(mapping, key):
    """The entry of that key, or nothing."""
    return (mapping or {}).get(key)


@register.simple_block_tag
def scroll(content, label):
    """A wide table: scrolls in a region of its own that the keyboard reaches and that has a name."""
    return format_html('<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>', label, content)


# --- Lists ---


@register.simple_tag
def page_numbers(page_obj):
    """The numbers that the pager shows; None stands for those left out."""
    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    return [None if number == paginator.ELLIPSIS else number for number in numbers]


@dataclass
class FilterGroup:
    """One block of the filter form. `kind` is choices, range, select or text."""

    kind: str
    legend: str
    fields: list = field(default_factory=list)


def kind_of(bound):
    if isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
        return "choices"
    return "select" if isinstance(bound.field.widget, forms.Select) else "text"


@register.simple_tag
def filter_groups(form):
    """The visible fields of a filter form as groups; `x_min` and `x_max` stand side by side under one legend."""
    fields = {bound.name: bound for bound in form.visible_fields()}
    groups = []
    for name, bound in fields.items():
        stem, _mark, end = name.rpartition("_")
        if end == "max" and f"{stem}_min" in fields:
            continue
        if end in ("min", "max"):
            ends = [(label, fields.get(f"{stem}_{one}")) for one, label in (("min", _("From")), ("max", _("To")))]
            groups.append(FilterGroup("range", bound.label, [(label, one) for label, one in ends if one is not None]))
        else:
            groups.append(FilterGroup(kind_of(bound), bound.label, [bound]))
    return groups


@register.simple_tag
def field_input(bound):
    """The input of a bound field with the look of the site; Django adds the links to hint and error."""
    return bound.as_widget(attrs={"class": "input"} if not isinstance(bound.field.widget, forms.CheckboxInput) else None)


# --- What a visitor must know before reading on ---


register.simple_tag(states_of)


register.filter(facts.review_is_due)
