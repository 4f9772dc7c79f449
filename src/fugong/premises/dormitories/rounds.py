"""The rounds of a dormitory: twice a day everybody is asked; who is missing is followed up by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.ids import uuid7
from fugong.clearance.queries import operations
from fugong.ledger.queries import standing
from fugong.premises.errors import PremisesError
from fugong.premises.models import Absence, Lodging
from fugong.premises.sites import By

TAKEN, DUE, MISSING, LATER = "taken", "due", "missing", "later"


@dataclass(frozen=True, slots=True)
class Round:
    """The round that is on: due ``at``, open from ``opens`` until the next one opens, late after ``late``."""

    at: int
    opens: int
    late: int

    @property
    def clock(self) -> str:
        """The local time of day at which it is due."""
        return f"{local.to_datetime(self.at):%H:%M}"


def rounds(now: int) -> list[Round]:
    """The rounds of yesterday, today and tomorrow, in order, by the pack in force; none where it asks for none.

    Tomorrow's as well: one that is due soon after midnight is open before it.
    """
    rule = operations(now).dormitories
    before, grace = rule.open_minutes * 60, rule.grace_minutes * 60
    days = [local.day_after(local.day_of(now), n) for n in (-1, 0, 1)]
    moments = sorted(local.at(day, clock) for day in days for clock in rule.rounds)
    return [Round(at, at - before, at + grace) for at in moments]


def round_at(now: int) -> Round | None:
    """The latest round that is open at a moment."""
    return next((one for one in reversed(rounds(now)) if one.opens <= now), None)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody in the round, in the order of the rooms."""

    worker: UUID
    name: str
    room: str
    bed: str
    state: str
    at: int | None = None
    well: bool = True

    @property
    def place(self) -> str:
        """Room and bed."""
        return f"{self.room}-{self.bed}"


def residents(enterprise: UUID, now: int) -> list[Resident]:
    """Who is to be asked at an enterprise's dormitories, by room; whose data it shows is noted for the audit."""
    current = round_at(now)
    held = list(
        Lodging.objects.filter(enterprise=enterprise, start__lte=now, end__gt=now)
        .select_related("room", "bed", "worker").order_by("room__building", "room__name", "bed__name", "pk")
    )  # fmt: skip
    ids = [one.worker_id for one in held]
    looked_at(ids)
    answered = _answered(ids, current.opens if current else now, now)
    found = []
    for one in held:
        at, well = answered.get(one.worker_id, (None, True))
        found.append(
            Resident(
                one.worker_id,
                one.worker.name,
                str(one.room),
                one.bed.name,
                _state(current, one.start, at, now),
                at,
                well,
            )
        )
    return found


def _state(current: Round | None, since: int, at: int | None, now: int) -> str:
    if at is not None:
        return TAKEN
    if current is None or since > current.at:  # who moved in after the round was due is asked at the next one
        return LATER
    return MISSING if now >= current.late else DUE


def _answered(workers: list[UUID], since: int, now: int) -> dict[UUID, tuple[int, bool]]:
    """When each was registered since a moment, and whether well; a temperature taken in the dormitory counts too."""
    rows = (
        standing().filter(subject_id__in=workers, kind__in=["register", "temperature"], start__gte=since, start__lte=now)
        .order_by("start", "recorded_at").values_list("subject_id", "kind", "start", "values")
    )  # fmt: skip
    found: dict[UUID, tuple[int, bool]] = {}
    for worker, kind, start, values in rows:
        if kind == "register":
            found[worker] = start, bool(values.get("well", True))
        elif values.get("place") == "dormitory":
            found[worker] = start, found.get(worker, (0, True))[1]
    return found


