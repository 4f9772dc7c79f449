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

# Ill in January: red until 3 February, yellow until 17 February.
RECOVERED = """
2020-01-05T10:00 2020-01-20T10:00 diagnosis finding=confirmed
2020-01-20T10:00 .. diagnosis finding=discharged
"""

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
    "positive after a completed discharge": (
        RECOVERED
        + check_ins(1, 31)
        + "2020-03-09T08:30 test result=positive sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:30",
        [
            ("2020-03-09T08:29", "colour", "green"),
            ("2020-03-09T08:30:00", "work", "not_a_case discharge_served"),
            ("2020-03-09T08:30:01", "colour", "red"),
            ("2020-03-31T09:00", "colour", "red"),
        ],
    ),
    "confirmed again, and that ended without a discharge": (
        RECOVERED + check_ins(1, 31) + "2020-03-02T10:00 2020-03-08T10:00 diagnosis finding=confirmed",
        [
            ("2020-03-02T09:59", "colour", "green"),
            ("2020-03-02T10:00", "colour", "red"),
            ("2020-03-08T10:00", "work", "not_a_case discharge_served"),
            ("2020-03-31T09:00", "colour", "red"),
        ],
    ),
    "a second discharge: red, yellow and green again by its own days": (
        RECOVERED
        + check_ins(1, 31)
        + """2020-03-01T10:00 2020-03-03T10:00 diagnosis finding=asymptomatic
        2020-03-03T10:00 .. diagnosis finding=discharged
        """
        + check_ins(1, 2, month="2020-04"),
        [
            ("2020-03-02T09:00", "colour", "red"),
            ("2020-03-16T23:59", "colour", "red"),
            ("2020-03-17T00:00", "colour", "yellow"),
            ("2020-03-30T23:59", "work", "discharge_served"),
            ("2020-03-31T00:00", "colour", "green"),
        ],
    ),
    "positive and negative in the same second": (
        RECOVERED
        + check_ins(1, 31)
        + """2020-03-09T08:30 test result=positive sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:30
        2020-03-09T08:30 test result=negative sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:30
        """,
        [("2020-03-09T08:30:00", "colour", "red"), ("2020-03-09T09:00", "colour", "red")],
    ),
    "positive in the second of the discharge": (
        check_ins(1, 31)
        + """2020-01-20T10:00 .. diagnosis finding=discharged
        2020-01-20T10:00 test result=positive sampled_at=2020-01-20T10:00 reported_at=2020-01-20T10:00
        """,
        [("2020-01-20T10:00:00", "colour", "red"), ("2020-03-09T09:00", "colour", "red")],
    ),
    "whoever was discharged is a case no more, also when nobody ended the diagnosis": (
        check_ins(1, 31) + RECOVERED.replace("2020-01-05T10:00 2020-01-20T10:00", "2020-01-05T10:00 .."),
        [("2020-02-16T23:59", "leave_observation", True), ("2020-03-09T09:00", "colour", "green")],
    ),
    "a check-in with a finding breaks the row, whatever yesterday's said": (
        WUHAN + check_ins(1, 31) + check_ins(10, 10, "12:00", more="well=false"),
        [
            ("2020-03-16T12:00", "colour", "red"),
            ("2020-03-25T07:59", "work", "red_served"),
            ("2020-03-25T08:00", "colour", "green"),
        ],
    ),
    "a check-in with a finding after the row was served begins it anew": (
        WUHAN + check_ins(1, 18) + check_ins(19, 19, more="well=true celsius=37.4") + check_ins(20, 31),
        [
            ("2020-03-19T07:59", "colour", "green"),
            ("2020-03-19T08:00", "work", "red_served checked_in"),
            ("2020-03-20T08:00", "colour", "red"),
        ],
    ),
    "a check-in with a finding breaks the row of yellow days, too": (
        WENZHOU + check_ins(1, 20) + check_ins(6, 6, "12:00", more="well=false"),
        [
            ("2020-03-09T12:00", "colour", "yellow"),
            ("2020-03-14T07:59", "work", "yellow_served"),
            ("2020-03-14T08:00", "colour", "green"),
        ],
    ),
    "unwell today: yesterday's clean check-in is worth nothing, until the next clean one": (
        check_ins(1, 1) + check_ins(2, 2, more="well=false") + check_ins(3, 3),
        [
            ("2020-03-02T07:59", "colour", "green"),
            ("2020-03-02T08:00:01", "enter", "checked_in"),
            ("2020-03-03T08:00", "colour", "green"),
        ],
    ),
    "well and unwell in the same second is unwell": (
        check_ins(2, 2) + check_ins(2, 2, more="well=false"),
        [("2020-03-02T08:00:00", "enter", "checked_in"), ("2020-03-02T09:00", "enter", "checked_in")],
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
