"""What the pages of observation sites send, read leniently: what is missing is said by the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fugong.base import local
from fugong.base.typed import identifier_or_none
from fugong.observation.errors import ObservationError
from fugong.observation.services.rooms import NewRoom
from fugong.observation.services.rounds import Measured

Posted = Mapping[str, Any]


def moment(text: Any, otherwise: int) -> int:
    """A moment as ``<input type="datetime-local">`` sends it; ``otherwise`` where nothing was typed. Raises ObservationError."""
    typed = str(text or "").strip()
    if not typed:
        return otherwise
    try:
        return local.parse(typed)
    except ValueError:
        raise ObservationError("stay.moment", field="at") from None


def celsius(text: Any) -> float | None:
    """A temperature as people type it: ``36.7``, ``36,7``, ``367``. Raises ObservationError for what is none."""
    typed = str(text or "").strip().replace(",", ".").replace("，", ".").replace("。", ".").rstrip("℃ ")
    if not typed:
        return None
    try:
        value = float(typed)
    except ValueError:
        raise ObservationError("round.celsius", field="celsius", value=typed[:12]) from None
    if 250 <= value <= 450 and "." not in typed:
        value = value / 10
    return value


def number(text: Any) -> float:
    """A number of a disinfection. Raises ObservationError."""
    try:
        value = float(str(text or "").strip())
    except ValueError:
        raise ObservationError("cleaning.number", field="mg_per_litre") from None
    if not 0 <= value <= 100_000:
        raise ObservationError("cleaning.number", field="mg_per_litre")
    return value


def measured(sent: Any) -> Measured:
    """One entry of a round as the page sends it. Raises ObservationError."""
    if not isinstance(sent, dict):
        raise ObservationError("round.not_understood")
    entry, stay, at = identifier_or_none(sent.get("id")), identifier_or_none(sent.get("stay")), sent.get("at")
    value, symptoms = sent.get("celsius"), sent.get("symptoms")
    right = (
        entry is not None and stay is not None and isinstance(at, int) and not isinstance(at, bool)
        and (value is None or (isinstance(value, int | float) and not isinstance(value, bool)))
        and (symptoms is None or (isinstance(symptoms, list) and all(isinstance(one, str) for one in symptoms)))
    )  # fmt: skip
    if not right:
        raise ObservationError("round.not_understood")
    assert entry is not None
    assert stay is not None
    assert isinstance(at, int)
    listed = None if symptoms is None else tuple(dict.fromkeys(symptoms))
    return Measured(entry, stay, at, value, listed, sent.get("absent") is True)


def rooms(text: str) -> list[NewRoom]:
    """Rooms, one a line, in walking order: ``101``, ``102 2`` (two beds), ``103 F3 medical`` or ``医``, ``men``/``女``."""
    found = []
    for line in text.replace("，", " ").replace(",", " ").replace("\t", " ").splitlines():
        words = line.split()
        if words:
            found.append(_room(words[0], words[1:]))
    return found


def _room(name: str, words: list[str]) -> NewRoom:
    beds, floor, medical, sex = 1, 1, False, ""
    for word in words:
        plain = word.upper()
        if plain.isdigit():
            beds = min(int(plain), 12)
        elif plain.startswith("F") and plain[1:].isdigit():
            floor = min(int(plain[1:]), 200)
        elif plain in ("医", "MEDICAL"):
            medical = True
        elif plain in ("男", "MEN"):
            sex = "m"
        elif plain in ("女", "WOMEN"):
            sex = "f"
    return NewRoom(name, floor=floor, medical=medical, sex=sex, beds=tuple(str(n + 1) for n in range(beds)))
