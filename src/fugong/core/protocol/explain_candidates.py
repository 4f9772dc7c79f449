"""Which single new fact would satisfy a requirement now: found by adding it, deriving and evaluating.

A candidate is a raw fact that begins at the instant asked about, with all its moments at that instant; its values come
from the conditions of the pack's derivations, one from each range that they can tell apart. So if no candidate satisfies
the requirement, no fact does that begins now, is of the kinds that the pack reads and is about somebody whom it knows.
All candidates about the worker are evaluated at once, each in a lane of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, product
from typing import Any

from fugong.core.protocol.derive import RawFact, derive, references
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.formula import kinds_of
from fugong.core.protocol.pack_model import Condition, Pack, Requirement, Rule, Shape
from fugong.core.time import PLUS_INF, IntervalSet, lane, select

MOST = 400
"""At most so many combinations of values are tried for one raw kind."""
Linked = Mapping[str, Sequence[RawFact]]
Subjects = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact that would satisfy a requirement if it were recorded now.

    ``kind``, ``shape`` (an event now, or a state from now on) and ``values`` are the raw fact's; values that don't
    matter are left out, and ``moments`` names those that must be now. ``about`` is empty for the worker, otherwise the
    reference of the subject. ``derived`` is the derived kind by which it does so: by making it hold, or, where ``ends``
    is true, by ending it. ``unbinds``: it doesn't meet the requirement but lifts it from the worker.
    """

    derived: str
    kind: str
    shape: Shape
    values: Mapping[str, Any]
    moments: tuple[str, ...] = ()
    about: str = ""
    ends: bool = False
    unbinds: bool = False

    def fact(self, at: int) -> RawFact:
        """The raw fact itself, at an instant."""
        return RawFact(
            0, self.kind, at, at + 1 if self.shape == "event" else PLUS_INF,
            {**self.values, **dict.fromkeys(self.moments, at)},
        )  # fmt: skip


@dataclass(slots=True)
class _Fields:
    """What the rules say about one raw kind: conditions by field, moments, and fields that refer to other subjects."""

    conditions: dict[str, list[Condition]] = field(default_factory=dict)
    moments: dict[str, None] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    of_worker: bool = False
    linked: bool = False

    def add(self, conditions: Iterable[Condition]) -> None:
        for condition in conditions:
            self.conditions.setdefault(condition.field, []).append(condition)


@dataclass(frozen=True, slots=True)
class _Candidate:
    requirement: Requirement
    fact: NewFact


def satisfying(
    pack: Pack, requirements: Sequence[Requirement], facts: Sequence[RawFact], at: int, linked: Linked
) -> dict[str, NewFact]:
    """For each requirement the simplest single new fact that satisfies it at ``at``; those that none does are left out."""
    before = derive(pack, facts, 1, linked)
    found: dict[str, NewFact] = {}
    for candidate, after in _tried(pack, requirements, facts, at, linked):
        requirement = candidate.requirement
        if requirement.name not in found:
            kind, ends = _by_which(requirement, before, after, at)
            met = _true(evaluate(requirement.formula, after, 1), 0, at)
            found[requirement.name] = replace(candidate.fact, derived=kind, ends=ends, unbinds=not met)
    return found


def _tried(
    pack: Pack, requirements: Sequence[Requirement], facts: Sequence[RawFact], at: int, linked: Linked
) -> Iterator[tuple[_Candidate, Mapping[str, IntervalSet]]]:
    """The candidates that satisfy their requirement, each requirement's in order, with what derives from them."""
    subjects = _subjects(pack, facts, linked)
    every = [_Candidate(r, fact) for r in requirements for fact in _candidates(pack, r, subjects)]
    only = frozenset().union(*(requirement.kinds for requirement in requirements))
    own = [candidate for candidate in every if not candidate.fact.about]
    together = derive(pack, _in_lanes(facts, [c.fact for c in own], at), len(own), linked, only=only)
    held = {r.name: evaluate(r.effective, together, len(own)) for r in requirements}
    number = 0
    for candidate in every:
        if candidate.fact.about:
            about = candidate.fact.about
            more = {**linked, about: [*linked.get(about, ()), candidate.fact.fact(at)]}
            derived: Mapping[str, IntervalSet] = derive(pack, facts, 1, more, only=only)
            if _true(evaluate(candidate.requirement.effective, derived, 1), 0, at):
                yield candidate, derived
            continue
        if _true(held[candidate.requirement.name], number, at):
            yield candidate, {kind: select(together[kind], number, number + 1) for kind in only}
        number += 1


def _in_lanes(facts: Sequence[RawFact], candidates: Sequence[NewFact], at: int) -> list[RawFact]:
    """The worker's facts once for each candidate, which joins them in its lane."""
    result = [fact._replace(lane=i) for i in range(len(candidates)) for fact in facts]
    return result + [candidate.fact(at)._replace(lane=i) for i, candidate in enumerate(candidates)]


