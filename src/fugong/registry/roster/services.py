"""From a parsed roster to the registry and the ledger: who is added, who changes, who stays as they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from fugong.base.ids import uuid7
from fugong.base.tables import Finding, Parsed
from fugong.base.tables.rows import locate
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import bulk
from fugong.registry.imports.result import Result
from fugong.registry.models import Employment, Enterprise
from fugong.registry.roster import changes
from fugong.registry.roster.known import known_people

IMPORT_LOCK = 0x66_75_67_6F  # one roster at a time: two at once end the same as one after the other


@transaction.atomic
def import_roster(
    *, enterprise: Enterprise, parsed: Parsed, source: str, now: int, actor: UUID | None = None, dry_run: bool = False
) -> Result:
    """Take in all rows that are right. With ``dry_run`` nothing is written and the result says what would be.

    The result offers as leavers those who are employed here and not in the file; nobody is removed by inference.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    rows = parsed.valid
    people = known_people(enterprise, rows)
    batch = changes.Batch()
    refused: list[Finding] = []
    seen: set[UUID] = set()
    layouts = {layout.sheet: layout for layout in parsed.layouts}
    for row, person in zip(rows, people, strict=True):
        if person is not None:
            seen.add(person.worker)
            fault = changes.conflict(row, person)
            if fault is not None:
                refused.append(locate(fault, layouts[row.sheet], row.row))
                continue
        batch.take(row, person, enterprise.pk, now)
    result = Result.of(
        parsed, added=batch.added, updated=batch.updated, unchanged=batch.unchanged, refused=refused,
        missing=_missing(enterprise, seen, parsed),
    )  # fmt: skip
    if not dry_run:
        _write(batch, source=source, now=now, actor=actor)
    return result


def _missing(enterprise: Enterprise, seen: set[UUID], parsed: Parsed) -> list[UUID]:
    """Who is employed here and not named in the file; nobody, while rows in error might be theirs."""
    if not parsed.rows:
        return []
    in_error = known_people(enterprise, [row for row in parsed.rows if row.errors and "document" in row.values])
    seen = seen | {person.worker for person in in_error if person}
    active = Employment.objects.filter(enterprise=enterprise, active=True).values_list("worker_id", flat=True)
    return sorted(set(active) - seen)


def _write(batch: changes.Batch, *, source: str, now: int, actor: UUID | None) -> None:
    bulk.write_workers(batch.workers)
    for worker in batch.changed_workers:
        worker.save(update_fields=["name", "initials", "phone_encrypted", "phone_digest", "phone_tail", "address"])
    bulk.write_employments(batch.employments)
    for employment in batch.changed_employments:
        Employment.objects.update_or_create(
            worker_id=employment.worker, enterprise_id=employment.enterprise,
            defaults={
                "fact_id": employment.fact_id, "workshop": employment.workshop, "post": employment.post,
                "badge": employment.badge, "start": employment.start, "active": True,
            },
        )  # fmt: skip
    ledger.append(facts=batch.facts, source=source, now=now, actor=actor, ids_are_new=True)


@transaction.atomic
def end_employments(
    *, enterprise: Enterprise, workers: Sequence[UUID], at: int, reason: str, source: str, now: int,
    actor: UUID | None = None,
) -> int:  # fmt: skip
    """Leavers: their employment ends at a moment, by facts that supersede the open ones. Returns how many left."""
    from fugong.ledger.queries import standing

    employments = list(Employment.objects.filter(enterprise=enterprise, worker_id__in=list(workers), active=True))
    facts = {fact.pk: fact for fact in standing().filter(pk__in=[e.fact_id for e in employments])}
    ended = []
    for employment in employments:
        old = facts[employment.fact_id]
        new = NewFact(
            subject=old.subject_id, kind="employment", start=old.start, end=max(at, old.start + 1), values=old.values,
            id=uuid7(), supersedes=old.pk, reason=reason,
        )  # fmt: skip
        ended.append(new)
        employment.fact_id, employment.active = new.id, False
    Employment.objects.bulk_update(employments, ["fact_id", "active"])
    ledger.append(facts=ended, source=source, now=now, actor=actor, ids_are_new=True)
    return len(employments)
