"""How projects stand in lists and fact tables."""

from django.utils.translation import gettext as _

from city import quantities
from city.models import date_in_words
from parks.rows import land, place_name, titles
from projects.models import Project
from publishing.display import Fact, ledger_day, only_public, row, stated, text_fact

STAGE_TAGS = {Project.Stage.OPEN: "go"}


def project_row(project, unit: str = ""):
    facts = []
    if project.kind != Project.Kind.WORKS:
        area = quantities.land_area(project.land_area_m2, unit) if project.land_area_m2 is not None else _("Ask us")
        facts = [(_("investment"), project.investment_text or _("Ask us")), (_("land"), area)]
    facts.append((_("updated"), ledger_day(project.updated_at)))
    return row(
        project,
        meta=[text for text in (titles(only_public(project.industries.all())) or project.get_kind_display(), place_name(project)) if text],
        tags=stage_tags(project),
        facts=facts,
    )


def stage_tags(project):
    return [(project.get_stage_display(), STAGE_TAGS.get(project.stage, ""))] if project.stage else []


def stage_note(project) -> str:
    return _("as of %s") % date_in_words(project.stage_as_of) if project.stage_as_of else _("date not stated")


def project_facts(project) -> list[Fact]:
    """Kind, stage, investor or what is sought, and the figures with their nature."""
    facts = [
        Fact(_("Kind"), project.get_kind_display()),
        Fact(_("Stage"), project.get_stage_display(), stage_note(project) if project.stage else ""),
    ]
    if project.kind == Project.Kind.WORKS:
        return facts + stated([Fact(_("Kind of works"), project.get_works_kind_display())])
    if project.is_opportunity:
        facts.append(Fact(_("Cooperation"), project.get_cooperation_display()))
        facts += stated([Fact(_("Valid until"), date_in_words(project.valid_until) if project.valid_until else "")])
    else:
        facts.append(text_fact(_("Investor"), project, "investor"))
    nature = project.get_nature_display()
    return facts + [
        Fact(_("Investment"), project.investment_text, stated_amount(project)),
        Fact(_("Land"), land(project.land_area_m2)),
        Fact(_("Output a year"), project.output_text, nature if project.output_text else ""),
        Fact(_("Tax a year"), project.tax_text, nature if project.tax_text else ""),
    ]


def stated_amount(project) -> str:
    """The amount as published, where that was in another currency."""
    if project.stated_amount is None or project.stated_currency in ("", "CNY"):
        return ""
    return _("published as %s") % quantities.money(project.stated_amount, project.stated_currency)
