"""Addresses of journeys."""

from __future__ import annotations

from django.urls import path

from fugong.journeys import views

app_name = "journeys"
urlpatterns = [
    path("returning/", views.returning, name="returning"),
    path("returning/manifest/", views.manifest, name="manifest"),
]
