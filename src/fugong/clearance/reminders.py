"""Those whose clearance lapses: an audience for notices, and a reminder the evening before."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.clearance import queries
from fugong.clearance.overview import next_shift
from fugong.notices import audiences
from fugong.notices.audiences import Audience
from fugong.notices.services.queueing import queue
from fugong.notices.services.setup import is_on
from fugong.notices.variables import moment_said
from fugong.registry.models import Worker

FROM = "15:00"
"""From when on people are reminded of tomorrow, local time: while there is time to do something about it."""
PERMISSION = "work"
_LAPSING = (
    "SELECT c.worker_id FROM clearance_clearance AS c, unnest(c.starts, c.ends) AS held(start, stop) "
    "WHERE c.permission = %s AND held.start <= %s AND held.stop > %s AND held.stop <= %s"
)


def lapsing(at: int) -> QuerySet[Worker]:
    """Who may work now and won't be allowed to any more before the end of tomorrow."""
    tomorrow = local.start_of_day(local.day_after(local.day_of(at), 2))
    return audiences.employed().filter(pk__in=RawSQL(_LAPSING, [PERMISSION, at, at, tomorrow]))


def register() -> None:
    """Whoever's clearance lapses by tomorrow, of the town or of an enterprise, can be written to (at start-up, once)."""

    def of_enterprise(of: UUID | None, at: int) -> QuerySet[Worker]:
        return lapsing(at).filter(employments__enterprise__in=[of], employments__active=True)

    audiences.register(
        Audience("lapsing", _("whose clearance lapses by tomorrow"), lambda of, at: lapsing(at), rights=("town.write",))
    )
    audiences.register(
        Audience(
            "lapsing_of",
            _("whose clearance lapses by tomorrow, of an enterprise"),
            of_enterprise,
            choices=audiences.enterprises,
        )
    )


def remind(now: int) -> Mapping[str, int]:
    """Tell them, once a day each, from the afternoon on, where the town wants it. For the steward."""
    day = local.day_of(now)
    if not is_on("lapsing") or now < local.at(day, FROM):
        return {}
    people = list(lapsing(now).values_list("pk", flat=True))
    if not people:
        return {"people": 0}
    ends = queries.statuses(people, PERMISSION, now)
    each = {one: {"until": moment_said(found.until or next_shift(now))} for one, found in ends.items()}
    queue(template="lapsing", workers=people, each=each, once=f"lapsing:{day}", actor=None, now=now)
    return {"people": len(people)}
