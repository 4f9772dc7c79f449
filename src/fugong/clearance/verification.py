"""Stored clearances are a cache: recompute them from the ledger and name every difference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from fugong.base.access import acting, as_system
from fugong.base.background import Progress
from fugong.clearance import evaluation
from fugong.clearance.models import PERMISSIONS, Clearance, Verification
from fugong.clearance.services import BATCH
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.steps import lane as lane_of
from fugong.core.time import lane
from fugong.registry.models import Worker

Spans = list[tuple[int, int]]
Pairs = list[tuple[int, int]]
"""Moments and masks."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored clearance that the ledger does not support: what is stored (None: nothing) and what would be right.

    ``same_steps``: whether at least the step function for doors is right.
    """

    worker: UUID
    permission: str
    stored: Spans | None
    computed: Spans
    same_steps: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    spans: Spans | None
    steps: Pairs | None


def count() -> int:
    """How many workers there are to verify."""
    return Worker.objects.count()


def verify_and_note(now: int) -> dict[str, int]:
    """Verify everybody and keep what it came to, in numbers. For the steward, daily; returns the numbers."""
    workers = count()
    differences = sum(1 for _difference in verify(lambda done, total: None))
    Verification.objects.create(at=now, workers=workers, differences=differences)
    return {"workers": workers, "differences": differences}


def latest() -> Verification | None:
    """What the last verification came to."""
    return Verification.objects.order_by("-at", "-pk").first()


def verify(progress: Progress) -> Iterator[Difference]:
    """Every difference between stored clearances and those that the ledger gives; none is good.

    Facts may come in meanwhile: each batch sees ledger and cache as of one moment. Inside a transaction of the caller's
    it is up to that transaction what the batches see.
    """
    done, last = 0, None
    with _as_of_one_moment():
        total = count()
    while batch := _batch(last):
        yield from _differences(batch)
        done, last = done + len(batch.workers), batch.workers[-1]
        progress(done, max(done, total))


@dataclass(frozen=True, slots=True)
class _Batch:
    """What there is to know of some workers, as of one moment."""

    workers: list[UUID]
    forces: list[evaluation.Force]
    facts: list[RawFact]
    linked: evaluation.Linked
    stored: dict[tuple[UUID, str], _Stored]


def _batch(last: UUID | None) -> _Batch | None:
    """The next workers in the order of their ids, or None after all of them."""
    with _as_of_one_moment():
        rest = Worker.objects.filter(pk__gt=last) if last else Worker.objects.all()
        workers = list(rest.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not workers:
            return None
        forces = evaluation.in_force()
        facts, linked = evaluation.read(workers, forces)
        rows = Clearance.objects.filter(worker_id__in=workers).values_list(
            "worker_id", "permission", "starts", "ends", "moments", "failing"
        )
        stored = {
            (worker, permission): _Stored(
                list(zip(starts, ends, strict=True)),
                None if moments is None or failing is None else list(zip(moments, failing, strict=True)),
            )
            for worker, permission, starts, ends, moments, failing in rows
        }
        return _Batch(workers, forces, facts, linked, stored)


@contextmanager
def _as_of_one_moment() -> Iterator[None]:
    """A transaction whose reads all see the same. Inside another one, which has read already, it cannot be set."""
    if connection.in_atomic_block:
        yield
        return
    with acting(as_system("clearance verify"), as_of_one_moment=True):
        yield


def _differences(batch: _Batch) -> Iterator[Difference]:
    computed = evaluation.standings(batch.forces, batch.facts, batch.linked, len(batch.workers))
    for number, worker in enumerate(batch.workers):
        for permission in PERMISSIONS:
            found = computed[permission]
            right, steps = lane(found.held, number), list(zip(*lane_of(found.steps, number), strict=True))
            stored = batch.stored.get((worker, permission), _Stored(None, None))
            if stored != _Stored(right, steps):
                yield Difference(worker, permission, stored.spans, right, stored.steps == steps)
