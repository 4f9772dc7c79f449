"""Answers as a page sends them: one input an item (``item-<code>``), empty for what isn't answered; a document's file
beside it (``file-<code>``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fugong.base import files
from fugong.base.faults import Fault, declare
from fugong.registry.asked.items import Given, Question
from fugong.registry.asked.services import Answer

declare({"asked.number": _("“%(value)s” cannot stand for “%(title)s”: type a number, such as 3 or 2.5.")})

MOST_TEXT = 500


class AskedError(Fault):
    """An answer that can't be read; ``field`` names the item."""


def answers(
    posted: Mapping[str, Any], enterprise: UUID, questions: Iterable[Question], at: int, known: Mapping[str, Given],
    sent: Mapping[str, UploadedFile[Any]] | None = None,
) -> list[Answer]:  # fmt: skip
    """What was answered and isn't known already in these words; ``sent`` are the files. Raises AskedError."""
    found = []
    for question in questions:
        typed = str(posted.get(f"item-{question.code}") or "").strip()
        file = files.sent((sent or {}).get(f"file-{question.code}")) if question.kind == "document" else None
        given = known.get(question.code)
        if file is not None:
            found.append(Answer(enterprise, question.code, at, text=typed[:MOST_TEXT], file=file))
            continue
        if not typed:
            continue
        answer = _answer(enterprise, question, at, typed)
        if question.kind == "document" and given is not None and given.paper:  # other words for the file that is here
            answer = replace(answer, text=answer.document, document=given.document)
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
