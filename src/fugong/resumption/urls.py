"""Addresses of resumption."""

from __future__ import annotations

from django.urls import path

from fugong.resumption.views import enterprise, output, town

app_name = "resumption"
urlpatterns = [
    path("resumption/", town.listed, name="filings"),
    path("resumption/way/", town.way, name="way"),
    path("resumption/output/", output.town, name="outputs"),
    path("resumption/<uuid:filing_id>/", town.filing, name="filing"),
    path("enterprises/<uuid:enterprise_id>/resumption/", enterprise.ready, name="enterprise"),
    path("enterprises/<uuid:enterprise_id>/resumption/file/", enterprise.file, name="file"),
    path("enterprises/<uuid:enterprise_id>/resumption/stop/", town.stop, name="stop"),
    path("enterprises/<uuid:enterprise_id>/output/", output.enterprise, name="output"),
]
