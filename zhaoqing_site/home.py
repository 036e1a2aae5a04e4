"""What the home page shows, in few queries: who we are, where the parks lie, what is open, whom to ask."""

from dataclasses import dataclass

from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureaus.models import Contact
from city.models import KeyFigure
from inquiries import deadlines
from news.models import Article, Policy
from parks import maps
from parks.models import Park
from parks.rows import place_name
from projects.models import Project
from projects.rows import stage_tags
from publishing.display import Row, foreign, row
from publishing.languages import columns, gap, text_of
from zhaoqing_site import frame

PARKS = 10
PROJECTS = 5
POLICIES = 4
ARTICLES = 4


@dataclass(frozen=True)
class ParkLine:
    """A park in the numbered list beside the drawing."""

    number: int | None
    title: str
    url: str
    language: str
    tag: str
    tag_kind: str
    place: str


def home_context(language: str) -> dict:
    """Everything home.html needs. Sections without content are empty and are left out."""
    exists = frame.what_exists(language)
    parks = maps.numbered(listed_parks(language))
    return {
        "exists": exists,
        "jobs": jobs(exists),
        "figures": KeyFigure.objects.public().exclude(home_order=None).order_by("home_order", "pk")[:4],
        "parks": [park_line(park, pin) for park, pin in parks],
        "pins": [pin for _park, pin in parks if pin],
        "projects": [project_line(project) for project in listed_projects(language)],
        "steps": steps(),
        "policies": listed_policies(language),
        "articles": Article.objects.public().in_language(language).defer(*long_texts(Article))[:ARTICLES],
        "promise": promise(),
        "contact": city_contact(),
    }


def long_texts(model):
    return [column for name in model.long_texts for column in columns(name)]


def listed_parks(language):
    """Those with a place on the drawing first."""
    parks = Park.objects.public().in_language(language).select_related("district").defer(*long_texts(Park))
    return parks.annotate(is_placed=Q(longitude__isnull=False)).order_by("-is_placed", "pk")[:PARKS]


def park_line(park, pin):
    """The short title; a national park bears the seal."""
    name = "short_title" if park.short_title else "title"
    title, language = text_of(park, name)
    return ParkLine(
        number=pin.number if pin else None,
        title=title,
        url=park.get_absolute_url(),
        language=foreign(language),
        tag=park.get_level_display() if park.level == Park.Level.NATIONAL else "",
        tag_kind="seal",
        place=park.district.name if park.district else "",
    )


def listed_projects(language):
    """Opportunities first, newest before older; then the enterprises with the largest investment."""
    opportunity, enterprise = Project.Kind.OPPORTUNITY, Project.Kind.ENTERPRISE
    found = Project.objects.public().in_language(language).defer(*long_texts(Project))
    found = found.filter(Q(kind=enterprise) | Q(kind=opportunity) & ~Q(stage=Project.Stage.TAKEN))
    found = found.select_related("park", "district").prefetch_related("industries")
    is_opportunity = Case(When(kind=opportunity, then=1), default=0)
    size = Case(When(kind=enterprise, then="investment_cny"))
    return found.order_by(is_opportunity.desc(), size.desc(nulls_last=True), "-published_at", "pk")[:PROJECTS]


def listed_policies(language):
    """In force before not confirmed, newest before older, undated last."""
    found = Policy.objects.public().in_language(language).filter(validity__in=Policy.CURRENT).defer(*long_texts(Policy))
    return found.order_by("validity", F("issued_on").desc(nulls_last=True), "pk")[:POLICIES]


def city_contact():
    """How to reach the bureau that takes what has no other."""
    not_for_investors = [Contact.Kind.COMPLAINTS, Contact.Kind.PRESS]
    return Contact.objects.filter(bureau__takes_unrouted=True).exclude(kind__in=not_for_investors).first()


def project_line(project) -> Row:
    """What it is and where; figures only where they are known."""
    place = place_name(project)
    industries = [industry.title for industry in project.industries.all() if industry.is_public][:1]
    facts = [(_("investment"), project.investment_text), (_("land"), project.land_area_text)]
    return row(
        project,
        text=project.summary,
        meta=[text for text in (*industries, place) if text],
        tags=stage_tags(project),
        facts=[(label, value) for label, value in facts if value],
    )


def jobs(exists):
    """The three things one comes for, each with the pages that serve it; only pages that hold something."""
    listed = [
        (
            _("Find a place"),
            [
                ("parks", _("Parks"), reverse("parks:list")),
                ("listings", _("Land and factories"), reverse("listings:list")),
                ("projects", _("Projects"), reverse("projects:list")),
            ],
        ),
        (
            _("Understand the terms"),
            [
                ("policies", _("Policies and services"), reverse("policies:list")),
                ("how", _("How an investment proceeds"), frame.page("how")),
                ("figures", _("Statistics"), reverse("city:figures")),
            ],
        ),
        (
            _("Talk to a person"),
            [
                ("", _("Make an inquiry"), reverse("inquiries:form")),
                ("contacts", _("Contacts"), reverse("contacts:list")),
            ],
        ),
    ]
    kept = [(title, [(name, url) for key, name, url in links if not key or exists[key]]) for title, links in listed]
    return [{"title": title, "links": links} for title, links in kept if links]


def steps():
    return [
        (_("Ask"), _("Send one form, in any of three languages. You get a reference number at once.")),
        (_("Match"), _("The bureau in charge answers with places that fit your plan, and with their terms.")),
        (_("Visit"), _("See the places and meet the people who run them.")),
        (_("Build"), _("Sign, register and build. The bureau stays the one to ask, also after production has begun.")),
    ]


def promise() -> str:
    """What we promise to those who write, from the time limits that staff keep."""
    limits = deadlines.limits_of()
    hours, days = limits.take_hours, limits.answer_days
    first = ngettext(
        "A person confirms your inquiry within %d working hour.", "A person confirms your inquiry within %d working hours.", hours
    )
    then = ngettext("You get a full answer within %d working day.", "You get a full answer within %d working days.", days)
    return f"{first % hours}{gap()}{then % days}"
