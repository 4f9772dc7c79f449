"""Stored clearances are a cache: recompute them from the ledger and name every difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fugong.clearance import evaluation
from fugong.clearance.models import PERMISSIONS, Clearance
from fugong.clearance.services import BATCH, Progress
from fugong.core.time import lane
from fugong.registry.models import Worker

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored clearance that the ledger does not support: what is stored (None: nothing) and what would be right."""

    worker: UUID
    permission: str
    stored: Spans | None
    computed: Spans


def count() -> int:
    """How many workers there are to verify."""
    return Worker.objects.count()


def verify(progress: Progress) -> Iterator[Difference]:
    """Every difference between stored clearances and those that the ledger gives; none is good."""
    forces = evaluation.in_force()
    workers = list(Worker.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(workers), BATCH):
        batch = workers[first : first + BATCH]
        facts, linked = evaluation.read(batch, forces)
        computed = evaluation.clearances(forces, facts, linked, len(batch))
        stored = {
            (worker, permission): list(zip(starts, ends, strict=True))
            for worker, permission, starts, ends in Clearance.objects.filter(worker_id__in=batch).values_list(
                "worker_id", "permission", "starts", "ends"
            )
        }
        for number, worker in enumerate(batch):
            for permission in PERMISSIONS:
                right = lane(computed[permission], number)
                if stored.get((worker, permission)) != right:
                    yield Difference(worker, permission, stored.get((worker, permission)), right)
        progress(first + len(batch), len(workers))
