"""Who needs a test: read from what clearance has stored, not from a list that somebody keeps.

The step function of the permission to work says which requirements won't hold at a moment. Those whose remedy is a test
(`rules.put_right_by_a_test`) ask for one. Whoever is still away is counted apart: their test comes after they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.sampling.models import Order
from fugong.sampling.rules import put_right_by_a_test

PERMISSION = "work"


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who needs a test by a moment.

    ``since`` is when the requirement stops holding, None where it doesn't hold now. ``also`` are requirements that a test
    doesn't put right, nor a door on the spot: with one of them a test alone lets nobody work. ``order`` is the state of the
    order that is under way, "" without one; ``here`` is False for those who are still away.
    """

    worker: UUID
    name: str
    tail: str
    enterprise: UUID
    enterprise_name: str
    workshop: str
    requirement: str
    also: tuple[str, ...]
    since: int | None
    here: bool
    order: str
    order_id: UUID | None


_DUE = f"""
WITH lapsing AS MATERIALIZED (
  SELECT c.worker_id AS worker, c.failing[c.then] AS missing,
    CASE WHEN c.now > 0 AND (c.failing[c.now] & %(bits)s) = 0 THEN
      (SELECT min(m.at) FROM unnest(c.moments, c.failing) AS m(at, mask)
       WHERE m.at > %(at)s AND m.at <= %(until)s AND m.mask & %(bits)s <> 0) END AS since
  FROM (SELECT worker_id, moments, failing, width_bucket(%(until)s::bigint, moments) AS then,
          width_bucket(%(at)s::bigint, moments) AS now
        FROM clearance_clearance WHERE permission = %(permission)s AND moments IS NOT NULL AND cardinality(moments) > 0) AS c
  WHERE c.then > 0 AND c.failing[c.then] >= 0 AND c.failing[c.then] & %(bits)s <> 0),
mine AS MATERIALIZED (
  SELECT DISTINCT ON (l.worker) l.*, w.name, w.phone_tail, e.enterprise_id, f.name AS enterprise_name, e.workshop
  FROM lapsing AS l JOIN registry_worker AS w ON w.subject_id = l.worker
  JOIN registry_employment AS e ON e.worker_id = l.worker AND e.active
    AND (%(enterprise)s::uuid IS NULL OR e.enterprise_id = %(enterprise)s)
  JOIN registry_enterprise AS f ON f.subject_id = e.enterprise_id
  ORDER BY l.worker, e.start DESC)
SELECT mine.worker, mine.name, mine.phone_tail, mine.enterprise_id, mine.enterprise_name, mine.workshop, mine.missing, mine.since,
  coalesce(surveyed.whereabouts IN ('local', 'returned'), false) OR coalesce(arrived.at >= coalesce(surveyed.at, 0), false),
  coalesce(o.state, ''), o.id
FROM mine
LEFT JOIN LATERAL (
  SELECT f.start AS at, f.values->>'whereabouts' AS whereabouts FROM ledger_fact AS f
  WHERE f.subject_id = mine.worker AND f.kind = 'survey' AND f.start <= %(at)s AND {STANDING}
  ORDER BY f.start DESC, f.recorded_at DESC, f.id DESC LIMIT 1) AS surveyed ON true
LEFT JOIN LATERAL (
  SELECT max(f.start) AS at FROM ledger_fact AS f
  WHERE f.subject_id = mine.worker AND f.kind = 'arrival' AND f.start <= %(at)s AND {STANDING}) AS arrived ON true
LEFT JOIN sampling_order AS o ON o.worker_id = mine.worker AND o.state = ANY(%(under_way)s)
ORDER BY mine.enterprise_name, mine.workshop, mine.name, mine.worker
"""


def due(at: int, until: int, enterprise: UUID | None = None) -> list[Due]:
    """Who won't be allowed to work at ``until`` for want of a test, as is known at ``at``; of one enterprise or of the scope.

    Nobody where no protocol is in force, or none that asks for a test.
    """
    force = evaluation.force_at(until)
    if force is None:
        return []
    names = force.pack.permissions.get(PERMISSION, ())
    tests = put_right_by_a_test(force.pack, PERMISSION)
    if not tests:
        return []
    wanted = [(bit, name) for bit, name in enumerate(names) if name in tests]
    others = [
        (bit, name) for bit, name in enumerate(names)
        if name not in tests and not force.pack.requirements[name].on_the_spot
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "at": at, "until": until, "bits": sum(1 << bit for bit, _name in wanted), "permission": PERMISSION,
                "enterprise": enterprise, "known_at": PLUS_INF, "under_way": list(Order.UNDER_WAY),
            },
        )  # fmt: skip
        return [_due(wanted, others, *row) for row in cursor.fetchall()]


_Bits = Sequence[tuple[int, str]]


def _due(wanted: _Bits, others: _Bits, *row: Any) -> Due:
    worker, name, tail, enterprise, enterprise_name, workshop, missing, since, here, state, order = row
    requirement = next(one for bit, one in wanted if missing >> bit & 1)
    also = tuple(one for bit, one in others if missing >> bit & 1)
    return Due(worker, name, tail, enterprise, enterprise_name, workshop, requirement, also, since, here, state, order)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of a case who has not been sampled since: when it was, and the state of the order under way ("" without)."""

    worker: UUID
    name: str
    tail: str
    enterprise_name: str
    workshop: str
    since: int
    order: str
    order_id: UUID | None


_CONTACTS = f"""
WITH met AS MATERIALIZED (
  SELECT f.subject_id AS worker, max(f.start) AS since FROM ledger_fact AS f
  WHERE f.kind = 'contact' AND f.start <= %(at)s AND f.start > %(since)s AND {STANDING} GROUP BY f.subject_id)
SELECT DISTINCT ON (met.since, w.name, met.worker) met.worker, w.name, w.phone_tail, f.name, e.workshop, met.since,
  coalesce(o.state, ''), o.id
FROM met JOIN registry_worker AS w ON w.subject_id = met.worker
JOIN registry_employment AS e ON e.worker_id = met.worker AND e.active
  AND (%(enterprise)s::uuid IS NULL OR e.enterprise_id = %(enterprise)s)
JOIN registry_enterprise AS f ON f.subject_id = e.enterprise_id
LEFT JOIN sampling_order AS o ON o.worker_id = met.worker AND o.state = ANY(%(under_way)s)
WHERE NOT EXISTS (SELECT 1 FROM ledger_fact AS f
  WHERE f.subject_id = met.worker AND f.kind = 'test' AND f.start >= met.since AND f.start <= %(at)s AND {STANDING})
ORDER BY met.since, w.name, met.worker
"""


def contacts(at: int, enterprise: UUID | None = None) -> list[Contact]:
    """Contacts of cases, of the days for which the pack observes people, who have not been sampled since; the oldest first."""
    since = at - clearance.operations(at).observation.days * 86_400
    with connection.cursor() as cursor:
        cursor.execute(
            _CONTACTS,
            {
                "at": at,
                "since": since,
                "enterprise": enterprise,
                "known_at": PLUS_INF,
                "under_way": list(Order.UNDER_WAY),
            },
        )
        return [Contact(*row) for row in cursor.fetchall()]
