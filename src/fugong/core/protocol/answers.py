"""What a door can ask, and what a good answer makes of a pack's derived kinds at its very second.

A good answer is a fact like any other: a register that says "well", a temperature below the limit. What it comes to is said by
the pack's own derivations, so nothing here knows the name of a derived kind.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.derive_columns import Columns
from fugong.core.protocol.formula import Formula
from fugong.core.protocol.now import holding_now
from fugong.core.protocol.pack_model import After, Local, Pack, Requirement, Rule

Ask = Literal["register", "temperature"]
ASKS: tuple[Ask, ...] = ("register", "temperature")
"""The questions, which are named as the raw kinds of their answers."""
_DOORS: Mapping[Ask, Mapping[str, Any]] = MappingProxyType(
    {"register": MappingProxyType({"filed_by": "guard"}), "temperature": MappingProxyType({"place": "door"})}
)
"""What is the same in every answer at a door, good or not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which derived kinds hold at the second of a good answer, whatever held before, and which ones don't."""

    holding: frozenset[str]
    ended: frozenset[str]


@lru_cache(maxsize=64)
def outcome(pack: Pack, ask: Ask) -> Outcome:
    """What a good answer makes of the pack's derived kinds. Kinds of which that isn't certain are in neither set."""
    answers = [RawFact(0, ask, 0, 1, values) for values in _good(pack, ask)]
    holding, ended = set(), set()
    for kind, rules in pack.derivations.items():
        if any(_begins_at_once(rule, ask) and _met(rule, answers) is True for rule in rules):
            holding.add(kind)
        elif all(_direct(rule, ask) and rule.extent == "latest" and _met(rule, answers) is False for rule in rules):
            ended.add(kind)
    return Outcome(frozenset(holding), frozenset(ended))


def ask_of(pack: Pack, requirement: Requirement) -> Ask | None:
    """What a door asks for to put a requirement right on the spot; None when it can't.

    It is the question whose answers the requirement's kinds are derived from: of its kinds by name, the first that has one.
    """
    if not requirement.on_the_spot:
        return None
    for kind in sorted(requirement.kinds):
        for rule in pack.derivations.get(kind, ()):
            for ask in ASKS:
                if rule.raw == ask and rule.through is None and _may_be_a_doors(rule, ask):
                    return ask
    return None


def settled(pack: Pack, requirement: Requirement) -> Formula:
    """When an on-the-spot requirement would hold after a good answer now; without something to ask, when it holds."""
    ask = ask_of(pack, requirement)
    if ask is None:
        return requirement.effective
    made = outcome(pack, ask)
    return holding_now(requirement.effective, made.holding, made.ended)


def _good(pack: Pack, ask: Ask) -> list[dict[str, Any]]:
    """The good answers between which all others lie."""
    if ask == "register":
        well = {**_DOORS[ask], "well": True}
        return [well, {**well, "improving": True, "fever_reducers": True}]
    low, high = pack.door.plausible
    limit = pack.door.fever_limit
    return [{**_DOORS[ask], "celsius": value} for value in (low, high if limit is None else math.nextafter(limit, 0))]


def _met(rule: Rule, answers: list[RawFact]) -> bool | None:
    """Whether the answers meet a rule's conditions; None where some do, or may."""
    found = set(Columns(answers).mask(rule.where).tolist())
    within = sum(one.field == "celsius" for one in rule.where) > 1  # a range, which those in the middle may meet
    return None if len(found) > 1 or (within and found == {False}) else found.pop()


def _may_be_a_doors(rule: Rule, ask: Ask) -> bool:
    """Whether an answer at a door can meet the rule's conditions on what is the same in all of them."""
    same = [condition for condition in rule.where if condition.field in _DOORS[ask]]
    return bool(Columns([RawFact(0, ask, 0, 1, _DOORS[ask])]).mask(same)[0])


def _direct(rule: Rule, ask: Ask) -> bool:
    return rule.raw == ask and rule.through is None and rule.unless is None and rule.clock == "start"


def _begins_at_once(rule: Rule, ask: Ask) -> bool:
    """Whether the rule makes its kind hold at the second of a fact that meets it."""
    if not _direct(rule, ask) or rule.begin not in (None, After(0)):
        return False
    match rule.finish:
        case None | After(None):
            return True
        case After(seconds):
            return rule.extent != "own" or bool(seconds)
        case Local(day):
            return rule.extent != "own" or day > 0
