"""What a door says: passed or refused, why in words without health content, and what can be put right on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.base import faults
from fugong.base.faults import Fault, declare
from fugong.clearance import evaluation
from fugong.core.protocol import door as deciding
from fugong.core.protocol.door import Colour, Needed
from fugong.core.protocol.pack import Pack
from fugong.core.text import Text

Direction = Literal["in", "out"]
Outcome = Literal["passed", "refused"]

PERMISSION = "enter"

NOT_ON_LIST, NO_PROTOCOL, NO_CLEARANCE = "door.not_on_list", "door.no_protocol", "door.no_clearance"
FEVER, NO_TEMPERATURE, MASK, GLOVES = "door.fever", "door.no_temperature", "door.mask", "door.gloves"
"""The door's own reasons. A requirement of the pack is its own code: pack names have no dots.

``door.not_employed`` stands in checks of earlier versions: today, who is not on a door's list leaves no fact.
"""

SAID = {
    NOT_ON_LIST: _("Not on this door's list: ask for their papers, and send them to the registration desk."),
    "door.not_employed": _("Not on this enterprise's list. Please go to the registration desk."),
    NO_PROTOCOL: _("No entry rules are in force yet. Please call the town's office."),
    NO_CLEARANCE: _("No clearance is on record. Please go to the registration desk."),
    FEVER: _("Please go to the health point to be measured again."),
    NO_TEMPERATURE: _("Please have your temperature taken."),
    MASK: _("Please put on a mask."),
    GLOVES: _("Please put on gloves."),
    deciding.IMPLAUSIBLE: _("That can't be right: measure again."),
    deciding.FEVER_CONFIRMED: _("Please go to the health point."),
    deciding.WAIT: _("It is too early for the second measurement."),
    deciding.UNWELL: _("Please go to the health point."),
    "door.stale": _("This device's list is too old to let anybody in."),
    "door.revoked": _("This device was revoked."),
    "door.clock": _("This device's clock has run backwards."),
    "door.not_stored": _("The check could not be stored on this device."),
    "door.refused_here": _("Refused here a short while ago; the list doesn't know more yet."),
    "door.pass_revoked": _("This pass was revoked."),
    "door.pass_expired": _("This pass has expired."),
    "door.pass_forged": _("This pass is not genuine."),
    "door.pass_unreadable": _("This pass can't be read."),
    "door.visitor_answers": _("Please go to the health point."),
}
"""What a door says by each reason of its own: on its pages, in its app, and to programs."""

declare(SAID)
USUAL = (36.3, 36.5, 36.7)
"""Temperatures of one key, in ℃."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a door refuses: a stable code for the record, and a sentence that may be read out before a queue."""

    code: str
    message: Text


@dataclass(frozen=True, slots=True)
class Decision:
    """What a door decided about a worker at a moment.

    ``until`` is the end of a permission that holds (None: open), ``earliest`` when a refused one will hold by itself
    (None: not without something new). ``asks`` says what can be put right on the spot, of ``temperature``, ``mask``,
    ``gloves`` and ``register``.
    """

    id: UUID
    door: UUID
    worker: UUID
    direction: Direction
    outcome: Outcome
    colour: Colour
    at: int
    until: int | None
    earliest: int | None
    reasons: tuple[Reason, ...]
    asks: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the worker may go through."""
        return self.outcome == "passed"


def of_fact(check: UUID, worker: UUID, at: int, values: Mapping[str, Any], pack: Pack | None) -> Decision:
    """The decision that a ``door_check`` fact records, in the words of the pack that was then in force."""
    codes = values.get("reasons", [])
    colour = values.get("colour", "green" if values["outcome"] == "passed" else "red")  # none stands in earlier checks
    return Decision(
        id=check, door=UUID(values["door"]), worker=worker, direction=values["direction"], outcome=values["outcome"],
        colour=colour, at=at, until=values.get("until"), earliest=values.get("earliest"), reasons=_reasons(codes, pack),
        asks=deciding.asks_for(codes, needed(pack)),
    )  # fmt: skip


def needed(pack: Pack | None) -> tuple[Needed, ...]:
    """What a pack asks of whoever goes in; nothing where it says nothing of it."""
    return (deciding.needed(pack, PERMISSION) if pack else None) or ()


def _reasons(codes: Sequence[str], pack: Pack | None) -> tuple[Reason, ...]:
    """One reason a sentence: several requirements may send people to the same place."""
    by_sentence: dict[Text, Reason] = {}
    for code in codes:
        message = message_of(code, pack)
        by_sentence.setdefault(message, Reason(code, message))
    return tuple(by_sentence.values())


def message_of(code: str, pack: Pack | None = None) -> Text:
    """What a reason says, in both languages, by the pack in force."""
    if pack and code in pack.requirements:
        return pack.requirements[code].door_message
    if code not in faults.codes():  # of a later version of a device, or of a pack that is not in force any more
        return Text(code, code)
    fault = Fault(code)
    return Text(fault.in_language("zh-hans"), fault.in_language("en"))


def words(code: str) -> str:
    """What a door says by a reason of its own, in the language of the page."""
    return Fault(code).message


def meanings(codes: set[str]) -> dict[str, str]:
    """What the reasons of checks mean, by code: a door's own, and the requirements of the packs that were ever in force."""
    known = {code: words(code) for code in codes & faults.codes()}
    if codes <= known.keys():
        return known
    language = get_language() or "zh-hans"
    for force in evaluation.in_force():
        for code in codes - known.keys():
            if code in force.pack.requirements:
                known[code] = force.pack.requirements[code].title.text(language)
    return known
