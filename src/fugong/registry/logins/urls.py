"""Addresses of logins."""

from __future__ import annotations

from django.urls import path

from fugong.registry.logins import codes, views

app_name = "logins"
urlpatterns = [
    path("logins/", views.logins, name="logins"),
    path("logins/new/", views.new, name="new"),
    path("logins/codes/worker/<uuid:worker_id>/", codes.worker, name="code"),
    path("logins/codes/enterprise/<uuid:enterprise_id>/", codes.enterprise, name="codes"),
    path("logins/<uuid:login_id>/renew/", views.renew, name="renew"),
    path("logins/<uuid:login_id>/close/", views.close, name="close"),
    path("logins/<uuid:login_id>/open/", views.reopen, name="open"),
]
