"""The nurse's round: temperatures and symptoms as facts, each entry stored once however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base.faults import Fault
from fugong.base.ids import uuid7, uuid7_from
from fugong.clearance import gate
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.ledger.symptoms import SYMPTOMS
from fugong.observation.errors import ObservationError
from fugong.observation.models import Entry, Stay
from fugong.observation.services.writing import By, state

SOURCE = "observation site"
EVIDENCE = "the nurse's round"
CLOCKS_DIFFER = 300
"""So many seconds a device's clock may be ahead: what it says is taken as now."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a nurse found at a bed ``at`` a moment: a temperature, symptoms (None: not asked), or nobody there.

    ``id`` was made on the device: the same entry sent again is stored once.
    """

    id: UUID
    stay: UUID
    at: int
    celsius: float | None = None
    symptoms: tuple[str, ...] | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What became of an entry: ``stored``, ``already`` or ``refused``, and then why."""

    id: UUID
    status: str
    fault: Fault | None = None


def line_id(batch: UUID, stay: UUID) -> UUID:
    """The id of an entry that came as a line of a list: the same list sent again is the same entries."""
    return uuid7_from(batch, str(stay))


def record(*, site: UUID, entries: Sequence[Measured], by: By) -> list[Said]:
    """Store the entries of a round, each by itself: one that is refused keeps no other out."""
    return [_tried(site, entry, by) for entry in entries]


def _tried(site: UUID, entry: Measured, by: By) -> Said:
    try:
        with transaction.atomic():
            return Said(entry.id, "stored" if _record(site, entry, by) else "already")
    except Fault as fault:
        return Said(entry.id, "refused", fault)


@transaction.atomic
def _record(site: UUID, entry: Measured, by: By) -> bool:
    _refuse_wrong(entry)
    at = by.now if by.now < entry.at <= by.now + CLOCKS_DIFFER else entry.at
    if at > by.now:
        raise ObservationError("round.future", field="at")
    stay = _stay(site, entry.stay, at)
    gate.one_at_a_time(by.actor)
    locked = ledger.lock_for([NewFact(stay.worker_id, "temperature", at)])
    if _known(entry, stay):
        return False
    facts = _temperature(entry, stay, at) + _symptoms(entry, stay, at)
    if facts:
        state(facts, By(by.now, by.actor, SOURCE, EVIDENCE), locked)
    if entry.absent:
        Entry.objects.create(
            id=entry.id, site_id=site, stay=stay, kind=Entry.ABSENT, at=at, actor_id=by.actor, recorded_at=by.now
        )
    return True


@transaction.atomic
def record_round(*, entries: Sequence[Measured], by: By) -> int:
    """Store the temperatures of a whole round as one, all or none, such as those of a list; returns how many are new.

    Raises ObservationError for one that is wrong. Symptoms and who wasn't there are entered one by one (``record``).
    """
    for entry in entries:
        _refuse_wrong(entry)
        if entry.celsius is None or entry.symptoms or entry.absent:
            raise ObservationError("round.nothing", field="celsius")
        if entry.at > by.now:
            raise ObservationError("round.future", field="at")
    stays = Stay.objects.filter(state__in=[Stay.PRESENT, Stay.ENDED]).in_bulk([entry.stay for entry in entries])
    for entry in entries:
        _require_there(stays.get(entry.stay), entry.at)
    gate.one_at_a_time(by.actor)
    facts = [fact for entry in entries for fact in _temperature(entry, stays[entry.stay], entry.at)]
    locked = ledger.lock_for(facts)
    known = dict(Fact.objects.filter(pk__in=[entry.id for entry in entries]).values_list("pk", "subject_id"))
    if any(known.get(fact.id or fact.subject, fact.subject) != fact.subject for fact in facts):
        raise ObservationError("round.id_taken", field="id")
    new = [fact for fact in facts if fact.id not in known]
    if new:
        state(new, By(by.now, by.actor, SOURCE, EVIDENCE), locked)
    return len(new)


def _refuse_wrong(entry: Measured) -> None:
    if entry.celsius is not None and not 25 <= entry.celsius <= 45:
        raise ObservationError("round.celsius", field="celsius", value=f"{entry.celsius:g}")
    if entry.celsius is None and entry.symptoms is None and not entry.absent:
        raise ObservationError("round.nothing", field="celsius")
    for name in entry.symptoms or ():
        if name not in SYMPTOMS:
            raise ObservationError("round.symptom", field="symptoms", symptom=name[:32])


def _stay(site: UUID, stay: UUID, at: int) -> Stay:
    """The stay, if the person was in the room then; who has moved since was in the one before. Raises ObservationError."""
    return _require_there(Stay.objects.filter(pk=stay, site=site, state__in=[Stay.PRESENT, Stay.ENDED]).first(), at)


def _require_there(stay: Stay | None, at: int) -> Stay:
    if stay is None or at < stay.start or (stay.state == Stay.ENDED and at >= stay.end):
        raise ObservationError("round.not_here", field="stay")
    return stay


def _known(entry: Measured, stay: Stay) -> bool:
    """Whether this entry is stored already. Raises ObservationError when its id is that of something else."""
    ids = [entry.id, *(uuid7_from(entry.id, name) for name in SYMPTOMS), uuid7_from(entry.id, "asked")]
    stored = list(Fact.objects.filter(pk__in=ids).values_list("subject_id", flat=True))
    absent = Entry.objects.filter(pk=entry.id).values_list("stay_id", flat=True).first()
    if any(subject != stay.worker_id for subject in stored) or absent not in (None, stay.pk):
        raise ObservationError("round.id_taken", field="id")
    return bool(stored) or absent is not None


def _temperature(entry: Measured, stay: Stay, at: int) -> list[NewFact]:
    if entry.celsius is None:
        return []
    values = {"celsius": entry.celsius, "place": "observation"}
    return [NewFact(stay.worker_id, "temperature", at, values, id=entry.id)]


def _symptoms(entry: Measured, stay: Stay, at: int) -> list[NewFact]:
    """New symptoms begin; those that were there and are not any more end."""
    if entry.symptoms is None:
        return []
    there = {fact.values["name"]: fact for fact in open_symptoms([stay.worker_id], at)}
    begin = [
        NewFact(stay.worker_id, "symptom", at, {"name": name}, id=uuid7_from(entry.id, name))
        for name in entry.symptoms
        if name not in there
    ]
    gone = [fact for name, fact in there.items() if name not in entry.symptoms and fact.start < at]
    end = [
        NewFact(
            stay.worker_id, "symptom", fact.start, fact.values, end=at, id=uuid7(), supersedes=fact.pk,
            reason="no longer there",
        )
        for fact in gone
    ]  # fmt: skip
    return begin + end


def open_symptoms(workers: Iterable[UUID], at: int) -> list[Fact]:
    """The symptoms that people have at a moment and of which no end is known."""
    found = standing().filter(subject_id__in=list(workers), kind="symptom", start__lte=at, end=PLUS_INF)
    return list(found.order_by("start"))
