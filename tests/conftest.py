"""For every test: the two database logins, a database of its own, and static files without collecting them first.

The suite runs as the login that serves. What a test does by itself, outside requests, it does as the system (`databases`);
requests, threads of a live server and commands have the scope that they give themselves.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as properties
from pytest_django.plugin import DjangoDbBlocker

import databases

# How fast examples are found says what else the machine does, not whether a law holds.
properties.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("suite")


def pytest_configure() -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Digests of passwords that take no time; those that commands made in processes of their own are understood too.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    TransactionTestCase._fixture_teardown = lambda self: databases.empty()  # type: ignore[method-assign]


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the collector needn't look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this process's own: made by the superuser, migrated by the owner, used by the serving login."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        databases.make(f"test_fugong_{worker}")
        yield
        databases.drop()
