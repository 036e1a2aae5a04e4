"""Addresses of the inquiry form, of the investor's tracking page and of the promise."""

from django.urls import path

from inquiries import promise as ledger
from inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("", views.form, name="form"),
    path("<slug:reference>/<slug:secret>/", views.tracking, name="tracking"),
]
promise = (
    [
        path("", ledger.promise, name="page"),
        path("data.<slug:ending>", ledger.export, name="export"),
    ],
    "promise",
)
