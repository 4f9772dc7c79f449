"""Those who live in a dormitory as an audience for notices, and the reminder of the daily register."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.choosing import Choices
from fugong.base.models import User
from fugong.notices import audiences
from fugong.notices.audiences import Audience
from fugong.notices.services.queueing import queue
from fugong.notices.services.setup import is_on
from fugong.premises import queries
from fugong.premises.models import Lodging, Room
from fugong.registry import choosing, scope
from fugong.registry.models import Worker

FROM = "10:00"
"""From when on whoever hasn't registered is reminded, local time: shifts have begun by then."""


def living_at(of: UUID | None, at: int) -> QuerySet[Worker]:
    """Who has a bed in the dormitories of a site now."""
    beds = Lodging.objects.filter(site__in=[of], start__lte=at, end__gt=at)
    return Worker.objects.filter(pk__in=beds.values("worker"))


def register() -> None:
    """Who lives in a dormitory can be written to (at start-up, once)."""

    def choices(user: User, at: int) -> Choices:
        return choosing.sites(scope.sites_in(user).filter(pk__in=Room.objects.values("site")))

    audiences.register(Audience("dormitory", _("residents of a dormitory"), living_at, choices=choices))


def remind(now: int) -> Mapping[str, int]:
    """Tell whoever is here and hasn't registered today, once a day each, where the town wants it. For the steward."""
    day = local.day_of(now)
    if not is_on("register") or now < local.at(day, FROM):
        return {}
    people = queries.without_register(now)
    if people:
        queue(template="register", workers=people, once=f"register:{day}", actor=None, now=now)
    return {"people": len(people)}
