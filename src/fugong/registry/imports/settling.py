"""What is said beside what stands: nothing new, something new, or a correction. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from fugong.base.ids import uuid7
from fugong.core.time import PLUS_INF
from fugong.ledger.kinds import KINDS
from fugong.ledger.services import NewFact
from fugong.registry.imports.declaration import Entry, FactImport, Said, same_start

Outcome = Literal["added", "updated", "unchanged"]
REASON = "import"
"""The reason of a fact that supersedes another one because a list says so."""


class Repeated(Exception):  # noqa: N818
    """The row says what an earlier row of the file says (``by``), or contradicts it."""

    def __init__(self, by: tuple[str, int], contradicts: bool) -> None:
        super().__init__(by)
        self.by, self.contradicts = by, contradicts


@dataclass(slots=True)
class _Step:
    """What one fact that is said comes to."""

    said: Said
    entry: Entry | None
    values: dict[str, object]
    start: int
    end: int
    changes: bool
    succeeds: bool = False


@dataclass(slots=True)
class Settling:
    """The facts that a list adds. ``standing`` holds, by subject and kind, what stands; it grows with every row."""

    declaration: FactImport
    standing: dict[tuple[UUID, str], list[Entry]]
    facts: list[NewFact] = field(default_factory=list)

    def take(self, subject: UUID, said: Sequence[Said], by: tuple[str, int]) -> Outcome:
        """Settle a row's facts. Raises Repeated, and then nothing of the row is taken."""
        steps = [self._step(subject, one) for one in said]
        again = [step for step in steps if not (step.succeeds and self._exclusive(step.said.kind))]
        earlier = [step.entry.by for step in again if step.entry is not None and step.entry.by is not None]
        clash = next((s.entry.by for s in again if s.entry and s.entry.by and s.changes), None)
        if clash is not None:
            raise Repeated(clash, contradicts=True)
        if len(earlier) == len(steps):
            raise Repeated(earlier[0], contradicts=False)
        changed = [self._apply(subject, step, by) for step in steps]
        if not any(changed):
            return "unchanged"
        return "added" if steps[0].entry is None else "updated"

    def _step(self, subject: UUID, said: Said) -> _Step:
        same = self.declaration.same.get(said.kind, same_start)
        beside = self.standing.get((subject, said.kind), ())
        entry = _best(beside, said, same)
        next_one = min((other.start for other in beside if other.start > said.start), default=PLUS_INF)
        latest = next_one if self._exclusive(said.kind) else PLUS_INF
        if entry is None:
            end = min(_end(said, said.start, PLUS_INF), latest)
            return _Step(said, None, said.over(said.by_default), said.start, end, True)
        values = said.over(entry.values)
        start = said.start if said.dated else entry.start
        end = min(_end(said, start, entry.end), latest)
        changes = (values, start, end) != (entry.values, entry.start, entry.end)
        succeeds = (
            said.kind in self.declaration.succeeds and values != entry.values and entry.start < said.start < entry.end
        )
        if succeeds:
            start = said.start
        elif said.kind in self.declaration.succeeds and values == entry.values and start > entry.start:
            start, changes = entry.start, end != entry.end  # reported again: it has been so since before
        return _Step(said, entry, values, start, end, changes, succeeds)

    def _apply(self, subject: UUID, step: _Step, by: tuple[str, int]) -> bool:
        entry, kind = step.entry, step.said.kind
        if entry is not None and not step.changes:
            entry.by = by
            return False
        end, fact = step.end, uuid7()
        if entry is not None and step.succeeds:
            self._close(subject, kind, entry, step.start)
            self.facts.append(NewFact(subject, kind, step.start, step.values, end=end, id=fact))
        elif entry is not None:
            self.facts.append(
                NewFact(subject, kind, step.start, step.values, end=end, id=fact, supersedes=entry.id, reason=REASON)
            )
        else:
            self.facts.append(NewFact(subject, kind, step.start, step.values, end=end, id=fact))
        if entry is not None and not (step.succeeds and self._exclusive(kind)):
            self.standing[subject, kind].remove(entry)
        self.standing.setdefault((subject, kind), []).append(Entry(fact, step.start, step.end, dict(step.values), by))
        return True

    def _close(self, subject: UUID, kind: str, entry: Entry, end: int) -> None:
        """What stood ends where its successor begins; what an earlier row of the file said needs no superseding."""
        entry.end = end
        for place, fact in enumerate(self.facts) if self._exclusive(kind) else ():
            if fact.id == entry.id:
                self.facts[place] = replace(fact, end=end)
                return
        superseded, entry.id = entry.id, uuid7()
        self.facts.append(
            NewFact(
                subject, kind, entry.start, entry.values, end=end, id=entry.id, supersedes=superseded, reason=REASON
            )
        )

    def _exclusive(self, kind: str) -> bool:
        return kind in self.declaration.exclusive


def _end(said: Said, start: int, otherwise: int) -> int:
    if KINDS[said.kind].shape == "event":
        return start + 1
    return otherwise if said.end is None or (not said.ended and otherwise != PLUS_INF) else said.end


def _best(entries: Sequence[Entry], said: Said, same: Callable[[Entry, Said], bool]) -> Entry | None:
    """Of the facts that may be meant, the one that says the same, else the one that begins then, else the latest."""
    candidates = [entry for entry in entries if same(entry, said)]
    if not candidates:
        return None
    return max(
        candidates,
        key=lambda entry: (
            entry.start == said.start and entry.values == said.over(entry.values),
            entry.start == said.start,
            entry.start,
        ),
    )
