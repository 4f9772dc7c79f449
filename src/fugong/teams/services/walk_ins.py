"""A visit without a plan: a member walks into an enterprise of the team's patch that isn't on the day's list."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fugong.base import local
from fugong.teams.errors import TeamError
from fugong.teams.models import Member, Visit
from fugong.teams.services.days import last_place
from fugong.teams.services.people import locked_enterprises


@transaction.atomic
def begin(*, visit: UUID, enterprise: UUID, at: int, now: int, actor: UUID | None) -> bool:
    """The visit stands on the list of the day on which it began, behind the others, for the team in which the actor was then.

    ``visit`` is its id, made where it began; whether it was new. A planned visit to the same enterprise stays as it is.
    Raises TeamError.
    """
    member = Member.objects.filter(user=actor, start__lte=at, end__gt=at).select_related("team").first()
    firms = locked_enterprises([enterprise], team=member.team_id if member else None)
    if Visit.objects.filter(pk=visit).exists():
        return False
    if member is None:
        raise TeamError("sheet.no_team")
    if firms[enterprise].patch_id != member.team.patch_id:
        raise TeamError("team.other_patch", enterprise=firms[enterprise].name, team=member.team.name)
    start = local.start_of_day(local.day_of(at))
    of_the_day = Visit.objects.filter(team=member.team, day=start).exclude(state=Visit.DROPPED)
    Visit.objects.create(
        id=visit, enterprise=firms[enterprise], team=member.team, day=start, unplanned=True, actor_id=actor,
        place=last_place(of_the_day) + 1, changed_at=now,
    )  # fmt: skip
    return True
