"""The pages of the daily register."""

from __future__ import annotations

from django.urls import path

from fugong.premises import views

app_name = "premises"
urlpatterns = [
    path("enterprises/<uuid:enterprise_id>/register/", views.workshop, name="workshop"),
    path("enterprises/<uuid:enterprise_id>/register/undo/", views.take_back, name="take_back"),
    path("enterprises/<uuid:enterprise_id>/register/<uuid:worker_id>/", views.exception, name="exception"),
    path("me/register/", views.mine, name="mine"),
]
