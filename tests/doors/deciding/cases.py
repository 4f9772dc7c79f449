"""Ten thousand random cases: the shipped protocols, one after the other, over random lives; the same ones every time.

What is asked is asked at the ends of intervals, a second before and a second after; what is expected is what the naive oracle
says over the facts (`derived`, `naive`), which knows neither steps nor masks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from doors.deciding import naive, serving
from doors.deciding.derived import derived
from fugong.core.protocol import door as deciding
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.door import Steps
from fugong.core.protocol.pack import Pack, load, shipped
from fugong.core.time import PLUS_INF
from fugong.ledger.kinds import KINDS, Field
from packs.facts import DAY, DIVISIONS, HOUR, START

NUMBER = 10_000
GROUPS, LIVES, ENDS = 40, 12, 12
"""So many towns, people in each, and moments of each at which something changes; each moment thrice."""
LONG = 0.05
"""Of so many it is worked out until when and from when on, which takes long."""
DAYS = 12
ASKS = {
    "jinfeng-2020-03": {"no_fever": "temperature", "registered": "register"},
    "cn-2020-health-code": {"checked_in": "register"},
    "cn-2022-48h": {"no_fever": "temperature"},
}
"""What the shipped packs' requirements ask for, where they can be put right on the spot; written down by hand."""
GOOD = {
    "no_fever": naive.Good(("temperature.normal",), ("fever.latest",)),
    "registered": naive.Good(("registered",), ("register.unwell",)),
    "checked_in": naive.Good(("check_in.clean",), ("check_in.unclean",)),
}
"""What a good answer comes to at its very second, by requirement; written down by hand."""
PACKS = {name: load(text, name=name) for name, text in shipped().items()}
MEASURED = {
    "jinfeng-2020-03": (37.3, True, True, 600),
    "cn-2020-health-code": (37.3, True, False, None),
    "cn-2022-48h": (37.3, True, False, 600),
    "sg-2020-accesscode": (None, False, False, None),
    "cdc-2024-respiratory": (38.0, False, False, None),
}
"""Fever limit, mask, gloves, seconds to the second measurement; written down by hand."""


@dataclass(frozen=True)
class Case:
    """Somebody at a door. ``steps`` is what the server has stored, ``served`` what their snapshot says."""

    group: int
    steps: Steps
    served: list[Any]
    at: int
    direction: str
    measures: dict[str, Any]
    says: dict[str, Any]
    """Colour, reasons, what is asked; of some, until when and from when on."""
    person: naive.Person


@dataclass(frozen=True)
class Town:
    """Protocols in force one after the other: as the server has them, as a snapshot does, and as the oracle reads them."""

    forces: serving.Forces
    served: list[dict[str, Any]]
    rules: list[naive.Rule]

    def decided(self, case: Case) -> deciding.Answer:
        """What the server says."""
        forces = [deciding.force_of(one.pack, "enter", one.start, one.end) for one in self.forces]
        return deciding.decide(forces, case.steps, case.at, case.direction, serving.measures(case.measures))


@dataclass(frozen=True)
class Made:
    """All the cases, and their towns."""

    towns: list[Town]
    cases: list[Case]


@lru_cache(maxsize=1)
def made() -> Made:
    """The cases, made once."""
    towns, cases = [], []
    for number in range(GROUPS):
        chance = random.Random(f"doors {number}")
        town = _town(chance)
        towns.append(town)
        cases += list(_cases(number, town, chance))
    return Made(towns, random.Random("doors").sample(cases, NUMBER))


def _town(chance: random.Random) -> Town:
    names = chance.sample(sorted(PACKS), chance.choice([1, 2, 3]))
    first = START + chance.choice([-30, 2]) * DAY
    starts = [first, *sorted(START + chance.randrange(3 * DAY, DAYS * DAY) for _ in names[1:])]
    end = START + 11 * DAY if chance.random() < 0.2 and starts[-1] < START + 11 * DAY else PLUS_INF
    forces = serving.forces([(PACKS[name], start) for name, start in zip(names, starts, strict=True)], end)
    return Town(forces, serving.served(forces, "enter"), [rule(one.pack, one.start, one.end) for one in forces])


def rule(pack: Pack, start: int, end: int, permission: str = "enter") -> naive.Rule:
    """A shipped pack in force, as the oracle reads it."""
    asks = ASKS.get(pack.name, {})
    needs = (
        None
        if permission not in pack.permissions
        else tuple(
            naive.Needs(
                name, pack.requirements[name].effective, name in asks, asks.get(name), GOOD.get(name, naive.Good())
            )
            for name in pack.permissions[permission]
        )
    )
    limit, mask, gloves, second = MEASURED[pack.name]
    measured = {
        "fever_limit": limit, "mask": mask, "gloves": gloves, "second_measurement": second, "plausible": (34.0, 42.5)
    }  # fmt: skip
    return naive.Rule(start, None if end == PLUS_INF else end, needs, measured, pack.name)


def _cases(number: int, town: Town, chance: random.Random) -> Iterator[Case]:
    packs = [force.pack for force in town.forces]
    linked = _linked(packs, chance)
    lives = [_life(packs, lane, chance) for lane in range(LIVES)]
    since = [START + chance.randrange(-DAY, 5 * DAY) for _ in lives]
    stored = serving.steps(town.forces, lives, linked, "enter", since)
    for life, one, renewed in zip(lives, stored, since, strict=True):
        person = naive.Person({pack.name: naive.ByInstant(derived(pack, life, linked)) for pack in packs})
        for at in _instants(town, one.steps, person, renewed, chance):
            given = _measures(at, chance)
            direction = "out" if chance.random() < 0.01 else "in"
            ends = chance.random() < LONG
            says = naive.said(town.rules, person, at, direction, given, ends=ends)
            if not ends:
                del says["until"], says["earliest"]
            yield Case(number, one.steps, one.served, at, direction, given, says, person)


