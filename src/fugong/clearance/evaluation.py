"""From the ledger to interval sets: reads workers' facts and evaluates the adopted packs over them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.core.protocol import evaluate
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.pack import Pack, load
from fugong.core.time import PLUS_INF, IntervalSet, empty, from_intervals, intersection, union
from fugong.ledger.queries import STANDING

Linked = dict[str, list[RawFact]]


@dataclass(frozen=True, slots=True)
class Force:
    """A pack and the time in which it is in force."""

    adoption: UUID
    pack: Pack
    start: int
    end: int


@lru_cache(maxsize=32)
def _pack(digest: str, text: str) -> Pack:
    return load(text, name=digest[:8])


def in_force(known_at: int = PLUS_INF) -> list[Force]:
    """The adopted packs in the order in which they come into force."""
    adoptions = list(Adoption.objects.filter(recorded_at__lte=known_at).order_by("effective_from"))
    ends = [*(adoption.effective_from for adoption in adoptions[1:]), PLUS_INF][: len(adoptions)]
    return [
        Force(adoption.pk, _pack(adoption.digest, adoption.text), adoption.effective_from, end)
        for adoption, end in zip(adoptions, ends, strict=True)
    ]


def force_at(moment: int, known_at: int = PLUS_INF) -> Force | None:
    """The pack that is in force at a moment, or None before the first."""
    return next((force for force in in_force(known_at) if force.start <= moment < force.end), None)


def kinds_read(forces: Sequence[Force]) -> list[str]:
    """The fact kinds that the packs read."""
    return sorted({kind for force in forces for kind in force.pack.raw_kinds})


def read(workers: Sequence[UUID], kinds: Sequence[str], known_at: int = PLUS_INF) -> tuple[list[RawFact], Linked]:
    """The workers' standing facts of these kinds, lane i for the i-th worker, and those about whom theirs refer to."""
    lanes = {worker: lane for lane, worker in enumerate(workers)}
    own = [RawFact(lanes[subject], *rest) for subject, *rest in _select(workers, kinds, known_at)]
    enterprises, sites, codes = set[str](), set[str](), set[str]()
    for fact in own:
        if fact.kind == "employment":
            enterprises.add(fact.values["employer"])
        elif fact.kind == "dormitory" and "site" in fact.values:
            sites.add(fact.values["site"])
        elif fact.kind == "stay":
            codes.update(_enclosing(fact.values["division"]))
    return own, _linked([UUID(text) for text in enterprises | sites], codes, kinds, known_at)


def _enclosing(code: str) -> Iterable[str]:
    """The codes of a division and of those that enclose it, six digits padded with zeros as GB/T 2260 has them."""
    yield code
    for length in (2, 4, 6, 9):
        if length <= len(code):
            yield code[:length].ljust(6, "0")


def _linked(subjects: list[UUID], codes: set[str], kinds: Sequence[str], known_at: int) -> Linked:
    keys = {subject: str(subject) for subject in subjects}
    if codes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject_id, code FROM registry_division WHERE code = ANY(%s)", [list(codes)])
            keys.update(cursor.fetchall())
    linked: Linked = defaultdict(list)
    for subject, *rest in _select(list(keys), kinds, known_at) if keys else ():
        linked[keys[subject]].append(RawFact(0, *rest))
    return dict(linked)


def _select(ids: Sequence[UUID], kinds: Sequence[str], known_at: int) -> list[tuple[Any, ...]]:
    """Subject, kind, start, end, values and id of the standing facts about some subjects."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT f.subject_id, f.kind, f.start, f."end", f.values, f.id::text FROM ledger_fact AS f '
            f"WHERE f.subject_id = ANY(%(ids)s) AND f.kind = ANY(%(kinds)s) AND {STANDING}",
            {"ids": list(ids), "kinds": list(kinds), "known_at": known_at},
        )
        return [(*row[:4], json.loads(row[4]), row[5]) for row in cursor.fetchall()]


def clearances(
    forces: Sequence[Force], facts: Sequence[RawFact], linked: Mapping[str, Sequence[RawFact]], lanes: int
) -> dict[str, IntervalSet]:
    """For each permission the instants at which each worker has it, over all adopted packs, each within its force."""
    result = {permission: empty() for permission in PERMISSIONS}
    for force in forces:
        derived = derive(force.pack, facts, lanes, linked)
        window = from_intervals(range(lanes), [force.start] * lanes, [force.end] * lanes)
        for permission in force.pack.permissions:
            held = evaluate(force.pack.permission_formula(permission), derived, lanes)
            result[permission] = union(result[permission], intersection(held, window))
    return result
