"""The pages of the audit."""

from __future__ import annotations

from django.urls import path

from fugong.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entries, name="entries"),
    path("audit/entries.csv", views.export, name="export"),
    path("audit/head/", views.head, name="head"),
]
