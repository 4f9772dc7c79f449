"""Every address of the web application: one line an app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from fugong.project import operations
from fugong.project.api import api
from fugong.project.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("operations/", operations.page, name="operations"),
    path("", include("fugong.base.urls")),
    path("", include("fugong.audit.urls")),
    path("", include("fugong.base.signin.urls")),
    path("", include("fugong.registry.urls")),
    path("", include("fugong.registry.uploads.urls")),
    path("", include("fugong.registry.logins.urls")),
    path("", include("fugong.registry.reveal.urls")),
    path("", include("fugong.registry.claims.urls")),
    path("", include("fugong.notices.urls")),
    path("", include("fugong.clearance.urls")),
    path("", include("fugong.doors.urls")),
    path("", include("fugong.journeys.urls")),
    path("", include("fugong.observation.urls")),
    path("", include("fugong.resumption.urls")),
    path("", include("fugong.teams.urls")),
    path("", include("fugong.sampling.urls")),
    path("", include("fugong.tracing.urls")),
    path("", include("fugong.premises.urls")),
    path("", include("fugong.policies.urls")),
    path("", include("fugong.submissions.urls")),
    path("", include("fugong.redress.urls")),
    path("", include("fugong.reports.urls")),
    path("api/v1/", api.urls),
]
