"""The addresses of the door app, below ``door/``."""

from __future__ import annotations

from django.urls import path

from fugong.doors.app import views

urlpatterns = [
    path("", views.page, name="app"),
    path("manifest.webmanifest", views.manifest, name="app_manifest"),
    path("sw.js", views.worker, name="app_worker"),
    path("words/<str:language>.json", views.words, name="app_words"),
]
