"""Addresses of observation sites."""

from __future__ import annotations

from django.urls import path

from fugong.observation import views

app_name = "observation"
urlpatterns = [path("site/", views.people, name="people")]
