"""Addresses of sampling."""

from __future__ import annotations

from django.urls import path

from fugong.sampling.views import due, files, schedule, slots, start, station, tubes

app_name = "sampling"
urlpatterns = [
    path("sampling/", start.start, name="start"),
    path("sampling/due/", due.town, name="due"),
    path("enterprises/<uuid:enterprise_id>/tests/", due.of_enterprise, name="due_of"),
    path("sampling/orders/<uuid:order_id>/", due.order, name="order"),
    path("sampling/sites/<uuid:station_id>/", station.station, name="station"),
    path("sampling/sites/<uuid:station_id>/slots/", slots.slots, name="slots"),
    path("sampling/labels/", slots.printed, name="labels"),
    path("sampling/tubes/", tubes.listed, name="tubes"),
    path("sampling/tubes/<uuid:tube_id>/", tubes.tube, name="tube"),
    path("sampling/results/", files.new, name="results"),
    path("sampling/results/template.xlsx", files.empty, name="template"),
    path("sampling/results/<uuid:upload_id>/", files.preview, name="preview"),
    path("sampling/files/<uuid:file_id>/", files.file, name="file"),
    path("sampling/refused/", files.refused, name="refused"),
    path("sampling/refused/<uuid:row_id>/", files.settle, name="settle"),
    path("sampling/schedule/", schedule.schedule, name="schedule"),
    path("sampling/schedule/<uuid:plan_id>/", schedule.plan, name="plan"),
]
