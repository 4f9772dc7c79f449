"""What pages show of the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.submissions.export import ANSWERS
from fugong.submissions.export import shown as cell
from fugong.submissions.lists import Asked, Column, ListKind
from fugong.submissions.rows import LANGUAGE, behind, measure

SHAPES = {"yes": "ok", "no": "no", "unknown": "wait"}
SPOKEN = {
    "是": _("yes"), "否": _("no"), "待核": _("to be verified"), "符合": _("entitled"), "待补": _("papers are missing"),
    "不符合": _("not entitled"),
}  # fmt: skip
"""What rows say in the offices' language, for whoever reads pages in another one."""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of a row: its title, its text, or the answers to the conditions, each with the facts behind it; ``was`` is what
    stood there before.
    """

    title: str
    text: str
    answers: list[tuple[str, str, str, str]]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a list on a page."""

    subject: UUID
    first: str
    values: list[Value]


def shown(
    kind: ListKind, rows: Iterable[tuple[Mapping[str, Any], UUID, Mapping[str, Any] | None]], asked: Asked
) -> list[Shown]:  # fmt: skip
    """The rows of a page, without document numbers: what each says, of whom, and what it said in the version before.

    ``asked`` is the list's moment, as of which the facts behind answers are told.
    """
    spoken, told = _spoken(kind), list(rows)
    answered = any(one.kind == "answers" for one in kind.columns)
    facts = behind(asked, [subject for _values, subject, _before in told]) if answered else {}
    return [_row(kind, values, subject, before, spoken, facts.get(subject, {})) for values, subject, before in told]


def _row(
    kind: ListKind, values: Mapping[str, Any], subject: UUID, before: Mapping[str, Any] | None,
    spoken: Mapping[str, str], facts: Mapping[str, list[str]],
) -> Shown:  # fmt: skip
    made = [
        Value(
            str(one.title),
            "" if one.kind == "answers" else _text(one, values, spoken),
            _answers(values.get(one.name) or {}, spoken, facts) if one.kind == "answers" else [],
            _was(one, before, values, spoken) if before is not None else "",
        )
        for one in kind.columns
        if one.kind != "document"
    ]
    return Shown(subject, made[0].text, made[1:])


def _spoken(kind: ListKind) -> dict[str, str]:
    """The page's words for the offices': answers, and the titles of conditions as the measure in use has them."""
    if get_language() == LANGUAGE or not any(one.kind == "answers" for one in kind.columns):
        return {}
    rule = measure()
    titles = {one.title.zh: one.title.en for one in rule.person} if rule is not None else {}
    return titles | {said: str(word) for said, word in SPOKEN.items()}


def _text(column: Column, values: Mapping[str, Any], spoken: Mapping[str, str]) -> str:
    text = str(cell(column, values))
    if not spoken or column.name not in {"result", "missing"}:
        return text
    return ", ".join(spoken.get(one, one) for one in text.split("、"))


def _answers(
    given: Mapping[str, str], spoken: Mapping[str, str], facts: Mapping[str, list[str]]
) -> list[tuple[str, str, str, str]]:
    words = {answer: ANSWERS.get(answer, answer) for answer in given.values()}
    return [
        (
            SHAPES.get(answer, "none"),
            spoken.get(words[answer], words[answer]),
            spoken.get(title, title),
            "; ".join(facts.get(title, ())),
        )
        for title, answer in given.items()
    ]


def _was(column: Column, before: Mapping[str, Any], values: Mapping[str, Any], spoken: Mapping[str, str]) -> str:
    return _text(column, before, spoken) if cell(column, before) != cell(column, values) else ""
