"""When a temperature is due and when it is missing, by the times of day that the pack states."""

from __future__ import annotations

from dataclasses import dataclass

from fugong.base import local
from fugong.clearance.queries import operations

NOTHING, DUE, MISSING, TAKEN = "nothing", "due", "missing", "taken"


@dataclass(frozen=True, slots=True)
class Round:
    """The round that is on at a moment: due ``at``, open from ``opens`` until the next one opens, late after ``late``."""

    at: int
    opens: int
    late: int

    @property
    def clock(self) -> str:
        """The local time of day at which it is due."""
        return f"{local.to_datetime(self.at):%H:%M}"


def rounds(now: int) -> list[Round]:
    """The rounds of yesterday, today and tomorrow, in order; none where the pack asks for none.

    A round opens its grace before it is due, and is late its grace after it.
    """
    rule = operations(now).observation
    grace = rule.grace_minutes * 60
    days = [local.day_after(local.day_of(now), n) for n in (-1, 0, 1)]
    moments = sorted(local.at(day, clock) for day in days for clock in rule.temperatures)
    return [Round(at, at - grace, at + grace) for at in moments]


def round_at(now: int) -> Round | None:
    """The latest round that is open at a moment."""
    return next((one for one in reversed(rounds(now)) if one.opens <= now), None)


def state(current: Round | None, now: int, start: int, taken: int | None) -> str:
    """How it stands with somebody who came at ``start`` and was last measured at ``taken``.

    Who moved in after the round was due is asked at the next one.
    """
    if current is None or start > current.at:
        return NOTHING
    if taken is not None and taken >= current.opens:
        return TAKEN
    return MISSING if now >= current.late else DUE
