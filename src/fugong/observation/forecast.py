"""How full the sites will be: present stays and their ends, beds that are kept, and who is on the way and has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from fugong.base import local
from fugong.clearance.queries import operations
from fugong.ledger import queries as ledger
from fugong.observation.models import Room, Stay
from fugong.registry.models import Division, Site

DAYS = 14
NOON = 12 * 3600


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody on the way from a high-risk area, for whom no bed is kept: when they arrive (seconds), from where."""

    worker: UUID
    at: int
    division: str
    trip: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day at noon: places offered, taken by those present, kept for others, and wanted by those who are on the way."""

    day: date
    offered: int
    present: int
    kept: int
    coming: int

    @property
    def free(self) -> int:
        """Places left; negative where there are too few."""
        return self.offered - self.present - self.kept - self.coming

    @property
    def short(self) -> int:
        """How many places are missing."""
        return max(0, -self.free)


@dataclass(frozen=True, slots=True)
class Place:
    """A site at a moment: places offered, and how many are taken or kept."""

    site: Site
    offered: int
    present: int
    kept: int

    @property
    def free(self) -> int:
        """Places that are neither taken nor kept."""
        return self.offered - self.present - self.kept


def _rooms(site: UUID | None = None) -> list[tuple[Room, int]]:
    """Rooms with how many strangers they take: at most one a bed."""
    found = Room.objects.annotate(number=Count("beds"))
    if site is not None:
        found = found.filter(site=site)
    return [(room, min(room.people, room.number)) for room in found]


def places(now: int) -> list[Place]:
    """Every site that offers rooms now, by name, in three queries."""
    offered: dict[UUID, int] = {}
    for room, number in _rooms():
        if room.opens <= now < room.closes:
            offered[room.site_id] = offered.get(room.site_id, 0) + number
    states: dict[tuple[UUID, str], int] = {}
    rows = Stay.objects.filter(state__in=[Stay.PRESENT, Stay.PLANNED]).exclude(state=Stay.PLANNED, end__lte=now)
    for site, state, number in rows.values_list("site", "state").annotate(number=Count("pk")):
        states[site, state] = number
    sites = Site.objects.filter(pk__in=offered).order_by("name")
    return [
        Place(site, offered[site.pk], states.get((site.pk, Stay.PRESENT), 0), states.get((site.pk, Stay.PLANNED), 0))
        for site in sites
    ]


def coming(now: int, until: int) -> list[Coming]:
    """Who arrives by ``until`` on a seat that is booked from a high-risk area, and has no bed after that; by arrival."""
    high = _high_risk(now)
    if not high:
        return []
    booked = ledger.standing().filter(kind="booking", end__gt=now, end__lte=until, values__has_key="from_division")
    found = [
        Coming(fact.subject_id, fact.end, str(fact.values["from_division"]), str(fact.values.get("trip", "")))
        for fact in booked.order_by("end", "pk")
        if _encloses(high, str(fact.values["from_division"]))
    ]
    with_bed = set(
        Stay.objects.filter(worker__in={one.worker for one in found}, end__gt=now)
        .exclude(state=Stay.CANCELLED)
        .values_list("worker", flat=True)
    )
    return list({one.worker: one for one in found if one.worker not in with_bed}.values())


def _high_risk(now: int) -> list[str]:
    """The codes of the divisions that are high-risk now."""
    divisions = ledger.holding(now).filter(kind="risk_level", values__level="high").values("subject")
    return list(Division.objects.filter(pk__in=divisions).values_list("code", flat=True))


def _encloses(high: Sequence[str], code: str) -> bool:
    """Whether a division lies in one of them: codes of provinces and prefectures end in zeros."""
    return any(code.startswith(_stem(one)) for one in high)


def _stem(code: str) -> str:
    six = code[:6]
    if len(code) > 6:
        return code
    return six[:2] if six.endswith("0000") else six[:4] if six.endswith("00") else six


def days(now: int, site: UUID | None = None) -> list[Day]:
    """The next fourteen days at noon, of a site or of all; who is on the way counts for all only."""
    rooms = _rooms(site)
    stays = Stay.objects.filter(state__in=[Stay.PRESENT, Stay.PLANNED])
    if site is not None:
        stays = stays.filter(site=site)
    today = local.start_of_day(local.day_of(now)) + NOON
    rows = [
        (state, min(start, today), max(end, today + 1)) if state == Stay.PRESENT else (state, start, end)
        for state, start, end in stays.values_list("state", "start", "end")
    ]  # whoever is there is there today, whatever was planned
    last = local.start_of_day(local.day_after(local.day_of(now), DAYS))
    length = operations(now).observation.days * 86_400
    ahead = [] if site is not None else coming(now, last)
    found = []
    for n in range(DAYS):
        day = local.day_after(local.day_of(now), n)
        noon = local.start_of_day(day) + NOON
        found.append(
            Day(
                day, sum(number for room, number in rooms if room.opens <= noon < room.closes),
                sum(1 for state, start, end in rows if state == Stay.PRESENT and start <= noon < end),
                sum(1 for state, start, end in rows if state == Stay.PLANNED and start <= noon < end),
                sum(1 for one in ahead if one.at <= noon < one.at + length),
            )
        )  # fmt: skip
    return found
