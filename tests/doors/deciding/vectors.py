"""Makes ``tests/doors/vectors/decisions.json``: ``NEW_VECTORS=1 pytest tests/doors/deciding``.

The file is for every program that decides at a door. ``worlds`` are small: protocols whose windows are seconds, so that the
naive oracle of the core's tests can say what holds at each of them. Each has its ``snapshot`` (``forces`` as served, and
``steps`` by person; null: nothing is stored of them), and its ``cases``: person, instant ``at``, ``direction``, ``measures``,
and what the door says. ``packs`` and ``facts`` are what the snapshot was made of, for whoever makes snapshots.

What a door says comes from the oracle over the facts (`naive`). The snapshot comes from the server's own functions: it is
the input, and if it were wrong, no case would fit it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doors.deciding import naive, serving
from doors.deciding.derived import derived
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.pack import Pack, load

FILE = Path(__file__).resolve().parents[1] / "vectors" / "decisions.json"
PACKS = Path(__file__).parent / "packs"
ZERO = 1_583_710_800
"""2020-03-09 07:40 in Fujian: the second 0 of the worlds."""
USUAL = {"celsius": 36.5, "mask": True, "gloves": True}
_EACH = 2
"""So many random measures at every instant of somebody."""

ASKS = {
    "no_fever": "temperature",
    "registered": "register",
    "twice": "register",
    "again": "register",
    "well_now": "register",
    "cool": "temperature",
}
GOOD = {
    "register": naive.Good(("registered", "register.filed"), ("register.unwell",)),
    "temperature": naive.Good(("temperature.normal", "temperature.taken"), ("fever.latest",)),
}
"""What the requirements of these packs ask for, and what a good answer comes to: written down here, not asked of the code
under test."""
LIVES: dict[str, list[tuple[int, str, dict[str, Any]]]] = {
    "fine": [(-50, "survey", {"whereabouts": "local", "test_required": False, "well": True}), (5, "arrival", {"mode": "bus"}),
             (10, "register", {"well": True}), (30, "register", {"well": True}), (55, "register", {"well": True}),
             (110, "register", {"well": True}), (250, "register", {"well": True}), (370, "register", {"well": True})],
    "fevered": [(-50, "survey", {"whereabouts": "local", "test_required": False, "well": True}), (20, "arrival", {"mode": "bus"}),
                (25, "register", {"well": True}), (28, "register", {"well": True}),
                (35, "temperature", {"celsius": 38.1, "place": "door"}), (47, "temperature", {"celsius": 36.6, "place": "door"}),
                (90, "temperature", {"celsius": 36.6, "place": "door"}), (95, "register", {"well": True}),
                (455, "temperature", {"celsius": 37.9, "place": "door"}), (500, "register", {"well": True}),
                (540, "temperature", {"celsius": 38.9, "place": "door"})],
    "unwell": [(-30, "survey", {"whereabouts": "local", "test_required": False, "well": True}), (0, "arrival", {"mode": "bus"}),
               (10, "register", {"well": False}), (40, "register", {"well": True}), (46, "contact", {}),
               (70, "register", {"well": True}), (420, "register", {"well": True}), (470, "register", {"well": False}),
               (520, "register", {"well": True}), (530, "register", {"well": False})],
    "late": [(60, "survey", {"whereabouts": "local", "test_required": False, "well": True}), (61, "register", {"well": True}),
             (65, "register", {"well": True}), (66, "arrival", {"mode": "bus"}), (66, "contact", {})],
    "blank": [],
}  # fmt: skip
"""What happened to each of them, in seconds of the world."""


@dataclass(frozen=True)
class World:
    """Protocols one after the other, and the people of whom something happened, with one of whom nothing is stored."""

    id: str
    packs: tuple[tuple[int, str], ...]
    people: tuple[str, ...]
    ends: int
    """At most so many of the moments at which something changes for somebody: a second before, then, and a second after."""

    def rules(self) -> list[naive.Rule]:
        """The protocols as the oracle reads them."""
        ends = [start for start, _name in self.packs[1:]]
        return [
            _rule(name, read(name), ZERO + start, None if end is None else ZERO + end)
            for (start, name), end in zip(self.packs, [*ends, None], strict=True)
        ]


WORLDS = (
    World("four", ((0, "seconds"), (300, "silent"), (360, "unmeasured"), (440, "once")), (*LIVES, "unknown"), 20),
    World("many", ((0, "many"),), ("fine", "unwell", "blank"), 4),
)


def read(name: str) -> Pack:
    """A pack of the worlds."""
    return load((PACKS / f"{name}.yaml").read_text(encoding="utf-8"), name=name)


def _rule(name: str, pack: Pack, start: int, end: int | None) -> naive.Rule:
    needs = None
    if "enter" in pack.permissions:
        needs = tuple(
            naive.Needs(one, found.effective, found.on_the_spot, ask, GOOD.get(ask or "", naive.Good()))
            for one in pack.permissions["enter"]
            for found, ask in [(pack.requirements[one], ASKS.get(one.rstrip("0123456789")))]
        )
    minutes = pack.door.second_measurement_minutes
    measured = {
        "fever_limit": pack.door.fever_limit, "plausible": pack.door.plausible, "mask": pack.door.mask,
        "gloves": pack.door.gloves, "second_measurement": None if minutes is None else 60 * minutes,
    }  # fmt: skip
    return naive.Rule(start, end, needs, measured, name)


def facts(person: str) -> list[RawFact]:
    """What happened to somebody."""
    return [
        RawFact(0, kind, ZERO + at, ZERO + at + 1, values, f"{person}-{number}")
        for number, (at, kind, values) in enumerate(LIVES.get(person, []))
    ]


def _person(world: World, name: str) -> naive.Person | None:
    if name not in LIVES:
        return None
    return naive.Person({
        pack: naive.BySecond(_near(derived(read(pack), facts(name), {}))) for _start, pack in world.packs
    })  # fmt: skip


def _near(known: naive.Facts) -> naive.Facts:
    for spans in known.values():
        assert all(bound is None or abs(bound - ZERO) < 2_000 for span in spans for bound in span), (
            "too far for the oracle"
        )
    return known


def _cases(world: World) -> Iterator[dict[str, Any]]:
    chance = random.Random(world.id)
    rules = world.rules()
    for name in world.people:
        person = _person(world, name)
        for at in _instants(world, rules, person, chance):
            for given in [dict(USUAL), *(_random(at, chance) for _ in range(_EACH))]:
                direction = "out" if chance.random() < 0.02 else "in"
                yield {
                    "person": name, "at": at, "direction": direction, "measures": given,
                    "says": naive.said(rules, person, at, direction, given),
                }  # fmt: skip


def _instants(
    world: World, rules: Sequence[naive.Rule], person: naive.Person | None, chance: random.Random
) -> list[int]:
    ends = {bound for rule in rules for bound in (rule.start, rule.end) if bound is not None}
    if person is not None:
        for rule in rules:
            if rule.needs is not None:
                changes = person.oracles[rule.pack].later([one.formula for one in rule.needs], ZERO - 60)
                ends |= {change for change in changes if rule.at(change)}
    some = chance.sample(sorted(ends), min(len(ends), world.ends))
    near = {end + by for end in some for by in (-1, 0, 1)}
    return sorted(near | {ZERO + chance.randint(-20, 620) for _ in range(4)})


def _random(at: int, chance: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if chance.random() < 0.9:
        given["celsius"] = chance.choice([36.5, 36.5, 36.5, 37.2, 37.3, 38.4, 33.9, 34.0, 42.5, 42.6])
    for thing in ("mask", "gloves"):
        if chance.random() < 0.9:
            given[thing] = chance.random() < 0.9
    if chance.random() < 0.6:
        given["register"] = {"well": chance.random() < 0.8}
    if chance.random() < 0.25:
        given["second_of"] = at - chance.choice([0, 1, 30, 59, 60, 61, 600])
    return given


def vectors() -> dict[str, Any]:
    """The whole file."""
    worlds = []
    for world in WORLDS:
        forces = serving.forces([(read(name), ZERO + start) for start, name in world.packs])
        people = [name for name in world.people if name in LIVES]
        steps = serving.steps(forces, [facts(name) for name in people], {}, "enter", since=None)
        worlds.append({
            "id": world.id,
            "packs": [{"name": name, "start": ZERO + start} for start, name in world.packs],
            "facts": {name: [[fact.kind, fact.start, fact.values] for fact in facts(name)] for name in people},
            "snapshot": {
                "forces": serving.served(forces, "enter"),
                "steps": {**dict.fromkeys(world.people), **{name: one.served for name, one in zip(people, steps, strict=True)}},
            },
            "cases": [{"id": f"{world.id}-{number}", **case} for number, case in enumerate(_cases(world))],
        })  # fmt: skip
    return {"about": "See tests/doors/deciding/vectors.py and docs/doors.md.", "worlds": worlds}


def written(found: Mapping[str, Any]) -> str:
    """The file's text: a line for each case."""
    lines = []
    for world in found["worlds"]:
        head = ",\n".join(f"  {_json(name)}: {_json(world[name])}" for name in ("id", "packs", "facts", "snapshot"))
        cases = ",\n".join(f"   {_json(case)}" for case in world["cases"])
        lines.append(f' {{\n{head},\n  "cases": [\n{cases}\n  ]\n }}')
    return f'{{"about": {_json(found["about"])}, "worlds": [\n' + ",\n".join(lines) + "\n]}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
