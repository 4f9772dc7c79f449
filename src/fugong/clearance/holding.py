"""Why somebody may: what each permission requires, and the latest fact by which that is met, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fugong.clearance import evaluation
from fugong.core.protocol import holding
from fugong.core.text import Text
from fugong.ledger.models import Fact
from fugong.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Met:
    """A requirement that is met, with the latest fact on which that rests; None: nothing is known against it."""

    requirement: str
    title: Text
    line: registry.Line | None

    @property
    def known(self) -> bool:
        """Whether a fact says something about it."""
        return self.line is not None


def met(worker: UUID, permissions: Iterable[str], at: int, *, named: bool) -> dict[str, list[Met]]:
    """For each of the permissions that somebody has at a moment, what it requires; the ledger is read once for all of them.

    ``named``: as in ``registry.queries.lines``. A fact that whoever asks may not see is left out for the one before.
    """
    force = evaluation.force_at(at)
    wanted = [name for name in permissions if force is not None and name in force.pack.permissions]
    if force is None or not wanted:
        return {}
    pack = force.pack
    facts, linked = evaluation.read([worker], [force])
    found = holding.holding(pack, (one for name in wanted for one in pack.permissions[name]), facts, at, linked)
    lines = _lines(found, named=named)
    return {
        name: [Met(one, pack.requirements[one].title, lines.get(one)) for one in pack.permissions[name] if one in found]
        for name in wanted
    }


def _lines(found: dict[str, tuple[str, ...]], *, named: bool) -> dict[str, registry.Line]:
    """For each requirement the latest of its facts that may be seen, in words."""
    ids = {UUID(key) for keys in found.values() for key in keys}
    seen = Fact.objects.select_related("actor").prefetch_related("superseding").in_bulk(ids) if ids else {}
    latest = {
        name: next((seen[UUID(key)] for key in reversed(keys) if UUID(key) in seen), None)
        for name, keys in found.items()
    }
    shown = {fact.pk: fact for fact in latest.values() if fact is not None}
    lines = {line.fact.pk: line for line in registry.lines(shown.values(), named=named)}
    return {name: lines[fact.pk] for name, fact in latest.items() if fact is not None}
