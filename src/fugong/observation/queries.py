"""Reads of observation sites: who is in medical observation at a site now, in which room, since when."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.observation.models import Bed, Stay
from fugong.registry.models import Site, Worker

PURPOSE = "observation"
"""Why those at a site see who is there (``base.reasons.PURPOSES``)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A temperature, and when it was taken."""

    celsius: float
    at: int


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in medical observation at a site: nothing about their health but what a medic is shown (``reading``).

    ``day`` counts local days, the first one is day 1; ``until`` is None while nobody has set the end.
    """

    worker: UUID
    name: str
    room: str
    since: int
    day: int
    until: int | None
    reading: Reading | None


def site_of(user: User) -> Site:
    """The site of somebody whose scope is one. Raises Http404 for anybody else."""
    site = Site.objects.filter(pk=user.scope_id).first() if user.role.scope == "site" else None
    if site is None:
        raise Http404
    return site


def guests(site: UUID, at: int, *, with_health: bool) -> list[Guest]:
    """Who is in observation at a site at a moment, by room; whose data they are is noted for the audit.

    ``with_health`` adds the last temperature of each since they came: for medics only.
    """
    stays = list(ledger.holding(at).filter(kind="observation", values__site=str(site)))
    ids = [stay.subject_id for stay in stays]
    names = dict(Worker.objects.filter(pk__in=ids).values_list("pk", "name"))
    looked_at(ids, PURPOSE)
    first = _first_days(ids, at)
    readings = _readings(stays, first, at) if with_health else {}
    found = [
        Guest(
            worker=stay.subject_id, name=names.get(stay.subject_id, ""), room=stay.values.get("room", ""),
            since=first[stay.subject_id], day=_day(first[stay.subject_id], at),
            until=None if stay.end == PLUS_INF else stay.end, reading=readings.get(stay.subject_id),
        )
        for stay in stays
    ]  # fmt: skip
    return sorted(found, key=lambda guest: (guest.room, guest.name, guest.worker))


def rooms(site: UUID, at: int) -> int:
    """How many rooms a site offers at a moment."""
    return ledger.holding(at).filter(kind="room", subject=site).values("values__room").distinct().count()


def free_beds(start: int, end: int, *, site: UUID | None = None, but: Stay | None = None) -> list[Bed]:
    """Beds that would take one more person from ``start`` to ``end``, in walking order; ``but``: a stay that doesn't count."""
    standing = Stay.objects.exclude(state=Stay.CANCELLED)
    if but is not None:
        standing = standing.exclude(pk=but.pk)
    taken = standing.filter(start__lt=end, free_from__gt=start).values("bed")
    there = standing.filter(room=OuterRef("room"), start__lt=end, end__gt=start).order_by().values("room")
    beds = (
        Bed.objects.filter(room__opens__lte=start, room__closes__gte=end)
        .exclude(pk__in=taken)
        .annotate(others=Coalesce(Subquery(there.annotate(n=Count("pk")).values("n")), 0))
        .filter(Q(others__lt=F("room__people")) | Q(room__households=True))
    )
    if site is not None:
        beds = beds.filter(room__site=site)
    if but is not None:
        beds = beds.exclude(pk=but.bed_id)
    return list(beds.select_related("room", "room__site").order_by("room__site__name", "room__order", "name"))


def _day(since: int, at: int) -> int:
    return (local.day_of(at) - local.day_of(since)).days + 1


def _first_days(workers: list[UUID], at: int) -> dict[UUID, int]:
    """Since when each is in observation without a gap: who moves to another room is no newcomer."""
    spans: dict[UUID, list[tuple[int, int]]] = {}
    stays = ledger.about(workers).filter(kind="observation", start__lte=at).order_by("-start")
    for worker, start, end in stays.values_list("subject_id", "start", "end"):
        spans.setdefault(worker, []).append((start, end))
    first = {}
    for worker, held in spans.items():
        begun = at
        for start, end in held:
            if end >= begun:
                begun = min(begun, start)
        first[worker] = begun
    return first


def _readings(stays: list[Fact], first: dict[UUID, int], at: int) -> dict[UUID, Reading]:
    """The last temperature of each, in one query."""
    taken = (
        ledger.about(stay.subject_id for stay in stays)
        .filter(kind="temperature", start__lte=at, start__gte=min(first.values(), default=at))
        .order_by("subject_id", "-start", "-recorded_at")
        .distinct("subject_id")
        .values_list("subject_id", "values__celsius", "start")
    )
    return {worker: Reading(celsius, start) for worker, celsius, start in taken if start >= first[worker]}
