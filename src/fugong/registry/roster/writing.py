"""Writing what a roster changes, many rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from fugong.base import personal
from fugong.base.background import Progress, silent
from fugong.ledger import services as ledger
from fugong.registry import bulk
from fugong.registry.bulk import NewEmployment
from fugong.registry.documents import phone_digest
from fugong.registry.names import initials
from fugong.registry.roster.changes import Batch, WorkerChange


def write(
    batch: Batch, *, source: str, now: int, actor: UUID | None, evidence: str, progress: Progress = silent
) -> None:  # fmt: skip
    """Write workers, their present employments and their facts; clearances follow. The caller holds a transaction."""
    bulk.write_workers(batch.workers)
    bulk.write_employments(batch.employments)
    _change_workers(batch.worker_changes)
    _change_employments(batch.employment_changes)
    progress(0, 1)  # the clearances are what is left
    ledger.append(
        facts=batch.facts, source=source, now=now, actor=actor, evidence=evidence, ids_are_new=True,
        new_workers=frozenset(worker.id for worker in batch.workers), progress=progress,
    )  # fmt: skip


def _change_workers(changes: Sequence[WorkerChange]) -> None:
    if not changes:
        return
    phones = [change.phone for change in changes]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_worker AS w SET name = c.name, initials = c.initials, address = c.address, "
            "phone_encrypted = coalesce(c.encrypted, w.phone_encrypted), "
            "phone_digest = coalesce(c.digest, w.phone_digest), phone_tail = coalesce(c.tail, w.phone_tail) "
            "FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::text[]) "
            "AS c (worker, name, initials, address, encrypted, digest, tail) WHERE w.subject_id = c.worker",
            [
                [change.worker for change in changes],
                [change.name for change in changes],
                [initials(change.name) for change in changes],
                [change.address for change in changes],
                [personal.encrypt(phone) if phone else None for phone in phones],
                [phone_digest(phone) if phone else None for phone in phones],
                [personal.tail(phone) if phone else None for phone in phones],
            ],
        )


def _change_employments(changes: Sequence[NewEmployment]) -> None:
    """Employments of people who were known: changed where they have one here, else added."""
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_employment AS e SET fact_id = c.fact, workshop = c.workshop, post = c.post, "
            "badge = c.badge, start = c.start, active = true "
            "FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::text[]) "
            "AS c (worker, enterprise, fact, start, workshop, post, badge) "
            "WHERE e.worker_id = c.worker AND e.enterprise_id = c.enterprise RETURNING e.worker_id",
            [
                [change.worker for change in changes],
                [change.enterprise for change in changes],
                [change.fact_id for change in changes],
                [change.start for change in changes],
                [change.workshop for change in changes],
                [change.post for change in changes],
                [change.badge for change in changes],
            ],
        )
        here = {row[0] for row in cursor.fetchall()}
    bulk.write_employments([change for change in changes if change.worker not in here])
