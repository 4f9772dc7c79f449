"""What a fact's values must be: the closed list of kinds, checked before anything is written.

Whatever passes here, every reader of the ledger can work with: numbers fit the types that reports cast them to, moments
lie within the ledger's time, and texts can be stored and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text, declare
from fugong.base.roles import ROLES
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.ledger import plausible
from fugong.ledger.kind import FactError
from fugong.ledger.kinds import KINDS, Field, Kind

__all__ = ["FactError", "checked", "interval", "kind_of", "plausible_at", "require_stated_by", "sound"]

FieldCheck = Callable[[Field, Any], Any]


MOST_WHOLE = 2**31 - 1
"""The largest whole number, either way."""
MOST_NUMBER = 1e15
"""The largest number, either way: more yuan than a country turns over in a year."""
MOST_CHARACTERS = 500
MOST_ITEMS = 100
_SHOWN = 60


declare(
    {
        "fact.unknown_kind": _("There is no fact kind “%(kind)s”."),
        "fact.unknown_field": _("“%(kind)s” has no value “%(name)s”."),
        "fact.missing": _("“%(title)s” is missing."),
        "fact.wrong_value": _("“%(value)s” cannot stand for “%(title)s”."),
        "fact.not_an_event": _("“%(title)s” happens at one instant."),
        "fact.empty_interval": _("The end must come after the beginning."),
        "fact.wrong_reason": _("The reason contains characters that cannot be stored."),
        "fact.wrong_evidence": _("The evidence has at most %(most)s characters that can be stored."),
        "fact.no_evidence": _(
            "These facts take a permission from somebody: say on what evidence (a file, a document's number)."
        ),
        "fact.no_actor": _("These facts take a permission from somebody: they must say who states them."),
        "fact.unknown_reference": _("“%(title)s” is not in the registry."),
        "fact.unknown_subject": _("A fact speaks of somebody who is not in the registry."),
        "facts.kind_not_yours": _(
            "Facts of the kind “%(title)s” are not stated by your role (%(role)s). Ask somebody who may: %(others)s."
        ),
    }
)


def kind_of(name: str) -> Kind:
    """The documented kind of that name. Raises FactError when there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise FactError("fact.unknown_kind", kind=_shown(name)) from None


def require_stated_by(role: str, kinds: Iterable[str]) -> None:
    """Whoever has the role of that name must be one of those who state facts of these kinds. Raises FactError."""
    for kind in map(kind_of, kinds):
        if not kind.may_be_stated_by(role):
            known = ROLES.get(role)
            raise FactError(
                "facts.kind_not_yours", title=kind.title, role=known.title if known else role, others=_stating(kind)
            )  # fmt: skip


def _stating(kind: Kind) -> Text:
    """Those who state a kind, in the order of the roles."""
    titles = [role.title for role in ROLES.values() if kind.may_be_stated_by(role.name)]
    return format_lazy(" / ".join("{}" for _title in titles), *titles)


def checked(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the form in which the ledger keeps them. Raises FactError naming the field that is wrong."""
    known = {field.name for field in kind.fields}
    for name in values:
        if name not in known:
            raise FactError("fact.unknown_field", field=_shown(name), kind=kind.name, name=_shown(name))
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


def plausible_at(kind: Kind, values: Mapping[str, Any], start: int, end: int, now: int) -> None:
    """Refuse right values that are implausible when they are stated at ``now``. Raises FactError."""
    plausible.timely(kind, start, now)
    if kind.check is not None:
        kind.check(values, start, end, now)


def sound(text: str) -> bool:
    """Whether a text can be stored and shown: without NUL and without halves of characters."""
    return (text.isascii() and "\0" not in text) or _encodable(text)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _shown(value: Any) -> str:
    """A value as a message can repeat it: not too long, and nothing in it that cannot be shown."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return text.encode(errors="replace").decode().replace("\0", "?")


def _wrong(field: Field, value: Any) -> FactError:
    return FactError("fact.wrong_value", field=field.name, value=_shown(value), title=field.title)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS or not sound(value):
        raise _wrong(field, value)
    return value


def _number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(field, value)
    least = -MOST_NUMBER if field.least is None else field.least
    most = MOST_NUMBER if field.most is None else field.most
    if not least <= value <= most:  # so that what is no number is refused too: it compares with nothing
        raise _wrong(field, value)
    return value


def _whole(field: Field, value: Any) -> int:
    if not isinstance(value, int) or not -MOST_WHOLE <= value <= MOST_WHOLE:
        raise _wrong(field, value)
    return int(_number(field, value))


def _moment(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not MINUS_INF <= value <= PLUS_INF:
        raise _wrong(field, value)
    return value


def _flag(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, value)
    return value


def _date(field: Field, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _wrong(field, value) from None


def _choice(field: Field, value: Any) -> str:
    if value not in field.choices:
        raise _wrong(field, value)
    return str(value)


def _list(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_ITEMS:
        raise _wrong(field, value)
    return [_text(field, item) for item in value]


def _id(field: Field, value: Any) -> str:
    try:
        return str(value if isinstance(value, UUID) else UUID(value))
    except (TypeError, ValueError, AttributeError):
        raise _wrong(field, value) from None


def _division(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not (value.isascii() and value.isdecimal()) or len(value) not in (6, 9, 12):
        raise _wrong(field, value)
    return value


_CHECKS: dict[str, FieldCheck] = {
    "text": _text, "number": _number, "whole": _whole, "flag": _flag, "moment": _moment, "date": _date,
    "choice": _choice, "list": _list, "subject": _id, "division": _division, "fact": _id,
}  # fmt: skip
