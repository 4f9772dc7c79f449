"""What Fugong knows of enterprises by itself, so that nobody need be asked: from the registry, facts, and what apps keep.

Every function takes the enterprises and a moment, and asks the database a constant number of times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Text
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.registry import asked
from fugong.registry.asked import Drawn


@dataclass(slots=True)
class Knowledge:
    """What is known of one enterprise. ``has``: dormitory, canteen. ``at_work``: people who passed a door lately."""

    staff: int = 0
    doors: int = 0
    resumed_since: int | None = None
    has: set[str] = field(default_factory=set)
    drawn: dict[str, Drawn] = field(default_factory=dict)


_HOLDS = f'f.start <= %(at)s AND f."end" > %(at)s AND {STANDING}'
_HAPPENED = f"f.start <= %(at)s AND {STANDING}"
_STAFF = f"""
WITH mine AS MATERIALIZED (
  SELECT enterprise_id, worker_id FROM registry_employment WHERE enterprise_id = ANY(%(ids)s) AND active),
surveyed AS (
  SELECT DISTINCT f.subject_id AS worker_id FROM ledger_fact AS f
  WHERE f.subject_id IN (SELECT worker_id FROM mine) AND f.kind = 'survey' AND {_HAPPENED}),
registered AS (
  SELECT DISTINCT f.subject_id AS worker_id FROM ledger_fact AS f
  WHERE f.subject_id IN (SELECT worker_id FROM mine) AND f.kind = 'register' AND f.start >= %(yesterday)s AND {_HAPPENED}),
seen AS (
  SELECT DISTINCT f.subject_id AS worker_id FROM ledger_fact AS f
  WHERE f.subject_id IN (SELECT worker_id FROM mine) AND f.kind = 'door_check' AND f.start >= %(yesterday)s AND {_HAPPENED}
    AND f.values->>'direction' = 'in' AND f.values->>'outcome' = 'passed')
SELECT m.enterprise_id, count(*), count(surveyed.worker_id), count(seen.worker_id),
  count(registered.worker_id) FILTER (WHERE seen.worker_id IS NOT NULL)
FROM mine AS m LEFT JOIN surveyed USING (worker_id) LEFT JOIN registered USING (worker_id) LEFT JOIN seen USING (worker_id)
GROUP BY m.enterprise_id
"""
_SLEEPING = f"""
WITH mine AS MATERIALIZED (
  SELECT enterprise_id, worker_id FROM registry_employment WHERE enterprise_id = ANY(%(ids)s) AND active),
beds AS (
  SELECT m.enterprise_id, f.kind, f.values->>'site' AS site, f.values->>'name' AS name, f.values->>'room' AS room
  FROM mine AS m JOIN ledger_fact AS f ON f.subject_id = m.worker_id
  WHERE f.kind IN ('dormitory', 'canteen_seat') AND {_HOLDS})
SELECT enterprise_id, kind, max(people) FROM (
  SELECT enterprise_id, kind, CASE WHEN room IS NULL THEN NULL ELSE count(*) END AS people
  FROM beds GROUP BY enterprise_id, kind, site, name, room) AS rooms
GROUP BY enterprise_id, kind
"""
_PLACES = f"""
SELECT s.enterprise_id, f.values->>'purpose', count(DISTINCT r.values->>'room')
FROM registry_site AS s JOIN ledger_fact AS f ON f.subject_id = s.subject_id AND f.kind = 'site_open' AND {_HOLDS}
LEFT JOIN ledger_fact AS r ON r.subject_id = s.subject_id AND r.kind = 'room' AND r.start <= %(at)s AND r."end" > %(at)s
  AND {STANDING.replace("f.", "r.")}
WHERE s.enterprise_id = ANY(%(ids)s) GROUP BY 1, 2
"""
_DOORS = """
SELECT s.enterprise_id, count(*) FROM registry_site AS s JOIN registry_door AS d ON d.site_id = s.subject_id
WHERE s.enterprise_id = ANY(%(ids)s) GROUP BY 1
"""
_GUARDS = """
SELECT scope_id, count(*) FROM base_user WHERE role_name = 'guard' AND is_active AND scope_id = ANY(%(ids)s) GROUP BY 1
"""
_RESUMED = f"""
SELECT f.subject_id, min(f.start) FROM ledger_fact AS f
WHERE f.kind = 'resumption' AND f.subject_id = ANY(%(ids)s) AND f."end" > %(at)s AND {STANDING} GROUP BY 1
"""


def known(enterprises: Sequence[UUID], at: int) -> dict[UUID, Knowledge]:
    """What is known of each of these enterprises at a moment, in six queries and those of ``asked.drawn``."""
    found = {key: Knowledge() for key in enterprises}
    given = {
        "ids": list(enterprises), "at": at, "known_at": PLUS_INF,
        "yesterday": local.start_of_day(local.day_of(at)) - 86_400,
    }  # fmt: skip
    for key, staff, surveyed, seen, registered in _rows(_STAFF, given):
        one = found[key]
        one.staff = staff
        one.drawn["staff_list"] = Drawn(True, _("roster"), staff)
        one.drawn["affected_areas"] = Drawn(surveyed == staff, _("surveys of the staff"), surveyed, staff)
        one.drawn["staff_screening"] = _share(surveyed, staff, _("surveys of the staff"))
        if seen:
            one.drawn["daily_register"] = _share(registered, seen, _("daily registers of those who passed a door"))
    for key, kind, people in _rows(_SLEEPING, given):
        found[key].has.add("dormitory" if kind == "dormitory" else "canteen")
        if kind == "dormitory" and people:
            found[key].drawn["dormitory_people"] = Drawn(people, _("lists of the dormitories"))
    for key, purpose, rooms in _rows(_PLACES, given):
        if purpose == "dormitory":
            found[key].has.add("dormitory")
        elif purpose == "observation" and rooms:
            found[key].drawn["isolation_rooms"] = Drawn(rooms, _("rooms of its observation site"))
    for key, doors in _rows(_DOORS, given):
        found[key].doors = doors
    for key, guards in _rows(_GUARDS, given):
        one = found[key]
        if one.doors and guards >= one.doors:
            one.drawn["door_persons"] = Drawn(True, _("guards' logins and doors"), guards, one.doors)
    for key, since in _rows(_RESUMED, given):
        found[key].resumed_since = since
    _of_apps(found, at)
    return found


def _of_apps(found: Mapping[UUID, Knowledge], at: int) -> None:
    for key, items in asked.drawn(list(found), at).items():
        found[key].drawn.update(items)
        if "staggered_meals" in items:
            found[key].has.add("canteen")


def _share(part: int, whole: int, source: Text) -> Drawn:
    """In per cent, rounded down: 99.9 % is not everybody."""
    return Drawn(part * 100 // whole if whole else 0, source, part, whole)


def _rows(sql: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
