"""``cn-2020-health-code``, walked through the colours that its sources describe."""

from __future__ import annotations

import pytest

from fugong.core.protocol import evaluate
from fugong.core.protocol.derive import derive
from fugong.core.protocol.pack import load, shipped
from fugong.core.time import lane
from packs.life import Life, Question, walk

PACK = load(shipped()["cn-2020-health-code"])


def check_ins(first: int, last: int, hour: str = "08:00", month: str = "2020-03", more: str = "well=true") -> str:
    """A check-in on each day of the month from the first to the last."""
    return "\n".join(f"{month}-{day:02d}T{hour} register {more}" for day in range(first, last + 1)) + "\n"


WUHAN = "420100: 2020-01-23T10:00 .. risk_level level=high\n2020-01-01T00:00 2020-03-02T12:00 stay division=420106\n"
WENZHOU = (
    "330300: 2020-01-23T10:00 .. risk_level level=medium\n2020-01-01T00:00 2020-03-02T12:00 stay division=330302\n"
)

CASES: dict[str, tuple[str, list[Question]]] = {
    "green while the check-in is valid, yellow when it lapses": (
        check_ins(1, 2),
        [
            ("2020-03-01T07:59", "colour", "yellow"),
            ("2020-03-01T08:00", "colour", "green"),
            ("2020-03-03T23:59", "colour", "green"),
            ("2020-03-04T00:00", "colour", "yellow"),
            ("2020-03-04T00:00", "enter", "checked_in"),
        ],
    ),
    "red in and after a high-risk area, green after 14 clean days": (
        WUHAN + check_ins(1, 31),
        [
            ("2020-03-01T09:00", "colour", "red"),
            ("2020-03-10T09:00", "colour", "red"),
            ("2020-03-16T11:59", "enter", "red_served"),
            ("2020-03-16T12:00", "colour", "green"),
        ],
    ),
    "a missed day breaks the row: it begins anew": (
        WUHAN + check_ins(1, 9) + check_ins(12, 31),
        [
            ("2020-03-16T12:00", "colour", "red"),
            ("2020-03-26T07:59", "colour", "red"),
            ("2020-03-26T08:00", "colour", "green"),
        ],
    ),
    "one day at dawn, the next at night, is no missed day": (
        WUHAN + "".join(check_ins(day, day, "23:50" if day % 2 else "00:10") for day in range(1, 20)),
        [("2020-03-16T12:00", "colour", "green")],
    ),
    "yellow after a medium-risk area, green after 7 clean days": (
        WENZHOU + check_ins(1, 12),
        [("2020-03-05T09:00", "colour", "yellow"), ("2020-03-09T12:00", "colour", "green")],
    ),
    "a fever turns red; a normal measurement turns back": (
        check_ins(1, 3) + "2020-03-02T09:00 temperature celsius=37.3\n2020-03-02T19:00 temperature celsius=36.8",
        [
            ("2020-03-02T08:59", "colour", "green"),
            ("2020-03-02T09:00", "colour", "red"),
            ("2020-03-02T09:00", "enter", "no_fever"),
            ("2020-03-02T19:00", "colour", "green"),
        ],
    ),
    "a contact is yellow for 14 days": (
        "2020-03-01T20:00 contact\n" + check_ins(1, 20),
        [("2020-03-15T23:59", "colour", "yellow"), ("2020-03-16T00:00", "colour", "green")],
    ),
    "a case is red until 14 days after the discharge, then yellow for 14 more": (
        """
        2020-02-01T10:00 2020-03-01T10:00 diagnosis finding=confirmed
        2020-03-01T10:00 .. diagnosis finding=discharged
        """
        + check_ins(1, 31),
        [
            ("2020-02-10T10:00", "colour", "red"),
            ("2020-03-14T23:59", "colour", "red"),
            ("2020-03-15T00:00", "colour", "yellow"),
            ("2020-03-28T23:59", "enter", "discharge_served"),
            ("2020-03-29T00:00", "colour", "green"),
        ],
    ),
    "a suspicion is red while it lasts": (
        check_ins(1, 5) + "2020-03-02T10:00 2020-03-03T10:00 diagnosis finding=suspected",
        [("2020-03-02T10:00", "colour", "red"), ("2020-03-03T10:00", "colour", "green")],
    ),
    "leaving observation asks for no check-in": (
        "",
        [("2020-03-03T10:00", "leave_observation", True), ("2020-03-03T10:00", "colour", "yellow")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    table, questions = CASES[case]
    walk(PACK, table, questions)


def test_green_is_exactly_the_permission_to_enter() -> None:
    green, yellow, red = (colour.formula for colour in PACK.colours)
    assert green == PACK.permission_formula("enter")
    life = Life(WUHAN + check_ins(1, 31), PACK.timezone)
    derived = derive(PACK, life.own, 1, life.linked)
    whole = lane(evaluate(red, derived, 1), 0)
    assert len(whole) == 1
    assert lane(evaluate(green, derived, 1), 0) != lane(evaluate(yellow, derived, 1), 0)
