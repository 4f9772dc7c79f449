"""What an engine proposes for the rooms: who gets which, who must move and why, who finds none and what would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from fugong.core.planning import rooms as core
from fugong.core.planning.answer import Answer
from fugong.core.planning.rooms_check import check
from fugong.engines import rooms as engine
from fugong.observation.errors import ObservationError
from fugong.observation.models import Room
from fugong.observation.problem import CLEANING, CLOSED, Asked

SECONDS = 8.0
"""So long a proposal is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the proposal: who (by worker), into which room, out of which one and why."""

    worker: UUID
    start: int
    end: int
    room: Room
    before: Room | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an engine proposes: who gets a room, who must move and why, who finds none, and how many rooms would do."""

    status: str
    seconds: float
    given: list[Line] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)
    without: list[tuple[UUID, int, int]] = field(default_factory=list)
    further: tuple[core.Further, ...] = ()
    kept: int = 0
    plan: dict[str, str] = field(default_factory=dict)
    digest: str = ""


def propose(asked: Asked, *, seconds: float = SECONDS) -> Proposal:
    """An engine's plan, checked by what trusts no engine. Raises ObservationError for nothing to plan, and EnginesMissing."""
    if asked.empty:
        raise ObservationError("plan.none")
    answer: Answer[core.RoomPlan] = engine.plan(asked.problem, seconds=seconds)
    if answer.plan is None or check(asked.problem, answer.plan):
        return Proposal("unknown", answer.seconds, digest=asked.digest)
    return _proposal(asked, answer, answer.plan)


def _proposal(asked: Asked, answer: Answer[core.RoomPlan], plan: core.RoomPlan) -> Proposal:
    given, moved, kept = [], [], 0
    rooms = {name: placed.room for name, placed in plan.placed.items() if not name.startswith((CLOSED, CLEANING))}
    for name, room in rooms.items():
        stay, one = asked.problem.stay[name], asked.rooms[room]
        if name in asked.coming:
            given.append(Line(asked.coming[name].worker, stay.start, stay.end, one))
        elif stay.present != room:
            before = asked.rooms[str(stay.present)]
            why = _why(asked, stay, before)
            moved.append(Line(asked.stays[name].worker_id, stay.start, stay.end, one, before, why))
        else:
            kept += 1
    without = [
        (_worker(asked, name), asked.problem.stay[name].start, asked.problem.stay[name].end)
        for name in plan.without
        if name in asked.coming or name in asked.stays
    ]
    return Proposal(
        answer.status, answer.seconds, sorted(given, key=_order), sorted(moved, key=_order), without,
        plan.further, kept, rooms, asked.digest,
    )  # fmt: skip


def _order(line: Line) -> tuple[int, str]:
    return line.start, line.room.name


def _worker(asked: Asked, name: str) -> UUID:
    return asked.coming[name].worker if name in asked.coming else asked.stays[name].worker_id


def _why(asked: Asked, stay: core.Stay, room: Room) -> str:
    """Why somebody can't keep their room: it is closed, somebody is still there, or another fits nowhere else."""
    if room.closes < stay.end or room.opens > stay.start:
        return "closed"
    for other in asked.problem.stays:
        fixed = other.id != stay.id and other.present == stay.present and not other.movable
        if fixed and other.start < asked.problem.free_again(stay) and stay.start < asked.problem.free_again(other):
            return "cleaning" if other.id.startswith(CLEANING) else "occupied"
    return "others"
