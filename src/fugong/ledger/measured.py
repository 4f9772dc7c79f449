"""Which facts are measurements: they act at once, whatever they take from whomever.

Everything else is administrative: somebody decides it, and what one person may take from others by deciding alone is
limited (``clearance.gate``). A kind alone doesn't say which it is: a clerk who types temperatures for a thousand people
measures nobody. So it goes by the kind and by how it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fugong.base.models import User
from fugong.ledger.services import Stating

DOOR = "door"
"""The source of what doors state: one check of somebody who stands there."""
MEDIC = "observation_medic"
SAMPLERS = "sampling_staff"
LABORATORY = "test"
AT_DOORS = frozenset({"temperature", "register", "identity_check", "door_check", "door_override"})
MEASURABLE = AT_DOORS | {LABORATORY}
"""Kinds that are measurements when they come in the right way."""


@dataclass(frozen=True, slots=True)
class Way:
    """How facts came: from which source, and stated in which role. ``own`` is the worker who speaks for themselves."""

    source: str
    role: str = ""
    own: UUID | None = None


def way_of(by: Stating) -> Way:
    """How the facts that somebody states come; whoever has the command line has no role."""
    if by.source == DOOR or by.actor is None:
        return Way(by.source)
    role, scope = User.objects.values_list("role_name", "scope_id").get(pk=by.actor)
    return Way(by.source, role, scope if role == "worker" else None)


def acts_at_once(kind: str, subject: UUID, way: Way) -> bool:
    """Whether a new fact of this kind about somebody is a measurement, by how it came.

    * A laboratory's result never waits when those who take the samples hand it in, by whichever way. Where somebody else
      says what a laboratory found, nobody knows that one did: 1,317 results could be one official's.
    * What a door states was seen there, of one person at a time: it never waits.
    * A register is a measurement when it is the person's own statement.
    * A temperature is one when a medic at an observation site states it: of all who may (``ledger.kinds``), guards and
      doors state it at doors; clerks, dispatchers and the town's administrators pass on what others have written down.

    All other kinds are decided, also symptoms, vaccinations and supplies. What is replaced or taken back:
    ``clearance.gate.administrative``.
    """
    if kind == LABORATORY:
        return way.role == SAMPLERS
    if way.source == DOOR:
        return kind in AT_DOORS
    if kind == "register":
        return way.own == subject
    return kind == "temperature" and way.role == MEDIC
