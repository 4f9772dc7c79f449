"""Visitors: somebody on no roster who came to a door and left again. Who they are is kept encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base import local, personal
from fugong.base.faults import Fault, declare
from fugong.doors.models import Visit
from fugong.registry.models import Door, Site

COLOURS = ("green", "amber", "red")
STAYS = 31 * 86_400
"""Who hasn't left after so long, in seconds, counts as gone."""
MOST = {"name": 64, "phone": 32, "company": 100, "host": 64, "purpose": 100}
"""So many characters each detail of a visitor may have."""

declare(
    {
        "visit.name": _("Type the visitor's name."),
        "visit.long": _("This has more characters than a visitor's details may have."),
        "visit.colour": _("The colour is “green”, “amber” or “red”."),
        "visit.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "visit.future": _("The visit lies in the future: set the device's clock."),
        "visit.unknown": _("There is no such visit."),
    }
)  # fmt: skip


class VisitError(Fault):
    """A visit that can't be taken: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""


@dataclass(frozen=True, slots=True)
class VisitorDetails:
    """Who came, whom they came to see and what for; ``answers`` are those to the questions of the door, by name."""

    name: str
    phone: str = ""
    company: str = ""
    host: str = ""
    purpose: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)


@transaction.atomic
def arrive(
    *, id: UUID, door: Door, who: VisitorDetails, colour: str, reasons: Sequence[str], celsius: float | None, at: int,
    now: int, actor: UUID | None,
) -> bool:  # fmt: skip
    """Record a visitor at a door with what it showed; False where the same id is stored already. Raises VisitError.

    ``at`` is when they stood there, ``now`` when it is recorded (seconds); ``celsius`` is what was measured.
    """
    _refuse_wrong(who, colour, celsius, at, now)
    written = json.dumps({**asdict(who), "answers": dict(who.answers)}, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO doors_visit (id, site_id, door_id, who_encrypted, colour, reasons, celsius, at, actor_id, recorded_at) "
            "VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id",
            [id, door.site_id, door.pk, personal.encrypt(written), colour, json.dumps(list(reasons)), celsius, at, actor, now],
        )  # fmt: skip
        return cursor.fetchone() is not None


@transaction.atomic
def leave(*, visit: UUID, at: int, now: int, actor: UUID | None) -> bool:
    """Record that a visitor went out; False where it is known already. Raises VisitError for a visit that nobody knows.

    A device whose clock was put right in between may say a moment before the arrival: they left at the arrival then.
    """
    if at > now:
        raise VisitError("visit.future", field="at")
    found = Visit.objects.select_for_update(of=("self",)).filter(pk=visit).first()
    if found is None:
        raise VisitError("visit.unknown", field="visit")
    if found.left_at is not None:
        return False
    return Visit.objects.filter(pk=visit, left_at=None).update(left_at=max(at, found.at)) > 0


def details(visit: Visit) -> VisitorDetails:
    """Who a visitor is, in the clear: for those who may see it only."""
    try:
        given = json.loads(personal.decrypt(bytes(visit.who_encrypted)))
    except ValueError:
        given = {}
    if not isinstance(given, dict):
        given = {}
    known = {name: str(given.get(name, "")) for name in MOST}
    return VisitorDetails(**known, answers=given.get("answers") or {})


def shown(visit: Visit, *, whole: bool) -> VisitorDetails:
    """Who a visitor is, as a page shows it: name and telephone masked unless ``whole``."""
    found = details(visit)
    if whole:
        return found
    return replace(found, name=personal.masked_name(found.name), phone=personal.masked(personal.tail(found.phone)))


def of_day(site: Site, day: date) -> QuerySet[Visit]:
    """The visits of a site on a local day, and those of before who are still inside, latest first."""
    start, end = local.start_of_day(day), local.start_of_day(local.day_after(day))
    still = Q(at__lt=start, at__gt=start - STAYS, left_at=None, colour="green")
    today = Q(at__gte=start, at__lt=end)
    return at_site(site).filter(today | still).select_related("door").order_by("-at", "-id")


def at_site(site: Site) -> QuerySet[Visit]:
    """The visits of a site."""
    return Visit.objects.filter(site=site)


def _refuse_wrong(who: VisitorDetails, colour: str, celsius: float | None, at: int, now: int) -> None:
    if not who.name.strip():
        raise VisitError("visit.name", field="name")
    for name, most in MOST.items():
        if len(getattr(who, name)) > most:
            raise VisitError("visit.long", field=name)
    if colour not in COLOURS:
        raise VisitError("visit.colour", field="colour")
    if celsius is not None and not 25 <= celsius <= 45:
        raise VisitError("visit.celsius", field="celsius", value=f"{celsius:g}")
    if at > now:
        raise VisitError("visit.future", field="at")
