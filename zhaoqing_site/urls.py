"""The map of the whole site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from city import urls as city
from inquiries import urls as inquiries
from news import urls as news
from parks import urls as parks
from projects import urls as projects
from publishing.media import picture
from publishing.sharing import shared, shared_picture
from zhaoqing_site import errors, views
from zhaoqing_site.accounts import choose_language

urlpatterns = [
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemap-<section>.xml", views.sitemap_section, name="sitemap-section"),
    path(".well-known/security.txt", views.security_txt),
    path("livez", views.livez),
    path("readyz", views.readyz),
    path("media/pictures/<slug:name>/<slug:size>.<slug:ending>", picture, name="picture"),
    path("media/draft/<slug:token>/<slug:name>/<slug:size>.<slug:ending>", shared_picture, name="shared-picture"),
    path("admin/language/", choose_language, name="set_language"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("parks/", include(parks.parks)),
        path("listings/", include(parks.listings)),
        path("projects/", include(projects)),
        path("", include(city.figures_and_pages)),
        path("contacts/", include(city.contacts)),
        path("news/", include(news.articles)),
        path("policies/", include(news.policies)),
        path("inquiry/", include(inquiries)),
        path("questions/", include(inquiries.answers)),
        path("promise/", include(inquiries.promise)),
        path("draft/<slug:token>/", shared, name="shared-draft"),
        path("search/", views.search, name="search"),
        path("sitemap/", views.site_map, name="site-map"),
        path("data/", views.open_data, name="open-data"),
        path("styleguide/", views.style_guide, name="style-guide"),
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
