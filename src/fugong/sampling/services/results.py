"""Results of tubes, and what follows: a `test` fact for everybody in it, single tests after a pool that was not negative.

* A single tube's result is its person's.
* A negative pool is negative for everybody in it.
* A pool that is positive or unclear says of each of them that nobody knows: everybody gets an inconclusive fact that names
  the pool, by which clearances lapse (`test.inconclusive` in the packs), and an urgent order for a single test. The fact of
  that single test supersedes the inconclusive one.

The id of a fact follows from the swab's row, so that two files with the same result at once store it once; the second waits
for the tube's row and finds the result there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from fugong.base import local
from fugong.base.background import Progress, silent
from fugong.base.faults import Fault
from fugong.base.ids import uuid7_from
from fugong.clearance import queries as clearance
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.ledger.wording import CHOICES
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Order, Tube, TubeMember
from fugong.sampling.services import orders
from fugong.sampling.services.orders import Wanted

SOURCE = "laboratory"
AFTER_POOL = "single test after a pool"
AFTER_UNCLEAR = "tested again"

Outcome = Literal["stored", "unchanged"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What a laboratory says of a tube. An empty ``laboratory`` or ``method`` leaves what is known of the tube."""

    tube: UUID
    result: str
    reported_at: int
    laboratory: str = ""
    method: str = ""


@dataclass(slots=True)
class _Batch:
    """The facts and orders that some results come to."""

    now: int
    facts: list[NewFact] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    resulted: list[UUID] = field(default_factory=list)
    needless: list[UUID] = field(default_factory=list)
    tubes: list[Tube] = field(default_factory=list)


@transaction.atomic
def record(
    *, reported: Sequence[Reported], now: int, actor: UUID | None, evidence: str, source: str = SOURCE,
    progress: Progress = silent,
) -> list[Outcome | Fault]:  # fmt: skip
    """Store results of tubes, in one transaction; for each what came of it, in their order. A fault stores nothing of its tube.

    ``evidence`` is what they rest on: a file's digest, or who told it how; ``progress`` is told how many of how
    many people's clearances are renewed. Raises FactError, and TooMany where somebody who
    is no sampling staff would take a permission from more people than one person may.
    """
    tubes = _locked([one.tube for one in reported])
    members = _members(tubes)
    batch, outcomes = _Batch(now), list[Outcome | Fault]()
    for one in reported:
        tube = tubes[one.tube]
        outcome = _outcome(tube, one, now)
        outcomes.append(outcome)
        if outcome == "stored":
            _told(tube, one, now)
            _follow(batch, tube, members[tube.pk])
    _store(batch, actor, evidence, source, progress)
    return outcomes


def foreseen(reported: Sequence[Reported], now: int) -> list[Outcome | Fault]:
    """What would come of each result, by what is stored now; nothing is locked or written."""
    tubes = Tube.objects.in_bulk([one.tube for one in reported])
    return [_outcome(tubes[one.tube], one, now) for one in reported]


def _locked(ids: Sequence[UUID]) -> dict[UUID, Tube]:
    found = Tube.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return {tube.pk: tube for tube in found}


def _members(tubes: Mapping[UUID, Tube]) -> dict[UUID, list[TubeMember]]:
    found: dict[UUID, list[TubeMember]] = defaultdict(list)
    rows = TubeMember.objects.filter(tube__in=tubes, void=False).select_related("order").order_by("tube", "place")
    for member in rows:
        found[member.tube_id].append(member)
    return found


def _outcome(tube: Tube, one: Reported, now: int) -> Outcome | Fault:
    """Whether the result is new, known already, or can't be."""
    if tube.state == Tube.RESULTED:
        if tube.result == one.result:
            return "unchanged"
        return SamplingError("result.contradicts", barcode=tube.barcode, before=CHOICES[tube.result])
    if tube.state == Tube.SPOILED:
        return SamplingError("result.spoiled", barcode=tube.barcode, reason=tube.reason)
    return implausible(tube, one.reported_at, now) or "stored"


def implausible(tube: Tube, reported_at: int, now: int) -> Fault | None:
    """What is wrong about a result's time, if anything: before the swabs, or still to come."""
    if tube.sampled_at is None:
        return SamplingError("result.not_closed", barcode=tube.barcode)
    if reported_at < tube.sampled_at:
        sampled, said = _words(tube.sampled_at), _words(reported_at)
        return SamplingError("result.early", field="reported_at", barcode=tube.barcode, reported=said, sampled=sampled)
    if reported_at > now:
        return SamplingError("result.future", field="reported_at", moment=_words(reported_at))
    return None


def _told(tube: Tube, one: Reported, now: int) -> None:
    tube.state, tube.result, tube.reported_at, tube.recorded_at = Tube.RESULTED, one.result, one.reported_at, now
    tube.laboratory, tube.method = one.laboratory or tube.laboratory, one.method or tube.method


def _follow(batch: _Batch, tube: Tube, members: Sequence[TubeMember]) -> None:
    """The facts and orders that a tube's result comes to."""
    batch.tubes.append(tube)
    for member in members:
        fact = _fact(tube, member)
        batch.facts.append(fact)
        batch.resulted.append(member.order_id)
        if _unknown(tube):
            batch.wanted.append(_again(tube, member, fact, batch.now))


def _unknown(tube: Tube) -> bool:
    """Whether the tube's result says of nobody in it what is the case."""
    return tube.result == "inconclusive" or (tube.kind == Tube.POOL and tube.result == "positive")


