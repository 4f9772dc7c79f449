"""What did not fit: checks that contradict each other, or what is now known of the moment at which they were made.

Each kind is one query, for some sites at once and over a span of time; a line is the check that did not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.access import looked_at
from fugong.clearance import devices, evaluation
from fugong.clearance.devices import Seen
from fugong.core.protocol import door as deciding
from fugong.core.time import PLUS_INF
from fugong.doors.decisions import PERMISSION
from fugong.doors.models import Remark
from fugong.doors.presence import LOOKBACK, PASSED, last_passage
from fugong.ledger.queries import STANDING
from fugong.registry.models import Door, Worker

TWICE_IN, OUT_FIRST, TWO_SITES = "twice_in", "out_first", "two_sites"
DECIDED, ELSEWHERE, CLOCK = "decided", "elsewhere", "clock"
KINDS: dict[str, str | Promise] = {
    DECIDED: _("decided otherwise than is now known"),
    TWICE_IN: _("in twice without going out"),
    TWO_SITES: _("inside at two sites at once"),
    OUT_FIRST: _("out without having come in"),
    ELSEWHERE: _("let in although refused at another door"),
    CLOCK: _("by a device whose clock was wrong"),
}
"""What of checks did not fit, by kind, in the order in which it is shown."""
RECENTLY = 12 * 3_600
"""So long, in seconds, a refusal at another door speaks against being let in."""
ASTRAY = 300
"""By so many seconds a device's own clock may differ from the moment of a check."""

