"""Open items: questions, why they are asked, and which of them are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fugong.base.faults import Text
from fugong.core.time import MINUS_INF
from fugong.ledger.queries import holding
from fugong.registry.asked.papers import id_in

AnswerKind = Literal["flag", "number", "text", "document"]
"""Yes or no; a number with a unit; words; a document: in words, as a file, or both."""


@dataclass(frozen=True, slots=True)
class Question:
    """What can be asked of an enterprise. ``code`` means one thing in the whole town, whoever asks.

    ``unit`` is a number's (rooms, days); ``hint`` says how to answer.
    """

    code: str
    title: Text
    kind: AnswerKind
    unit: Text = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked, and by whom: an office, a measure, a checklist with its source."""

    why: Text
    by: Text


@dataclass(frozen=True, slots=True)
class Given:
    """What an enterprise said or showed of one item, from ``at`` on; ``fact`` is the ``evidence`` fact's id."""

    fact: UUID
    at: int
    holds: bool | None = None
    number: float | None = None
    text: str = ""
    document: str = ""

    @property
    def value(self) -> bool | float | str | None:
        """The answer, of whichever kind it is."""
        if self.holds is not None:
            return self.holds
        return self.number if self.number is not None else self.text or self.document or None

    @property
    def paper(self) -> UUID | None:
        """The id under which what was shown is kept: of a file, or of a filing with the plan in it."""
        return id_in(self.document)

    @property
    def named(self) -> str:
        """A document in words: what it is called, where it is kept; empty where only a file was sent."""
        return self.text or ("" if self.paper else self.document)


Evidence = Mapping[UUID, Mapping[str, Given]]
"""What is known of enterprises: by item's code."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that one source asks of an enterprise.

    Only an answer that holds from ``since`` on, or later, counts: so an old number is asked for again, and a figure that
    contradicts another is asked back. ``address`` is the page where alone it can be answered, where that is a special one.
    """

    question: Question
    reason: Reason
    since: int = MINUS_INF
    address: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An open item of an enterprise, once, with everybody's reasons; ``before`` is what it said too long ago."""

    question: Question
    reasons: tuple[Reason, ...]
    address: str
    before: Given | None = None


Source = Callable[[Sequence[UUID], int, Evidence], Mapping[UUID, Iterable[Wanted]]]
"""``source(enterprises, at, known)``: what it needs to know of whom, answered or not; in a constant number of queries."""

_sources: list[Source] = []


def ask_for(source: Source) -> None:
    """Register a source of open items (at start-up, once)."""
    _sources.append(source)


def known(enterprises: Iterable[UUID], at: int) -> Evidence:
    """What these enterprises have said or shown, as it holds at a moment: one query."""
    found: dict[UUID, dict[str, Given]] = {key: {} for key in enterprises}
    facts = holding(at).filter(kind="evidence", subject_id__in=list(found)).order_by("start", "recorded_at", "id")
    for fact, subject, start, values in facts.values_list("id", "subject_id", "start", "values"):
        found[subject][values["item"]] = Given(
            fact, start, values.get("holds"), values.get("number"), values.get("text") or "",
            values.get("document") or "",
        )  # fmt: skip
    return found


def open_items(enterprises: Sequence[UUID], at: int, *, evidence: Evidence | None = None) -> dict[UUID, list[Item]]:
    """What is still to be asked of each of these enterprises, in the order in which it was first asked for.

    ``evidence`` is what is `known`, where the caller has read it already.
    """
    given = known(enterprises, at) if evidence is None else evidence
    wanted: dict[UUID, dict[str, list[Wanted]]] = {key: {} for key in enterprises}
    for source in _sources:
        for enterprise, ones in source(enterprises, at, given).items():
            for one in ones:
                if _is_open(one, given[enterprise].get(one.question.code)):
                    wanted[enterprise].setdefault(one.question.code, []).append(one)
    return {
        enterprise: [_merged(ones, given[enterprise].get(code)) for code, ones in by_code.items()]
        for enterprise, by_code in wanted.items()
    }


def _is_open(wanted: Wanted, given: Given | None) -> bool:
    return given is None or given.at < wanted.since


def _merged(ones: Sequence[Wanted], before: Given | None) -> Item:
    reasons = tuple(dict.fromkeys(one.reason for one in ones))
    return Item(ones[0].question, reasons, next((one.address for one in ones if one.address), ""), before)
