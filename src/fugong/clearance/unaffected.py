"""Facts that change nobody's clearance, for certain: a normal temperature of somebody who has no fever.

A renewal that isn't needed is skipped, exactly (``core.protocol.monotone``): where all that new facts can do is to let
requirements hold that hold already, from the facts' first instant for ever, everything stays as it is stored.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection

from fugong.clearance.evaluation import Force
from fugong.clearance.models import PERMISSIONS
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.door import NOTHING
from fugong.core.protocol.monotone import Growth, growth
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
