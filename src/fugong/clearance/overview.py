"""An enterprise at a glance: how far each worker has come, who may work until when, and why the others may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import numpy as np
from django.db import connection

from fugong.base import local
from fugong.clearance import evaluation
from fugong.core.protocol import evaluate
from fugong.core.protocol.derive import derive
from fugong.core.protocol.pack import Requirement
from fugong.core.time import PLUS_INF, to_intervals
from fugong.ledger.queries import STANDING

State = Literal["ok", "soon", "no", "none"]
SHIFT = "07:30"
"""When a shift begins, local time: whoever's clearance ends by then tomorrow is named today."""


def next_shift(at: int) -> int:
    """The beginning of tomorrow's shift."""
    return local.at(local.day_after(local.day_of(at)), SHIFT)


@dataclass(frozen=True, slots=True)
class Person:
    """A worker of an enterprise at a moment: the steps that they have passed, and whether they may work.

    ``until`` is when the clearance ends (None: not while nothing new is known), ``next`` when it will begin again by itself.
    """

    worker: UUID
    name: str
    initials: str
    workshop: str
    tail: str
    surveyed: bool
    planned: bool
    in_transit: bool
    here: bool
    tested: bool
    inside: bool
    evaluated: bool
    holds: bool
    until: int | None
    next: int | None

    def state(self, shift: int) -> State:
        """``ok``; ``soon`` when it ends before the shift; ``no``; ``none`` when nobody has evaluated them."""
        if not self.holds:
            return "no" if self.evaluated else "none"
        return "soon" if self.until is not None and self.until <= shift else "ok"


STAGES: dict[str, Callable[[Person], bool]] = {
    "surveyed": lambda person: person.surveyed,
    "planned": lambda person: person.planned,
    "in_transit": lambda person: person.in_transit,
    "here": lambda person: person.here,
    "tested": lambda person: person.tested,
    "cleared": lambda person: person.holds,
    "inside": lambda person: person.inside,
}
"""The steps from the survey to the workshop, in their order."""

_LATEST = "f.subject_id, f.start DESC, f.recorded_at DESC, f.id DESC"
_PEOPLE = f"""
WITH mine AS MATERIALIZED (
  SELECT w.subject_id AS worker, w.name, w.initials, e.workshop, w.phone_tail
  FROM registry_employment AS e JOIN registry_worker AS w ON w.subject_id = e.worker_id
  WHERE e.enterprise_id = %(enterprise)s AND e.active),
surveyed AS (
  SELECT DISTINCT ON (f.subject_id) f.subject_id AS worker, f.start AS at, f.values->>'whereabouts' AS whereabouts
  FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'survey' AND f.start <= %(at)s AND {STANDING} ORDER BY {_LATEST}),
arrived AS (
  SELECT f.subject_id AS worker, max(f.start) AS at FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'arrival' AND f.start <= %(at)s AND {STANDING} GROUP BY f.subject_id),
booked AS (
  SELECT f.subject_id AS worker, max(f.start) AS at FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'booking' AND f."end" > %(at)s AND {STANDING} GROUP BY f.subject_id),
boarded AS (
  SELECT f.subject_id AS worker, max(f.start) AS at FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'boarding' AND f.start <= %(at)s AND {STANDING} GROUP BY f.subject_id),
tested AS (
  SELECT DISTINCT f.subject_id AS worker FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'test' AND f.values->>'result' = 'negative' AND (f.values->>'reported_at')::bigint <= %(at)s
  AND {STANDING}),
inside AS (
  SELECT DISTINCT f.subject_id AS worker FROM mine JOIN ledger_fact AS f ON f.subject_id = mine.worker
  WHERE f.kind = 'door_check' AND f.start BETWEEN %(day)s AND %(at)s
  AND f.values->>'direction' = 'in' AND f.values->>'outcome' = 'passed' AND {STANDING}),
cleared AS (
  SELECT c.worker_id AS worker, c.ends[c.b] AS until, c.starts[c.b + 1] AS next
  FROM (SELECT worker_id, starts, ends, width_bucket(%(at)s::bigint, starts) AS b FROM clearance_clearance
        JOIN mine ON mine.worker = worker_id WHERE permission = 'work' AND adoption_id IS NOT NULL) AS c)
SELECT mine.worker, mine.name, mine.initials, mine.workshop, mine.phone_tail,
  surveyed.worker IS NOT NULL,
  booked.worker IS NOT NULL AND coalesce(boarded.at < booked.at - 86400, true) AND coalesce(arrived.at < booked.at, true),
  coalesce(surveyed.whereabouts = 'returning' AND coalesce(arrived.at < surveyed.at, true), false)
    OR coalesce(boarded.at > coalesce(arrived.at, surveyed.at, 0), false),
  coalesce(surveyed.whereabouts IN ('local', 'returned'), false) OR coalesce(arrived.at >= coalesce(surveyed.at, 0), false),
  tested.worker IS NOT NULL, inside.worker IS NOT NULL,
  cleared.worker IS NOT NULL, coalesce(cleared.until > %(at)s, false), cleared.until, cleared.next
FROM mine LEFT JOIN surveyed USING (worker) LEFT JOIN arrived USING (worker) LEFT JOIN tested USING (worker)
LEFT JOIN booked USING (worker) LEFT JOIN boarded USING (worker)
LEFT JOIN inside USING (worker) LEFT JOIN cleared USING (worker)
ORDER BY mine.name, mine.worker
"""


