"""From a parsed roster to the registry and the ledger: who is added, who changes, who stays as they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from uuid import UUID

from django.db import connection, transaction

from fugong.base.access import elevated
from fugong.base.background import Progress, part, silent
from fugong.base.copying import without_collection
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.tables import Finding, Layout, Parsed, Row
from fugong.base.tables.rows import locate
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry.imports.result import Result
from fugong.registry.models import Employment, Enterprise
from fugong.registry.roster import changes, writing
from fugong.registry.roster.known import Known, digests_of, known_people, read_facts

IMPORT_LOCK = 0x66_75_67_6F  # one import at a time: two at once end the same as one after the other
SOURCE = "roster"
"""The source of the facts of a roster, unless the caller knows better."""


@without_collection()
@transaction.atomic
def import_roster(
    *, enterprise: Enterprise, parsed: Parsed, now: int, source: str = SOURCE, actor: UUID | None = None,
    evidence: str = "", dry_run: bool = False, progress: Progress = silent,
) -> Result:  # fmt: skip
    """Take in all rows that are right. With ``dry_run`` nothing is written and the result says what would be.

    The result offers as leavers those who are employed here and not in the file; nobody is removed by inference.
    ``progress`` is told how many of how many rows are done.
    """
    one_at_a_time()
    rows = parsed.valid
    digests = digests_of(rows)
    people = known_people(enterprise, digests, actor)
    with elevated("somebody is hired again") if people.hired_again else nullcontext():
        if not dry_run:
            _lock(enterprise, list(people.known.values()))
        read_facts(enterprise, list(people.known.values()), source)
        batch = changes.Batch(enterprise.pk, now)
        findings = _Findings(parsed)
        for row, digest in zip(rows, digests, strict=True):
            person = people.known.get(digest)
            if person is None or findings.accept(row, person):
                batch.take(row, person, digest, claimed=digest in people.elsewhere)
        result = Result.of(
            parsed, added=batch.added, updated=batch.updated, unchanged=batch.unchanged, refused=findings.errors,
            doubtful=findings.warnings, missing=_missing(enterprise, people.known, parsed, actor),
        )  # fmt: skip
        if not dry_run:
            recorded_at = ledger.recorded_at(batch.facts, now)
            progress(len(rows) // 4, len(rows))
            writing.write(
                batch, source=source, now=recorded_at, actor=actor, evidence=evidence,
                progress=part(progress, len(rows), 1, 2),
            )  # fmt: skip
        progress(len(rows), len(rows))
    return result


def one_at_a_time() -> None:
    """Wait until no other import is under way; until the end of the transaction none begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _lock(enterprise: Enterprise, people: Sequence[Known]) -> None:
    """Lock those who are known before their facts are read, so that nobody else's fact is missed."""
    values = {"employer": str(enterprise.pk)}
    ledger.lock_for([NewFact(worker, "employment", 0, values) for worker in {person.worker for person in people}])


class _Findings:
    """What the registry finds wrong or doubtful in rows that are right by themselves."""

    def __init__(self, parsed: Parsed) -> None:
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self._layouts: dict[str, Layout] = {layout.sheet: layout for layout in parsed.layouts}
        self._seen: dict[UUID, Row] = {}

    def accept(self, row: Row, person: Known) -> bool:
        """Whether the row may go in; what there is to say about it is kept."""
        fault = changes.doubt(row, person)
        first = self._seen.setdefault(person.worker, row)
        if first is not row and (fault is None or fault.warning):
            fault = Fault("roster.same_person", field="document_number", sheet=first.sheet, row=first.row)
        if fault is None:
            return True
        finding = locate(fault, self._layouts[row.sheet], row.row)
        (self.warnings if fault.warning else self.errors).append(finding)
        return fault.warning


def _missing(enterprise: Enterprise, people: dict[bytes, Known], parsed: Parsed, actor: UUID | None) -> list[UUID]:
    """Who is employed here and not named in the file, not even in a row in error (by document or by name)."""
    if not parsed.rows:
        return []
    in_error = [row for row in parsed.rows if row.errors]
    with_document = [row for row in in_error if row.values.get("document") is not None]
    seen = {person.worker for person in people.values()}
    seen |= {person.worker for person in known_people(enterprise, digests_of(with_document), actor).known.values()}
    active = Employment.objects.filter(enterprise=enterprise, active=True).exclude(
        worker__name__in={row.values["name"] for row in in_error if row.values.get("name")}
    )
    return sorted(set(active.values_list("worker_id", flat=True)) - seen)


@transaction.atomic
def end_employments(
    *, enterprise: Enterprise, workers: Sequence[UUID], at: int, reason: str, now: int, source: str = SOURCE,
    actor: UUID | None = None, evidence: str = "",
) -> int:  # fmt: skip
    """Leavers: their employment ends at a moment, by facts that supersede the open ones. Returns how many left.

    Whoever is not employed here (any more) is passed over.
    """
    one_at_a_time()
    wanted = Employment.objects.filter(enterprise=enterprise, worker_id__in=list(workers), active=True)
    values = {"employer": str(enterprise.pk)}
    ledger.lock_for([NewFact(worker, "employment", 0, values) for worker in wanted.values_list("worker_id", flat=True)])
    employments = list(wanted)
    facts = _employment_facts(enterprise, [employment.worker_id for employment in employments])
    ended = []
    for employment in employments:
        employment.active = False
        old = facts.get(employment.worker_id)
        if old is None or old.end <= at:  # taken back, or said to have ended: there is nothing to supersede
            continue
        new = NewFact(
            subject=old.subject_id, kind="employment", start=old.start, end=max(at, old.start + 1), values=old.values,
            id=uuid7(), supersedes=old.pk, reason=reason,
        )  # fmt: skip
        ended.append(new)
        assert new.id is not None
        employment.fact_id = new.id
    recorded_at = ledger.recorded_at(ended, now)
    ledger.append(
        facts=ended, source=source, now=recorded_at, actor=actor, evidence=evidence, ids_are_new=True
    )  # fmt: skip
    # Last, because from then on the leavers are out of the enterprise's sight.
    Employment.objects.bulk_update(employments, ["fact_id", "active"], batch_size=1_000)
    return len(employments)


def _employment_facts(enterprise: Enterprise, workers: Sequence[UUID]) -> dict[UUID, Fact]:
    """The latest standing fact of each worker's employment here: corrections may have put it under another id."""
    facts = standing().filter(subject_id__in=workers, kind="employment", values__employer=str(enterprise.pk))
    return {fact.subject_id: fact for fact in facts.order_by("start", "end", "recorded_at", "id")}