_MISSING = """
INSERT INTO premises_absence (id, site_id, enterprise_id, worker_id, round_at, place, opened_at, looked_for_by, outcome, words)
SELECT gen_random_uuid(), l.site_id, l.enterprise_id, l.worker_id, %(at)s,
  trim(r.building || ' ' || r.name) || '-' || b.name, %(now)s, '', '', ''
FROM premises_lodging AS l JOIN premises_room AS r ON r.id = l.room_id JOIN premises_bed AS b ON b.id = l.bed_id
WHERE l.start <= %(at)s AND l."end" > %(now)s AND NOT EXISTS (
  SELECT 1 FROM ledger_fact AS f WHERE f.subject_id = l.worker_id AND f.kind IN ('register', 'temperature')
    AND f.start >= %(opens)s AND f.start <= %(until)s AND NOT f.withdrawn
    AND (f.kind = 'register' OR f."values"->>'place' = 'dormitory')
    AND NOT EXISTS (SELECT 1 FROM ledger_fact AS n WHERE n.supersedes_id = f.id AND n.withdrawn))
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def note_missing(now: int) -> Mapping[str, int]:
    """Note who is missing in the last round that is late by now, once a round: a person follows them up.

    Also when the next one is open by then (the steward was away, or the grace is long): what is filed from then on counts for
    that one. Who answered in time and corrected it later has answered.
    """
    every = rounds(now)
    late = [one for one in every if one.late <= now]
    if not late:
        return {"missing": 0}
    until = min([one.opens - 1 for one in every if one.at > late[-1].at] + [now])
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"at": late[-1].at, "opens": late[-1].opens, "until": until, "now": now})
        return {"missing": cursor.rowcount}


def absences(enterprise: UUID | None = None, *, only_open: bool = True) -> QuerySet[Absence]:
    """Who is followed up, the latest first; open ones or all."""
    found = Absence.objects.select_related("worker", "enterprise").order_by("-round_at", "place", "pk")
    found = found if enterprise is None else found.filter(enterprise=enterprise)
    return found.filter(closed_at=None) if only_open else found


def returned(found: QuerySet[Absence]) -> QuerySet[Absence]:
    """With ``answered``: whether a register has come in since the round."""
    later = standing().filter(subject_id=OuterRef("worker_id"), kind="register", start__gt=OuterRef("round_at"))
    return found.annotate(answered=Exists(later))


@transaction.atomic
def follow_up(*, absence: UUID, enterprise: UUID, who: str, by: By) -> None:
    """Say who looks for somebody. Raises PremisesError."""
    found = _open(absence, enterprise)
    if not who.strip():
        raise PremisesError("absence.who", field="who")
    found.looked_for_by, found.actor_id = who.strip()[:32], by.actor
    found.save(update_fields=["looked_for_by", "actor"])


@transaction.atomic
def close(*, absence: UUID, enterprise: UUID, who: str, outcome: str, words: str = "", by: By) -> None:
    """Say what was found out about somebody who was missing, and who found it out. Raises PremisesError."""
    found = _open(absence, enterprise)
    if not (who.strip() or found.looked_for_by):
        raise PremisesError("absence.who", field="who")
    if outcome not in dict(Absence.OUTCOMES):
        raise PremisesError("absence.outcome", field="outcome")
    if outcome == Absence.OTHER and not words.strip():
        raise PremisesError("absence.words", field="words")
    found.looked_for_by = who.strip()[:32] or found.looked_for_by
    found.outcome, found.words, found.closed_at, found.actor_id = outcome, words.strip()[:200], by.now, by.actor
    found.save(update_fields=["looked_for_by", "outcome", "words", "closed_at", "actor"])


def _open(absence: UUID, enterprise: UUID) -> Absence:
    found = Absence.objects.select_for_update(of=("self",)).filter(pk=absence, enterprise=enterprise).first()
    if found is None:
        raise PremisesError("absence.unknown")
    if found.closed_at is not None:
        raise PremisesError("absence.closed", outcome=found.get_outcome_display())
    return found


def new_batch() -> UUID:
    """An id for a list that is filed once, however often it is sent."""
    return uuid7()