_DOORS = (
    "WITH doors AS MATERIALIZED (SELECT d.id::text AS id, d.site_id AS site, s.enterprise_id AS enterprise, "
    "array_agg(d.id::text) OVER (PARTITION BY d.site_id) AS here, "
    "array_agg(d.id::text) OVER (PARTITION BY s.enterprise_id) AS own "
    "FROM registry_door AS d JOIN registry_site AS s ON s.subject_id = d.site_id "
    "WHERE s.enterprise_id IN (SELECT e.enterprise_id FROM registry_site AS e WHERE e.subject_id = ANY(%(sites)s))), "
)
_FACTS = (
    "FROM ledger_fact AS f JOIN doors AS d ON d.id = f.values->>'door' "
    "WHERE f.start >= %(since)s AND f.start < %(until)s AND " + STANDING + " AND f.kind "
)
_EARLIER = last_passage("o.worker", "o.doors", "%(lookback)s", "f.start < %(since)s AND o.before IS NULL")
_PASSAGES = (
    _DOORS + "passages AS MATERIALIZED (SELECT f.id, f.subject_id AS worker, f.start, f.values->>'direction' AS direction, "
    "d.site, d.enterprise, d.{doors} AS doors " + _FACTS + f"IN ('door_check', 'door_override') AND {PASSED}), "
    "lined AS (SELECT *, lag(id) OVER w AS before, lag(start) OVER w AS before_start, lag(direction) OVER w AS before_direction, "
    "lag(site) OVER w AS before_site FROM passages WINDOW w AS (PARTITION BY worker, {place} ORDER BY start, id)), "
    "told AS (SELECT o.id, o.worker, o.start, o.site, o.direction, coalesce(o.before, p.id) AS before, "
    "coalesce(o.before_start, p.start) AS before_start, coalesce(o.before_direction, p.direction) AS before_direction, "
    "coalesce(o.before_site, (SELECT d.site FROM doors AS d WHERE d.id = p.door)) AS before_site "
    "FROM lined AS o LEFT JOIN LATERAL " + _EARLIER
    + " AS p ON true WHERE o.site = ANY(%(sites)s) AND o.direction = '{direction}') "
    "SELECT id, worker, start, site, before, before_start, before_site FROM told AS t WHERE "
)  # fmt: skip
_STAYED = (
    "t.before_direction = 'in' AND NOT EXISTS "
    "(SELECT 1 FROM doors_remark AS r WHERE r.check_fact = t.before AND r.kind = 'left')"
)
_CHECKS = (
    "f.id, f.subject_id AS worker, f.start, d.site, NULL::uuid AS before, NULL::bigint AS before_start, "
    "NULL::uuid AS before_site "
)
_HERE = " AND d.site = ANY(%(sites)s) "
_OWN_CLOCK = "('x' || left(replace(f.id::text, '-', ''), 12))::bit(48)::bigint / 1000"
"""SQL: the moment of a UUIDv7, in seconds; a device makes it by its own clock."""
QUERIES: dict[str, str] = {
    TWICE_IN: _PASSAGES.format(doors="here", place="site", direction="in") + _STAYED,
    OUT_FIRST: _PASSAGES.format(doors="here", place="site", direction="out")
    + "t.before_direction IS DISTINCT FROM 'in' OR EXISTS "
    "(SELECT 1 FROM doors_remark AS r WHERE r.check_fact = t.before AND r.kind = 'left')",
    TWO_SITES: _PASSAGES.format(doors="own", place="enterprise", direction="in") + _STAYED + " AND t.before_site <> t.site",
    ELSEWHERE: (
        _DOORS + "checks AS (SELECT f.id, f.subject_id AS worker, f.start, d.site, d.id AS door, d.enterprise, "
        "f.values->>'outcome' AS outcome, f.values->>'colour' AS colour "
        + _FACTS.replace("%(since)s", "%(since)s - %(recently)s") + "= 'door_check' AND f.values->>'direction' = 'in'), "
        "lined AS (SELECT *, lag(id) OVER w AS before, lag(start) OVER w AS before_start, lag(site) OVER w AS before_site, "
        "lag(door) OVER w AS before_door, lag(outcome) OVER w AS before_outcome, lag(colour) OVER w AS before_colour "
        "FROM checks WINDOW w AS (PARTITION BY worker, enterprise ORDER BY start, id)) "
        "SELECT id, worker, start, site, before, before_start, before_site FROM lined WHERE start >= %(since)s "
        "AND site = ANY(%(sites)s) AND outcome = 'passed' AND before_outcome = 'refused' "
        "AND before_colour IS DISTINCT FROM 'amber' AND before_door <> door AND start - before_start <= %(recently)s"
    ),
    DECIDED: (
        _DOORS + "rules AS (SELECT * FROM unnest(%(starts)s::bigint[], %(ends)s::bigint[], %(masks)s::bigint[]) "
        "AS r (start, until, mask)), checks AS (SELECT " + _CHECKS + ", f.values AS given " + _FACTS
        + "= 'door_check' AND f.values->>'direction' = 'in'" + _HERE + ") "
        "SELECT k.id, k.worker, k.start, k.site, k.before, k.before_start, k.before_site FROM checks AS k "
        "JOIN rules AS r ON k.start >= r.start AND k.start < r.until "
        "JOIN clearance_clearance AS c ON c.worker_id = k.worker AND c.permission = %(permission)s AND c.moments IS NOT NULL "
        "CROSS JOIN LATERAL (SELECT coalesce(c.failing[width_bucket(k.start, c.moments)], -1) AS mask) AS t "
        "WHERE CASE WHEN k.given->>'outcome' = 'passed' THEN t.mask < 0 OR t.mask & r.mask <> 0 "
        "ELSE t.mask >= 0 AND t.mask & r.mask = 0 AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(k.given->'reasons') AS x "
        "WHERE x NOT LIKE 'door.%%' OR x = 'door.no_clearance') END"
    ),
    CLOCK: (
        _DOORS + "checks AS (SELECT " + _CHECKS + ", f.recorded_at, f.values AS given, " + _OWN_CLOCK + " AS own_clock "
        + _FACTS + "= 'door_check'" + _HERE + ") "
        "SELECT id, worker, start, site, before, before_start, before_site FROM checks WHERE given->'reasons' ? 'door.clock' "
        "OR start > recorded_at OR (given ? 'device' AND abs(own_clock - start) > %(astray)s)"
    ),
}  # fmt: skip


