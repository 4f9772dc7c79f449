"""Meal shifts, tables and who eats where: the only writes. A seat is told as a ``canteen_seat`` fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.background import BATCH, Progress, silent
from fugong.base.ids import uuid7
from fugong.clearance.queries import operations
from fugong.ledger import queries as facts
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.premises.dormitories.services import lock_people
from fugong.premises.errors import PremisesError, constraint_of, refused
from fugong.premises.models import MealSeat, MealShift, Table
from fugong.premises.sites import By
from fugong.registry.models import Employment, Site

SOURCE = "canteen"
REASON = "no longer there"


@transaction.atomic
def add_shift(*, site: Site, name: str, starts: int, ends: int, now: int) -> MealShift:
    """Add a meal from ``starts`` to ``ends`` (minutes of the local day). Raises PremisesError where two would meet."""
    called = name.strip()
    between = operations(now).canteen.minutes_between
    if not called or len(called) > 32 or not 0 <= starts < ends <= 1440:
        raise PremisesError("canteen.shift", field="starts")
    taken = PremisesError("canteen.shift_taken", field="name")
    overlaps = PremisesError("canteen.shift_overlaps", field="starts", minutes=between)
    with refused("canteen.at_once", meal_shift_once=taken, canteen_has_one_shift_at_a_time=overlaps):
        return MealShift.objects.create(
            site=site, enterprise_id=site.enterprise_id, name=called, starts=starts, ends=ends, free_from=ends + between
        )


@transaction.atomic
def end_shift(*, shift: UUID, enterprise: UUID, now: int) -> None:
    """Serve a meal no more. Raises PremisesError while people have seats in it."""
    if MealSeat.objects.filter(shift=shift, enterprise=enterprise, end__gt=now).exists():
        raise PremisesError("canteen.in_use", field="shift")
    MealShift.objects.filter(pk=shift, enterprise=enterprise, ended_at=None).update(ended_at=now)


@transaction.atomic
def add_tables(*, site: Site, tables: Sequence[tuple[str, int]], now: int) -> list[Table]:
    """Add tables, by name and seats; how many of these may be taken at once is the pack's. Raises PremisesError."""
    if not tables or any(not name or len(name) > 16 or not 1 <= seats <= 200 for name, seats in tables):
        raise PremisesError("canteen.tables", field="tables")
    rule = operations(now).canteen
    known = set(Table.objects.filter(site=site).values_list("name", flat=True))
    for name, _seats in tables:
        if name in known:
            raise PremisesError("canteen.table_taken", field="tables", table=name)
        known.add(name)
    return Table.objects.bulk_create(
        Table(site=site, enterprise_id=site.enterprise_id, name=name, seats=seats, usable=rule.seats(seats))
        for name, seats in tables
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place: in a shift, at a table."""

    worker: UUID
    shift: UUID
    table: UUID


@transaction.atomic
def seat(*, seats: Sequence[Seat], by: By) -> list[UUID]:
    """Give people seats from now on; returns the rows' ids. Raises PremisesError, and then nobody gets one.

    What a list said before of where they eat ends now.
    """
    shifts = MealShift.objects.filter(ended_at=None).in_bulk({one.shift for one in seats})
    tables = Table.objects.filter(ended_at=None).in_bulk({one.table for one in seats})
    if any(one.shift not in shifts or one.table not in tables for one in seats):
        raise PremisesError("canteen.unknown", field="table")
    sites = {table.site_id for table in tables.values()}
    told = [NewFact(one.worker, "canteen_seat", 0, {"site": str(site)}) for one in seats for site in sites]
    locked = lock_people(told, by.actor)
    _lock_tables(tables)
    standing = facts.holding(by.now).filter(kind="canteen_seat", subject_id__in=[one.worker for one in seats])
    ending = [
        NewFact(
            fact.subject_id, "canteen_seat", fact.start, fact.values, end=by.now, id=uuid7(), supersedes=fact.pk,
            reason=REASON,
        )
        for fact in standing if fact.start < by.now
    ]  # fmt: skip
    said, rows = list[NewFact](), list[MealSeat]()
    for one in seats:
        table, shift = tables[one.table], shifts[one.shift]
        values = {"site": str(table.site_id), "table": table.name, "shift": shift.name}
        number = uuid7()
        said.append(NewFact(one.worker, "canteen_seat", by.now, values, id=number))
        rows.append(
            MealSeat(
                shift=shift, table=table, site_id=table.site_id, enterprise_id=table.enterprise_id, worker_id=one.worker,
                start=by.now, fact_id=number, actor_id=by.actor, changed_at=by.now,
            )
        )  # fmt: skip
    try:
        with transaction.atomic():
            MealSeat.objects.bulk_create(rows)
    except IntegrityError as error:
        raise _in_words(error, rows, by.now) from None
    _append([*ending, *said], by, locked)
    return [row.pk for row in rows]


def _lock_tables(tables: dict[UUID, Table]) -> None:
    list(Table.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=tables).order_by("pk"))


def _in_words(error: IntegrityError, rows: Sequence[MealSeat], now: int) -> PremisesError | IntegrityError:
    name = constraint_of(error)
    if name == "table_seats_so_many":
        wanted = Counter((row.table_id, row.shift_id) for row in rows)
        for row in rows:
            there = MealSeat.objects.filter(table=row.table_id, shift=row.shift_id, end__gt=now).count()
            if there + wanted[row.table_id, row.shift_id] > row.table.usable:
                return PremisesError(
                    "canteen.full", field="table", table=row.table.name, usable=row.table.usable, seats=row.table.seats
                )
    if name == "person_has_one_meal_seat_at_a_time":
        whose = [row.worker_id for row in rows]
        held = MealSeat.objects.filter(worker__in=whose, end__gt=now).select_related("worker").first()
        return PremisesError("canteen.seated", field="worker", name=held.worker.name if held else "…")
    if name == "meal_seat_at_its_site":
        return PremisesError("canteen.unknown", field="table")
    return PremisesError("canteen.at_once") if name == "table_seats_so_many" else error


@transaction.atomic
def unseat(*, seats: Sequence[UUID], by: By) -> None:
    """Take seats back from now on. Taking one back twice changes nothing."""
    whose = MealSeat.objects.filter(pk__in=seats, end__gt=by.now).values_list("worker", "site")
    told = [NewFact(worker, "canteen_seat", 0, {"site": str(site)}) for worker, site in whose]
    if not told:
        return
    locked = lock_people(told, by.actor)
    rows = list(MealSeat.objects.select_for_update(of=("self",)).filter(pk__in=seats, end__gt=by.now).order_by("pk"))
    standing = facts.standing().filter(pk__in=[row.fact_id for row in rows])
    said = [
        NewFact(
            fact.subject_id, "canteen_seat", fact.start, fact.values, end=max(by.now, fact.start + 1), id=uuid7(),
            supersedes=fact.pk, reason=REASON,
        )
        for fact in standing
    ]  # fmt: skip
    MealSeat.objects.filter(pk__in=[row.pk for row in rows]).update(end=by.now, changed_at=by.now, actor=by.actor)
    _append(said, by, locked)


@transaction.atomic
def seat_everybody(*, site: Site, by: By, progress: Progress = silent) -> int:
    """Give everybody of the enterprise who has none a seat: workshops stay together, shifts fill one after another.

    Returns how many got one; ``progress`` is told of them by the hundred.
    Raises PremisesError when there are too few seats; then nobody gets one.
    """
    waiting = list(
        Employment.objects.filter(enterprise=site.enterprise_id, active=True)
        .exclude(worker__in=MealSeat.objects.filter(enterprise=site.enterprise_id, end__gt=by.now).values("worker"))
        .order_by("workshop", "badge", "pk").values_list("worker", flat=True)
    )  # fmt: skip
    free = list(_free(site, by.now))
    if len(free) < len(waiting):
        everything = len(free) + MealSeat.objects.filter(site=site, end__gt=by.now).count()
        raise PremisesError("canteen.too_few", places=everything, people=len(waiting) - len(free))
    seats = [Seat(worker, shift, table) for worker, (shift, table) in zip(waiting, free, strict=False)]
    lock_people(  # all of them before any table: in the order in which everybody locks
        [NewFact(one.worker, "canteen_seat", 0, {"site": str(site.pk)}) for one in seats], by.actor
    )
    for start in range(0, len(seats), BATCH):
        seat(seats=seats[start : start + BATCH], by=by)
        progress(min(start + BATCH, len(seats)), len(seats))
    return len(seats)


def _free(site: Site, now: int) -> Iterator[tuple[UUID, UUID]]:
    """Each free place of a site's canteen, shift by shift."""
    taken = Counter(MealSeat.objects.filter(site=site, end__gt=now).values_list("shift", "table"))
    tables = sorted(Table.objects.filter(site=site, ended_at=None), key=lambda one: (len(one.name), one.name))
    for shift in MealShift.objects.filter(site=site, ended_at=None).order_by("starts"):
        for table in tables:
            for _n in range(table.usable - taken[shift.pk, table.pk]):
                yield shift.pk, table.pk


def _append(said: Sequence[NewFact], by: By, locked: set[UUID]) -> None:
    ledger.append(
        facts=said, source=SOURCE, now=ledger.recorded_at(said, by.now), actor=by.actor, evidence=by.evidence,
        locked=locked,
    )  # fmt: skip
