from collections.abc import Callable

import pytest
from django.test import Client

import builders
from fugong.base import clock


class Time:
    """The clock of a test: it stands until the test moves it."""

    def __init__(self) -> None:
        self.now = builders.NOW


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock stands at 09:30 on 9 March 2020 until a test moves it."""
    stopped = Time()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def place(db: None) -> builders.Place:
    return builders.place()


@pytest.fixture
def fevered(place: builders.Place) -> Client:
    """The worker whose temperature at the door was 37.8, signed in on their own phone."""
    place.users["fevered"] = builders.user("worker", place.workers["fevered"], "fevered")
    return client_of(place.users["fevered"])


@pytest.fixture
def town(place: builders.Place) -> Client:
    return client_of(place.users["town_administrator"])


def client_of(user: object, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


AsRole = Callable[..., Client]
