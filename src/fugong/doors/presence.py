"""Who is inside a site now: by the last time that each worker passed one of its doors, and by the visitors who haven't left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404

from fugong.base.access import looked_at
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.doors.models import Remark, Visit
from fugong.ledger.queries import STANDING
from fugong.registry.models import Site, Worker
from fugong.registry.scope import sites_in

LOOKBACK = 31 * 86_400
"""Who came in longer ago, in seconds, and was never seen since, counts as gone."""
LONG = 16 * 3_600
"""Who has been inside for longer, in seconds, has probably left without a check."""
PASSED = "(f.kind = 'door_override' OR f.values->>'outcome' = 'passed')"
"""SQL: with the fact ``f`` somebody went through: a check that let them, or a guard against one."""

_ONE = (
    "(SELECT f.id, f.start, f.values->>'door' AS door, f.values->>'direction' AS direction FROM ledger_fact AS f "
    "WHERE f.subject_id = {worker} AND f.kind = '{kind}' AND f.start > {since} AND {until} "
    f"AND {PASSED} AND f.values->>'door' = ANY({{doors}}) AND {STANDING} ORDER BY f.start DESC, f.id DESC LIMIT 1)"
)


def last_passage(worker: str, doors: str, since: str, until: str) -> str:
    """SQL for ``LATERAL``: the last time that a worker went through one of some doors, by the index over their facts."""
    both = (
        _ONE.format(worker=worker, doors=doors, since=since, until=until, kind=kind)
        for kind in ("door_check", "door_override")
    )
    return f"(SELECT * FROM ({' UNION ALL '.join(both)}) AS one ORDER BY one.start DESC, one.id DESC LIMIT 1)"


_INSIDE = (
    "SELECT s.subject_id AS site, m.worker_id AS worker, last.id, last.start, last.door, m.workshop, m.badge "
    "FROM registry_site AS s JOIN registry_employment AS m ON m.enterprise_id = s.enterprise_id "
    "CROSS JOIN LATERAL (SELECT array_agg(d.id::text) AS ids FROM registry_door AS d WHERE d.site_id = s.subject_id) AS doors "
    f"CROSS JOIN LATERAL {last_passage('m.worker_id', 'doors.ids', '%(since)s', 'f.start <= %(at)s')} AS last "
    "WHERE s.subject_id = ANY(%(sites)s) AND last.direction = 'in' AND NOT EXISTS "
    "(SELECT 1 FROM doors_remark AS r WHERE r.check_fact = last.id AND r.kind = 'left')"
)
ORDERS = {
    "name": ("initials", "name"),
    "workshop": ("workshop", "initials", "name"),
    "since": ("at", "initials", "name"),
}
"""By what the list can be sorted."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who is inside: since when, through which door, by which check. ``missed``: their exit probably was."""

    worker: UUID
    name: str
    initials: str
    workshop: str
    badge: str
    check: UUID
    door: str
    at: int
    missed: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many are inside a site, how many of them for so long that they probably left, and how many visitors."""

    site: Site
    workers: int = 0
    missed: int = 0
    visitors: int = 0

    @property
    def all(self) -> int:
        """Everybody."""
        return self.workers + self.visitors


def sites_of(user: User) -> list[Site]:
    """The sites in somebody's scope that have a door, by enterprise and name."""
    found = sites_in(user).filter(doors__isnull=False, enterprise__isnull=False).distinct()
    return list(found.select_related("enterprise").order_by("enterprise__name", "name", "subject_id"))


def site_of(user: User, site: UUID) -> Site:
    """A site in somebody's scope whose enterprise has it. Raises Http404 for any other."""
    found = sites_in(user).filter(pk=site, enterprise__isnull=False).select_related("enterprise").first()
    if found is None:
        raise Http404
    return found


def inside(site: Site, at: int, order: str = "name") -> list[Inside]:
    """Everybody of the site's enterprise who is inside at a moment, in two queries. They count as looked at.

    ``order`` is one of ``ORDERS``.
    """
    rows = _rows([site.pk], at)
    people = Worker.objects.filter(pk__in=[row[1] for row in rows]).values_list("pk", "name", "initials")
    names = {pk: (name, initials) for pk, name, initials in people}
    doors = {str(pk): name for pk, name in site.doors.values_list("pk", "name")}
    found = [
        Inside(worker, *names[worker], workshop, badge, check, doors.get(door, ""), start, at - start > LONG)
        for _site, worker, check, start, door, workshop, badge in rows
        if worker in names
    ]
    looked_at(one.worker for one in found)
    return sorted(found, key=lambda one: (*(getattr(one, name) for name in ORDERS[order]), one.worker))


def counts(sites: Sequence[Site], at: int) -> list[Count]:
    """How many are inside each of some sites, in two queries whatever their number."""
    workers, missed, visitors = dict[UUID, int](), dict[UUID, int](), dict[UUID, int]()
    for site, _worker, _check, start, *_rest in _rows([site.pk for site in sites], at):
        workers[site] = workers.get(site, 0) + 1
        missed[site] = missed.get(site, 0) + (at - start > LONG)
    for key in present([site.pk for site in sites], at).values_list("site_id", flat=True):
        visitors[key] = visitors.get(key, 0) + 1
    return [
        Count(site, workers.get(site.pk, 0), missed.get(site.pk, 0), visitors.get(site.pk, 0)) for site in sites
    ]  # fmt: skip


def present(sites: Iterable[UUID], at: int) -> Any:
    """The visits of those who were let in at some sites and haven't left, first come first."""
    return (
        Visit.objects.filter(site__in=list(sites), colour="green", left_at=None, at__gt=at - LOOKBACK, at__lte=at)
        .select_related("door").order_by("at", "id")
    )  # fmt: skip


def left(check: UUID) -> Remark | None:
    """What somebody said who knows that a worker left after a check, without one at the door."""
    return Remark.objects.filter(check_fact=check, kind=Remark.LEFT).select_related("actor").first()


def _rows(sites: Sequence[UUID], at: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_INSIDE, {"sites": list(sites), "at": at, "since": at - LOOKBACK, "known_at": PLUS_INF})
        return list(cursor.fetchall())
