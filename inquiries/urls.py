"""Addresses of the inquiry form and of the investor's tracking page."""

from django.urls import path

from inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("", views.form, name="form"),
    path("<slug:reference>/<slug:secret>/", views.tracking, name="tracking"),
]