def _fact(tube: Tube, member: TubeMember) -> NewFact:
    """What a tube's result says of somebody in it. What it puts right is superseded, if it still stands (`_store`)."""
    result = "inconclusive" if _unknown(tube) else tube.result
    values: dict[str, Any] = {
        "result": result, "method": tube.method, "sampled_at": member.at, "reported_at": tube.reported_at,
        "laboratory": tube.laboratory or None, "specimen": tube.barcode,
        "pool": tube.size if tube.kind == Tube.POOL else None,
    }  # fmt: skip
    replaces = member.order.replaces
    why = (AFTER_POOL if member.order.pool_id else AFTER_UNCLEAR) if replaces else ""
    given = {name: value for name, value in values.items() if value is not None}
    return NewFact(
        member.worker_id, "test", member.at, given, id=uuid7_from(member.pk, "result"), supersedes=replaces, reason=why
    )


def _again(tube: Tube, member: TubeMember, fact: NewFact, now: int) -> Wanted:
    pool = tube.pk if tube.kind == Tube.POOL else member.order.pool_id
    why = Order.POOL if tube.kind == Tube.POOL else Order.UNCLEAR
    return Wanted(
        member.worker_id,
        why,
        single=True,
        urgent=True,
        not_before=now,
        deadline=now + clearance.operations(now).sampling.follow_up_minutes * 60,
        pool=pool,
        replaces=fact.id,
    )


def _store(
    batch: _Batch, actor: UUID | None, evidence: str, source: str, progress: Progress = silent
) -> None:  # fmt: skip
    """Facts first; then orders that have their result, then new ones: nobody has two under way."""
    if not batch.tubes:
        return
    locked = ledger.lock_for(batch.facts)
    facts = _still_standing(batch.facts)
    recorded_at = ledger.recorded_at(facts, batch.now)
    ledger.append(
        facts=facts, source=source, now=recorded_at, actor=actor, evidence=evidence, locked=locked, progress=progress
    )  # fmt: skip
    Tube.objects.bulk_update(
        batch.tubes, ["state", "result", "reported_at", "recorded_at", "laboratory", "method", "reason"]
    )
    for one in batch.needless:
        orders.cancel(order=one, reason=batch.tubes[0].reason, now=batch.now)
    Order.objects.filter(pk__in=batch.resulted).update(state=Order.RESULTED, changed_at=batch.now)
    orders.order(wanted=batch.wanted, now=batch.now, actor=actor)


def _still_standing(facts: Sequence[NewFact]) -> list[NewFact]:
    """Where what a result would put right doesn't stand any more, it stands beside it as a fact of its own."""
    named = {fact.supersedes for fact in facts if fact.supersedes}
    if not named:
        return list(facts)
    there = set(standing().filter(pk__in=named).values_list("pk", flat=True))
    return [
        replace(fact, supersedes=None, reason="") if fact.supersedes and fact.supersedes not in there else fact
        for fact in facts
    ]


@transaction.atomic
def correct(
    *, tube: UUID, result: str, reason: str, now: int, actor: UUID | None, reported_at: int | None = None,
    source: str = SOURCE,
) -> Tube:  # fmt: skip
    """The tube's result was wrong: everybody's fact of it is superseded, with the reason. Raises SamplingError or FactError.

    Whose inconclusive fact of a pool a single test has put right already keeps what the single test found. Single tests that
    the wrong result asked for and that nobody has come to are cancelled; those that the right one asks for are ordered.
    """
    held = _locked([tube])[tube]
    if held.state != Tube.RESULTED:
        raise SamplingError("result.no_result", barcode=held.barcode)
    if not reason.strip():
        raise SamplingError("result.no_reason", field="reason")
    said = held.reported_at if reported_at is None else reported_at
    if result == held.result and said == held.reported_at:
        raise SamplingError("result.same", field="result", barcode=held.barcode)
    assert said is not None
    wrong = implausible(held, said, now)
    if wrong is not None:
        raise wrong
    held.result, held.reported_at, held.recorded_at, held.reason = result, said, now, reason.strip()[:200]
    _corrected(held, _members({tube: held})[tube], now, actor, source)
    return held


def _corrected(tube: Tube, members: Sequence[TubeMember], now: int, actor: UUID | None, source: str) -> None:
    stand = latest([uuid7_from(member.pk, "result") for member in members])
    asked = Order.objects.filter(
        replaces__in=[old.pk for old in stand.values()], state__in=(Order.OPEN, Order.BOOKED)
    ).order_by("pk")
    batch = _Batch(now, tubes=[tube], needless=list(asked.values_list("pk", flat=True)))
    for member in members:
        old = stand.get(uuid7_from(member.pk, "result"))
        if old is None or old.values.get("specimen") != tube.barcode:
            continue
        right = _fact(tube, member)
        fact = replace(right, id=uuid7_from(old.pk, "corrected"), supersedes=old.pk, reason=tube.reason)
        batch.facts.append(fact)
        if _unknown(tube):
            batch.wanted.append(_again(tube, member, fact, now))
    _store(batch, actor, f"tube:{tube.barcode}", source)


def latest(ids: Sequence[UUID]) -> dict[UUID, Fact]:
    """What stands today in the place of each of these facts, superseded or not; none where it was taken back."""
    found: dict[UUID, Fact] = {}
    wanted = {one: one for one in ids}
    while wanted:
        facts = {fact.pk: fact for fact in Fact.objects.filter(pk__in=wanted)}
        newer = {fact.supersedes_id: fact for fact in Fact.objects.filter(supersedes__in=wanted)}
        following: dict[UUID, UUID] = {}
        for key, first in wanted.items():
            if key in newer:
                following[newer[key].pk] = first
            elif key in facts and not facts[key].withdrawn:
                found[first] = facts[key]
        wanted = following
    return found


def _words(moment: int) -> str:
    return f"{local.to_datetime(moment):%Y-%m-%d %H:%M}"
