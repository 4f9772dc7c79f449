"""What pages show of the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fugong.submissions.export import ANSWERS
from fugong.submissions.export import shown as cell
from fugong.submissions.lists import ListKind

SHAPES = {"yes": "ok", "no": "no", "unknown": "wait"}


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of a row: its title, its text, or the answers to the conditions; ``was`` is what stood there before."""

    title: str
    text: str
    answers: list[tuple[str, str, str]]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a list on a page."""

    subject: UUID
    first: str
    values: list[Value]


def shown(
    kind: ListKind, rows: Iterable[tuple[Mapping[str, Any], UUID]], before: Mapping[UUID, Mapping[str, Any]] | None = None
) -> list[Shown]:  # fmt: skip
    """The rows of a page, without document numbers."""
    return [row_of(kind, values, subject, (before or {}).get(subject)) for values, subject in rows]


def row_of(kind: ListKind, values: Mapping[str, Any], subject: UUID, before: Mapping[str, Any] | None = None) -> Shown:
    """One row; ``before`` is what it said in the version before."""
    columns = [one for one in kind.columns if one.kind != "document"]
    made = [
        Value(
            str(one.title),
            "" if one.kind == "answers" else str(cell(one, values)),
            [
                (SHAPES.get(answer, "none"), ANSWERS.get(answer, answer), title)
                for title, answer in (values.get(one.name) or {}).items()
            ]
            if one.kind == "answers"
            else [],
            _was(str(cell(one, before)), str(cell(one, values))) if before is not None else "",
        )
        for one in columns
    ]
    return Shown(subject, made[0].text, made[1:])


def _was(before: str, after: str) -> str:
    return before if before != after else ""
