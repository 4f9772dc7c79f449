"""The only writes of clearance: adopting a protocol, and renewing stored clearances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fugong.clearance import evaluation
from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.core.protocol.pack import load
from fugong.core.time import IntervalSet, to_intervals
from fugong.ledger.services import NewFact

BATCH = 2_000
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """No progress to show."""


class Renewal:
    """What follows from new facts: the clearances of everybody whom they concern are renewed, in the same transaction.

    Whoever adds facts about a worker locks the worker for update and the subjects that the worker's facts refer to (the
    employer, the dormitory) against change; whoever adds facts about an employer locks the employer for update, then its
    workers. So of two transactions at once, the later one sees the earlier one's facts.
    """

    def locks(self, facts: Sequence[NewFact]) -> tuple[set[UUID], set[UUID]]:
        subjects = {fact.subject for fact in facts}
        update = _dependents(subjects)
        share = _referred_to(subjects | update)
        for fact in facts:
            for name in ("employer", "site"):
                if name in fact.values and fact.kind in ("employment", "dormitory"):
                    share.add(UUID(str(fact.values[name])))
        return update, share

    def appended(self, facts: Sequence[NewFact], locked: set[UUID], now: int) -> None:
        renew(subjects=locked, now=now)


def _dependents(subjects: set[UUID]) -> set[UUID]:
    """Workers whose facts refer to these subjects: employees, residents, and who stayed in these divisions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH given AS (SELECT id, id::text AS text FROM ledger_subject WHERE id = ANY(%(ids)s) AND kind <> 'worker')
            SELECT subject_id FROM ledger_fact WHERE kind = 'employment' AND values->>'employer' IN (SELECT text FROM given)
            UNION
            SELECT subject_id FROM ledger_fact WHERE kind = 'dormitory' AND values->>'site' IN (SELECT text FROM given)
            UNION
            SELECT f.subject_id FROM given JOIN registry_division AS d ON d.subject_id = given.id
            JOIN ledger_fact AS f ON f.kind = 'stay'
             AND f.values->>'division' LIKE regexp_replace(d.code, '(0000|00)$', '') || '%%'
            """,
            {"ids": list(subjects)},
        )
        return {row[0] for row in cursor.fetchall()}


def _referred_to(workers: set[UUID]) -> set[UUID]:
    """The employers and dormitories that the workers' facts refer to."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT (values->>'employer')::uuid FROM ledger_fact
            WHERE subject_id = ANY(%(ids)s) AND kind = 'employment'
            UNION
            SELECT (values->>'site')::uuid FROM ledger_fact
            WHERE subject_id = ANY(%(ids)s) AND kind = 'dormitory' AND values ? 'site'
            """,
            {"ids": list(workers)},
        )
        return {row[0] for row in cursor.fetchall()}


def renew(*, subjects: set[UUID] | Sequence[UUID], now: int, progress: Progress = _silent) -> int:
    """Evaluate the adopted protocols over the facts of the workers among ``subjects`` and store the result.

    The caller holds the workers' locks. Returns how many workers were renewed.
    """
    forces = evaluation.in_force()
    workers = _workers_among(subjects)
    for first in range(0, len(workers), BATCH):
        batch = workers[first : first + BATCH]
        facts, linked = evaluation.read(batch, evaluation.kinds_read(forces))
        _store(batch, evaluation.clearances(forces, facts, linked, len(batch)), forces, now)
        progress(min(first + BATCH, len(workers)), len(workers))
    return len(workers)


def _workers_among(subjects: set[UUID] | Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM registry_worker WHERE subject_id = ANY(%s) ORDER BY 1", [list(subjects)])
        return [row[0] for row in cursor.fetchall()]


Stored = tuple[UUID, str, list[int], list[int], UUID | None, int]


def _rows(
    workers: Sequence[UUID], sets: dict[str, IntervalSet], adoption: UUID | None, now: int
) -> Iterator[Stored]:
    for permission in PERMISSIONS:
        lanes, starts, ends = (array.tolist() for array in to_intervals(sets[permission]))
        spans: list[tuple[list[int], list[int]]] = [([], []) for _ in workers]
        for lane, start, end in zip(lanes, starts, ends, strict=True):
            spans[lane][0].append(start)
            spans[lane][1].append(end)
        for worker, (worker_starts, worker_ends) in zip(workers, spans, strict=True):
            yield worker, permission, worker_starts, worker_ends, adoption, now


def _store(
    workers: Sequence[UUID], sets: dict[str, IntervalSet], forces: Sequence[evaluation.Force], now: int
) -> None:
    """Replace the workers' rows: those that exist are updated, new ones copied in."""
    adoption = forces[-1].adoption if forces else None
    rows = list(_rows(workers, sets, adoption, now))
    columns = "worker_id, permission, starts, ends, adoption_id, rests_on"
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM clearance_clearance WHERE worker_id = ANY(%s))", [list(workers)])
        fresh = not cursor.fetchone()[0]
        if fresh:
            _copy(cursor, f"clearance_clearance ({columns})", rows)
            return
        cursor.execute(
            f"INSERT INTO clearance_clearance ({columns}) SELECT worker_id, permission, "
            "starts::bigint[], ends::bigint[], %(adoption)s, %(now)s "
            "FROM unnest(%(workers)s::uuid[], %(permissions)s::text[], %(starts)s::text[], %(ends)s::text[]) "
            "AS incoming (worker_id, permission, starts, ends) "
            "ON CONFLICT (worker_id, permission) DO UPDATE SET starts = EXCLUDED.starts, ends = EXCLUDED.ends, "
            "adoption_id = EXCLUDED.adoption_id, rests_on = EXCLUDED.rests_on",
            {
                "adoption": adoption,
                "now": now,
                "workers": [row[0] for row in rows],
                "permissions": [row[1] for row in rows],
                "starts": [_array(row[2]) for row in rows],
                "ends": [_array(row[3]) for row in rows],
            },
        )


def _array(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _copy(cursor: Any, target: str, rows: Sequence[Stored]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for worker, permission, starts, ends, adoption, now in rows:
            copy.write_row((worker, permission, _array(starts), _array(ends), adoption, now))


@transaction.atomic
def adopt(
    *, text: str, effective_from: int, now: int, actor: UUID | None = None, progress: Progress = _silent
) -> Adoption:
    """Bring a pack into force at an instant and re-evaluate everybody. Raises PackError for a wrong pack."""
    pack = load(text)
    adoption = Adoption.objects.create(
        pack=pack.id, version=str(pack.version), digest=pack.digest, text=text, effective_from=effective_from,
        recorded_at=now, actor_id=actor,
    )  # fmt: skip
    renew_everybody(now=now, progress=progress)
    return adoption


@transaction.atomic
def renew_everybody(*, now: int, progress: Progress = _silent) -> int:
    """Re-evaluate every worker, with all of them locked, in id order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_subject WHERE kind = 'worker' ORDER BY id FOR UPDATE")
        workers = [row[0] for row in cursor.fetchall()]
    return renew(subjects=workers, now=now, progress=progress)
