"""Addresses of logins."""

from __future__ import annotations

from django.urls import path

from fugong.registry.logins import views

app_name = "logins"
urlpatterns = [
    path("logins/", views.logins, name="logins"),
    path("logins/new/", views.new, name="new"),
    path("logins/<uuid:login_id>/renew/", views.renew, name="renew"),
    path("logins/<uuid:login_id>/close/", views.close, name="close"),
    path("logins/<uuid:login_id>/open/", views.reopen, name="open"),
]
