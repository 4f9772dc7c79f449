"""What must be plausible of a fact beyond its single values: whoever states it, and by whatever way it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import declare
from fugong.ledger.kind import FactError, Kind

TOLERANCE = 300
"""So far in the future, in seconds, a fact may begin that can't be planned: clocks of devices differ."""

declare(
    {
        "fact.future": _("“%(title)s” lies in the future. Correct the time, or state it when it has happened."),
        "fact.reported_before_sampled": _("A test cannot be reported before its sample was taken. Compare the two times."),
        "fact.override_without_words": _("Say in words why: “another reason” alone says nothing."),
        "fact.nothing_said": _("This answers nothing: say yes or no, a number, words, or which document."),
        "fact.well_with_symptoms": _("A register says either that the worker feels well, or which symptoms there are."),
    }
)  # fmt: skip


def timely(kind: Kind, start: int, now: int) -> None:
    """Refuse a fact in the future unless its kind can be planned. Raises FactError."""
    if start > now + TOLERANCE and not kind.ahead:
        raise FactError("fact.future", field="at" if kind.shape == "event" else "from", title=kind.title)


def test(values: Mapping[str, Any], start: int, end: int, now: int) -> None:
    """Sampled, then reported, and both before now."""
    for name, title in (("sampled_at", _("sampled at")), ("reported_at", _("reported at"))):
        if values[name] > now + TOLERANCE:
            raise FactError("fact.future", field=name, title=title)
    if values["reported_at"] < values["sampled_at"]:
        raise FactError("fact.reported_before_sampled", field="reported_at")


def register(values: Mapping[str, Any], start: int, end: int, now: int) -> None:
    """Well, or with symptoms."""
    if values["well"] and values.get("symptoms"):
        raise FactError("fact.well_with_symptoms", field="symptoms")


def override(values: Mapping[str, Any], start: int, end: int, now: int) -> None:
    """Another reason than those of the list is said in words."""
    if values["reason"] == "other" and not values.get("words", "").strip():
        raise FactError("fact.override_without_words", field="words")


def evidence(values: Mapping[str, Any], start: int, end: int, now: int) -> None:
    """Something is said of the item."""
    if all(values.get(name) in (None, "") for name in ("holds", "number", "text", "document")):
        raise FactError("fact.nothing_said", field="item")
