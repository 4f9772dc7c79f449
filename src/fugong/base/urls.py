"""Addresses that every installation has."""

from __future__ import annotations

from django.urls import path

from fugong.base import views

app_name = "base"
urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.Password.as_view(), name="password"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
]
