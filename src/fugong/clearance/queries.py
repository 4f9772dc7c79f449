"""Reads of clearance: who may what, until when, and why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from fugong.clearance import evaluation
from fugong.clearance.models import Clearance
from fugong.core.protocol.derive import derive
from fugong.core.protocol.door import NOTHING, Steps
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.explain import Explanation, explain
from fugong.core.protocol.formula import Constant, Formula, kinds_of
from fugong.core.protocol.operations import Operations
from fugong.core.time import PLUS_INF, to_intervals

HOLDS = "coalesce(ends[width_bucket(%s::bigint, starts)] > %s, false)"
UNTIL = "ends[width_bucket(%s::bigint, starts)]"
"""Starts are sorted, so ``width_bucket`` finds the interval around a moment by binary search."""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a permission holds at a moment, until when it does, and, when it doesn't, when it next will."""

    holds: bool
    until: int | None
    next: int | None


def operations(at: int) -> Operations:
    """The numbers of the practice that the pack in force at a moment states; without a pack nothing is limited."""
    force = evaluation.force_at(at)
    return Operations() if force is None else force.pack.operations


def stored(permission: str, at: int) -> QuerySet[Clearance]:
    """Stored clearances of a permission with ``holds`` and ``until`` at a moment."""
    return Clearance.objects.filter(permission=permission).annotate(
        holds=RawSQL(HOLDS, (at, at), output_field=BooleanField()),
        until=RawSQL(UNTIL, (at,), output_field=BigIntegerField()),
    )


def statuses(workers: Iterable[UUID], permission: str, at: int) -> dict[UUID, Status]:
    """The status of each worker who has a stored clearance, from what is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, ends[b] > %(at)s, ends[b], starts[b + 1] FROM "
            "(SELECT worker_id, starts, ends, width_bucket(%(at)s::bigint, starts) AS b FROM clearance_clearance "
            "WHERE worker_id = ANY(%(workers)s) AND permission = %(permission)s) AS c",
            {"at": at, "workers": list(workers), "permission": permission},
        )
        return {
            worker: Status(bool(holds), until if holds else None, following)
            for worker, holds, until, following in cursor.fetchall()
        }


def status(worker: UUID, permission: str, at: int) -> Status:
    """The status of one worker; nobody who was never evaluated has a permission."""
    return statuses([worker], permission, at).get(worker, Status(False, None, None))


def steps(workers: Iterable[UUID], permission: str) -> dict[UUID, Steps]:
    """The step function of each worker who has one, from what is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, moments, failing FROM clearance_clearance "
            "WHERE worker_id = ANY(%s) AND permission = %s AND moments IS NOT NULL",
            [list(workers), permission],
        )
        return {worker: Steps(moments, failing) for worker, moments, failing in cursor.fetchall()}


def failing(worker: UUID, permission: str, at: int) -> tuple[str, ...] | None:
    """The requirements that don't hold at a moment, in the pack's order, from what is stored: the ledger isn't read.

    None where no protocol is in force, or it says nothing of the permission, or nothing is known of the worker.
    """
    force = evaluation.force_at(at)
    found = steps([worker], permission).get(worker)
    mask = NOTHING if found is None else found.at(at)
    if force is None or mask == NOTHING or permission not in force.pack.permissions:
        return None
    return tuple(name for bit, name in enumerate(force.pack.permissions[permission]) if mask >> bit & 1)


def of_whom(workers: Collection[UUID], formula: Formula, at: int) -> set[UUID]:
    """Those of the workers of whom a formula over the kinds of the pack in force holds at a moment; nobody without a pack."""
    force = evaluation.force_at(at)
    if force is None or not workers or formula == Constant(False):
        return set()
    ids = list(workers)
    facts, linked = evaluation.read(ids, [force])
    derived = derive(force.pack, facts, len(ids), linked, only=kinds_of(formula))
    lanes, starts, ends = to_intervals(evaluate(formula, derived, len(ids)))
    return {ids[lane] for lane in lanes[(starts <= at) & (at < ends)].tolist()}


def explained(worker: UUID, permission: str, at: int, *, known_at: int = PLUS_INF) -> Explanation | None:
    """Why a permission holds or not at a moment, as then known, from the ledger itself.

    None before any protocol, and when the one in force says nothing about the permission.
    """
    force = evaluation.force_at(at, known_at)
    if force is None or permission not in force.pack.permissions:
        return None
    facts, linked = evaluation.read([worker], [force], known_at)
    return explain(force.pack, permission, facts, at, linked)
