"""Addresses of sampling."""

from __future__ import annotations

from django.urls import path

from fugong.sampling import views

app_name = "sampling"
urlpatterns = [path("sampling/", views.start, name="start")]