def _instants(
    town: Town, steps: Steps, person: naive.Person, since: int, chance: random.Random
) -> Iterator[int]:  # fmt: skip
    """Where the steps change or should, and some in between; a snapshot leaves out what was before ``since``."""
    ends = set(steps.moments)
    for rule in town.rules:
        ends |= {bound for bound in (rule.start, rule.end) if bound is not None}
        changes = person.oracles[rule.pack].later([one.formula for one in rule.needs or ()], since)
        ends |= set(chance.sample(sorted(changes), min(len(changes), ENDS // 3)))
    known = [end for end in sorted(ends) if since < end < START + 60 * DAY]
    for end in chance.sample(known, min(len(known), ENDS)):
        yield from (end - 1, end, end + 1)
    yield from (chance.randrange(since, START + (DAYS + 2) * DAY) for _ in range(2))


def _measures(at: int, chance: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if chance.random() < 0.95:
        given["celsius"] = chance.choice([36.5] * 8 + [37.2, 37.3, 38.4, 33.9])
    for thing in ("mask", "gloves"):
        if chance.random() < 0.97:
            given[thing] = chance.random() < 0.97
    if chance.random() < 0.7:
        given["register"] = {"well": chance.random() < 0.9}
    if chance.random() < 0.1:
        given["second_of"] = at - chance.choice([1, 599, 600, 601, 3_000])
    return given


def _life(packs: Sequence[Pack], lane: int, chance: random.Random) -> list[RawFact]:
    """Somebody of whom everything is in order, apart from a few things that may happen to anybody."""
    kinds = sorted({kind for pack in packs for kind in pack.own_kinds})
    life: list[RawFact] = []

    def add(kind: str, start: int, end: int | None = None, **values: Any) -> None:
        if kind in kinds:
            life.append(RawFact(lane, kind, start, start + 1 if end is None else end, values, f"{lane}-{len(life)}"))

    add("survey", START - 20 * DAY, whereabouts="local", test_required=False, well=True)
    add("employment", START - 20 * DAY, PLUS_INF, employer=f"e{chance.randint(1, 4)}", workshop="1")
    for day in range(
        -16 if "cn-2020-health-code" in {pack.name for pack in packs} and chance.random() < 0.3 else 0, DAYS
    ):
        morning = START + day * DAY - HOUR + chance.randrange(HOUR)
        if chance.random() < 0.96:
            add("register", morning, well=True)
        if chance.random() < 0.4:
            add("temperature", morning + 60, celsius=36.5, place="door")
        if chance.random() < 0.7:
            values = {"result": "negative", "method": "nucleic_acid"}
            add("test", morning, sampled_at=morning, reported_at=morning + 6 * HOUR, **values)
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3, 4])):
        life.append(_anything(chance.choice(kinds), lane, chance))
    return life


def _linked(packs: Sequence[Pack], chance: random.Random) -> dict[str, list[RawFact]]:
    kinds = {link.of for pack in packs for link in pack.links}
    linked: dict[str, list[RawFact]] = {}

    def add(about: str, kind: str, start: int, end: int, **values: Any) -> None:
        if kind in kinds:
            linked.setdefault(about, []).append(RawFact(0, kind, start, end, values, f"{about}-{kind}-{start}"))

    for number in range(1, 5):
        if chance.random() < 0.9:
            stop = START + chance.randrange(DAYS * DAY) if chance.random() < 0.3 else PLUS_INF
            add(f"e{number}", "resumption", START - 10 * DAY, stop, regime="filing")
            add(f"e{number}", "clearance_of_site", START - 10 * DAY, stop)
    for code in DIVISIONS:
        if chance.random() < 0.5:
            start = START + chance.randrange(-5 * DAY, DAYS * DAY)
            add(
                code,
                "risk_level",
                start,
                start + chance.choice([HOUR, 3 * DAY]),
                level=chance.choice(["high", "medium"]),
            )
    return linked


def _anything(kind: str, lane: int, chance: random.Random) -> RawFact:
    """A fact of a kind, with any of the values that the ledger keeps."""
    known = KINDS[kind]
    start = START + chance.randrange(-DAY, DAYS * DAY)
    values = {
        one.name: _value(one, chance)
        for one in known.fields
        if one.type != "moment" and (one.required or chance.random() < 0.5)
    }
    later = chance.choice([0, 2 * HOUR, 2 * DAY])
    values |= {one.name: start + i * later for i, one in enumerate([f for f in known.fields if f.type == "moment"])}
    end = start + 1
    if known.shape != "event":
        end = PLUS_INF if chance.random() < 0.5 else start + chance.choice([1, HOUR, DAY, 14 * DAY])
    return RawFact(lane, kind, start, end, values, f"{lane}-{kind}-{start}")


def _value(field: Field, chance: random.Random) -> Any:
    match field.type:
        case "choice":
            return chance.choice(sorted(field.choices))
        case "flag":
            return chance.random() < 0.5
        case "number" | "whole":
            return chance.choice([36.5, 37.2, 37.3, 37.9, 38.0, 39.5])
        case "list":
            return chance.choice([[], ["cough"], ["cough", "fever"]])
        case "subject":
            return f"e{chance.randint(1, 4)}"
        case "division":
            return chance.choice(DIVISIONS)
        case _:
            return "word"
