"""Who might take a vacant post: people who are free and may work, or nearly. Proposed to the town, never assigned.

Free is who nobody employs, or whose every enterprise has stopped. Nearly cleared is who lacks at most one requirement of
``work``, not counting those that speak of the enterprise itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol.door import NOTHING
from fugong.core.protocol.formula import kinds_of
from fugong.core.protocol.pack import Requirement
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING

MOST = 2000
"""So many free people are looked at, those of the same post first."""
NEARLY = 1
OF_EMPLOYER = "employer."
"""How the derived kinds begin that hold for an enterprise and so for its workers."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody free: their last post and enterprise, whether that is what is sought, and what they lack for work."""

    worker: UUID
    name: str
    tail: str
    post: str
    employer: str
    same_post: bool
    lacking: tuple[Requirement, ...]


_FREE = f"""
WITH resumed AS MATERIALIZED (
  SELECT DISTINCT f.subject_id AS enterprise FROM ledger_fact AS f
  WHERE f.kind = 'resumption' AND f.start <= %(at)s AND f."end" > %(at)s AND {STANDING}),
busy AS MATERIALIZED (
  SELECT DISTINCT e.worker_id AS worker FROM registry_employment AS e JOIN resumed ON resumed.enterprise = e.enterprise_id
  WHERE e.active)
SELECT w.subject_id, w.name, w.phone_tail, coalesce(last.post, ''), coalesce(last.employer, '')
FROM registry_worker AS w LEFT JOIN LATERAL (
  SELECT e.post, r.name AS employer FROM registry_employment AS e
  LEFT JOIN registry_enterprise AS r ON r.subject_id = e.enterprise_id
  WHERE e.worker_id = w.subject_id ORDER BY e.active DESC, e.start DESC LIMIT 1) AS last ON true
WHERE NOT EXISTS (SELECT 1 FROM busy WHERE busy.worker = w.subject_id)
ORDER BY coalesce(last.post, '') <> %(post)s, w.name, w.subject_id LIMIT {MOST}
"""


def proposals(post: str, skill: str, at: int) -> list[Proposal]:
    """Who is free and may work now, or nearly: those of the same post first."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"at": at, "known_at": PLUS_INF, "post": post})
        rows = list(cursor.fetchall())
    lacking = _lacking([row[0] for row in rows], at)
    found = [_proposal(row, post, skill, lacking[row[0]]) for row in rows if row[0] in lacking]
    return sorted(found, key=lambda one: (not one.same_post, len(one.lacking)))


def _proposal(row: Sequence[Any], post: str, skill: str, lacking: tuple[Requirement, ...]) -> Proposal:
    worker, name, tail, last, employer = row
    same = bool(last) and (last == post or (bool(skill) and last in skill))
    return Proposal(worker, name, tail, last, employer, same, lacking)


def _lacking(workers: Sequence[UUID], at: int) -> dict[UUID, tuple[Requirement, ...]]:
    """What each lacks for work, for those who lack next to nothing; nobody of whom nothing was evaluated."""
    force = evaluation.force_at(at)
    if force is None or "work" not in force.pack.permissions:
        return {}
    names = force.pack.permissions["work"]
    own = {
        bit: force.pack.requirements[name]
        for bit, name in enumerate(names)
        if not any(kind.startswith(OF_EMPLOYER) for kind in kinds_of(force.pack.requirements[name].effective))
    }
    found = {}
    for worker, steps in clearance.steps(workers, "work").items():
        mask = steps.at(at)
        if mask == NOTHING:
            continue
        fails = tuple(requirement for bit, requirement in own.items() if mask >> bit & 1)
        if len(fails) <= NEARLY:
            found[worker] = fails
    return found