def _true(held: IntervalSet, number: int, at: int) -> bool:
    return any(start <= at < end for start, end in lane(held, number))


def _by_which(
    requirement: Requirement, before: Mapping[str, IntervalSet], after: Mapping[str, IntervalSet], at: int
) -> tuple[str, bool]:
    """The derived kind by which the new fact does it (one that now holds, or else one that it changed), and if it ended."""
    kinds = sorted(kinds_of(requirement.formula)) + sorted(requirement.kinds - kinds_of(requirement.formula))
    changed = [kind for kind in kinds if after[kind] != before[kind]]
    holding = [kind for kind in changed if _true(after[kind], 0, at)]
    kind = (holding or changed)[0]
    return kind, not holding


# candidates ---------------------------------------------------------------------------------------------------------


def _subjects(pack: Pack, facts: Sequence[RawFact], linked: Linked) -> Subjects:
    """For each raw kind about other subjects: whom the worker's facts name, and about whom there are such facts."""
    result: dict[str, set[str]] = {}
    for link in pack.links:
        known = {reference for reference, about in linked.items() if any(fact.kind == link.of for fact in about)}
        result.setdefault(link.of, set()).update(known | references(pack, facts, [link]))
    return {kind: sorted(some) for kind, some in result.items()}


def _candidates(pack: Pack, requirement: Requirement, subjects: Subjects) -> list[NewFact]:
    """What may satisfy the requirement, simple ones first.

    What its formula speaks of comes before what decides whom it binds: nobody should be told how to slip out of a rule
    when there is a way to meet it.
    """
    bound = kinds_of(requirement.formula)
    result: dict[str, NewFact] = {}
    for kinds in (bound, requirement.kinds - bound):
        rules = [rule for kind in sorted(kinds) for rule in pack.derivations[kind]]
        some = [fact for kind, said in _fields(rules).items() for fact in _facts(pack, kind, said, subjects)]
        for fact in sorted(some, key=_effort):
            result.setdefault(repr(fact), fact)
    return list(result.values())


def _effort(fact: NewFact) -> tuple[int, int]:
    """How much one has to say; a truth value is as easily said as not."""
    return sum(not isinstance(value, bool) for value in fact.values.values()), -len(fact.values)


def _fields(rules: Iterable[Rule]) -> dict[str, _Fields]:
    result: dict[str, _Fields] = {}
    for rule in rules:
        own = result.setdefault(rule.raw, _Fields())
        own.add(rule.where)
        if rule.clock not in ("start", "end"):
            own.moments[rule.clock] = None
        if rule.unless:
            own.moments.update({name: None for name in (rule.unless.after, rule.unless.until) if name not in _ENDS})
            result.setdefault(rule.unless.kind, _Fields()).of_worker = True
        if rule.through:
            own.linked = True
            linking = result.setdefault(rule.through.kind, _Fields())
            linking.add(rule.through.where)
            linking.references[rule.through.field] = rule.raw
            linking.of_worker = True
        else:
            own.of_worker = True
    return result


_ENDS = ("start", "end")


def _facts(pack: Pack, kind: str, said: _Fields, subjects: Subjects) -> Iterator[NewFact]:
    choices: dict[str, list[Any]] = {name: samples(conditions) for name, conditions in said.conditions.items()}
    choices.update({name: [*subjects[of], None] for name, of in said.references.items()})
    shape, moments = pack.facts[kind], tuple(said.moments)
    for values in islice(product(*choices.values()), MOST):
        given = {name: value for name, value in zip(choices, values, strict=True) if value is not None}
        if said.of_worker:
            yield NewFact("", kind, shape, given, moments)
        if said.linked:
            for reference in subjects[kind]:
                yield NewFact("", kind, shape, given, moments, reference)


def samples(conditions: Sequence[Condition]) -> list[Any]:
    """One value from each range that the conditions on a field can tell apart; None is no value."""
    numbers: set[float] = set()
    words: dict[Any, None] = {}
    for condition in conditions:
        value = condition.value
        match condition.operator:
            case "equals" if isinstance(value, bool):
                words.update({True: None, False: None})
            case "equals" if isinstance(value, int | float):
                numbers.add(value)
            case "equals":
                words[value] = None
            case "one_of":
                words.update(dict.fromkeys(value))
            case "includes":
                words[(value,)] = None
            case "given":
                words.setdefault("…")
            case _:
                numbers.add(value)
    return [*([list(word) if isinstance(word, tuple) else word for word in words]), *_around(numbers), None]


def _around(numbers: Iterable[float]) -> list[float]:
    """Each limit, a little below and a little above it, and between neighbours."""
    limits = sorted(numbers)
    step = 0.1 if any(isinstance(limit, float) for limit in limits) else 1
    near = {round(limit + side * step, 6) for limit in limits for side in (-1, 0, 1)}
    between = {(a + b) / 2 for a, b in pairwise(limits)}
    return sorted(near | between)
