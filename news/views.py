"""News and policies."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.filters import ArticleFilter, PolicyFilter
from news.models import Article, Policy
from news.rows import article_date, article_row, policy_facts, policy_row, step_line
from parks.views import contacts_for
from publishing.display import public_or_none
from publishing.views import PublicDetail, PublicList


class ArticleList(PublicList):
    model = Article
    filterset_class = ArticleFilter
    template_name = "news/article_list.html"
    shows_covers = True
    title = _("News")
    lede = _("Reports and notices about investment in Zhaoqing, each with its original publisher and date.")
    export_name = "news:export"
    export_fields = [
        "slug",
        "title",
        "summary",
        "kind",
        "first_published_at",
        "is_undated",
        "publisher",
        "publisher_published_at",
        "parks",
        "projects",
        "industries",
    ]

    def row(self, item, filterset):
        return article_row(item)

    def count_text(self, count):
        return ngettext("%d article", "%d articles", count) % count

    def context(self, filterset):
        return {"featured": featured()}


class ArticleDetail(PublicDetail):
    model = Article
    template_name = "news/article_detail.html"
    list_title = _("News")
    list_name = "news:list"

    def context(self, item):
        return {
            "date": article_date(item),
            "featured": featured(except_for=item),
            "parks": item.parks.public().in_language(),
            "projects": item.projects.public().in_language(),
            "industries": item.industries.public().in_language(),
            "related": item.related.public().in_language(),
            "interprets": item.interprets.public().in_language(),
            "contacts": contacts_for(item),
        }


def featured(except_for=None):
    """The newest two featured articles."""
    found = Article.objects.public().in_language().filter(featured=True)
    return (found.exclude(pk=except_for.pk) if except_for else found)[:2]


class PolicyList(PublicList):
    model = Policy
    filterset_class = PolicyFilter
    template_name = "news/policy_list.html"
    title = _("Policies and services")
    lede = _("What an investor may apply for and be helped with, in plain words. The Chinese original prevails.")
    export_name = "policies:export"
    export_fields = [
        "slug",
        "title",
        "summary",
        "kind",
        "document_no",
        "issuing_body",
        "level",
        "issued_on",
        "effective_on",
        "expires_on",
        "validity",
        "category",
        "rate_percent",
        "rate_base",
        "cap_cny",
        "promised_days",
        "statutory_days",
        "fee_cny",
        "parks",
        "districts",
        "industries",
        "original_url",
        "source",
        "as_of",
    ]

    def related(self, queryset):
        return queryset.select_related("office")

    def row(self, item, filterset):
        return policy_row(item)

    def count_text(self, count):
        return ngettext("%d policy or service", "%d policies and services", count) % count


class PolicyDetail(PublicDetail):
    model = Policy
    template_name = "news/policy_detail.html"
    list_title = _("Policies and services")
    list_name = "policies:list"

    def items(self):
        return super().items().select_related("office", "replaced_by", "interpretation")

    def context(self, item):
        districts = item.districts.all()
        return {
            "facts": policy_facts(item, districts),
            "steps": [(step, step_line(step)) for step in item.steps.all()],
            "parks": item.parks.public().in_language(),
            "industries": item.industries.public().in_language(),
            "interpretation": public_or_none(item.interpretation),
            "replaced_by": public_or_none(item.replaced_by),
            "contacts": contacts_for(item),
        }
