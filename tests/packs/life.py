"""A worker's life as a table: one raw fact a line, in local time, and questions with their answers.

2020-03-05T14:00 arrival mode=bus from_division=360281     an event
2020-01-01T00:00 .. employment employer=mill               a state without an end
2020-03-01T08:00 2020-03-15T08:00 observation              a state
mill: 2020-02-10T08:00 .. resumption                       a fact about another subject
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fugong.core.protocol import evaluate
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.explain import Explanation, explain
from fugong.core.protocol.pack import Pack
from fugong.core.time import PLUS_INF, lane

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


class Life:
    """The facts of one worker, and of the subjects that they name."""

    def __init__(self, table: str, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.own: list[RawFact] = []
        self.linked: dict[str, list[RawFact]] = {}
        for number, line in enumerate(table.strip().splitlines()):
            if line.strip():
                self._add(line.split("#")[0].strip(), f"{number + 1}")

    def at(self, text: str) -> int:
        """Local time as epoch seconds."""
        return int(datetime.fromisoformat(text).replace(tzinfo=self.zone).timestamp())

    def _add(self, line: str, id_: str) -> None:
        about, rest = line.split(": ", 1) if re.match(r"[\w-]+: ", line) else ("", line)
        start, *words = rest.split()
        begin, end = self.at(start), None
        if words[0] == "..":
            end, words = PLUS_INF, words[1:]
        elif _MOMENT.fullmatch(words[0]):
            end, words = self.at(words[0]), words[1:]
        values = {key: self._value(value) for key, value in (word.split("=", 1) for word in words[1:])}
        fact = RawFact(0, words[0], begin, begin + 1 if end is None else end, values, id_)
        (self.linked.setdefault(about, []) if about else self.own).append(fact)

    def _value(self, text: str) -> Any:
        if text in ("true", "false"):
            return text == "true"
        if _MOMENT.fullmatch(text):
            return self.at(text)
        if text.startswith("["):
            return [word for word in text[1:-1].split(",") if word]
        return float(text) if re.fullmatch(r"\d+\.\d+", text) else text

    def explain(self, pack: Pack, permission: str, when: str) -> Explanation:
        """The explanation of a permission at a local time."""
        return explain(pack, permission, self.own, self.at(when), self.linked)

    def colour(self, pack: Pack, when: str) -> str:
        """The name of the colour at a local time."""
        derived = derive(pack, self.own, 1, self.linked)
        at = self.at(when)
        for colour in pack.colours:
            if any(start <= at < end for start, end in lane(evaluate(colour.formula, derived, 1), 0)):
                return colour.name
        raise AssertionError("the last colour is everybody else's")


Question = tuple[str, str, "str | bool"]


def walk(pack: Pack, table: str, questions: Sequence[Question]) -> None:
    """Asserts the answers: True, or the names of all the requirements that fail, in the pack's order."""
    life = Life(table, pack.timezone)
    for when, permission, expected in questions:
        if permission == "colour":
            assert life.colour(pack, when) == expected, (when, permission)
            continue
        explanation = life.explain(pack, permission, when)
        failing = " ".join(failure.requirement for failure in explanation.failures)
        assert (explanation.holds or failing) == expected, (when, permission, failing)