def people(enterprise: UUID, at: int) -> list[Person]:
    """The workers whom an enterprise employs, by name, with their steps and their clearance at a moment: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE,
            {"enterprise": enterprise, "at": at, "day": local.start_of_day(local.day_of(at)), "known_at": PLUS_INF},
        )
        return [_person(*row) for row in cursor.fetchall()]


def _person(*row: Any) -> Person:
    *known, holds, until, following = row
    ends = until if holds and until != PLUS_INF else None
    return Person(*[*known, holds, ends, None if holds else following])


def stage_counts(persons: Iterable[Person]) -> dict[str, int]:
    """How many have passed each step."""
    counts = Counter(name for person in persons for name, passed in STAGES.items() if passed(person))
    return {name: counts[name] for name in STAGES}


def failing(instants: Mapping[UUID, int], at: int, permission: str = "work") -> dict[UUID, list[Requirement]]:
    """For each worker the requirements that do not hold at their instant, by the protocol in force at ``at``.

    All workers are evaluated at once; nothing before the first protocol, or for a permission that it doesn't have.
    """
    force = evaluation.force_at(at)
    if force is None or permission not in force.pack.permissions or not instants:
        return {}
    workers = list(instants)
    moments = np.fromiter(instants.values(), dtype=np.int64, count=len(workers))
    facts, linked = evaluation.read(workers, [force])
    derived = derive(force.pack, facts, len(workers), linked)
    result: dict[UUID, list[Requirement]] = {worker: [] for worker in workers}
    for name in force.pack.permissions[permission]:
        requirement = force.pack.requirements[name]
        lanes, starts, ends = to_intervals(evaluate(requirement.effective, derived, len(workers)))
        holds = np.zeros(len(workers), dtype=bool)
        holds[lanes[(starts <= moments[lanes]) & (moments[lanes] < ends)]] = True
        for lane in np.flatnonzero(~holds):
            result[workers[lane]].append(requirement)
    return result


def reasons(persons: Sequence[Person], at: int, shift: int) -> dict[UUID, list[Requirement]]:
    """Why: for those who may not work, what fails now; for those whose clearance ends before the shift, what fails then."""
    instants = {}
    for person in persons:
        state = person.state(shift)
        if state == "no":
            instants[person.worker] = at
        elif state == "soon" and person.until is not None:
            instants[person.worker] = person.until
    return failing(instants, at)
