"""The only writes of clearance: adopting a protocol, and renewing stored clearances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from fugong.base.access import elevated
from fugong.base.background import Progress, silent
from fugong.base.copying import NULL, insert_lines
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.clearance import evaluation, gate
from fugong.clearance.deputies import is_approver
from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.clearance.rows import Rows, rows
from fugong.clearance.unaffected import unaffected
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.derive import enclosing as enclosing_codes
from fugong.core.protocol.pack import load
from fugong.core.protocol.pack_model import Link
from fugong.ledger import services as ledger
from fugong.ledger.measured import DOOR
from fugong.ledger.services import NewFact, Stating
from fugong.ledger.validation import interval, kind_of
from fugong.registry.models import Division

BATCH = 2_000


class Renewal:
    """What follows from new facts: the clearances of everybody whom they concern are renewed, in the same transaction.

    Whoever adds facts about a worker locks the worker. Whoever adds facts about somebody to whom workers' facts refer (an
    employer, a division) locks that subject and then those workers. Whoever adds a fact that refers to such a subject
    holds that subject against change. So of two transactions at once, the later one sees what the earlier one added.
    """

    @elevated("clearance")
    def locks(self, facts: Sequence[NewFact]) -> tuple[set[UUID], set[UUID]]:
        _hold_protocols(for_change=False)
        links = _links(evaluation.in_force())
        return dependents(facts, links), _newly_referred_to(facts, links)

    def begins(self, facts: Sequence[NewFact], by: Stating) -> None:
        if by.source != DOOR or any(fact.withdrawn for fact in facts):
            gate.one_at_a_time(by.actor)

    @elevated("clearance")
    def appended(
        self, facts: Sequence[NewFact], locked: set[UUID], now: int, new_workers: Set[UUID], by: Stating,
        progress: Progress,
    ) -> None:  # fmt: skip
        forces = evaluation.in_force()
        links = _links(forces)
        kinds = evaluation.own_kinds(forces) | {"employment"}
        concerned = {fact.subject for fact in facts if fact.kind in kinds}
        # Somebody may have come to refer to a subject between the first look and its lock.
        following = dependents(facts, links)
        ledger.lock(update=following - locked)
        known = (concerned | following) - new_workers
        same = unaffected(facts, known - following, forces)
        _stamp_again(same, forces, now)
        watched = gate.watching(facts, by, now, kinds | {link.of for link in links})
        new = concerned & new_workers
        renewed = renew(
            subjects=known - same, now=now, watch=watched.watch, forces=forces,
            progress=lambda done, total: progress(done, total + len(new)),
        )  # fmt: skip
        gate.judged(watched, by, now)
        if new_workers:
            _renew_new(
                [fact for fact in facts if fact.subject in new_workers], new, now, forces,
                lambda done, total: progress(renewed + done, renewed + total),
            )  # fmt: skip


PROTOCOLS = 0x66_67_70  # held shared by whoever evaluates, exclusively by whoever changes which protocol is in force


def _hold_protocols(*, for_change: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if for_change else '_shared'}(%s)", [PROTOCOLS])


def _links(forces: Sequence[evaluation.Force]) -> set[Link]:
    return {link for force in forces for link in force.pack.links}


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


def renew(
    *, subjects: set[UUID] | Sequence[UUID], now: int, progress: Progress = silent, watch: gate.Watch | None = None,
    forces: Sequence[evaluation.Force] | None = None,
) -> int:  # fmt: skip
    """Evaluate the adopted protocols over the facts of the workers among ``subjects`` and store the result.

    The caller holds the workers' locks. ``watch`` is told what the workers had before and have now; ``forces`` is what is
    in force, where the caller knows it. Returns how many workers were renewed.
    """
    if not subjects:
        return 0
    if forces is None:
        forces = evaluation.in_force()
    workers = _workers_among(subjects)
    for first in range(0, len(workers), BATCH):
        batch = workers[first : first + BATCH]
        found = computed(batch, forces)
        if watch is not None:
            watch.note(batch, found)
        _store(batch, found, forces, now)
        progress(min(first + BATCH, len(workers)), len(workers))
    return len(workers)


def computed(workers: Sequence[UUID], forces: Sequence[evaluation.Force]) -> Rows:
    """What these workers may by the ledger and these protocols."""
    facts, linked = evaluation.read(workers, forces)
    return rows(evaluation.standings(forces, facts, linked, len(workers)), len(workers))


def _renew_new(
    facts: Sequence[NewFact], workers: set[UUID], now: int, forces: Sequence[evaluation.Force], progress: Progress
) -> None:  # fmt: skip
    """The same for workers of whom there are no other facts than these: nothing is read again."""
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
        found = evaluation.standings(forces, own, evaluation.linked(own, forces), len(batch))
        _store(batch, rows(found, len(batch)), forces, now)
        progress(first + len(batch), len(ordered))


def _workers_among(subjects: set[UUID] | Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM registry_worker WHERE subject_id = ANY(%s) ORDER BY 1", [list(subjects)])
        return [row[0] for row in cursor.fetchall()]


_COLUMNS = "worker_id, permission, starts, ends, moments, failing, adoption_id, rests_on"
_KEPT = ("starts", "ends", "moments", "failing")


def _lines(workers: Sequence[UUID], found: Rows, adoption: UUID | None, now: int) -> Iterator[str]:
    """A line for COPY for each worker and permission."""
    end = f"{adoption.hex if adoption else NULL}\t{now}"
    for permission in PERMISSIONS:
        for worker, (starts, ends, moments, failing) in zip(workers, found[permission], strict=True):
            yield f"{worker.hex}\t{permission}\t{{{starts}}}\t{{{ends}}}\t{{{moments}}}\t{{{failing}}}\t{end}"


_REPLACE = (
    "ON CONFLICT (worker_id, permission) DO UPDATE SET "
    f"{', '.join(f'{name} = EXCLUDED.{name}' for name in (*_KEPT, 'adoption_id', 'rests_on'))}, "
    f"changed = CASE WHEN ({', '.join(f'clearance_clearance.{name}' for name in _KEPT)}) "
    f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in _KEPT)}) "
    "THEN pg_current_xact_id() ELSE clearance_clearance.changed END"
)
"""``changed`` is the transaction that last changed what somebody may, not the one that last found it unchanged."""
FEW = 100
"""Up to so many workers are stored without a temporary table, which would cost more than it saves."""


def _store(workers: Sequence[UUID], found: Rows, forces: Sequence[evaluation.Force], now: int) -> None:
    """Replace the workers' rows: those that exist are updated, new ones copied in."""
    adoption = _stamp(forces, now)
    lines = _lines(workers, found, adoption, now)
    with connection.cursor() as cursor:
        if len(workers) <= FEW:
            columns = [list(column) for column in zip(*(line.split("\t")[:6] for line in lines), strict=True)]
            cursor.execute(
                f"INSERT INTO clearance_clearance ({_COLUMNS}) SELECT worker::uuid, permission, starts::bigint[], "
                "ends::bigint[], moments::bigint[], failing::bigint[], %s, %s "
                "FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) "
                f"AS incoming (worker, permission, starts, ends, moments, failing) {_REPLACE}",
                [adoption, now, *columns],
            )
            return
    insert_lines("clearance_clearance", _COLUMNS, lines, then=_REPLACE)


