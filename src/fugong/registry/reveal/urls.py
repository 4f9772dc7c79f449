"""Addresses of whole numbers."""

from __future__ import annotations

from django.urls import path

from fugong.registry.reveal import views

app_name = "reveal"
urlpatterns = [path("workers/<uuid:worker_id>/number/", views.number, name="number")]
