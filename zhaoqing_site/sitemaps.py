"""The sitemap: one file per kind, each page in the languages it exists in."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from bureaus.models import Bureau
from city.models import KeyFigure
from publishing.languages import TAGS, languages_of
from zhaoqing_site.content import KINDS

FIXED = [
    "home",
    "parks:list",
    "listings:list",
    "projects:list",
    "city:industries",
    "city:figures",
    "city:history",
    "city:pages",
    "contacts:list",
    "news:list",
    "policies:list",
    "inquiries:form",
    "answers:list",
    "promise:page",
    "site-map",
    "open-data",
]


class TrilingualSitemap(Sitemap):
    i18n = True
    alternates = True
    limit = 10_000

    def get_urls(self, *args, **kwargs):
        """Names languages as the pages do: zh-Hans, and the first address for readers of other languages."""
        urls = super().get_urls(*args, **kwargs)
        first = {"lang_code": "x-default", "location": f"{settings.SITE_ADDRESS}/"}
        for url in urls:
            named = [one | {"lang_code": TAGS[one["lang_code"]]} for one in url["alternates"]]
            url["alternates"] = [*named, first]
        return urls

    @property
    def protocol(self):
        return settings.SITE_ADDRESS.partition("://")[0]

    def get_domain(self, site=None):
        return settings.SITE_ADDRESS.partition("://")[2]


class KindSitemap(TrilingualSitemap):
    """All public items of one kind, but for the samples, which search engines shall not keep."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.public().filter(is_sample=False).order_by("pk")

    def lastmod(self, item):
        return item.updated_at

    def get_languages_for_item(self, item):
        return languages_of(item)


class FixedSitemap(TrilingualSitemap):
    def items(self):
        return FIXED

    def location(self, name):
        return reverse(name)


class BureauSitemap(TrilingualSitemap):
    def items(self):
        return Bureau.objects.all()


class SubjectSitemap(TrilingualSitemap):
    def items(self):
        return list(KeyFigure.objects.public().order_by("subject_code").values_list("subject_code", flat=True).distinct())

    def location(self, code):
        return reverse("city:subject", args=[code])


SECTIONS = {
    "pages": FixedSitemap(),
    "bureaus": BureauSitemap(),
    "figures": SubjectSitemap(),
    **{f"{model._meta.model_name}": KindSitemap(model) for model in KINDS},
}
