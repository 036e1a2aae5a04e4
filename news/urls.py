"""Addresses of articles and of policies."""

from django.urls import path

from news import views
from news.feeds import feed

articles = (
    [
        path("", views.ArticleList.as_view(), name="list"),
        path("feed/", feed, name="feed"),
        path("data.<slug:ending>", views.ArticleList.as_export(), name="export"),
        path("<slug:slug>/", views.ArticleDetail.as_view(), name="detail"),
    ],
    "news",
)
policies = (
    [
        path("", views.PolicyList.as_view(), name="list"),
        path("data.<slug:ending>", views.PolicyList.as_export(), name="export"),
        path("<slug:slug>/", views.PolicyDetail.as_view(), name="detail"),
    ],
    "policies",
)
