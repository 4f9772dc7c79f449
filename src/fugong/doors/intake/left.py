"""Rows about people who have left since: what a device saw while they were on its list is stored all the same.

The second wall hides from an enterprise whoever no longer works there, so these rows are taken in past it; but only what a
device has decided and shown itself, at a moment at which the ledger says that they were employed behind this door.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fugong.base.access import elevated
from fugong.clearance.devices import Row, Scene, Status
from fugong.doors import pseudonyms
from fugong.doors.decisions import NOT_ON_LIST
from fugong.doors.errors import DoorError
from fugong.doors.intake import others
from fugong.doors.intake.checks import Batch, Taken, refused
from fugong.doors.intake.rows import Check, Override, Told, Undo
from fugong.ledger.queries import holding


def may_be(scene: Scene, check: Check, taken: Taken) -> bool:
    """Whether a check that was refused may be one of somebody who has left since."""
    fault = taken.fault
    return fault is not None and fault.code == NOT_ON_LIST and scene.device is not None and check.colour is not None


@elevated("checks of people who have left since")
def take(scene: Scene, checks: Sequence[Check]) -> list[Taken]:
    """Take in checks, each by itself."""
    named = pseudonyms.named(check.worker for check in checks)
    batch = Batch(scene.door.pk, scene.now, scene.user.pk, scene.device)
    return [_one(scene, batch, check, named.get(check.worker)) for check in checks]


def _one(scene: Scene, batch: Batch, check: Check, worker: UUID | None) -> Taken:
    if worker is None or not _employed(scene, worker, check.when):
        return refused(DoorError(NOT_ON_LIST, field="worker"))
    return batch.alone(check, worker)


def _employed(scene: Scene, worker: UUID, at: int) -> bool:
    employer = str(scene.door.site.enterprise_id)
    return holding(at).filter(subject_id=worker, kind="employment", values__employer=employer).exists()


def belongs(scene: Scene, row: Row, code: str) -> bool:
    """Whether a row that names a check nobody sees may belong to one of these."""
    return code == "door.unknown_check" and scene.device is not None and isinstance(row, (Undo, Override, Told))


@elevated("checks of people who have left since")
def other(scene: Scene, row: Row) -> Status:
    """Store such a row. Raises Fault."""
    return others.take(scene, row)
