"""Doing what was proposed for the rooms: all of it or nothing, and only while it is still what was looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from fugong.core.planning import rooms as core
from fugong.observation.errors import ObservationError
from fugong.observation.models import Stay
from fugong.observation.problem import Asked
from fugong.observation.services import leaving, stays, writing
from fugong.observation.services.leaving import Move
from fugong.observation.services.stays import Plan
from fugong.observation.services.writing import By


@transaction.atomic
def apply(*, asked: Asked, plan: Mapping[str, str], digest: str, reason: str, by: By) -> int:
    """Keep beds for those who come, other beds for those who move; returns for how many.

    Raises ObservationError when something has changed since the proposal, and then nothing is done.
    """
    if asked.digest != digest or not set(plan.values()) <= set(asked.rooms):
        raise ObservationError("plan.stale")
    beds = _Beds(asked, plan, by)
    moves = [
        Move(asked.stays[name].pk, beds.free(room, asked.problem.stay[name]), by.now, reason)
        for name, room in plan.items()
        if _moves(asked, name, room)
    ]
    new = [
        Plan(
            asked.coming[name].worker, beds.free(room, asked.problem.stay[name]), asked.problem.stay[name].start,
            asked.problem.stay[name].end, asked.problem.stay[name].cohort or "",
        )
        for name, room in plan.items()
        if name in asked.coming
    ]  # fmt: skip
    if moves:
        leaving.move(moves=moves, by=by)
    if new:
        stays.keep(plans=new, by=by)
    return len(moves) + len(new)


def _moves(asked: Asked, name: str, room: str) -> bool:
    return name in asked.stays and str(asked.stays[name].room_id) != room


class _Beds:
    """Which bed of a room is free for somebody, as the proposal fills up."""

    def __init__(self, asked: Asked, plan: Mapping[str, str], by: By) -> None:
        self._asked = asked
        self._taken: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
        for name, stay in asked.stays.items():
            if not _moves(asked, name, plan.get(name, str(stay.room_id))):
                self._taken[stay.bed_id].append((stay.start, stay.free_from))
            elif stay.state == Stay.PRESENT:  # they leave it now
                self._taken[stay.bed_id].append((stay.start, writing.cleaned(by.now, by.now)))

    def free(self, room: str, stay: core.Stay) -> UUID:
        """A bed of a room that is free all the time. Raises ObservationError when others have taken it since."""
        until = self._asked.problem.free_again(stay)
        for bed in sorted(self._asked.rooms[room].beds.all(), key=lambda one: one.name):
            if all(end <= stay.start or start >= until for start, end in self._taken[bed.pk]):
                self._taken[bed.pk].append((stay.start, until))
                return bed.pk
        raise ObservationError("plan.stale")
