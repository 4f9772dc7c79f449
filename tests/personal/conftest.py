from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

import builders
from fugong.base import access, clock
from fugong.base.access import Acting, Looks
from fugong.base.logs import WithoutValues
from personal import planting
from personal.watching import Written


@pytest.fixture(autouse=True)
def _at_nine_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 09:30 on 9 March 2020."""
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture
def planted(db: None) -> planting.Planted:
    return planting.plant(builders.place())


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Acting, Looks]]:
    """What is noted for the audit, request by request."""
    kept: list[tuple[Acting, Looks]] = []
    monkeypatch.setattr(access, "_keepers", [*access._keepers, lambda who, what: kept.append((who, what))])
    return kept


@pytest.fixture
def as_role(planted: planting.Planted):
    """A client signed in under a role, in a language."""

    def sign_in(role: str, language: str = "zh-hans") -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(planted.place.users[role])
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def written() -> Iterator[Written]:
    kept = Written()
    handler = logging.StreamHandler(kept.stream)
    handler.setFormatter(WithoutValues())
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    before = [(logger, logger.level, logger.propagate, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate, logger.disabled = True, False
    logging.getLogger().addHandler(handler)
    yield kept
    logging.getLogger().removeHandler(handler)
    for logger, level, propagate, disabled in before:
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled
