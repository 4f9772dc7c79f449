"""The pages of the registry."""

from __future__ import annotations

from django.urls import path

from fugong.registry import views
from fugong.registry.asked import views as asked

app_name = "registry"
urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/new/", views.new_enterprise, name="new_enterprise"),
    path("enterprises/<uuid:enterprise_id>/sites/", views.sites, name="sites"),
    path("enterprises/<uuid:enterprise_id>/asked/", asked.page, name="asked"),
    path("enterprises/<uuid:enterprise_id>/papers/<uuid:paper_id>/", asked.paper, name="paper"),
    path("workers/<uuid:worker_id>/file/", views.file, name="file"),
]
