"""Addresses of claims."""

from __future__ import annotations

from django.urls import path

from fugong.registry.claims import views

app_name = "claims"
urlpatterns = [
    path("claims/", views.claims, name="claims"),
    path("claims/<uuid:document_id>/", views.settle, name="settle"),
]
