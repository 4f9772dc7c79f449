"""What a door says, from what is known at each second: docs/doors.md, "The decision", as plainly as it can be said.

There are no steps, masks or bits here. Whether a requirement holds is asked of an oracle, and whether a good answer would
put it right is asked of the same oracle about the same facts with one more second in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.oracle import Interval, holds
from fugong.core.protocol.formula import Formula
from packs.pointwise import FOREVER, Pointwise

Facts = Mapping[str, Sequence[Interval]]
RED = None
OF_THERMOMETER = ("door.no_temperature", "door.implausible", "door.fever", "door.fever_confirmed", "door.wait")
PUT_RIGHT_BY = {
    "door.no_temperature": "temperature", "door.implausible": "temperature", "door.fever": "temperature",
    "door.wait": "temperature", "door.mask": "mask", "door.gloves": "gloves",
}  # fmt: skip


@dataclass(frozen=True)
class Good:
    """What a good answer makes of its very second: which derived kinds hold then, and which don't."""

    holding: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


class Oracle(Protocol):
    """Truth of formulas over one worker's derived kinds."""

    def true(self, formula: Formula, at: int) -> bool:
        """Whether it holds at a second."""

    def true_if(self, formula: Formula, at: int, good: Good) -> bool:
        """Whether it would hold at a second after a good answer at that very second."""

    def later(self, formulas: Iterable[Formula], after: int) -> set[int]:
        """Later seconds, among them each at which one of the formulas begins to hold or ceases to."""


class BySecond:
    """The oracle of the core's tests: a truth value for each second, however many there are."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._known: dict[Formula, list[Interval]] = {}
        self._settled: dict[tuple[Formula, int, Good], bool] = {}

    def intervals(self, formula: Formula) -> list[Interval]:
        """When it holds."""
        if formula not in self._known:
            self._known[formula] = holds(formula, self.facts)
        return self._known[formula]

    def true(self, formula: Formula, at: int) -> bool:
        return _within(self.intervals(formula), at)

    def true_if(self, formula: Formula, at: int, good: Good) -> bool:
        key = (formula, at, good)
        if key not in self._settled:
            self._settled[key] = _within(holds(formula, _answered(self.facts, at, good)), at)
        return self._settled[key]

    def later(self, formulas: Iterable[Formula], after: int) -> set[int]:
        bounds = {bound for one in formulas for span in self.intervals(one) for bound in span if bound is not None}
        return {bound for bound in bounds if bound > after}


class ByInstant:
    """The oracle for windows of days: it looks at each instant that can matter. A test holds it to the other one."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._known = Pointwise(_with_ends(facts))

    def true(self, formula: Formula, at: int) -> bool:
        return self._known.true(formula, at)

    def true_if(self, formula: Formula, at: int, good: Good) -> bool:
        return Pointwise(_with_ends(_answered(self.facts, at, good))).true(formula, at)

    def later(self, formulas: Iterable[Formula], after: int) -> set[int]:
        return {change for one in formulas for change in self._known.changes(one) if change > after}


def _answered(facts: Facts, at: int, good: Good) -> Facts:
    """The facts with what a good answer at a second makes of that second."""
    more = {kind: [*facts.get(kind, ()), (at, at + 1)] for kind in good.holding}
    fewer = {kind: [part for span in facts.get(kind, ()) for part in _around(span, at)] for kind in good.ended}
    return {**facts, **more, **fewer}


def _around(span: Interval, at: int) -> list[Interval]:
    """An interval without one second."""
    start, end = span
    if not _within([span], at):
        return [span]
    before: list[Interval] = [(start, at)] if start is None or start < at else []
    return before + ([(at + 1, end)] if end is None or at + 1 < end else [])


def _with_ends(facts: Facts) -> dict[str, list[tuple[int, int]]]:
    return {
        kind: [(-FOREVER if start is None else start, FOREVER if end is None else end) for start, end in spans]
        for kind, spans in facts.items()
    }


def _within(intervals: Iterable[Interval], at: int) -> bool:
    return any((start is None or start <= at) and (end is None or at < end) for start, end in intervals)


@dataclass(frozen=True)
class Needs:
    """A requirement: its name, when it holds, whether it can be put right on the spot, by which question, and how."""

    name: str
    formula: Formula
    on_the_spot: bool = False
    ask: str | None = None
    good: Good = Good()


@dataclass(frozen=True)
class Rule:
    """A protocol in force: from when until when (None: ever), what the permission needs (None: nothing is said of it)."""

    start: int | None
    end: int | None
    needs: tuple[Needs, ...] | None
    measured: Mapping[str, Any]
    pack: str = ""

    def at(self, moment: int) -> bool:
        """Whether it is in force."""
        return _within([(self.start, self.end)], moment)