def _stamp_again(workers: Set[UUID], forces: Sequence[evaluation.Force], now: int) -> None:
    """What is stored of workers is right by what is known now: nothing else changes."""
    if workers:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE clearance_clearance SET adoption_id = %s, rests_on = %s WHERE worker_id = ANY(%s)",
                [_stamp(forces, now), now, sorted(workers)],
            )


def _stamp(forces: Sequence[evaluation.Force], now: int) -> UUID | None:
    """The adoption that is in force; before the first one, the last that is to come."""
    current = [force for force in forces if force.start <= now < force.end] or forces[-1:]
    return current[0].adoption if current else None


class AdoptionError(Fault):
    """A protocol that cannot be adopted or suspended."""


declare(
    {
        "adoption.two": _(
            "A protocol is adopted, changed or suspended by two people. Propose it; somebody else agrees."
        ),
        "adoption.moment_taken": _("Another protocol comes into force at this very moment. Choose another one."),
        "adoption.suspended": _("This protocol is suspended already."),
        "adoption.not_begun": _("The protocol would be suspended before it begins. Choose a later moment."),
    }
)


@transaction.atomic
@elevated("a protocol is for everybody")
def adopt(
    *, text: str, effective_from: int, now: int, actor: UUID | None = None, approved_by: UUID | None = None,
    progress: Progress = silent, watch: gate.Watch | None = None,
) -> Adoption:  # fmt: skip
    """Bring a pack into force at an instant and re-evaluate everybody.

    ``actor`` proposed it and ``approved_by`` agreed; only the first one of an installation is one person's. Raises
    PackError for a wrong pack, AdoptionError otherwise.
    """
    pack = load(text)
    _hold_protocols(for_change=True)
    first = not Adoption.objects.exists()
    _require_two(first, actor, approved_by)
    if Adoption.objects.filter(effective_from=effective_from, suspends=None).exists():
        raise AdoptionError("adoption.moment_taken", field="effective_from")
    adoption = Adoption.objects.create(
        pack=pack.id, version=str(pack.version), digest=pack.digest, text=text, effective_from=effective_from,
        recorded_at=now, actor_id=actor, approved_by_id=approved_by, first=first,
    )  # fmt: skip
    renew_everybody(now=now, progress=progress, watch=watch)
    return adoption


