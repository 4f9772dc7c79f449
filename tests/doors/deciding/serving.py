"""Steps as clearance stores them and snapshots have them, by the functions that do so, for facts that stand in no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from fugong.clearance import evaluation, rows
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.door import Answer, Force, Measures, Needed, Rules, Steps
from fugong.core.protocol.pack import Pack
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.doors.snapshot import parts, people

Forces = Sequence[evaluation.Force]
LONG_AGO = MINUS_INF


@dataclass(frozen=True)
class Stored:
    """A step function as it is stored, and as a snapshot has it."""

    steps: Steps
    served: list[Any]


def forces(packs: Sequence[tuple[Pack, int]], end: int = PLUS_INF) -> list[evaluation.Force]:
    """Packs in force one after the other, each from a moment on."""
    starts = [start for _pack, start in packs]
    return [
        evaluation.Force(UUID(int=number), pack, start, stop)
        for number, ((pack, start), stop) in enumerate(zip(packs, [*starts[1:], end], strict=True))
    ]


def steps(
    forces: Forces, lives: Sequence[Iterable[RawFact]], linked: Mapping[str, Sequence[RawFact]], permission: str,
    since: Sequence[int] | None,
) -> list[Stored]:  # fmt: skip
    """The step function of each life. ``since``: when each was last renewed; None: before everything."""
    facts = [fact._replace(lane=lane) for lane, life in enumerate(lives) for fact in life]
    found = rows.rows(evaluation.standings(forces, facts, linked, len(lives)), len(lives))[permission]
    made = []
    for lane, row in enumerate(found):
        moments, masks = _array(row.moments), _array(row.failing)
        served = people.steps_of(moments, masks, LONG_AGO if since is None else since[lane])
        made.append(Stored(Steps(moments, masks), through_json(served)))
    return made


def served(forces: Forces, permission: str) -> list[dict[str, Any]]:
    """The protocols as a snapshot has them."""
    return [through_json(parts._force(force, permission)) for force in forces]


def through_json(part: Any) -> Any:
    """A part as a device reads it."""
    return json.loads(parts.written(part))


def _array(text: str) -> list[int]:
    """As PostgreSQL reads it."""
    return [int(number) for number in text.split(",")] if text else []


def measures(given: Mapping[str, Any]) -> Measures:
    """What was measured, as the server's function wants it."""
    register = given.get("register")
    return Measures(
        given.get("celsius"),
        given.get("mask"),
        given.get("gloves"),
        register and register["well"],
        given.get("second_of"),
    )


def read_forces(given: Sequence[Mapping[str, Any]]) -> list[Force]:
    """A snapshot's protocols, as the server's function wants them."""
    return [_read_force(one) for one in given]


def _read_force(given: Mapping[str, Any]) -> Force:
    rules, needs = given["rules"], given["requirements"]
    return Force(
        MINUS_INF if given["start"] is None else given["start"], PLUS_INF if given["end"] is None else given["end"],
        None if needs is None else tuple(Needed(one["name"], one["on_the_spot"], one["ask"]) for one in needs),
        Rules(rules["fever_limit"], tuple(rules["plausible"]), rules["mask"], rules["gloves"], rules["second_measurement"]),
    )  # fmt: skip


def read_steps(given: Sequence[Any] | None) -> Steps | None:
    """A snapshot's steps, as the server's function wants them."""
    if given is None:
        return None
    return Steps(
        [MINUS_INF if moment is None else moment for moment in given[::2]], [int(mask) for mask in given[1::2]]
    )


def said(found: Answer) -> dict[str, Any]:
    """An answer of the server's function, as a browser says it."""
    return {**asdict(found), "reasons": list(found.reasons), "asks": list(found.asks)}
