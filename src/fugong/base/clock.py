"""The only place that reads the clock. Everything else is told ``now``, ``as_of`` or ``known_at``."""

from __future__ import annotations

import time

from fugong.base import environment

_shift = environment.clock_shift()


def now() -> int:
    """The present moment in whole seconds since the Unix epoch, UTC; in a demo, the moment that the demo shows."""
    return int(time.time()) + _shift


def start_at(moment: int) -> None:
    """Let the demo's clock start at a moment, in this process and in every command on the same folder."""
    global _shift  # noqa: PLW0603 - there is one clock
    _shift = moment - int(time.time())
    environment.note_demo(shift=_shift)


def now_milliseconds() -> int:
    """The present moment in milliseconds, for ids that sort by the time they were made."""
    return time.time_ns() // 1_000_000
