"""The search form for projects."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from city.filters import district_choices, industry_choices, money, stored_area, stored_money, unit
from parks.filters import park_choices
from projects.models import Project
from publishing.filters import Bound, CodesFilter, PublicFilterSet, unknown, words


class Investment(Bound):
    """An opportunity states a range: it matches where what the investor asks for overlaps it."""

    def matches(self, bound):
        if self.side == "max":
            return Q(investment_cny__lte=bound) | Q(investment_cny=None, investment_max_cny__lte=bound)
        return Q(investment_max_cny__gte=bound) | Q(investment_max_cny=None, investment_cny__gte=bound)

    def is_unstated(self):
        return Q(investment_cny=None, investment_max_cny=None)


class ProjectFilter(PublicFilterSet):
    q = words()
    kind = CodesFilter("kind", label=_("Kind"), choices=Project.Kind.choices)
    stage = CodesFilter("stage", label=_("Stage"), choices=Project.Stage.choices)
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    park = CodesFilter("park__slug", label=_("Park"), choices=park_choices)
    district = CodesFilter("district__slug", label=_("District"), choices=district_choices)
    invest_min = Investment("investment_cny", "min", stored=stored_money, unit="money", label=_("Investment"))
    invest_max = Investment("investment_cny", "max", stored=stored_money, unit="money", label=_("Investment"))
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
