"""What the steward does for the audit without being asked."""

from __future__ import annotations

import time

from audit.conftest import note, verified
from fugong.audit.models import Seal
from fugong.project import steward
from fugong.project.tasks import TASKS

OURS = {task.name: task for task in TASKS if task.name.startswith("audit")}


def test_the_steward_seals_every_two_seconds_and_verifies_and_sends_every_day(transactional_db: None) -> None:
    assert {name: task.every for name, task in OURS.items()} == {"audit_seal": 2, "audit_head": 86_400, "audit": 86_400}
    entry = note()
    until = time.monotonic() + 300  # transactions of other databases of the server may keep entries waiting
    while not Seal.objects.filter(entry_id=entry).exists() and time.monotonic() < until:
        assert steward.perform(OURS["audit_seal"], None).error == ""
    assert Seal.objects.filter(entry_id=entry).exists()
    run = steward.perform(OURS["audit"], None)
    assert (run.error, run.figures["findings"], run.figures["entries"]) == ("", 0, verified().entries)
    assert steward.perform(OURS["audit_head"], None).figures == {"mailed": 0, "posted": 0}
