"""Addresses of parks, and of the land and buildings on offer."""

from django.urls import path

from parks import views

parks = (
    [
        path("", views.ParkList.as_view(), name="list"),
        path("data.<slug:ending>", views.ParkList.as_export(), name="export"),
        path("<slug:slug>/", views.ParkDetail.as_view(), name="detail"),
    ],
    "parks",
)
listings = (
    [
        path("", views.ListingList.as_view(), name="list"),
        path("data.<slug:ending>", views.ListingList.as_export(), name="export"),
        path("<slug:slug>/", views.ListingDetail.as_view(), name="detail"),
    ],
    "listings",
)