@transaction.atomic
@elevated("a protocol is for everybody")
def suspend(
    *, adoption_id: UUID, effective_from: int, now: int, actor: UUID | None, approved_by: UUID | None,
    progress: Progress = silent, watch: gate.Watch | None = None,
) -> Adoption:  # fmt: skip
    """From an instant on, what was adopted before applies again, or nothing; re-evaluates everybody. Raises AdoptionError."""
    _hold_protocols(for_change=True)
    found = Adoption.objects.get(pk=adoption_id, suspends=None)
    _require_two(False, actor, approved_by)
    if Adoption.objects.filter(suspends=found).exists():
        raise AdoptionError("adoption.suspended")
    if effective_from < found.effective_from:
        raise AdoptionError("adoption.not_begun", field="effective_from")
    suspension = Adoption.objects.create(
        pack=found.pack, version=found.version, digest=found.digest, text="", effective_from=effective_from,
        recorded_at=now, actor_id=actor, approved_by_id=approved_by, suspends=found,
    )  # fmt: skip
    renew_everybody(now=now, progress=progress, watch=watch)
    return suspension


def _require_two(first: bool, actor: UUID | None, approved_by: UUID | None) -> None:
    """The first protocol of an installation may be an approver's alone, or the operator's; no deputy's."""
    alone = first and (actor is None or is_approver(User.objects.get(pk=actor)))
    if not alone and (approved_by is None or approved_by == actor):
        raise AdoptionError("adoption.two")


@transaction.atomic
@elevated("clearance of everybody")
def renew_everybody(*, now: int, progress: Progress = silent, watch: gate.Watch | None = None) -> int:
    """Re-evaluate every worker, with all of them locked, in id order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_subject WHERE kind = 'worker' ORDER BY id FOR UPDATE")
        workers = [row[0] for row in cursor.fetchall()]
    return renew(subjects=workers, now=now, progress=progress, watch=watch)


def renew_outdated(*, now: int) -> int:
    """After an upgrade: renew everybody, if there are clearances of a version that stored less. Returns how many were."""
    with elevated("clearance of everybody"), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM clearance_clearance WHERE moments IS NULL)")
        outdated = cursor.fetchone()[0]
    return renew_everybody(now=now) if outdated else 0
