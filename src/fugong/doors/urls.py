"""The pages of the doors."""

from __future__ import annotations

from django.urls import include, path

from fugong.doors import views
from fugong.doors.passes import views as passes

app_name = "doors"
urlpatterns = [
    path("door/", include("fugong.doors.app.urls")),
    path("", include("fugong.doors.pages.urls")),
    path("doors/", views.doors, name="doors"),
    path("doors/overrides/", views.overriding, name="overrides"),
    path("doors/<uuid:door_id>/", views.door, name="door"),
    path("doors/<uuid:door_id>/found/", views.found, name="found"),
    path("doors/<uuid:door_id>/workers/<uuid:worker_id>/", views.person, name="person"),
    path("doors/<uuid:door_id>/workers/<uuid:worker_id>/check/", views.check, name="check"),
    path("doors/<uuid:door_id>/checks/<uuid:check_id>/", views.verdict, name="verdict"),
    path("doors/<uuid:door_id>/checks/<uuid:check_id>/undo/", views.undo, name="undo"),
    path("doors/<uuid:door_id>/checks/<uuid:check_id>/override/", views.override, name="override"),
    path("me/pass/", passes.page, name="pass"),
    path("me/pass.png", passes.picture, name="pass_picture"),
]
