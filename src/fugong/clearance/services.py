"""The only writes of clearance: adopting a protocol, and renewing stored clearances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from fugong.base.access import elevated
from fugong.base.copying import NULL, insert_lines
from fugong.clearance import evaluation
from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.derive import enclosing as enclosing_codes
from fugong.core.protocol.pack import load
from fugong.core.protocol.pack_model import Link
from fugong.core.time import IntervalSet, to_intervals
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.ledger.validation import interval, kind_of
from fugong.registry.models import Division

BATCH = 2_000
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """No progress to show."""


class Renewal:
    """What follows from new facts: the clearances of everybody whom they concern are renewed, in the same transaction.

    Whoever adds facts about a worker locks the worker. Whoever adds facts about somebody to whom workers' facts refer (an
    employer, a division) locks that subject and then those workers. Whoever adds a fact that refers to such a subject
    holds that subject against change. So of two transactions at once, the later one sees what the earlier one added.
    """

    @elevated("clearance")
    def locks(self, facts: Sequence[NewFact]) -> tuple[set[UUID], set[UUID]]:
        _hold_protocols(for_change=False)
        links = _links()
        return dependents(facts, links), _newly_referred_to(facts, links)

    @elevated("clearance")
    def appended(self, facts: Sequence[NewFact], locked: set[UUID], now: int, new_workers: Set[UUID]) -> None:
        kinds = evaluation.own_kinds(evaluation.in_force())
        concerned = {fact.subject for fact in facts if fact.kind in kinds or fact.kind == "employment"}
        # Somebody may have come to refer to a subject between the first look and its lock.
        following = dependents(facts, _links())
        ledger.lock(update=following - locked)
        renew(subjects=(concerned | following) - new_workers, now=now)
        _renew_new([fact for fact in facts if fact.subject in new_workers], concerned & new_workers, now)


_PROTOCOLS = 0x66_67_70  # held shared by whoever evaluates, exclusively by whoever changes which protocol is in force


def _hold_protocols(*, for_change: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if for_change else '_shared'}(%s)", [_PROTOCOLS])


def _links() -> set[Link]:
    return {link for force in evaluation.in_force() for link in force.pack.links}


def dependents(facts: Sequence[NewFact], links: set[Link]) -> set[UUID]:
    """Workers whose facts refer to those whom these facts are about, where a pack in force reads such facts."""
    found: set[UUID] = set()
    for link in links:
        subjects = {fact.subject for fact in facts if fact.kind == link.of}
        if subjects:
            found |= _referring(link, subjects)
    return found


def _referring(link: Link, subjects: set[UUID]) -> set[UUID]:
    kind, field = sql.Literal(link.kind), sql.Literal(link.field)
    if link.enclosing:
        query = sql.SQL(
            "SELECT f.subject_id FROM registry_division AS d JOIN ledger_fact AS f ON f.kind = {kind} "
            "AND f.values->>{field} LIKE regexp_replace(d.code, '(0000|00)$', '') || '%%' WHERE d.subject_id = ANY(%s)"
        )
        given: list[object] = list(subjects)
    else:
        query = sql.SQL("SELECT subject_id FROM ledger_fact WHERE kind = {kind} AND values->>{field} = ANY(%s)")
        given = [str(subject) for subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute(query.format(kind=kind, field=field), [given])
        return {row[0] for row in cursor.fetchall()}


def _newly_referred_to(facts: Sequence[NewFact], links: set[Link]) -> set[UUID]:
    fields = {(link.kind, link.field, link.enclosing) for link in links}
    named = {
        (str(fact.values[field]), enclosing)
        for kind, field, enclosing in fields
        for fact in facts
        if fact.kind == kind and fact.values.get(field)
    }
    codes = {code for name, enclosing in named if enclosing for code in enclosing_codes(name)}
    divisions = Division.objects.filter(code__in=codes).values_list("pk", flat=True) if codes else ()
    return {UUID(name) for name, enclosing in named if not enclosing} | set(divisions)


def renew(*, subjects: set[UUID] | Sequence[UUID], now: int, progress: Progress = _silent) -> int:
    """Evaluate the adopted protocols over the facts of the workers among ``subjects`` and store the result.

    The caller holds the workers' locks. Returns how many workers were renewed.
    """
    forces = evaluation.in_force()
    workers = _workers_among(subjects)
    for first in range(0, len(workers), BATCH):
        batch = workers[first : first + BATCH]
        facts, linked = evaluation.read(batch, forces)
        _store(batch, evaluation.clearances(forces, facts, linked, len(batch)), forces, now)
        progress(min(first + BATCH, len(workers)), len(workers))
    return len(workers)


def _renew_new(facts: Sequence[NewFact], workers: set[UUID], now: int) -> None:
    """The same for workers of whom there are no other facts than these: nothing is read again."""
    forces = evaluation.in_force()
    kinds = evaluation.own_kinds(forces)
    by_worker: dict[UUID, list[NewFact]] = {worker: [] for worker in workers}
    for fact in facts:
        if fact.kind in kinds and not fact.withdrawn:
            by_worker[fact.subject].append(fact)
    ordered = sorted(workers)
    for first in range(0, len(ordered), BATCH):
        batch = ordered[first : first + BATCH]
        own = [
            RawFact(lane, fact.kind, *interval(kind_of(fact.kind), fact.start, fact.end), fact.values)
            for lane, worker in enumerate(batch)
            for fact in by_worker[worker]
        ]
        _store(batch, evaluation.clearances(forces, own, evaluation.linked(own, forces), len(batch)), forces, now)


def _workers_among(subjects: set[UUID] | Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM registry_worker WHERE subject_id = ANY(%s) ORDER BY 1", [list(subjects)])
        return [row[0] for row in cursor.fetchall()]


_COLUMNS = "worker_id, permission, starts, ends, adoption_id, rests_on"


def _lines(workers: Sequence[UUID], sets: dict[str, IntervalSet], adoption: UUID | None, now: int) -> Iterator[str]:
    """A line for COPY for each worker and permission."""
    ids = [worker.hex for worker in workers]
    end = f"{adoption.hex if adoption else NULL}\t{now}"
    for permission in PERMISSIONS:
        nothing = f"\t{permission}\t{{}}\t{{}}\t{end}"
        spans = _spans(sets[permission])
        for lane, worker in enumerate(ids):
            if lane in spans:
                starts, ends = spans[lane]
                yield f"{worker}\t{permission}\t{{{starts}}}\t{{{ends}}}\t{end}"
            else:
                yield worker + nothing


def _spans(held: IntervalSet) -> dict[int, tuple[str, str]]:
    """The starts and the ends of each lane that has any, with commas between them."""
    found: dict[int, tuple[str, str]] = {}
    for lane, start, end in zip(*(array.tolist() for array in to_intervals(held)), strict=True):
        if lane in found:
            starts, ends = found[lane]
            found[lane] = f"{starts},{start}", f"{ends},{end}"
        else:
            found[lane] = str(start), str(end)
    return found


_REPLACE = (
    "ON CONFLICT (worker_id, permission) DO UPDATE SET starts = EXCLUDED.starts, ends = EXCLUDED.ends, "
    "adoption_id = EXCLUDED.adoption_id, rests_on = EXCLUDED.rests_on"
)
FEW = 100
"""Up to so many workers are stored without a temporary table, which would cost more than it saves."""


def _store(workers: Sequence[UUID], sets: dict[str, IntervalSet], forces: Sequence[evaluation.Force], now: int) -> None:
    """Replace the workers' rows: those that exist are updated, new ones copied in."""
    adoption = _stamp(forces, now)
    lines = _lines(workers, sets, adoption, now)
    with connection.cursor() as cursor:
        if len(workers) <= FEW:
            columns = [list(column) for column in zip(*(line.split("\t")[:4] for line in lines), strict=True)]
            cursor.execute(
                f"INSERT INTO clearance_clearance ({_COLUMNS}) "
                "SELECT worker::uuid, permission, starts::bigint[], ends::bigint[], %s, %s "
                "FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) "
                f"AS incoming (worker, permission, starts, ends) {_REPLACE}",
                [adoption, now, *columns],
            )
            return
    insert_lines("clearance_clearance", _COLUMNS, lines, then=_REPLACE)


def _stamp(forces: Sequence[evaluation.Force], now: int) -> UUID | None:
    """The adoption that is in force; before the first one, the last that is to come."""
    current = [force for force in forces if force.start <= now < force.end] or forces[-1:]
    return current[0].adoption if current else None


@transaction.atomic
def adopt(
    *, text: str, effective_from: int, now: int, actor: UUID | None = None, progress: Progress = _silent
) -> Adoption:
    """Bring a pack into force at an instant and re-evaluate everybody. Raises PackError for a wrong pack."""
    pack = load(text)
    _hold_protocols(for_change=True)
    adoption = Adoption.objects.create(
        pack=pack.id, version=str(pack.version), digest=pack.digest, text=text, effective_from=effective_from,
        recorded_at=now, actor_id=actor,
    )  # fmt: skip
    renew_everybody(now=now, progress=progress)
    return adoption


@transaction.atomic
def renew_everybody(*, now: int, progress: Progress = _silent) -> int:
    """Re-evaluate every worker, with all of them locked, in id order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_subject WHERE kind = 'worker' ORDER BY id FOR UPDATE")
        workers = [row[0] for row in cursor.fetchall()]
    return renew(subjects=workers, now=now, progress=progress)
