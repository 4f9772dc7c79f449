"""The only write of what is asked: an answer, once, as an ``evidence`` fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base.files import File
from fugong.base.ids import uuid7
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.ledger.services import NewFact
from fugong.registry.asked import papers

REPLACED = "replaced"
"""The reason of what ends an older answer where a newer one begins."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an enterprise said or showed of one item at a moment. ``id`` is given where it was noted offline: sent twice, it
    is stored once. ``document`` is a document's id, or its name in words; ``file`` is one that is stored with the answer and
    named by it. ``evidence`` is what it rests on, where that differs from the batch's.
    """

    enterprise: UUID
    item: str
    at: int
    holds: bool | None = None
    number: float | None = None
    text: str = ""
    document: str = ""
    id: UUID | None = None
    evidence: str = ""
    file: File | None = None

    @property
    def values(self) -> dict[str, Any]:
        """As the fact's values."""
        said = {
            "holds": self.holds,
            "number": self.number,
            "text": self.text or None,
            "document": self.document or None,
        }
        return {"item": self.item} | {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An answer that stands; ``place`` is that of its fact among those to append, where it is one of them."""

    id: UUID
    start: int
    end: int
    values: dict[str, Any]
    place: int | None = None


@transaction.atomic
def give(
    *, answers: Sequence[Answer], source: str, now: int, actor: UUID | None = None, evidence: str = ""
) -> list[UUID]:  # fmt: skip
    """Write answers down; returns the ids of those facts that were new.

    An answer holds until the next one of the same item, also where it comes in later than that: what was said before stays
    on record for its time. Raises FactError, PaperError; then nothing is written.
    """
    if not answers:
        return []
    locked = ledger.lock_for([NewFact(one.enterprise, "evidence", one.at, one.values) for one in answers])
    answers = [_with_file(one, now, actor) for one in answers]
    facts = _facts(answers, _standing(answers), _known_ids(answers))
    recorded = ledger.recorded_at(facts, now)
    return ledger.append(facts=facts, source=source, now=recorded, actor=actor, evidence=evidence, locked=locked)


def _with_file(one: Answer, now: int, actor: UUID | None) -> Answer:
    if one.file is None:
        return one
    kept = papers.keep(enterprise=one.enterprise, file=one.file, now=now, actor=actor, field=one.item)
    return replace(one, document=str(kept.pk), file=None)


def _standing(answers: Sequence[Answer]) -> dict[tuple[UUID, str], list[_Entry]]:
    found: dict[tuple[UUID, str], list[_Entry]] = {}
    rows = about({one.enterprise for one in answers}).filter(
        kind="evidence", values__item__in=sorted({one.item for one in answers})
    )
    for key, subject, start, end, values in rows.values_list("id", "subject_id", "start", "end", "values"):
        found.setdefault((subject, values["item"]), []).append(_Entry(key, start, end, values))
    return found


def _known_ids(answers: Sequence[Answer]) -> set[UUID]:
    given = [one.id for one in answers if one.id]
    return set(Fact.objects.filter(pk__in=given).values_list("pk", flat=True)) if given else set()


def _facts(
    answers: Sequence[Answer], standing: dict[tuple[UUID, str], list[_Entry]], ids: set[UUID]
) -> list[NewFact]:  # fmt: skip
    facts: list[NewFact] = []
    for one in sorted(answers, key=lambda answer: answer.at):
        if one.id not in ids:
            _take(one, standing.setdefault((one.enterprise, one.item), []), facts)
        if one.id:
            ids.add(one.id)
    return facts


def _take(one: Answer, line: list[_Entry], facts: list[NewFact]) -> None:
    """Put an answer into the line of those of its item: what held at its moment gives way."""
    before = next((old for old in line if old.start <= one.at < old.end), None)
    if before is not None and before.start == one.at:
        if before.values != one.values:
            _correct(one, before, line, facts)
        return
    end = min((old.start for old in line if old.start > one.at), default=PLUS_INF)
    if before is not None:
        end = before.end
        _end(before, one, line, facts)
    new = NewFact(one.enterprise, "evidence", one.at, one.values, end, one.id or uuid7(), evidence=one.evidence)
    _add(new, line, facts)


def _correct(one: Answer, before: _Entry, line: list[_Entry], facts: list[NewFact]) -> None:
    """Another answer at the same moment takes the place of the one before."""
    line.remove(before)
    if before.place is None:
        new = NewFact(
            one.enterprise, "evidence", one.at, one.values, before.end, one.id or uuid7(), before.id, reason=REPLACED,
            evidence=one.evidence,
        )  # fmt: skip
        _add(new, line, facts)
    else:
        facts[before.place] = replace(facts[before.place], values=one.values, evidence=one.evidence)
        line.append(replace(before, values=one.values))


def _end(before: _Entry, one: Answer, line: list[_Entry], facts: list[NewFact]) -> None:
    """What was said before holds until the new answer."""
    line.remove(before)
    if before.place is None:
        ended = NewFact(
            one.enterprise, "evidence", before.start, before.values, one.at, uuid7(), before.id, reason=REPLACED
        )  # fmt: skip
        _add(ended, line, facts)
    else:
        facts[before.place] = replace(facts[before.place], end=one.at)
        line.append(replace(before, end=one.at))


def _add(new: NewFact, line: list[_Entry], facts: list[NewFact]) -> None:
    assert new.id is not None
    assert new.end is not None
    line.append(_Entry(new.id, new.start, new.end, dict(new.values), len(facts)))
    facts.append(new)
