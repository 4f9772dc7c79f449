"""Working days in China: Monday to Friday but the days off that the State Council announces, and the weekend days worked.

The table is ``working-days.yaml``, each year with its source. A year that is not in it is not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from fugong.policies.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Year:
    """What a year has besides its weeks: weekdays off, weekend days worked, and who said so."""

    off: frozenset[date]
    worked: frozenset[date]
    source: str


def year(number: int) -> Year:
    """The table of a year. Raises PolicyError for a year that is not in it."""
    found = _table().get(number)
    if found is None:
        raise PolicyError("policy.no_calendar", year=number)
    return found


@lru_cache(maxsize=1)
def _table() -> dict[int, Year]:
    text = (files("fugong.policies") / "working-days.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {
        int(number): Year(_days(number, one["days_off"]), _days(number, one["worked"]), one["source"])
        for number, one in loaded.items()
    }


def _days(number: str, text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"{number}-{day}") for day in text.split())


def is_working_day(day: date) -> bool:
    """Whether people work on a day. Raises PolicyError for a year that is not in the table."""
    table = year(day.year)
    return day in table.worked or (day.weekday() < 5 and day not in table.off)


def working_day_after(day: date, number: int) -> date:
    """The working day that comes ``number`` working days after a day, which doesn't count itself. Raises PolicyError."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day
