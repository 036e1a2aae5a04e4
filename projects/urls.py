"""Addresses of projects."""

from django.urls import path

from projects import views

app_name = "projects"
urlpatterns = [
    path("", views.ProjectList.as_view(), name="list"),
    path("data.<slug:ending>", views.ProjectList.as_export(), name="export"),
    path("<slug:slug>/", views.ProjectDetail.as_view(), name="detail"),
]