def kinds() -> dict[str, str | Promise]:
    """What may not fit, by kind: of checks, then of what other apps take in from devices."""
    return KINDS | {name: title for name, (title, _found) in devices.oddities().items()}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A check that did not fit, and the one before it of which it makes no sense, where there is one (`before`).

    What another app took in (`devices.Oddity`) says itself where that was (``where``), on which page it stands (``address``),
    and who looked at it.
    """

    kind: str
    check: UUID
    worker: UUID
    at: int
    site: UUID
    before: UUID | None
    before_at: int | None
    before_site: UUID | None
    where: str = ""
    address: str = ""
    looked_at: Seen | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A misfit as a list shows it."""

    misfit: Misfit
    name: str
    door: str
    before_door: str
    remark: Remark | Seen | None

    @property
    def title(self) -> str:
        """What did not fit, in words."""
        return str(kinds()[self.misfit.kind])


def found(kind: str, sites: Sequence[UUID], since: int, until: int) -> list[Misfit]:
    """What of a kind did not fit at some sites from a moment to before another, newest first; in one query."""
    if kind in devices.oddities():
        return [
            Misfit(kind, one.id, one.worker, one.at, one.site, None, None, None, one.where, one.address, one.seen)
            for one in sorted(devices.oddities()[kind][1](sites, since, until), key=lambda one: (-one.at, one.id))
        ]
    given: dict[str, Any] = {
        "sites": list(sites), "since": since, "lookback": since - LOOKBACK, "until": until, "known_at": PLUS_INF,
        "astray": ASTRAY, "recently": RECENTLY, "permission": PERMISSION, **(_rules() if kind == DECIDED else {}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[kind], given)
        rows = [Misfit(kind, *row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda one: (-one.at, one.check))


def open_counts(sites: Sequence[UUID], since: int, until: int) -> dict[UUID, int]:
    """How much did not fit at each of some sites and was not looked at yet, in a query a kind and one more."""
    counted = dict.fromkeys(sites, 0)
    rows = [one for kind in kinds() for one in found(kind, sites, since, until)]
    done = seen(rows)
    for one in rows:
        counted[one.site] += (one.check, one.kind) not in done
    return counted


def seen(rows: Sequence[Misfit]) -> set[tuple[UUID, str]]:
    """Which of them somebody looked at already: by check and kind."""
    found = Remark.objects.filter(check_fact__in={one.check for one in rows if not one.address})
    told = {(one.check, one.kind) for one in rows if one.looked_at}
    return told | set(found.values_list("check_fact", "kind")) if rows else set()


def lines(rows: Sequence[Misfit]) -> list[Line]:
    """Misfits with names, doors and what was said of them, in four queries. They count as looked at."""
    looked_at(one.worker for one in rows)
    names = dict(Worker.objects.filter(pk__in={one.worker for one in rows}).values_list("pk", "name"))
    doors = _doors({one.check for one in rows if not one.address} | {one.before for one in rows if one.before})
    remarks = {
        (one.check_fact, one.kind): one
        for one in Remark.objects.filter(check_fact__in=[one.check for one in rows]).select_related("actor")
    }
    return [
        Line(
            one, names.get(one.worker, ""), one.where or doors.get(one.check, ""),
            doors.get(one.before, "") if one.before else "", one.looked_at or remarks.get((one.check, one.kind)),
        )
        for one in rows
    ]  # fmt: skip


def _doors(checks: set[UUID]) -> dict[UUID, str]:
    """The site and name of the door of each check."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, f.values->>'door' FROM ledger_fact AS f WHERE f.id = ANY(%s)", [list(checks)]
        )  # fmt: skip
        at = dict(cursor.fetchall())
    keys = [UUID(door) for door in set(at.values())]
    named = {
        str(one.pk): f"{one.site.name} {one.name}" for one in Door.objects.filter(pk__in=keys).select_related("site")
    }
    return {check: named.get(door, "") for check, door in at.items()}


def _rules() -> dict[str, list[int]]:
    """From when to when which bits of a mask are requirements (`core.protocol.steps`)."""
    forces = [(force, deciding.needed(force.pack, PERMISSION)) for force in evaluation.in_force()]
    known = [(force, needed) for force, needed in forces if needed is not None]
    return {
        "starts": [force.start for force, _needed in known], "ends": [force.end for force, _needed in known],
        "masks": [(1 << len(needed)) - 1 for _force, needed in known],
    }  # fmt: skip
