"""The pages of requests, and of one's own data."""

from __future__ import annotations

from django.urls import path

from fugong.redress import downloads, views

app_name = "redress"
urlpatterns = [
    path("me/looks/", views.look_list, name="looks"),
    path("me/requests/", views.mine, name="mine"),
    path("me/requests/new/", views.new, name="new"),
    path("me/requests/<uuid:request_id>/", views.own, name="own"),
    path("me/requests/<uuid:request_id>/take-back/", views.take_back, name="take_back"),
    path("me/download/", downloads.page, name="download"),
    path("me/download/file.json", downloads.as_json, name="json"),
    path("me/download/file.pdf", downloads.as_pdf, name="pdf"),
    path("workers/<uuid:worker_id>/requests/new/", views.new_for, name="new_for"),
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:request_id>/", views.answer, name="request"),
    path("requests/<uuid:request_id>/evidence/<uuid:evidence_id>/", views.evidence, name="evidence"),
]
