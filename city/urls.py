"""Addresses of industries, figures, history, pages and contacts."""

from django.urls import path

from city import views

figures_and_pages = (
    [
        path("industries/", views.IndustryList.as_view(), name="industries"),
        path("industries/data.<slug:ending>", views.IndustryList.as_export(), name="industries-export"),
        path("industries/<slug:slug>/", views.IndustryDetail.as_view(), name="industry"),
        path("figures/", views.FigureList.as_view(), name="figures"),
        path("figures/data.<slug:ending>", views.FigureList.as_export(), name="figures-export"),
        path("figures/<slug:subject>/", views.subject, name="subject"),
        path("history/", views.MilestoneList.as_view(), name="history"),
        path("history/data.<slug:ending>", views.MilestoneList.as_export(), name="history-export"),
        path("about/", views.PageList.as_view(), name="pages"),
        path("about/<slug:slug>/", views.PageDetail.as_view(), name="page"),
    ],
    "city",
)
contacts = (
    [
        path("", views.contact_list, name="list"),
        path("data.<slug:ending>", views.contact_export, name="export"),
        path("<slug:slug>/", views.contact_detail, name="detail"),
    ],
    "contacts",
)
