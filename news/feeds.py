"""The Atom feed of articles, one per language, filtered like the list."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from news.filters import ArticleFilter
from news.models import Article
from publishing.views import public_page

FEED_SIZE = 30


class ArticleFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request):
        return ArticleFilter(request.GET, Article.objects.public().in_language())

    def title(self):
        return _("News from Invest Zhaoqing")

    def subtitle(self):
        return _("What the investment bureaus of Zhaoqing publish.")

    def link(self):
        return settings.SITE_ADDRESS + reverse("news:list")

    def feed_url(self):
        return settings.SITE_ADDRESS + reverse("news:feed")

    def feed_guid(self):
        return self.link()

    def author_name(self):
        return _("Invest Zhaoqing")

    def items(self, filterset):
        return filterset.qs.order_by("-first_published_at", "pk")[:FEED_SIZE]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return strip_tags(item.summary)

    def item_link(self, item):
        return settings.SITE_ADDRESS + item.get_absolute_url()

    def item_pubdate(self, item):
        return None if item.is_undated else item.first_published_at

    def item_updateddate(self, item):
        return item.updated_at


@public_page
def feed(request):
    return ArticleFeed()(request)
