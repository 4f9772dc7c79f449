"""The only place that reads the clock. Everything else is told ``now``, ``as_of`` or ``known_at``."""

from __future__ import annotations

import time

from fugong.base import environment

_SHIFT = environment.clock_shift()


def now() -> int:
    """The present moment in whole seconds since the Unix epoch, UTC; in a demo, the moment that the demo shows."""
    return int(time.time()) + _SHIFT


def now_milliseconds() -> int:
    """The present moment in milliseconds, for ids that sort by the time they were made."""
    return time.time_ns() // 1_000_000
