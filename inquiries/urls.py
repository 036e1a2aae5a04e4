"""Addresses of the inquiry form, of the investor's tracking page, of the promise, of questions and answers."""

from django.urls import path

from inquiries import answers as public_answers
from inquiries import own_copy, tracking, views
from inquiries import promise as ledger

app_name = "inquiries"
urlpatterns = [
    path("", views.form, name="form"),
    path("lost/", tracking.lost, name="lost"),
    path("<slug:reference>/<slug:secret>/", tracking.tracking, name="tracking"),
    path("<slug:reference>/<slug:secret>/copy.<slug:ending>", own_copy.download, name="copy"),
    path("<slug:reference>/<slug:secret>/<slug:name>/", tracking.act, name="act"),
    path("<slug:reference>/<slug:secret>/file/<uuid:pk>/", tracking.file, name="file"),
]
answers = (
    [
        path("", public_answers.AnswerList.as_view(), name="list"),
        path("data.<slug:ending>", public_answers.AnswerList.as_export(), name="export"),
        path("<slug:slug>/", public_answers.AnswerDetail.as_view(), name="detail"),
    ],
    "answers",
)
promise = (
    [
        path("", ledger.promise, name="page"),
        path("data.<slug:ending>", ledger.export, name="export"),
    ],
    "promise",
)
