"""The search forms for news and for policies."""

from django.utils.translation import gettext_lazy as _

from city.filters import district_choices, industry_choices, year_choices
from news.models import Article, Policy
from parks.filters import park_choices
from publishing.filters import CodeField, CodesFilter, PublicFilterSet, Setting, words


def article_years():
    return year_choices(Article.objects.public().filter(is_undated=False), "first_published_at")


class Year(CodesFilter):
    """Articles whose original bears no date belong to no year."""

    def filter(self, queryset, value):
        return super().filter(queryset.filter(is_undated=False), value) if value else queryset


class ArticleFilter(PublicFilterSet):
    q = words()
    kind = CodesFilter("kind", label=_("Kind"), choices=Article.Kind.choices)
    year = Year("first_published_at__year", label=_("Year"), choices=article_years)
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    park = CodesFilter("parks__slug", many=True, label=_("Park"), choices=park_choices)

    sorts = {"published": ("first_published_at", True), "title": ("title", False), "updated": ("updated_at", True)}
    sort_labels = {"-published": _("Newest first"), "published": _("Oldest first"), "title": _("Title")}

    class Meta:
        model = Article
        fields = []


class Validity(Setting):
    """`current` (in force or not confirmed) unless asked otherwise."""

    field_class = CodeField

    def filter(self, queryset, value):
        if value == "all":
            return queryset
        if value == "expired":
            return queryset.exclude(validity__in=Policy.CURRENT)
        return queryset.filter(validity__in=Policy.CURRENT)


class PolicyFilter(PublicFilterSet):
    q = words()
    validity = Validity(
        label=_("Validity"),
        choices=[("current", _("In force or not confirmed")), ("expired", _("No longer in force")), ("all", _("All"))],
    )
    kind = CodesFilter("kind", label=_("Kind"), choices=Policy.Kind.choices)
    category = CodesFilter("category", label=_("Category"), choices=Policy.Category.choices)
    level = CodesFilter("level", label=_("Level"), choices=Policy.Level.choices)
    industry = CodesFilter("industries__slug", many=True, label=_("Industry"), choices=industry_choices)
    park = CodesFilter("parks__slug", many=True, label=_("Park"), choices=park_choices)
    district = CodesFilter("districts__slug", many=True, label=_("District"), choices=district_choices)

    sorts = {
        "category": ("category", False),
        "title": ("title", False),
        "updated": ("updated_at", True),
        "published": ("published_at", True),
    }
    sort_labels = {"category": _("Category"), "title": _("Title"), "-updated": _("Last updated")}

    class Meta:
        model = Policy
        fields = []
