"""What a list of facts is declared to be: its columns, about whom its rows are, and which facts a row says.

The declarations live in the apps that own the facts (``<app>/imports.py``), which register them when they start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fugong.base import local
from fugong.base.faults import Fault, Text
from fugong.base.tables import Column, Spec
from fugong.registry.imports import subjects

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a row is read against: the moment of the upload, and the local day."""

    now: int

    @property
    def today(self) -> dt.date:
        """The local day of the upload."""
        return local.day_of(self.now)


@dataclass(frozen=True, slots=True)
class Said:
    """One fact that a row says about its subject. ``end`` None: one second for an event, open for a state.

    A value of None takes out what stood there. ``dated`` and ``ended`` are False where the row doesn't say when it began
    or ended, so that another beginning or end is no contradiction; ``by_default`` are values of a new fact only.
    """

    kind: str
    start: int
    values: Mapping[str, Any] = field(default_factory=dict)
    end: int | None = None
    dated: bool = True
    ended: bool = True
    by_default: Mapping[str, Any] = field(default_factory=dict)

    def over(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The values that stood before with those that are said; a blank never erases."""
        return {name: value for name, value in {**before, **self.values}.items() if value is not None}


@dataclass(slots=True)
class Entry:
    """A fact that stands: stored before, or said by an earlier row of the same file (``by``: sheet and row)."""

    id: UUID
    start: int
    end: int
    values: dict[str, Any]
    by: tuple[str, int] | None = None


Same = Callable[[Entry, Said], bool]
"""Whether a standing fact of the same subject and kind is the one that is spoken of (its natural key)."""


Fitting = Callable[[UUID, Values], Values]
"""A right row about a known subject, with what else is known of it by then. Raises Fault for what doesn't fit what is there."""


def same_start(entry: Entry, said: Said) -> bool:
    """The fact that begins at the same second."""
    return entry.start == said.start


@dataclass(frozen=True)
class FactImport:
    """One kind of list of facts.

    ``kind`` is its name in commands and addresses, and the kind of its rows' first fact, on which the counting rests.
    ``columns`` and ``check`` are as in a table's ``Spec``, given the moment of the upload. ``to_facts`` takes a right
    row to its facts, the first one first. ``same`` is the natural key by fact kind (default: same beginning).
    ``succeeds`` are states whose new values hold from their new beginning on, rather than correcting the old ones.
    ``exclusive`` are, among them, those of which only one can hold at a time: a new one ends where the next one begins,
    and one file may tell of several, one after the other.
    ``key`` are the columns that, with the subject, identify a row of the file. ``says`` are further kinds of facts that a
    row may say: whoever uploads the list must be somebody who may state them all.
    ``fits`` is told of whom the rows are, reads what is there in a constant number of queries, and says of each row whether
    it fits that.
    """

    kind: str
    title: Text
    about: subjects.About
    columns: Callable[[Context], tuple[Column, ...]]
    to_facts: Callable[[Values, Context], Sequence[Said]]
    check: Callable[[Values, Context], Iterable[Fault]] | None = None
    same: Mapping[str, Same] = field(default_factory=dict)
    succeeds: frozenset[str] = frozenset()
    exclusive: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    fits: Callable[[Sequence[UUID]], Fitting] | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of fact that a row may say."""
        return (self.kind, *self.says)

    def spec(self, now: int) -> Spec:
        """The table's declaration at the moment of an upload."""
        context = Context(now)
        identifying = subjects.columns(self.about)

        def check(values: Values) -> Iterable[Fault]:
            yield from subjects.check(self.about, values, context.today)
            if self.check is not None:
                yield from self.check(values, context)

        key = (*subjects.KEYS[self.about], *self.key)
        return Spec(self.kind, self.title, (*identifying, *self.columns(context)), key, check)


_CATALOGUE: dict[str, FactImport] = {}


def register(declaration: FactImport) -> None:
    """Make a kind of list known (at start-up, once). Raises ValueError when its name is taken."""
    if declaration.kind in _CATALOGUE:
        raise ValueError(f"declared twice: {declaration.kind}")
    _CATALOGUE[declaration.kind] = declaration


def catalogue() -> tuple[FactImport, ...]:
    """Every kind of list, in the order of their names."""
    return tuple(_CATALOGUE[name] for name in sorted(_CATALOGUE))


def find(name: str) -> FactImport | None:
    """The kind of list of that name (or another name of it)."""
    found = _CATALOGUE.get(name)
    return found or next((one for one in _CATALOGUE.values() if name in one.also_called), None)
