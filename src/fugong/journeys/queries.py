"""Reads of journeys: who is coming back, from where, by what and when, for those who bring them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from fugong.base import local
from fugong.base.access import filtering, looked_at
from fugong.base.models import User
from fugong.clearance import queries as clearance
from fugong.core.time import PLUS_INF
from fugong.ledger import wording
from fugong.ledger.queries import STANDING
from fugong.registry.models import Employment, Worker
from fugong.registry.queries import names_of
from fugong.registry.reveal.queries import phones_for

PURPOSE = "manifest"
"""Why a crew sees telephone numbers: the list is made for it (``base.reasons.PURPOSES``)."""
JOURNEY = 2
"""So many days after somebody said that they were on the way, they should have arrived."""
_LATEST = "f.start DESC, f.recorded_at DESC, f.id DESC"


def _said(name: str) -> str:
    """SQL: what the latest survey that speaks of a value says of it; a blank never erases."""
    return f"(array_agg(f.values->>'{name}' ORDER BY {_LATEST}) FILTER (WHERE f.values->>'{name}' IS NOT NULL))[1]"


_COMING = f"""
WITH told AS (
  SELECT f.subject_id AS worker, max(f.start) AS at, {_said("whereabouts")} AS whereabouts,
    {_said("origin_division")} AS origin, {_said("means")} AS means, {_said("intended_on")} AS intended_on
  FROM ledger_fact AS f WHERE f.kind = 'survey' AND f.start <= %(at)s AND {STANDING} GROUP BY f.subject_id),
arrived AS (
  SELECT f.subject_id AS worker, max(f.start) AS at FROM ledger_fact AS f
  WHERE f.kind = 'arrival' AND f.start <= %(at)s AND {STANDING} GROUP BY f.subject_id)
SELECT told.worker, told.at, told.whereabouts = 'returning', told.origin, told.means, told.intended_on
FROM told LEFT JOIN arrived USING (worker)
WHERE (told.whereabouts = 'returning' OR (told.whereabouts = 'away' AND told.intended_on <= %(until)s))
  AND (arrived.at IS NULL OR arrived.at < told.at)
  AND (%(means)s = '' OR told.means = %(means)s)
  AND EXISTS (SELECT 1 FROM registry_employment AS e WHERE e.worker_id = told.worker AND e.active
    AND (%(enterprise)s::uuid IS NULL OR e.enterprise_id = %(enterprise)s))
ORDER BY told.whereabouts <> 'returning', CASE WHEN told.whereabouts = 'returning' THEN -told.at END, told.intended_on,
  told.origin, told.means, told.worker
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who is on the way, or means to come by a day, and has not arrived since they said so (``said``)."""

    worker: UUID
    said: int
    on_the_way: bool
    origin: str
    means: str
    intended: dt.date | None


@dataclass(frozen=True, slots=True)
class Passenger:
    """Somebody who is coming, as a crew needs them: with their telephone number, and whether they may board.

    ``overdue``: the day on which they meant to come has passed, or they said days ago that they were on the way.
    """

    coming: Coming
    name: str
    phone: str
    enterprises: tuple[str, ...]
    origin: str
    means: str
    overdue: bool
    may_board: bool


def coming(user: User, *, at: int, until: dt.date, means: str = "", enterprise: UUID | None = None) -> list[Coming]:
    """Who is on the way or means to come by a day (inclusive), within the user's scope; those on the way first."""
    mine = user.scope_id if user.role.scope == "enterprise" and filtering() else enterprise
    with connection.cursor() as cursor:
        cursor.execute(
            _COMING,
            {"at": at, "known_at": PLUS_INF, "until": until.isoformat(), "means": means, "enterprise": mine},
        )
        return [
            Coming(worker, said, on_the_way, origin or "", by or "", dt.date.fromisoformat(day) if day else None)
            for worker, said, on_the_way, origin, by, day in cursor.fetchall()
        ]


def passengers(rows: Sequence[Coming], *, at: int) -> list[Passenger]:
    """Those who are coming, with names and telephone numbers; whose they are is noted for the audit."""
    ids = [row.worker for row in rows]
    people = Worker.objects.in_bulk(ids)
    looked_at(ids, PURPOSE)
    phones = phones_for(PURPOSE, ids)
    employers = _employers(ids)
    places = names_of(("division", row.origin) for row in rows if row.origin)
    boarding, today = clearance.statuses(ids, "board", at), local.day_of(at)
    return [
        Passenger(
            coming=row, name=people[row.worker].name, phone=phones.get(row.worker, ""),
            enterprises=employers.get(row.worker, ()), origin=places.get(row.origin, row.origin),
            means=str(wording.CHOICES.get(row.means, "")), may_board=row.worker in boarding and boarding[row.worker].holds,
            overdue=_overdue(row, today),
        )
        for row in rows
        if row.worker in people
    ]  # fmt: skip


def _overdue(row: Coming, today: dt.date) -> bool:
    if row.on_the_way:
        return local.day_of(row.said) < local.day_after(today, -JOURNEY)
    return row.intended is not None and row.intended < today


def _employers(workers: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Employment.objects.filter(worker__in=list(workers), active=True).order_by("enterprise__name")
    for worker, name in rows.values_list("worker_id", "enterprise__name"):
        found[worker] = (*found.get(worker, ()), name)
    return found
