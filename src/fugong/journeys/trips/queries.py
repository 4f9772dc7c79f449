"""Reads of trips: a manifest with seats and numbers, and who is missing or extra."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from fugong.base.access import filtering, looked_at
from fugong.base.models import User
from fugong.journeys.models import Booking, SeatRequest, Trip
from fugong.registry.models import Employment, Worker
from fugong.registry.reveal.queries import phones_for
from fugong.registry.scope import sites_in, workers_in

PURPOSE = "manifest"
"""Why crews and dispatchers are shown telephone numbers (``base.reasons.PURPOSES``)."""
ON_BOARD = (Booking.BOARDED, Booking.ARRIVED, Booking.EXTRA)


def trips_in(user: User) -> QuerySet[Trip]:
    """The trips that lie in somebody's scope: of the whole town, to their sites, or with their people on board."""
    if user.role.scope == "town" or not filtering():
        return Trip.objects.all()
    booked = Booking.objects.filter(worker__in=workers_in(user)).exclude(state=Booking.CANCELLED).values("trip")
    return Trip.objects.filter(Q(site__in=sites_in(user)) | Q(pk__in=booked))


def trip_of(user: User, trip: UUID) -> Trip:
    """A trip in the user's scope. What isn't in it looks as if it didn't exist: raises Http404."""
    found = trips_in(user).select_related("site", "site__enterprise").filter(pk=trip).first()
    if found is None:
        raise Http404
    return found


def listed(user: User, *, state: str = "", text: str = "") -> QuerySet[Trip]:
    """Trips with how many people are on each, those that leave last first."""
    found = trips_in(user).select_related("site", "site__enterprise")
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(Q(code__icontains=text) | Q(vehicle__icontains=text))
    seated = Count("bookings", filter=Q(bookings__state__in=Booking.SEATED))
    here = Count("bookings", filter=Q(bookings__checked_in_at__isnull=False))
    return found.annotate(seated=seated, here=here).order_by("-departs", "code")


@dataclass(frozen=True, slots=True)
class Discrepancies:
    """Where the manifest and those who came differ: not there yet, not on it, and there without having been noted on board."""

    missing: tuple[Booking, ...]
    extra: tuple[Booking, ...]
    not_boarded: tuple[Booking, ...]


def discrepancies(trip: Trip) -> Discrepancies:
    """Who got on and isn't checked in, who came without being on the manifest, and whom nobody noted on board."""
    rows = list(trip.bookings.select_related("worker").order_by("seat_row", "seat_column"))
    looked_at([one.worker_id for one in rows], PURPOSE)
    return Discrepancies(
        tuple(one for one in rows if one.state == Booking.BOARDED),
        tuple(one for one in rows if one.state == Booking.EXTRA),
        tuple(one for one in rows if one.state == Booking.ARRIVED and one.boarded_at is None),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a manifest: who, in which seat, from which enterprise, with which number."""

    booking: Booking
    name: str
    phone: str
    enterprises: tuple[str, ...]
    stop: str

    @property
    def seat(self) -> str:
        """The seat as it stands on the vehicle."""
        return self.booking.seat


def manifest(trip: Trip, *, user: User) -> list[Line]:
    """Those of a trip's people who lie in somebody's scope, by their seats; numbers for crews and dispatchers only.

    Whose they are is noted for the audit.
    """
    shown = trip.bookings.exclude(state=Booking.CANCELLED).select_related("worker", "stop")
    if user.role.scope != "town":
        shown = shown.filter(worker__in=workers_in(user))
    rows = list(shown.order_by("seat_row", "seat_column", "worker__name"))
    ids = [one.worker_id for one in rows]
    looked_at(ids, PURPOSE)
    called = user.may("manifest.read") or user.may("trip.plan")
    phones, employers = phones_for(PURPOSE, ids) if called else {}, employers_of(ids)
    return [
        Line(
            one, one.worker.name, phones.get(one.worker_id, ""), employers.get(one.worker_id, ()),
            one.stop.name if one.stop else "",
        )
        for one in rows
    ]  # fmt: skip


def employers_of(workers: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the enterprises that employ each of these workers at present."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Employment.objects.filter(worker__in=list(workers), active=True).order_by("enterprise__name")
    for worker, name in rows.values_list("worker_id", "enterprise__name"):
        found[worker] = (*found.get(worker, ()), name)
    return found


def open_requests(user: User) -> QuerySet[SeatRequest]:
    """What was asked for and isn't planned, the earliest day first, those from one place together."""
    found = SeatRequest.objects.filter(state=SeatRequest.OPEN).select_related("worker", "enterprise", "site", "place")
    if user.role.scope != "town" and filtering():
        found = found.filter(enterprise=user.scope_id)
    return found.order_by("day", "place__name", "enterprise__name", "pk")


def of_worker(worker: UUID, now: int) -> Booking | None:
    """The seat that somebody has on a trip that isn't over: what their own card shows."""
    return (
        Booking.objects.filter(worker=worker, state__in=Booking.SEATED, checked_in_at__isnull=True)
        .exclude(trip__state__in=[Trip.DRAFT, Trip.CANCELLED, Trip.ARRIVED])
        .select_related("trip", "trip__site", "stop")
        .order_by("departs")
        .first()
    )


def names(workers: Sequence[UUID]) -> dict[UUID, str]:
    """The names of workers; whose they are is noted for the audit."""
    looked_at(workers)
    return dict(Worker.objects.filter(pk__in=list(workers)).values_list("pk", "name"))
