"""What the steward does for the audit without being asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from audit.conftest import note, verified
from fugong.audit.models import Seal
from fugong.project import steward
from fugong.project.tasks import TASKS

OURS = {task.name: task for task in TASKS if task.name.startswith("audit")}
WITHIN = 5
"""Seconds from a commit to its seal, once nothing older is in flight."""


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _sealed(entry: int) -> bool:
    return Seal.objects.filter(entry_id=entry).exists()


def _is_free(entry: int) -> bool:
    """Whether no transaction in flight is as old as an entry's: those of other databases of the server count, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM audit_entry WHERE id = %s",
            [entry],
        )
        return bool(cursor.fetchone()[0])


def test_the_steward_seals_every_two_seconds_and_verifies_and_sends_every_day(transactional_db: None) -> None:
    assert {name: task.every for name, task in OURS.items()} == {"audit_seal": 2, "audit_head": 86_400, "audit": 86_400}
    entry = note()
    until = time.monotonic() + 300  # transactions of other databases of the server may keep entries waiting
    while not _sealed(entry) and time.monotonic() < until:
        assert steward.perform(OURS["audit_seal"], None).error == ""
    assert _sealed(entry)
    run = steward.perform(OURS["audit"], None)
    assert (run.error, run.figures["findings"], run.figures["entries"]) == ("", 0, verified().entries)
    assert steward.perform(OURS["audit_head"], None).figures == {"mailed": 0, "posted": 0}


@pytest.fixture
def at_work(transactional_db: None) -> Iterator[None]:
    """A steward that seals, beside the test."""
    stop = threading.Event()
    thread = threading.Thread(target=steward.stand, args=([OURS["audit_seal"]],), kwargs={"stop": stop})
    thread.start()
    yield
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_with_the_steward_at_work_a_commit_is_sealed_within_five_seconds(at_work: None) -> None:
    """Of four commits, each at another point of the steward's round, one may miss it: others compute on the machine, too."""
    missed = 0
    for pause in (0.0, 0.5, 1.0, 1.5):
        time.sleep(pause)
        entry = note()
        assert _within(300, lambda entry=entry: _is_free(entry))
        missed += not _within(WITHIN, lambda entry=entry: _sealed(entry))
    assert missed <= 1
