"""What a fact's values must be: the closed list of kinds, checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.ledger.kinds import KINDS, Field, Kind

Check = Callable[[Field, Any], Any]


class FactError(Fault):
    """A fact that the ledger refuses; ``field`` names the value that is wrong."""


declare(
    {
        "fact.unknown_kind": _("There is no fact kind “%(kind)s”."),
        "fact.unknown_field": _("“%(kind)s” has no value “%(name)s”."),
        "fact.missing": _("“%(title)s” is missing."),
        "fact.wrong_value": _("“%(value)s” cannot stand for “%(title)s”."),
        "fact.not_an_event": _("“%(title)s” happens at one instant."),
        "fact.empty_interval": _("The end must come after the beginning."),
        "fact.unknown_subject": _("A fact speaks of somebody who is not in the registry."),
    }
)


def kind_of(name: str) -> Kind:
    """The documented kind of that name. Raises FactError when there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise FactError("fact.unknown_kind", kind=name) from None


def checked(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the form in which the ledger keeps them. Raises FactError naming the field that is wrong."""
    known = {field.name for field in kind.fields}
    for name in values:
        if name not in known:
            raise FactError("fact.unknown_field", field=name, kind=kind.name, name=name)
    result = {}
    for field in kind.fields:
        value = values.get(field.name)
        if value is None or value == "":
            if field.required:
                raise FactError("fact.missing", field=field.name, title=field.title)
            continue
        result[field.name] = _CHECKS[field.type](field, value)
    return result


def interval(kind: Kind, start: int, end: int | None) -> tuple[int, int]:
    """The fact's interval: one second for an event, open-ended for a state without an end. Raises FactError."""
    stop = (start + 1 if kind.shape == "event" else PLUS_INF) if end is None else end
    if kind.shape == "event" and stop != start + 1:
        raise FactError("fact.not_an_event", title=kind.title)
    if not MINUS_INF <= start < stop <= PLUS_INF:
        raise FactError("fact.empty_interval")
    return start, stop


def _wrong(field: Field, value: Any) -> FactError:
    return FactError("fact.wrong_value", field=field.name, value=value, title=field.title)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise _wrong(field, value)
    return value


def _number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(field, value)
    if (field.least is not None and value < field.least) or (field.most is not None and value > field.most):
        raise _wrong(field, value)
    return value


def _whole(field: Field, value: Any) -> int:
    if not isinstance(value, int):
        raise _wrong(field, value)
    return int(_number(field, value))


def _flag(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, value)
    return value


def _date(field: Field, value: Any) -> str:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(field, value) from None
    return str(value)


def _choice(field: Field, value: Any) -> str:
    if value not in field.choices:
        raise _wrong(field, value)
    return str(value)


def _list(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise _wrong(field, value)
    return list(value)


def _subject(field: Field, value: Any) -> str:
    try:
        return str(value if isinstance(value, UUID) else UUID(value))
    except (TypeError, ValueError, AttributeError):
        raise _wrong(field, value) from None


def _division(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value.isdigit() or len(value) not in (6, 9, 12):
        raise _wrong(field, value)
    return value


_CHECKS: dict[str, Check] = {
    "text": _text, "number": _number, "whole": _whole, "flag": _flag, "moment": _whole, "date": _date,
    "choice": _choice, "list": _list, "subject": _subject, "division": _division,
}  # fmt: skip
