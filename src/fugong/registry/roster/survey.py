"""What a roster says of where a worker has been: whoever left the area needs a test before work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fugong.base import local


@lru_cache(maxsize=16)
def _day_of(moment: int) -> dt.date:
    return local.day_of(moment)


def said_of_survey(values: Mapping[str, Any], now: int) -> dict[str, Any] | None:
    """The values of a ``survey`` fact, or None where the sheet says nothing of it.

    Only “has left the area” and “coming from” speak of where somebody was: a date of return is the day on which they
    are back at their post, and locals have one too. Nobody is put in scope of a test by it.
    """
    left, returned, origin = values.get("left_area"), values.get("returned_on"), values.get("coming_from")
    if left is None and origin is None:
        return None
    away = left is True or origin is not None
    said: dict[str, Any] = {"whereabouts": "local", "test_required": away}
    if away:
        back = returned is not None and returned <= _day_of(now)
        said["whereabouts"] = "returned" if back else "away" if returned is None else "returning"
    if origin and origin.code:
        said["origin_division"] = origin.code
    if returned is not None:
        said["intended_on"] = returned.isoformat()
    return said


def says_the_same(before: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether a survey says nothing new: that the announced day of return has passed is nothing that the list says."""
    for name, value in said.items():
        old = before.get(name)
        if old != value and not (name == "whereabouts" and (old, value) == ("returning", "returned")):
            return False
    return True
