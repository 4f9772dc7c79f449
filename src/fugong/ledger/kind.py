"""What a fact kind is made of: its values, who may state it, and what is plausible. The list is in ``kinds``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fugong.base.faults import Fault, Text

SubjectKind = Literal["worker", "enterprise", "site", "division", "team"]
Shape = Literal["event", "state"]
FieldType = Literal[
    "text", "number", "whole", "flag", "moment", "date", "choice", "list", "subject", "division", "fact"
]

TOWN = frozenset({"town_administrator"})
"""Roles that may state what only the town says. Whoever has the command line acts for the town."""
EMPLOYERS = TOWN | {"enterprise_clerk"}
"""Roles that may state what an enterprise says of its own people and of itself."""
VISITORS = EMPLOYERS | {"service_team_member"}
"""Roles that may state what a service team hears on its visits."""
CREWS = EMPLOYERS | {"dispatcher"}
"""Roles that may state what is seen of those who arrive. Deputies state nothing: they approve what others state."""
PLANNERS = TOWN | {"dispatcher"}
"""Roles that may state who travels when, and who sat beside whom."""
DOORS = TOWN | {"guard", "door_device"}
"""Roles that may state what is seen at a door."""


class FactError(Fault):
    """A fact that the ledger refuses; ``field`` names the value that is wrong."""


Check = Callable[[Mapping[str, Any], int, int, int], None]
"""``check(values, start, end, now)`` raises FactError when right values are implausible together, or at ``now``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One raw value of a fact: its name, its type, and, for a choice, what may stand there."""

    name: str
    type: FieldType
    title: Text
    required: bool = False
    choices: tuple[str, ...] = ()
    refers_to: SubjectKind | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One fact kind: about whom, an event (one second) or a state (from-to), its values, its purpose and its evidence.

    ``stated_by`` are the roles that may state it. ``ahead``: it may begin in the future, because somebody plans or
    decides it; what is measured, seen or reported can't. ``by_roster``: it is stated by rosters only, which keep the
    registry in step. ``check`` is what must be plausible beyond the single values. ``in_protocols``: a protocol may
    derive something from it.
    """

    name: str
    subject: SubjectKind
    shape: Shape
    title: Text
    purpose: Text
    evidence: Text
    fields: tuple[Field, ...] = ()
    stated_by: frozenset[str] = TOWN
    ahead: bool = False
    by_roster: bool = False
    check: Check | None = None
    in_protocols: bool = True

    def may_be_stated_by(self, role: str) -> bool:
        """Whether somebody with the role of that name may state facts of this kind."""
        return role in self.stated_by
