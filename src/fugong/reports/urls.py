"""The town's pages."""

from __future__ import annotations

from django.urls import path

from fugong.reports import views

app_name = "reports"
urlpatterns = [
    path("town/", views.town, name="town"),
    path("town/figures/<str:key>/", views.figure, name="figure"),
]