@dataclass(frozen=True)
class Person:
    """Somebody of whom something is stored: for each pack what its formulas say of them."""

    oracles: Mapping[str, Oracle] = field(default_factory=dict)

    def lacks(self, rule: Rule, at: int) -> list[Needs]:
        """The requirements that don't hold at a second."""
        return [one for one in rule.needs or () if not self.oracles[rule.pack].true(one.formula, at)]

    def put_right(self, rule: Rule, one: Needs, at: int) -> bool:
        """Whether a good answer at a second would make a requirement hold."""
        return self.oracles[rule.pack].true_if(one.formula, at, one.good)


def said(
    rules: Sequence[Rule], person: Person | None, at: int, direction: str, measures: Mapping[str, Any], *, ends: bool = True
) -> dict[str, Any]:  # fmt: skip
    """What the door says; ``measures`` as in the contract, absent what wasn't measured.

    Without ``ends``, not until when and from when on: that takes longer.
    """
    if direction == "out":
        return _answer("green")
    rule = next((one for one in rules if one.at(at)), None)
    if rule is None or rule.needs is None:
        return _answer("red", ["door.no_protocol"])
    if person is None:
        return _answer("red", ["door.no_clearance"])
    own = _own(rule.measured, at, measures)
    lacking = person.lacks(rule, at)
    named = [one for one in lacking if not _goes_without_saying(rule, one, person, at, measures, own)]
    reasons = own + [one.name for one in named]
    if not reasons:
        return _answer("green", until=_until(rules, person, at) if ends else None)
    by = [PUT_RIGHT_BY.get(name) for name in own] + [one.ask if one.on_the_spot else RED for one in named]
    asks = [ask for ask in ("temperature", "mask", "gloves", "register") if ask in by]
    return _answer(
        "red" if RED in by else "amber",
        reasons,
        asks,
        earliest=_earliest(rules, person, at) if ends and not own else None,
    )


def lasts(rules: Sequence[Rule], person: Person, at: int, moment: int) -> bool:
    """Whether somebody who was let in at one moment would be at a later one with nothing new."""
    here, there = (next((one for one in rules if one.at(when)), None) for when in (at, moment))
    if here is None or there is None or there.needs is None:
        return False
    before = person.lacks(here, at) if here is there else []
    return all(one in before for one in person.lacks(there, moment))


def may(rules: Sequence[Rule], person: Person, moment: int) -> bool:
    """Whether everything holds at a moment."""
    rule = next((one for one in rules if one.at(moment)), None)
    return rule is not None and rule.needs is not None and not person.lacks(rule, moment)


def _answer(
    colour: str, reasons: Sequence[str] = (), asks: Sequence[str] = (), until: int | None = None, earliest: int | None = None
) -> dict[str, Any]:  # fmt: skip
    return {"colour": colour, "reasons": list(reasons), "asks": list(asks), "until": until, "earliest": earliest}


def _own(rules: Mapping[str, Any], at: int, measures: Mapping[str, Any]) -> list[str]:
    found = [_thermometer(rules, at, measures)]
    found += [f"door.{thing}" for thing in ("mask", "gloves") if rules[thing] and measures.get(thing) is not True]
    if "register" in measures and measures["register"]["well"] is False:
        found.append("door.unwell")
    return [one for one in found if one]


def _thermometer(rules: Mapping[str, Any], at: int, measures: Mapping[str, Any]) -> str | None:
    limit, wait, celsius = rules["fever_limit"], rules["second_measurement"], measures.get("celsius")
    if celsius is None:
        return None if limit is None else "door.no_temperature"
    if celsius < rules["plausible"][0] or celsius > rules["plausible"][1]:
        return "door.implausible"
    is_second = "second_of" in measures
    early = wait is not None and is_second and at < measures["second_of"] + wait
    if limit is not None and celsius >= limit:
        return "door.fever_confirmed" if wait is None or (is_second and not early) else "door.fever"
    return "door.wait" if early else None


def _goes_without_saying(
    rule: Rule, one: Needs, person: Person, at: int, measures: Mapping[str, Any], own: Sequence[str]
) -> bool:  # fmt: skip
    """Whether a requirement that doesn't hold is put right here, or what was measured says it already."""
    if not one.on_the_spot or one.ask is None:
        return False
    if one.ask == "register":
        if "register" not in measures:
            return False
        return measures["register"]["well"] is False or person.put_right(rule, one, at)
    if rule.measured["fever_limit"] is None:
        return False
    return any(name in OF_THERMOMETER for name in own) or person.put_right(rule, one, at)


def _until(rules: Sequence[Rule], person: Person, at: int) -> int | None:
    return next((moment for moment in _later(rules, person, at) if not lasts(rules, person, at, moment)), None)


def _earliest(rules: Sequence[Rule], person: Person, at: int) -> int | None:
    return next((moment for moment in _later(rules, person, at) if may(rules, person, moment)), None)


def _later(rules: Sequence[Rule], person: Person, at: int) -> list[int]:
    bounds = {bound for rule in rules for bound in (rule.start, rule.end) if bound is not None and bound > at}
    for rule in rules:
        if rule.needs:
            bounds |= person.oracles[rule.pack].later([one.formula for one in rule.needs], at)
    return sorted(bounds)
