"""From the ledger to interval sets and step functions: reads workers' facts and evaluates the adopted packs over them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.base.access import elevated
from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.core.protocol.derive import RawFact, derive, references
from fugong.core.protocol.pack import Pack, load
from fugong.core.protocol.steps import InForce, Standing, StepSet, needed_kinds, standing, steps
from fugong.core.time import PLUS_INF
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
def _pack(digest: str) -> Pack:
    """A pack by the digest of its text; adoptions are never changed, so neither is what a digest means."""
    text = Adoption.objects.filter(digest=digest, suspends=None).values_list("text", flat=True)[0]
    return load(text, name=digest[:8])


@dataclass(frozen=True, slots=True)
class Proposed:
    """An adoption that is only proposed: a pack from an instant on, or the suspension of what is adopted."""

    start: int
    pack: Pack | None = None
    suspends: UUID | None = None


def in_force(known_at: int = PLUS_INF, proposed: Proposed | None = None) -> list[Force]:
    """The adopted packs in the order in which they are in force: at each instant the last one that is not suspended then.

    A pack is in force more than once where another one came after it and was suspended. With ``proposed``, as it would be.
    """
    with connection.cursor() as cursor:  # asked with every fact
        cursor.execute(
            "SELECT id, digest, effective_from, suspends_id FROM clearance_adoption WHERE recorded_at <= %s "
            "ORDER BY effective_from, recorded_at, id",
            [known_at],
        )
        rows: list[tuple[UUID, Pack | str, int, UUID | None]] = cursor.fetchall()
    if proposed is not None:
        rows.append((UUID(int=0), proposed.pack or "", proposed.start, proposed.suspends))
        rows.sort(key=lambda row: row[2])
    stack: list[tuple[UUID, Pack | str]] = []
    suspended: set[UUID] = set()
    segments: list[tuple[int, tuple[UUID, Pack | str] | None]] = []
    for pk, digest, start, suspends in rows:
        if suspends is None:
            stack.append((pk, digest))
        else:
            suspended.add(suspends)
        while stack and stack[-1][0] in suspended:
            stack.pop()
        segments.append((start, stack[-1] if stack else None))
    ends = [*(start for start, _top in segments), PLUS_INF][1:]
    return _joined([(top, start, end) for (start, top), end in zip(segments, ends, strict=True) if top and start < end])


def _joined(segments: Sequence[tuple[tuple[UUID, Pack | str], int, int]]) -> list[Force]:
    """Segments of the same adoption that follow each other are one."""
    forces: list[Force] = []
    for (pk, known), start, end in segments:
        if forces and forces[-1].adoption == pk and forces[-1].end == start:
            forces[-1] = replace(forces[-1], end=end)
        else:
            forces.append(Force(pk, _pack(known) if isinstance(known, str) else known, start, end))
    return forces


def force_at(moment: int, known_at: int = PLUS_INF) -> Force | None:
    """The pack that is in force at a moment, or None before the first."""
    return next((force for force in in_force(known_at) if force.start <= moment < force.end), None)


def read(workers: Sequence[UUID], forces: Sequence[Force], known_at: int = PLUS_INF) -> tuple[list[RawFact], Linked]:
    """What the packs in force read: the workers' standing facts, lane i for the i-th worker, and linked facts.

    Linked are the facts about those whom the workers' facts name (employers, sites, divisions), by that name.
    """
    lanes = {worker: lane for lane, worker in enumerate(workers)}
    own = [RawFact(lanes[subject], *rest) for subject, *rest in _select(workers, sorted(own_kinds(forces)), known_at)]
    return own, linked(own, forces, known_at)


def own_kinds(forces: Sequence[Force]) -> set[str]:
    """The kinds of the workers' own facts that the packs in force read."""
    return {kind for force in forces for kind in force.pack.own_kinds}


@elevated("linked facts")
def linked(own: Sequence[RawFact], forces: Sequence[Force], known_at: int = PLUS_INF) -> Linked:
    """The facts about those whom the workers' facts name, by that name."""
    packs = [force.pack for force in forces]
    named = {name for pack in packs for name in references(pack, own)}
    of = sorted({link.of for pack in packs for link in pack.links})
    return _linked(named, of, known_at)


def _linked(named: set[str], kinds: Sequence[str], known_at: int) -> Linked:
    """Facts about those who are named: divisions by their code, everybody else by their id."""
    codes = [name for name in named if name.isdigit()]
    keys = {UUID(name): name for name in named if not name.isdigit()}
    if codes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject_id, code FROM registry_division WHERE code = ANY(%s)", [codes])
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


def standings(
    forces: Sequence[Force], facts: Sequence[RawFact], linked: Mapping[str, Sequence[RawFact]], lanes: int
) -> dict[str, Standing]:
    """For each permission the step function of each worker, and when each has it, over all adopted packs."""
    known: dict[Pack, dict[str, StepSet]] = {}
    for force in forces:
        if force.pack not in known:
            derived = derive(force.pack, facts, lanes, linked, only=needed_kinds(force.pack))
            known[force.pack] = steps(force.pack, derived, lanes)
    within = [InForce(force.start, force.end, force.pack, known[force.pack]) for force in forces]
    return {permission: standing(within, permission, lanes) for permission in PERMISSIONS}
