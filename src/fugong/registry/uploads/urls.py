"""Addresses of uploads."""

from __future__ import annotations

from django.urls import path

from fugong.registry.uploads import views

app_name = "uploads"
urlpatterns = [
    path("uploads/", views.lists, name="lists"),
    path("uploads/new/<str:kind>/", views.new, name="new"),
    path("uploads/template/<str:kind>.xlsx", views.empty, name="template"),
    path("uploads/<uuid:upload_id>/", views.upload, name="upload"),
    path("uploads/<uuid:upload_id>/take-in/", views.take_in, name="take_in"),
    path("uploads/<uuid:upload_id>/forget/", views.forget, name="forget"),
    path("uploads/<uuid:upload_id>/marked.xlsx", views.marked, name="marked"),
    path("enterprises/<uuid:enterprise_id>/roster/", views.roster, name="roster"),
]
