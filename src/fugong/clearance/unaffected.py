"""Facts that change nobody's clearance, for certain: a normal temperature of somebody who has no fever.

A renewal that isn't needed is skipped, exactly (``core.protocol.monotone``): where all that new facts can do is to let
requirements hold that hold already, from the facts' first instant for ever, everything stays as it is stored.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.clearance.evaluation import Force
from fugong.clearance.models import PERMISSIONS
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.door import NOTHING
from fugong.core.protocol.monotone import Growth, growth
from fugong.core.protocol.pack import Pack
from fugong.core.protocol.steps import bits_of
from fugong.ledger.services import NewFact
from fugong.ledger.validation import checked, interval, kind_of

Stored = Mapping[str, tuple[list[int], list[int]]]
"""For each permission the moments and masks of one worker."""
_ALWAYS = "employment"
"""Whoever is hired gets stored clearances, whatever the packs read."""


def unaffected(facts: Sequence[NewFact], among: Collection[UUID], forces: Sequence[Force]) -> set[UUID]:
    """Those of the workers for whom the facts, which were just added, change nothing that is stored.

    The caller holds the workers' locks, and what is stored of them is what was right before these facts.
    """
    changing = {fact.subject for fact in facts if fact.supersedes or fact.withdrawn or fact.kind == _ALWAYS}
    workers = sorted(set(among) - changing)
    if not workers:
        return set()
    lanes = {worker: lane for lane, worker in enumerate(workers)}
    raw = [_raw(fact, lanes[fact.subject]) for fact in facts if fact.subject in lanes]
    packs = list(dict.fromkeys(force.pack for force in forces))
    grown = {pack: growth(pack, raw, len(workers)) for pack in packs}
    candidates = [worker for worker in workers if all(grown[pack][lanes[worker]] is not None for pack in packs)]
    stored = _stored(candidates)
    return {
        worker for worker in candidates
        if len(stored.get(worker, ())) == len(PERMISSIONS)
        and all(_holds_already(grown[force.pack][lanes[worker]], force, stored[worker]) for force in forces)
    }  # fmt: skip


def leaves(facts: Sequence[NewFact], forces: Sequence[Force], stored: Stored) -> bool:
    """The same for one worker whose step functions are at hand: whether new facts change nothing that is stored."""
    if len(stored) != len(PERMISSIONS) or any(one.supersedes or one.withdrawn or one.kind == _ALWAYS for one in facts):
        return False
    try:
        grown = {force.pack: _grown_alone(force.pack, _key(force.pack, facts)) for force in forces}
    except TypeError:  # a list among the values
        return False
    return all(_holds_already(grown[force.pack], force, stored) for force in forces)


_Key = tuple[tuple[str, int, int, tuple[tuple[str, Any], ...]], ...]


def _key(pack: Pack, facts: Sequence[NewFact]) -> _Key:
    """The facts that a pack reads, as what they do is remembered by: nothing of them says whose they are."""
    raw = [_raw(fact, 0) for fact in facts if fact.kind in pack.own_kinds]
    return tuple((fact.kind, fact.start, fact.end, tuple(fact.values.items())) for fact in raw)


@lru_cache(maxsize=4096)
def _grown_alone(pack: Pack, facts: _Key) -> Growth | None:
    """What facts of one worker may let grow. At a door many have the same temperature at the same second."""
    raw = [RawFact(0, kind, start, end, dict(values)) for kind, start, end, values in facts]
    return growth(pack, raw, 1)[0]


def _raw(fact: NewFact, lane: int) -> RawFact:
    """The fact as it reads once it is stored."""
    kind = kind_of(fact.kind)
    return RawFact(lane, fact.kind, *interval(kind, fact.start, fact.end), checked(kind, fact.values))


def _stored(workers: Sequence[UUID]) -> dict[UUID, dict[str, tuple[list[int], list[int]]]]:
    """The step functions of workers; who was not renewed since there are any has none."""
    found: dict[UUID, dict[str, tuple[list[int], list[int]]]] = {}
    if not workers:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, permission, moments, failing FROM clearance_clearance "
            "WHERE worker_id = ANY(%s) AND moments IS NOT NULL",
            [list(workers)],
        )
        for worker, permission, moments, failing in cursor.fetchall():
            found.setdefault(worker, {})[permission] = moments, failing
    return found


def _holds_already(grown: Growth | None, force: Force, stored: Stored) -> bool:
    """Whether every formula that may grow holds in all of the force's time from that moment on, by what is stored."""
    if grown is None:
        return False
    for column, since in grown.items():
        first = max(since, force.start)
        if first >= force.end:
            continue
        for permission, bits in bits_of(force.pack)[column]:
            if any(mask == NOTHING or mask & bits for mask in _masks(*stored[permission], first, force.end)):
                return False
    return True


def _masks(moments: Sequence[int], masks: Sequence[int], first: int, end: int) -> Iterator[int]:
    """The masks from an instant on to before another one."""
    place = bisect_right(moments, first)
    yield masks[place - 1] if place else NOTHING
    yield from masks[place : bisect_left(moments, end)]
