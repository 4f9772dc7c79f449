"""What devices said of trips that did not fit: what the device knew, what was true as is now known, who looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.faults import Fault
from fugong.clearance import devices
from fugong.clearance.devices import Oddity, Seen
from fugong.journeys.arrival import services as arrival
from fugong.journeys.models import Sighting, Trip
from fugong.journeys.trips.queries import PURPOSE
from fugong.ledger import wording

TITLES = {
    Sighting.EARLY: gettext_lazy("checked in before the vehicle's disinfection was recorded"),
    Sighting.ASTRAY: gettext_lazy("on a trip otherwise than its list says"),
}
"""What did not fit, by kind."""
_TRUTHS = {
    "trip.not_on_manifest": gettext_lazy("When the device was heard, they were not on the list any more."),
    "trip.may_not_board": gettext_lazy("By what is known now, they might not board then."),
    "trip.other_trip": gettext_lazy("At that time they are on the list of another trip."),
    "trip.cancelled": gettext_lazy("The trip was cancelled."),
    "trip.over": gettext_lazy("The trip had arrived by then."),
}
"""What was true, by why a device's row could not be stored as it says."""
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """Something that did not fit, as the trip's page shows it: what the device knew, and what was true."""

    row: Sighting
    name: str
    title: str
    knew: tuple[str, ...]
    truth: str


def found(kind: str, sites: Sequence[UUID], since: int, until: int) -> list[Oddity]:
    """What of a kind did not fit at some sites; in one query."""
    rows = (
        Sighting.objects.filter(odd=kind, trip__site__in=list(sites), at__gte=since, at__lt=until)
        .select_related("trip", "seen_by").order_by("-at", "pk")
    )  # fmt: skip
    return [
        Oddity(
            one.pk, one.worker_id, one.at, one.trip.site_id, one.trip.code,
            f"{reverse('journeys:arrivals', args=[one.trip_id])}#odd",
            None if one.seen_at is None else Seen(one.seen_words, one.seen_at, one.seen_by),
        )
        for one in rows
    ]  # fmt: skip


def of_trip(trip: Trip) -> list[Line]:
    """What of a trip did not fit, the latest first. They count as looked at."""
    rows = list(trip.sightings.exclude(odd="").select_related("worker", "seen_by").order_by("-at", "pk"))
    looked_at([one.worker_id for one in rows], PURPOSE)
    words = wording.meanings({code for one in rows for code in one.reasons})
    return [
        Line(one, one.worker.name, str(TITLES[one.odd]), tuple(_words(one.reasons, words)), truth(one, trip))
        for one in rows
    ]


def refused(trip: Trip) -> list[Line]:
    """Whom devices did not let board or check in and who wasn't let later, the latest of each. They count as looked at."""
    rows = trip.sightings.filter(state=Sighting.NOTED).select_related("worker").order_by("at", "pk")
    latest = {(one.kind, one.worker_id): one for one in rows}
    let = set(trip.sightings.filter(state=Sighting.TAKEN).values_list("kind", "worker_id"))
    shown = [one for key, one in latest.items() if key not in let]
    looked_at([one.worker_id for one in shown], PURPOSE)
    words = wording.meanings({code for one in shown for code in one.reasons})
    return [Line(one, one.worker.name, "", tuple(_words(one.reasons, words)), "") for one in shown]


def _words(codes: Iterable[str], words: dict[str, str]) -> Iterable[str]:
    return dict.fromkeys(words.get(code, code) for code in codes)


def truth(one: Sighting, trip: Trip) -> str:
    """What was true, as is now known."""
    if one.problem == arrival.TOO_EARLY:
        if not trip.is_disinfected:
            return _("No disinfection is recorded to this day.")
        at = f"{local.to_datetime(trip.disinfected_at):%m-%d %H:%M}"
        if one.at < trip.disinfected_at:
            return _("Disinfected at %(at)s, after this: they have to be checked in again.") % {"at": at}
        return _("Disinfected at %(at)s, before this: they are checked in by it.") % {"at": at}
    return str(_TRUTHS.get(one.problem, _TRUTHS["trip.not_on_manifest"]))


@transaction.atomic
def look_at(*, trip: UUID, row: UUID, words: str, now: int, actor: UUID) -> None:
    """Somebody looked at a line, and says what it was. Saying it twice keeps the first. Raises Fault."""
    said = words.strip()
    if not 0 < len(said) <= MOST_WORDS:
        raise Fault("arrival.no_words", field="words", number=MOST_WORDS)
    rows = Sighting.objects.filter(pk=row, trip=trip, seen_at__isnull=True).exclude(odd="")
    rows.update(seen_words=said, seen_at=now, seen_by=actor)


def register() -> None:
    """Add these kinds to what did not fit at a site (at start-up, once)."""
    for kind, title in TITLES.items():
        devices.watch(kind, title, partial(found, kind))
