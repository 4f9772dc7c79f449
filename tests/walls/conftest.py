from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

import builders
from fugong.base import clock
from walls import world
from walls.once import made_once


@pytest.fixture(autouse=True)
def _at_nine_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 09:30 on 9 March 2020."""
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[world.World]:
    with made_once(world.make, django_db_blocker) as two:
        yield two


@pytest.fixture
def two(_made: world.World, db: None) -> world.World:
    """Two enterprises and their surroundings: what a test does to them is taken back after it."""
    return copy.deepcopy(_made)
