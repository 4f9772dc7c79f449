from __future__ import annotations

import pytest

import builders
from fugong.base import clock
from walls import world


@pytest.fixture(autouse=True)
def _at_nine_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 09:30 on 9 March 2020."""
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture
def two(db: None) -> world.World:
    return world.make()
