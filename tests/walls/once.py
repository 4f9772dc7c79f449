"""A world that a whole module's tests share: making it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

import builders
from fugong.base import clock
from walls.world import World


@contextmanager
def made_once(make: Callable[[], World], blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made in a transaction that is taken back at the end; each test's own lies within it. No test of such a module commits."""
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(clock, "now", lambda: builders.NOW)
        made = make()
        connection.check_constraints()  # once, not again as each test ends
        yield made
        transaction.set_rollback(True)
