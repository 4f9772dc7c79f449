"""Addresses that every installation has."""

from __future__ import annotations

from django.urls import path

from fugong.base import views
from fugong.base.signin import enter
from fugong.base.signin import views as signin

app_name = "base"
urlpatterns = [
    path("login/", signin.Login.as_view(), name="login"),
    path("logout/", signin.Logout.as_view(), name="logout"),
    path("password/", signin.Password.as_view(), name="password"),
    path("sessions/", signin.sessions, name="sessions"),
    path("sessions/others/end/", signin.end_other_sessions, name="end_other_sessions"),
    path("sessions/<uuid:session_id>/end/", signin.end_session, name="end_session"),
    path("enter/", enter.typed, name="enter"),
    path("enter/<str:code>/", enter.link, name="enter_link"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
]
