"""Rows as a phone sends them, read into what the visit sheet's services take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fugong.base.typed import identifier_or_none
from fugong.teams.errors import TeamError
from fugong.teams.services.sheets import Answered, Begun, Handed, Made, Row, Told

_LATEST = 2**35
_MOST = 10**15


def read(sent: Any) -> Row:
    """A row. Raises TeamError for what is none."""
    if not isinstance(sent, dict):
        raise _not_understood()
    key, visit = identifier(sent.get("id")), identifier(sent.get("visit"))
    match sent.get("kind"):
        case "unplanned":
            return Begun(key, visit, identifier(sent.get("enterprise")), _moment(sent, "at"))
        case "visit":
            return Made(
                key, visit, _moment(sent, "begun"), _moment(sent, "ended"), _text(sent, "met"), _names(sent, "topics"),
                _flags(sent, "checks"), _text(sent, "note"),
            )  # fmt: skip
        case "answer":
            return _answer(key, visit, sent)
        case "handed":
            return Handed(key, visit, _text(sent, "document"), _text(sent, "receipt"), _moment(sent, "at"))
        case "problem":
            words = _text(sent, "words")
            return Told(key, visit, _text(sent, "problem"), words, _moment(sent, "at"), _text(sent, "owner"))
        case _:
            raise _not_understood()


def _answer(key: UUID, visit: UUID, sent: dict[str, Any]) -> Answered:
    holds, number = sent.get("holds"), sent.get("number")
    if holds is not None and not isinstance(holds, bool):
        raise _not_understood()
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
        raise _not_understood()
    if number is not None and not -_MOST < number < _MOST:  # nor what is no number at all
        raise _not_understood()
    return Answered(key, visit, _text(sent, "item"), _moment(sent, "at"), holds, number, _text(sent, "text"))


def identifier(sent: Any) -> UUID:
    """An id. Raises TeamError."""
    found = identifier_or_none(sent)
    if found is None:
        raise _not_understood()
    return found


def _not_understood() -> TeamError:
    return TeamError("sheet.not_understood")


def _text(sent: dict[str, Any], name: str) -> str:
    found = sent.get(name, "")
    if not isinstance(found, str):
        raise _not_understood()
    return found


def _moment(sent: dict[str, Any], name: str) -> int:
    found = sent.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < _LATEST:
        raise _not_understood()
    return found


def _names(sent: dict[str, Any], name: str) -> tuple[str, ...]:
    found = sent.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _not_understood()
    return tuple(found)


def _flags(sent: dict[str, Any], name: str) -> dict[str, bool]:
    found = sent.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(one, bool) for one in found.values()):
        raise _not_understood()
    return found
