"""Those at an observation site, as an audience for notices."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base.choosing import Choices
from fugong.base.models import User
from fugong.notices import audiences
from fugong.notices.audiences import Audience
from fugong.observation.models import Room, Stay
from fugong.registry.models import Site, Worker


def present(of: UUID | None, at: int) -> QuerySet[Worker]:
    """Who is in a bed of a site now."""
    return Worker.objects.filter(pk__in=Stay.objects.filter(site__in=[of], state=Stay.PRESENT).values("worker"))


def register() -> None:
    """Who is at an observation site can be written to (at start-up, once)."""

    def choices(user: User, at: int) -> Choices:
        rows = Site.objects.filter(pk__in=Room.objects.values("site")).order_by("name", "pk")
        return Choices(rows, ("name",), lambda one: str(one.name))

    audiences.register(
        Audience("observation", _("people at an observation site"), present, choices=choices, rights=("town.write",))
    )
