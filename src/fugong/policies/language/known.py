"""What is known of enterprises and people, for a measure: the facts of the kinds that its conditions ask for, in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING

ENTERPRISE = ("establishment", "turnover", "resumption", "evidence")
PERSON = ("household", "survey", "stay", "arrival", "social_insurance", "evidence_of_person")
"""The kinds of facts that conditions may rest on: nothing else of a person is read."""


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: enough to decide by, and to show what was decided by."""

    id: UUID
    kind: str
    start: int
    end: int
    values: Mapping[str, Any]

    def holds(self, at: int) -> bool:
        """Whether its interval contains a moment."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, or an enterprise, as known at a moment. ``employed`` is how many people an enterprise employs."""

    id: UUID
    at: int
    facts: Mapping[str, list[Known]] = field(default_factory=dict)
    employed: int | None = None

    def of(self, kind: str) -> list[Known]:
        """The facts of a kind that began by then, the oldest first."""
        return self.facts.get(kind, [])

    def holding(self, kind: str) -> Known | None:
        """The newest fact of a kind that holds then."""
        return next((one for one in reversed(self.of(kind)) if one.holds(self.at)), None)

    def item(self, kind: str, item: str) -> Known | None:
        """The newest evidence of an item that holds then."""
        found = (one for one in reversed(self.of(kind)) if one.values.get("item") == item and one.holds(self.at))
        return next(found, None)


_READ = f"""
SELECT f.subject_id, f.kind, f.id, f.start, f."end", f.values FROM ledger_fact AS f
WHERE f.subject_id = ANY(%(subjects)s) AND f.kind = ANY(%(kinds)s) AND f.start <= %(at)s AND {STANDING}
ORDER BY f.start, f.recorded_at, f.id
"""


def read(
    subjects: Collection[UUID], kinds: Iterable[str], at: int, *, known_at: int = PLUS_INF,
    employed: Mapping[UUID, int] | None = None,
) -> dict[UUID, Subject]:  # fmt: skip
    """What is known of each of them at a moment, as known at a moment: one query whatever their number."""
    found: dict[UUID, dict[str, list[Known]]] = {subject: {} for subject in subjects}
    if found:
        given: dict[str, Any] = {"subjects": list(found), "kinds": list(kinds), "at": at, "known_at": known_at}
        with connection.cursor() as cursor:
            cursor.execute(_READ, given)
            for subject, kind, fact, start, end, values in cursor.fetchall():
                plain = _plain(values)
                found[subject].setdefault(kind, []).append(Known(fact, kind, start, end, plain))
    numbers = employed or {}
    return {subject: Subject(subject, at, facts, numbers.get(subject)) for subject, facts in found.items()}


def _plain(values: Any) -> Mapping[str, Any]:
    """The values of a fact: raw cursors give jsonb as text or as a mapping, as the connection is set up."""
    if isinstance(values, str):
        import json

        loaded: dict[str, Any] = json.loads(values)
        return loaded
    mapping: Mapping[str, Any] = values
    return mapping
