"""Rows in, answers out, in their order: in chunks, so that any number takes little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from fugong.base.access import milestone, narrowed
from fugong.base.faults import Fault
from fugong.clearance import devices
from fugong.clearance.devices import Row, Scene
from fugong.doors import pseudonyms
from fugong.doors.errors import DoorError
from fugong.doors.intake import checks, left, others
from fugong.doors.intake.checks import Taken
from fugong.doors.intake.rows import Check, read
from fugong.doors.queries import on_list
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Answered:
    """A row's id as it was sent, and what became of it."""

    id: Any
    taken: Taken


def take(scene: Scene, given: Iterable[Any]) -> Iterator[Answered]:
    """Take in rows as they were sent, each for itself; answers come chunk by chunk.

    The caller holds the transaction; where there are several chunks, each is committed before the next one: what is stored
    stays, and so many workers are locked at a time and no more.
    """
    rows = iter(given)
    chunk = list(islice(rows, CHUNK))
    while chunk:
        yield from _chunk(scene, chunk)
        chunk = list(islice(rows, CHUNK))
        if chunk:
            milestone()


def number() -> int:
    """After which number a snapshot has what was just stored, once it is committed; and what was there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(pg_current_xact_id()::text::bigint + 1, pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
        )
        return int(cursor.fetchone()[0])


def _chunk(scene: Scene, given: Sequence[Any]) -> list[Answered]:
    found: list[Taken] = [Taken("refused")] * len(given)
    rows: list[tuple[int, Row]] = []
    for place, one in enumerate(given):
        try:
            rows.append((place, read(one, scene.now)))
        except Fault as fault:
            found[place] = checks.refused(fault)
    workers = pseudonyms.named(who for _place, row in rows if (who := _who(row)))
    runs = list(_runs(rows, workers))
    _hold_others(scene, [row for _place, row in rows])
    if len(runs) > 1:
        _hold(scene, set(workers.values()))
    for run in runs:
        for (place, _row), taken in zip(run, _take(scene, run, workers), strict=True):
            found[place] = taken
    return [
        Answered(one.get("id") if isinstance(one, dict) else None, taken)
        for one, taken in zip(given, found, strict=True)
    ]


def _who(row: Row) -> str | None:
    """Of whom a row speaks, as it was sent."""
    return getattr(row, "worker", None)


def _hold_others(scene: Scene, rows: Sequence[Row]) -> None:
    """Let other apps lock what their rows will lock, before anybody is locked."""
    for name, kind in devices.kinds().items():
        if kind.hold and (theirs := [row for row in rows if getattr(row, "kind", "") == name]):
            kind.hold(scene, theirs)


def _hold(scene: Scene, workers: set[UUID]) -> None:
    """Lock everybody of several runs at once, in the order of all who lock: two devices that were away all morning have
    seen the same people, each in its own order.
    """
    with narrowed(workers):
        ledger.lock_for([NewFact(worker, "door_check", scene.now) for worker in on_list(scene.door, workers)])


def _take(scene: Scene, run: Sequence[tuple[int, Row]], workers: dict[str, UUID]) -> list[Taken]:
    together = [row for _place, row in run if isinstance(row, Check)]
    if together:
        with narrowed({workers[row.worker] for row in together if row.worker in workers}):
            found = checks.take(
                scene.door, together, workers, now=scene.now, actor=scene.user.pk, device=scene.device
            )  # fmt: skip
        return _late(scene, together, found)
    return [_other(scene, row, workers) for _place, row in run]


def _late(scene: Scene, rows: Sequence[Check], found: list[Taken]) -> list[Taken]:
    """The same, where somebody who was refused has only left since."""
    late = [place for place, row in enumerate(rows) if left.may_be(scene, row, found[place])]
    if late:
        for place, taken in zip(late, left.take(scene, [rows[place] for place in late]), strict=True):
            found[place] = taken
    return found


def _other(scene: Scene, row: Row, workers: Mapping[str, UUID]) -> Taken:
    kind = devices.kinds().get(getattr(row, "kind", ""))
    try:
        try:
            with transaction.atomic():
                if kind is not None:
                    return Taken(kind.take(scene, row, workers.get(_who(row) or "")))
                return Taken(others.take(scene, row))
        except Fault as fault:
            if not left.belongs(scene, row, fault.code):
                raise
            with transaction.atomic():
                return Taken(left.other(scene, row))
    except Fault as fault:
        return checks.refused(fault)
    except IntegrityError:  # an id that stands where this scene doesn't see it
        return checks.refused(DoorError("door.id_taken", field="id"))


def _runs(rows: Sequence[tuple[int, Row]], workers: dict[str, UUID]) -> Iterator[list[tuple[int, Row]]]:
    """Rows that can be stored at once: checks of which no two share a worker or an id; every other row by itself.

    What somebody's earlier check found counts for their later one, as if they had come one after the other.
    """
    run: list[tuple[int, Row]] = []
    seen: set[object] = set()
    for place, row in rows:
        keys = {row.id, workers.get(row.worker, row.worker)} if isinstance(row, Check) else set()
        if run and (not keys or keys & seen):
            yield run
            run, seen = [], set()
        if not keys:
            yield [(place, row)]
            continue
        run.append((place, row))
        seen |= keys
    if run:
        yield run
