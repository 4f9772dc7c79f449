"""Answers as a page sends them: one input an item (``item-<code>``), empty for what isn't answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.registry.asked.items import Given, Question
from fugong.registry.asked.services import Answer

declare({"asked.number": _("“%(value)s” cannot stand for “%(title)s”: type a number, such as 3 or 2.5.")})

MOST_TEXT = 500


class AskedError(Fault):
    """An answer that can't be read; ``field`` names the item."""


def answers(
    posted: Mapping[str, Any], enterprise: UUID, questions: Iterable[Question], at: int, known: Mapping[str, Given]
) -> list[Answer]:  # fmt: skip
    """What was answered and isn't known already in these words. Raises AskedError."""
    found = []
    for question in questions:
        typed = str(posted.get(f"item-{question.code}") or "").strip()
        if not typed:
            continue
        answer = _answer(enterprise, question, at, typed)
        given = known.get(question.code)
        if given is None or answer.values != _values(question.code, given) or f"again-{question.code}" in posted:
            found.append(answer)
    return found


def _answer(enterprise: UUID, question: Question, at: int, typed: str) -> Answer:
    match question.kind:
        case "flag":
            return Answer(enterprise, question.code, at, holds=typed == "yes")
        case "number":
            return Answer(enterprise, question.code, at, number=_number(question, typed))
        case "document":
            return Answer(enterprise, question.code, at, document=typed[:MOST_TEXT])
        case _:
            return Answer(enterprise, question.code, at, text=typed[:MOST_TEXT])


def _values(code: str, given: Given) -> dict[str, Any]:
    return Answer(UUID(int=0), code, 0, given.holds, given.number, given.text, given.document).values


def _number(question: Question, typed: str) -> float:
    plain = typed.replace(",", "").replace("，", "").replace("。", ".").removesuffix(str(question.unit)).strip()
    try:
        value = float(plain)
    except ValueError:
        value = -1
    if not 0 <= value < 1e12:
        raise AskedError("asked.number", field=question.code, value=typed[:20], title=question.title)
    return int(value) if value.is_integer() else value
