"""The people of a snapshot: everybody on a door's list, or those of them who changed since a number, and who left it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.base import personal
from fugong.base.access import current, elevated, filtering
from fugong.clearance.devices import steps_of
from fugong.doors import pseudonyms
from fugong.registry.models import Door

_CHANGED = " AND (m.changed >= %(since)s::xid8 OR w.changed >= %(since)s::xid8 OR c.changed >= %(since)s::xid8)"
_PEOPLE = (
    "SELECT DISTINCT ON (m.worker_id) m.worker_id, p.value, w.name, w.initials, m.badge, w.phone_tail, m.workshop, "
    "c.moments, c.failing, c.rests_on FROM registry_employment AS m JOIN registry_worker AS w ON w.subject_id = m.worker_id "
    "LEFT JOIN doors_pseudonym AS p ON p.worker_id = m.worker_id "
    "LEFT JOIN clearance_clearance AS c ON c.worker_id = m.worker_id AND c.permission = %(permission)s "
    "WHERE m.active AND {list}{changed} ORDER BY m.worker_id, m.id"
)
_GONE = (
    "SELECT DISTINCT p.value FROM registry_employment AS m JOIN doors_pseudonym AS p ON p.worker_id = m.worker_id "
    "WHERE NOT m.active AND m.changed >= %(since)s::xid8 AND {list} AND NOT EXISTS "
    "(SELECT 1 FROM registry_employment AS still WHERE still.worker_id = m.worker_id AND still.active AND {still}) ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class People:
    """People as a snapshot has them, column by column, with their workshops; and whose data these are."""

    columns: dict[str, list[Any]]
    places: list[str]
    workers: list[UUID]


def on_list(door: Door, permission: str, since: int | None = None) -> People:
    """Everybody on the door's list, or, with ``since``, those of whom something changed in or after that transaction.

    Who has no pseudonym yet gets one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE.format(list=_list(door, "m"), changed="" if since is None else _CHANGED),
            {"permission": permission, "enterprise": door.site.enterprise_id, "since": str(since)},
        )
        rows = cursor.fetchall()
    names = pseudonyms.of(row[0] for row in rows if row[1] is None)
    return _columns(rows, names)


def gone(door: Door, since: int) -> list[str]:
    """The pseudonyms of those who left the door's list in or after a transaction."""
    # Who has left lies beyond the door's scope; a pseudonym that its devices hold already tells them nothing new.
    with elevated("who has left a door's list"), connection.cursor() as cursor:
        cursor.execute(
            _GONE.format(list=_list(door, "m"), still=_list(door, "still")),
            {"enterprise": door.site.enterprise_id, "since": str(since)},
        )
        return [row[0] for row in cursor.fetchall()]


def _list(door: Door, table: str) -> str:
    """The condition that an employment puts somebody on the door's list (the same as ``queries.employed_here``)."""
    if door.site.enterprise_id is not None:
        return f"{table}.enterprise_id = %(enterprise)s"
    return "false" if filtering() and current().scope == "site" else "true"


def _columns(rows: Sequence[tuple[Any, ...]], names: dict[UUID, str]) -> People:
    places: dict[str, int] = {}
    found: dict[str, list[Any]] = {
        name: [] for name in ("id", "name", "initials", "badge", "phone", "place", "steps")
    }  # fmt: skip
    for worker, value, name, initials, badge, phone, workshop, moments, failing, rests_on in rows:
        found["id"].append(value or names[worker])
        found["name"].append(personal.masked_name(name))
        found["initials"].append(initials)
        found["badge"].append(badge)
        found["phone"].append(phone)
        found["place"].append(places.setdefault(workshop, len(places)))
        found["steps"].append(steps_of(moments, failing, rests_on))
    return People(found, list(places), [row[0] for row in rows])
