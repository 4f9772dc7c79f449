"""The schedule: proposed by an engine, believed only when checked, booked when somebody has looked at it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.core.planning.slots import SlotPlan as Plan
from fugong.core.planning.slots_check import check
from fugong.engines import slots as engine
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import SlotPlan
from fugong.sampling.problem import Asked, asked
from fugong.sampling.services import booking

SECONDS = 10.0
"""So long a schedule is looked for."""


def propose(*, now: int, actor: UUID | None, movable: bool = True, seconds: float = SECONDS) -> SlotPlan:
    """Make a schedule for everybody who waits, and keep it to be looked at. Raises SamplingError, and EnginesMissing.

    Where not all can come in time, it says who can't, and which slots would need how many more places.
    """
    given = asked(now, movable=movable)
    if not given.orders:
        raise SamplingError("plan.nobody")
    if not given.slots:
        raise SamplingError("plan.no_slots")
    answer = engine.plan(given.problem, seconds=seconds)
    if answer.plan is None or check(given.problem, answer.plan):
        raise SamplingError("plan.no_time")
    return SlotPlan.objects.create(
        made_at=now, actor_id=actor, plan=_changes(given, answer.plan), lacking=_lacking(given, answer.plan),
        asked={
            "people": len(given.orders), "slots": len(given.slots), "booked": len(answer.plan.booked),
            "seconds": round(answer.seconds, 1), "status": answer.status, "moved": _moved(given, answer.plan),
        },
    )  # fmt: skip


def _changes(given: Asked, plan: Plan) -> dict[str, str]:
    """Whoever comes in another slot than now, with the slot's id."""
    return {
        order: str(given.slots[booked].pk)
        for order, booked in plan.booked.items()
        if given.problem.person[order].present != booked
    }


def _moved(given: Asked, plan: Plan) -> int:
    present = {order: person.present for order, person in given.problem.person.items() if person.present}
    return sum(plan.booked.get(order) not in {None, was} for order, was in present.items())


def _lacking(given: Asked, plan: Plan) -> dict[str, Any]:
    further = sorted((at.start, at.site, more) for at, more in plan.further.items())
    return {
        "without": sorted(plan.without), "never": sorted(plan.never), "places": plan.places_short,
        "further": [[site, start, more] for start, site, more in further],
    }  # fmt: skip


@transaction.atomic
def apply(*, plan: UUID, now: int) -> SlotPlan:
    """Book what the schedule says, all of it; once. Raises SamplingError where orders or slots have changed meanwhile."""
    held = _proposed(plan)
    booking.book_many(plan={UUID(order): UUID(slot) for order, slot in held.plan.items()}, now=now)
    return _decided(held, SlotPlan.APPLIED, now)


@transaction.atomic
def drop(*, plan: UUID, now: int) -> SlotPlan:
    """Nothing of it is booked. Raises SamplingError where it was applied already."""
    return _decided(_proposed(plan), SlotPlan.DROPPED, now)


def _proposed(plan: UUID) -> SlotPlan:
    held = SlotPlan.objects.select_for_update(no_key=True).get(pk=plan)
    if held.state != SlotPlan.PROPOSED:
        raise SamplingError("plan.decided")
    return held


def _decided(held: SlotPlan, state: str, now: int) -> SlotPlan:
    held.state, held.decided_at = state, now
    held.save(update_fields=["state", "decided_at"])
    return held
