"""For every test: static files straight from the source tree, without collecting them first."""

from __future__ import annotations

from django.conf import settings


def pytest_configure() -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
