"""Industries, figures, history, pages about the city, contacts."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau, Contact
from city.charts import charts_of
from city.filters import FigureFilter, IndustryFilter, MilestoneFilter
from city.models import Industry, KeyFigure, Milestone, Page
from publishing.display import row
from publishing.exports import WRITERS, rows
from publishing.filters import PublicFilterSet
from publishing.views import PublicDetail, PublicList, public_page

# Lists that are read as a whole: figures, history, industries, pages.
ALL_ON_ONE_PAGE = 1000
CONTACT_FIELDS = ["bureau", "kind", "name", "address", "person", "job_title", "phone", "fax", "email", "hours", "languages", "checked_on"]


GROUP_TITLES = {
    Industry.Group.CORE: _("Core industries"),
    Industry.Group.SUPPORTING: _("Supporting industries"),
    Industry.Group.OTHER: _("Other industries"),
}


def project_row(project):
    """A project seen from below: title, summary, stage in words."""
    return row(project, text=project.summary, tags=[(project.get_stage_display(), "")] if project.stage else [])


class IndustryList(PublicList):
    model = Industry
    filterset_class = IndustryFilter
    template_name = "city/industry_list.html"
    page_size = ALL_ON_ONE_PAGE
    title = _("Industries")
    lede = _("The city plans its industry around three core and two supporting clusters; others stand beside them.")
    export_name = "city:industries-export"
    export_fields = ["slug", "title", "summary", "group", "source", "as_of"]

    def context(self, filterset):
        found = list(filterset.ordered())
        groups = [(title, [industry for industry in found if industry.group == code]) for code, title in GROUP_TITLES.items()]
        return {"groups": [{"title": title, "rows": [row(one, text=one.summary) for one in some]} for title, some in groups if some]}


class IndustryDetail(PublicDetail):
    model = Industry
    template_name = "city/industry_detail.html"
    list_title = _("Industries")
    list_name = "city:industries"

    def context(self, item):
        projects = item.projects.public().in_language().order_by("kind", "stage", "pk")
        return {
            "figures": item.key_figures.public().in_order(),
            "enterprises": [project_row(one) for one in projects if one.kind == "enterprise"],
            "opportunities": [project_row(one) for one in projects if one.kind == "opportunity"],
            "parks": [row(park, text=park.summary) for park in item.parks.public().in_language().order_by("pk")],
            "listings": [row(listing, meta=[listing.code, listing.area_text]) for listing in item.listings.public().in_language()],
            "policies": item.policies.public().in_language(),
            "articles": item.articles.public().in_language()[:5],
        }


class FigureList(PublicList):
    """All figures by subject and group; on one page, so that each can be found by eye."""

    model = KeyFigure
    filterset_class = FigureFilter
    template_name = "city/figure_list.html"
    page_size = ALL_ON_ONE_PAGE
    title = _("Statistics")
    lede = _("The figures investors ask for. Each names its period, its unit and who published it.")
    export_name = "city:figures-export"
    export_fields = [
        "code",
        "subject_code",
        "subject",
        "indicator_code",
        "title",
        "group",
        "value",
        "unit",
        "precision",
        "nature",
        "period_kind",
        "period_start",
        "period_end",
        "growth_percent",
        "growth_note",
        "definition",
        "note",
        "source",
        "source_url",
        "as_of",
    ]

    def context(self, filterset):
        figures = filterset.qs.in_order().select_related("industry", "district")
        return {"subjects": by_subject(figures)}


def by_subject(figures) -> list[dict]:
    """Figures in order, as subjects with their groups: `{"code", "title", "groups": [{"title", "figures"}]}`."""
    subjects = []
    for code, of_subject in groupby(figures, key=lambda figure: figure.subject_code):
        of_subject = list(of_subject)
        groups = [
            {"code": group.value, "title": group.label, "figures": found}
            for group in KeyFigure.Group
            if (found := [figure for figure in of_subject if figure.group == group])
        ]
        subjects.append({"code": code, "title": of_subject[0].subject, "groups": groups, "count": len(of_subject)})
    return subjects


@public_page
def subject(request, subject):
    """The figures of one subject, with charts where a series allows them."""
    figures = list(KeyFigure.objects.public().filter(subject_code=subject).in_order().select_related("industry", "district"))
    if not figures:
        raise Http404
    found = by_subject(figures)[0]
    context = {
        "subject": found,
        "title": found["title"],
        "breadcrumb": [(_("Statistics"), reverse("city:figures")), (found["title"], "")],
        "charts": charts_of(figures),
        "code": subject,
    }
    return render(request, "city/subject.html", context)


class MilestoneList(PublicList):
    model = Milestone
    filterset_class = MilestoneFilter
    template_name = "city/milestone_list.html"
    page_size = ALL_ON_ONE_PAGE
    title = pgettext_lazy("the city", "History")
    lede = _("What happened when, in the words of dated sources. What was planned when its source was written is marked.")
    export_name = "city:history-export"
    export_fields = ["slug", "title", "date", "date_precision", "kind", "subject_code", "is_planned", "source", "as_of"]

    def context(self, filterset):
        milestones = list(filterset.qs.order_by("date", "pk"))
        done = [one for one in milestones if not one.is_planned]
        years = [{"year": year, "milestones": list(group)} for year, group in groupby(done, key=lambda one: one.date.year)]
        return {"years": years, "planned": [one for one in milestones if one.is_planned]}


class PageFilter(PublicFilterSet):
    sorts = {"order": ("order", False)}

    class Meta:
        model = Page
        fields = []


class PageList(PublicList):
    model = Page
    filterset_class = PageFilter
    template_name = "city/page_list.html"
    page_size = ALL_ON_ONE_PAGE
    title = _("About Zhaoqing and this website")

    def items(self):
        return super().items().filter(in_menu=True)


class PageDetail(PublicDetail):
    model = Page
    template_name = "city/page_detail.html"
    list_title = pgettext_lazy("section", "About")
    list_name = "city:pages"

    def items(self):
        return super().items().select_related("parent")

    def context(self, item):
        return {"children": item.children.public().in_language()}


def bureaus_with_contacts(kinds=(), spoken=()):
    contacts = Contact.objects.all()
    if kinds:
        contacts = contacts.filter(kind__in=kinds)
    bureaus = Bureau.objects.prefetch_related("districts").order_by("order", "pk")
    by_bureau = {}
    for contact in contacts:
        if not spoken or set(spoken) & set(contact.languages.split()):
            by_bureau.setdefault(contact.bureau_id, []).append(contact)
    return [
        {"bureau": bureau, "contacts": by_bureau.get(bureau.pk, [])}
        for bureau in bureaus
        if not (kinds or spoken) or bureau.pk in by_bureau
    ]


@public_page
def contact_list(request):
    kinds = [kind for kind in request.GET.getlist("kind") if kind in Contact.Kind.values]
    spoken = [code for code in request.GET.getlist("speaks") if code in ("en", "cmn", "yue")]
    known = {"kind": Contact.Kind.values, "speaks": ["en", "cmn", "yue"]}
    ignored = [(name, value) for name, values in known.items() for value in request.GET.getlist(name) if value and value not in values]
    context = {
        "entries": bureaus_with_contacts(kinds, spoken),
        "ignored": ignored,
        "noindex": bool(kinds or spoken),
        "is_filtered": bool(kinds or spoken),
    }
    context |= {"title": _("Contacts"), "breadcrumb": [(_("Contacts"), "")]}
    return render(request, "city/contact_list.html", context)


@public_page
def contact_detail(request, slug):
    bureau = get_object_or_404(Bureau.objects.prefetch_related("districts"), slug=slug)
    city = Bureau.objects.filter(takes_unrouted=True).exclude(pk=bureau.pk).first()
    context = {
        "bureau": bureau,
        "contacts": bureau.contacts.all(),
        "city": city,
        "breadcrumb": [(_("Contacts"), reverse("contacts:list")), (bureau.name, "")],
    }
    return render(request, "city/contact_detail.html", context)


@public_page
def contact_export(request, ending):
    if ending not in WRITERS:
        raise Http404
    contacts = Contact.objects.select_related("bureau")
    headings, lines = rows(Contact, contacts, CONTACT_FIELDS)
    return WRITERS[ending](headings, lines)
