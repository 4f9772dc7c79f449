"""A protocol pack as the rest of the program uses it: names resolved, parameters filled in, formulas parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from fugong.core.protocol.formula import And, Constant, Formula, Implies, Or, kinds_of
from fugong.core.protocol.operations import Operations
from fugong.core.protocol.parsing import parse
from fugong.core.text import Text

Shape = Literal["event", "state"]
Extent = Literal["own", "event", "latest"]
Operator = Literal["equals", "one_of", "includes", "at_least", "at_most", "above", "below", "given"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document on which a pack rests.

    ``confidence``: an official text, press, a third party's summary, general knowledge, or our own reading.
    """

    title: str
    url: str | None
    date: str | None
    confidence: Literal["official", "press", "summary", "general", "own"]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or choice of the pack.

    ``unit``: s, m, h and d are elapsed time, days are local calendar days; see the pack's form for the others.
    """

    value: str | int | float | bool
    unit: str
    title: Text
    source: str
    choices: tuple[str, ...] | None = None

    @property
    def seconds(self) -> int | None:
        """The value in seconds, for a parameter in s, m, h or d."""
        size = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}.get(self.unit)
        return None if size is None else round(float(self.value) * size)


@dataclass(frozen=True, slots=True)
class Condition:
    """What one raw value must be. A value that is missing meets only ``given false``."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class After:
    """So many seconds after the anchor; None is never."""

    seconds: int | None


@dataclass(frozen=True, slots=True)
class Local:
    """``second`` seconds (by the wall clock) into the ``day``-th local day after the one in which the anchor falls."""

    day: int
    second: int


Bound = After | Local


@dataclass(frozen=True, slots=True)
class Through:
    """The worker's fact (``kind``) whose ``field`` names the subject that the rule's own fact is about."""

    kind: str
    field: str
    enclosing: bool
    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Unless:
    """The fact doesn't count if one of ``kind`` begins after its moment ``after`` and not after its ``until``."""

    kind: str
    after: str
    until: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a raw fact makes a derived kind hold.

    ``clock`` is the moment that anchors ``begin`` and ``finish``: ``start`` or ``end`` of the fact, or a field that
    holds a moment (then the rule's own interval is that second). Without ``begin`` it holds from the anchor on, without
    ``finish`` until the own interval ends. An ``extent`` of ``event`` means the anchor's second only; ``latest``, from
    the anchor until the next fact of the same raw kind begins, whatever that one says.
    """

    raw: str
    where: tuple[Condition, ...] = ()
    clock: str = "start"
    extent: Extent = "own"
    begin: Bound | None = None
    finish: Bound | None = None
    through: Through | None = None
    unless: Unless | None = None
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """A pack needs the ``of`` facts of the subjects that ``field`` of a worker's ``kind`` facts names.

    With ``enclosing``, the facts of every division that encloses the named one, too.
    """

    kind: str
    field: str
    of: str
    enclosing: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must hold, for whom, and what people are told when it doesn't; ``door_message`` has no health content."""

    name: str
    formula: Formula
    binds: Formula
    title: Text
    message: Text
    remedy: Text
    door_message: Text
    on_the_spot: bool

    @property
    def effective(self) -> Formula:
        """``binds implies formula``."""
        return self.formula if self.binds == Constant(True) else Implies(self.binds, self.formula)

    @property
    def kinds(self) -> frozenset[str]:
        """The derived kinds that it speaks of."""
        return kinds_of(self.effective)


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What a door measures and asks. Limits in ℃ and minutes; a temperature at or above ``fever_limit`` is a fever.

    A temperature outside ``plausible`` (both ends are inside) is nobody's: it is measured again. ``second_method`` says by
    what the second measurement is made.
    """

    fever_limit: float | None
    mask: bool
    gloves: bool
    second_measurement_minutes: int | None
    stale_warning_minutes: int
    stale_limit_minutes: int
    plausible: tuple[float, float] = (34.0, 42.5)
    second_method: Text | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """A code colour and for whom it is; ``formula`` is ``true`` for the last one."""

    name: str
    title: Text
    formula: Formula
    permission: str | None


@dataclass(frozen=True)
class Pack:
    """A protocol pack.

    ``in_force`` is in epoch seconds, its end exclusive, None while open; ``digest`` is SHA-256 in hex, of the text and of
    parameters that were set otherwise.
    """

    id: str
    version: str
    title: Text
    issuer: Text
    in_force: tuple[int, int | None]
    timezone: str
    sources: tuple[Source, ...]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Shape]
    kinds: Mapping[str, Text]
    derivations: Mapping[str, tuple[Rule, ...]]
    requirements: Mapping[str, Requirement]
    permissions: Mapping[str, tuple[str, ...]]
    door: DoorRules
    operations: Operations
    colours: tuple[Colour, ...]
    text: str
    digest: str
    name: str = "pack"

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and self.digest == other.digest

    @cached_property
    def single_only(self) -> Formula:
        """For whom a tube of their own is needed (``operations.sampling``); ``false`` when the pack says nothing of it."""
        lengths = {name: p.seconds for name, p in self.parameters.items() if p.seconds is not None}
        said = [parse(one, kinds=self.kinds, parameters=lengths) for one in self.operations.sampling.single_only]
        return Or(tuple(said)) if len(said) > 1 else (said or [Constant(False)])[0]

    def permission_formula(self, permission: str) -> Formula:
        """When somebody has ``permission``: all its requirements, each for whom it binds. KeyError: no such one."""
        return every(self.requirements[name].effective for name in self.permissions[permission])

    def standing_formula(self, permission: str) -> Formula:
        """The same without what a door can satisfy on the spot. KeyError: the pack has no such permission."""
        needed = (self.requirements[name] for name in self.permissions[permission])
        return every(requirement.effective for requirement in needed if not requirement.on_the_spot)

    def on_the_spot(self, permission: str) -> tuple[str, ...]:
        """The requirements of ``permission`` that a door can satisfy on the spot. KeyError: no such permission."""
        return tuple(name for name in self.permissions[permission] if self.requirements[name].on_the_spot)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Which facts about other subjects the derivations need, through which field of which facts of the worker."""
        rules = [rule for rules in self.derivations.values() for rule in rules]
        found = {
            Link(rule.through.kind, rule.through.field, rule.raw, rule.through.enclosing): None
            for rule in rules
            if rule.through
        }
        return tuple(found)

    @property
    def raw_kinds(self) -> frozenset[str]:
        """Every raw kind that the derivations read, about whomever."""
        return frozenset(self.facts)

    @cached_property
    def own_kinds(self) -> frozenset[str]:
        """The raw kinds about the worker that the derivations read (``links`` names those about other subjects)."""
        rules = [rule for rules in self.derivations.values() for rule in rules]
        return frozenset(
            [rule.through.kind if rule.through else rule.raw for rule in rules]
            + [rule.unless.kind for rule in rules if rule.unless]
        )


def every(formulas: Iterable[Formula]) -> Formula:
    """All the formulas together; ``true`` when there is none."""
    together = tuple(formulas)
    if not together:
        return Constant(True)
    return together[0] if len(together) == 1 else And(together)
