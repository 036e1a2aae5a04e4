"""The search form for projects."""

from django.utils.translation import gettext_lazy as _

from city.filters import district_choices, industry_choices, money, stored_area, stored_money, unit
from parks.filters import park_choices
from projects.models import Project
from publishing.filters import Bound, CodesFilter, PublicFilterSet, unknown, words


class ProjectFilter(PublicFilterSet):
    q = words()
    kind = CodesFilter("kind", label=_("Kind"), choices=Project.Kind.choices)
    stage = CodesFilter("stage", label=_("Stage"), choices=Project.Stage.choices)
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    park = CodesFilter("park__slug", label=_("Park"), choices=park_choices)
    district = CodesFilter("district__slug", label=_("District"), choices=district_choices)
    invest_min = Bound("investment_cny", "min", stored=stored_money, label=_("Investment"))
    invest_max = Bound("investment_cny", "max", stored=stored_money, label=_("Investment"))
    money = money()
    area_min = Bound("land_area_m2", "min", stored=stored_area, label=_("Land"))
    area_max = Bound("land_area_m2", "max", stored=stored_area, label=_("Land"))
    unit = unit()
    unknown = unknown()

    ranges = ("invest", "area")
    sorts = {
        "updated": ("updated_at", True),
        "title": ("title", False),
        "investment": ("investment_cny", True),
        "area": ("land_area_m2", True),
        "published": ("published_at", True),
    }
    sort_labels = {
        "-updated": _("Last updated"),
        "title": _("Name"),
        "-investment": _("Investment, largest first"),
        "-area": _("Land, largest first"),
    }

    class Meta:
        model = Project
        fields = []
