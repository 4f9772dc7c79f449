from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
from fugong.base import clock


@pytest.fixture(autouse=True)
def _at_nine_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 09:30 on 9 March 2020."""
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture
def place(db: None) -> builders.Place:
    return builders.place()


@pytest.fixture
def as_role(place: builders.Place) -> Callable[..., Client]:
    """A client signed in under a role, in a language."""

    def sign_in(role: str, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(place.users[role])
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def quick_digests(settings: Any) -> None:
    """Digests of passwords that take no time: for tests that make and try many."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
