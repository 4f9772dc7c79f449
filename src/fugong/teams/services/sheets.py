"""The visit sheet: what a phone sends row by row, each stored once however often it comes, each answered by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from fugong.base.faults import Fault
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.ledger.validation import sound
from fugong.registry import asked
from fugong.registry.asked import Answer
from fugong.teams.errors import TeamError
from fugong.teams.models import Problem, Visit
from fugong.teams.services import problems, walk_ins
from fugong.teams.services.problems import NewProblem
from fugong.teams.vocabulary import CHECKS, TOPICS

SOURCE = "service team"
EVIDENCE = "the team's record of the visit"
CLOCKS_DIFFER = 300
"""So many seconds a phone's clock may be ahead: what it says is taken as now."""
MOST_NOTE, MOST_NAME = 2_000, 64
_SAYS = ("state", "fact_id", "begun_at", "ended_at", "met", "note", "topics", "checks")


@dataclass(frozen=True, slots=True)
class Made:
    """A visit took place: from when to when, whom the team met, what was explained and looked at. ``id`` is the fact's."""

    id: UUID
    visit: UUID
    begun: int
    ended: int
    met: str = ""
    topics: tuple[str, ...] = ()
    checks: dict[str, bool] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An open item was answered on a visit: yes or no, a number, or words."""

    id: UUID
    visit: UUID
    item: str
    at: int
    holds: bool | None = None
    number: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A document was handed over; ``receipt`` is who took it."""

    id: UUID
    visit: UUID
    document: str
    receipt: str
    at: int


@dataclass(frozen=True, slots=True)
class Told:
    """A problem that the enterprise told of."""

    id: UUID
    visit: UUID
    kind: str
    words: str
    at: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit that isn't on the day's list was begun: where, and when. ``visit`` is the id that it gets."""

    id: UUID
    visit: UUID
    enterprise: UUID
    at: int


Row = Begun | Made | Answered | Handed | Told


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a row: ``stored``, ``already`` or ``refused``, and then why."""

    id: UUID
    status: str
    fault: Fault | None = None


def take_in(*, rows: Sequence[Row], now: int, actor: UUID | None) -> list[Said]:
    """Store rows in their order, each by itself: one that is refused keeps no other out."""
    return [_tried(row, now, actor) for row in rows]


def _tried(row: Row, now: int, actor: UUID | None) -> Said:
    try:
        with transaction.atomic():
            return Said(row.id, "stored" if _stored(row, now, actor) else "already")
    except Fault as fault:
        return Said(row.id, "refused", fault)


def _stored(row: Row, now: int, actor: UUID | None) -> bool:
    if isinstance(row, Begun):
        at = _moment(row.at, now)
        return walk_ins.begin(visit=row.visit, enterprise=row.enterprise, at=at, now=now, actor=actor)
    enterprise = Visit.objects.filter(pk=row.visit).values_list("enterprise_id", flat=True).first()
    if enterprise is None:
        raise TeamError("sheet.unknown")
    ledger.lock(update={enterprise})
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=row.visit)
    match row:
        case Made():
            return _made(row, visit, now, actor)
        case Answered():
            return _answered(row, visit, now, actor)
        case Handed():
            return _handed(row, visit, now, actor)
        case Told():
            if Problem.objects.filter(pk=row.id).exists():
                return False
            at = _moment(row.at, now)
            owner = row.owner.strip() or problems.in_charge(visit.enterprise_id, now) or visit.team.name
            new = NewProblem(visit.enterprise_id, row.kind, row.words, at, row.id, visit.pk, owner)
            return bool(problems.report(problems=[new], now=now, actor=actor))


def _moment(at: int, now: int) -> int:
    """When it was: a clock that is a little ahead is forgiven. Raises TeamError."""
    if at > now + CLOCKS_DIFFER:
        raise TeamError("sheet.future", field="at")
    return min(at, now)


def _text(text: str, what: str, limit: int) -> str:
    plain = text.strip()
    if len(plain) > limit or not sound(plain):
        raise TeamError("sheet.too_long", what=what, limit=limit)
    return plain


def _made(row: Made, visit: Visit, now: int, actor: UUID | None) -> bool:
    if visit.fact_id == row.id:
        return False
    begun, ended = _moment(row.begun, now), _moment(row.ended, now)
    if ended < begun:
        raise TeamError("sheet.times", field="ended")
    topics = [one for one in dict.fromkeys(row.topics) if one in TOPICS]
    checks = {name: bool(held) for name, held in row.checks.items() if name in CHECKS}
    met, note = _text(row.met, "met", MOST_NAME), _text(row.note, "note", MOST_NOTE)
    if visit.state == Visit.MADE:  # one that was dropped from the plan while somebody made it was made
        _add(visit, met, note, topics, checks)
        visit.begun_at, visit.ended_at = min(visit.begun_at or begun, begun), max(visit.ended_at or ended, ended)
        return _kept(visit, now, actor)
    values = {"team": str(visit.team_id)} | ({"topics": topics} if topics else {})
    fact = NewFact(visit.enterprise_id, "visit", begun, values, id=row.id)
    ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=EVIDENCE)
    visit.state, visit.fact_id, visit.begun_at, visit.ended_at = Visit.MADE, row.id, begun, ended
    visit.met, visit.note, visit.topics, visit.checks = met, note, topics, checks
    return _kept(visit, now, actor)


def _add(visit: Visit, met: str, note: str, topics: list[str], checks: dict[str, bool]) -> None:
    """Somebody else of the team finished the same visit, too: what they wrote down stands beside what stands there. What one of
    them saw missing is missing. Sent twice, it stands there once.
    """
    if met not in visit.met:
        both = f"{visit.met}、{met}" if visit.met else met
        if len(both) <= MOST_NAME:
            visit.met = both
        else:
            note = "\n".join(filter(None, (met, note)))
    if note not in visit.note:
        visit.note = "\n".join(filter(None, (visit.note, note)))
    visit.topics = list(dict.fromkeys([*visit.topics, *topics]))
    visit.checks = {
        name: visit.checks.get(name, True) and checks.get(name, True) for name in {**visit.checks, **checks}
    }


def _kept(visit: Visit, now: int, actor: UUID | None) -> bool:
    """Store what the visit says now; whether that is another than before."""
    before = Visit.objects.filter(pk=visit.pk).values(*_SAYS).get()
    if all(getattr(visit, name) == value for name, value in before.items()):
        return False
    visit.actor_id, visit.changed_at = actor, now
    visit.save(update_fields=[*_SAYS, "actor", "changed_at"])
    return True


def _answered(row: Answered, visit: Visit, now: int, actor: UUID | None) -> bool:
    if Fact.objects.filter(pk=row.id).exists():
        return False
    if row.holds is None and row.number is None and not row.text.strip():
        raise TeamError("sheet.no_answer", field="item")
    answer = Answer(
        visit.enterprise_id, row.item, _moment(row.at, now), row.holds, row.number, _text(row.text, row.item, MOST_NOTE),
        id=row.id,
    )  # fmt: skip
    asked.give(answers=[answer], source=SOURCE, now=now, actor=actor, evidence=EVIDENCE)
    return True


def _handed(row: Handed, visit: Visit, now: int, actor: UUID | None) -> bool:
    if Fact.objects.filter(pk=row.id).exists():
        return False
    if not row.document.strip():
        raise TeamError("sheet.no_document", field="document")
    if not row.receipt.strip():
        raise TeamError("sheet.no_receipt", field="receipt")
    values = {
        "document": _text(row.document, "document", MOST_NAME), "receipt": _text(row.receipt, "receipt", MOST_NAME),
    }  # fmt: skip
    fact = NewFact(visit.enterprise_id, "document_handed", _moment(row.at, now), values, id=row.id)
    ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=EVIDENCE)
    return True


@dataclass(frozen=True, slots=True)
class Past:
    """A visit that took place without a plan, or whose plan was on paper: as the team has written it down."""

    enterprise: UUID
    team: UUID
    day: int
    begun: int
    ended: int
    fact: UUID
    recorded: int
    topics: tuple[str, ...] = ()
    checks: dict[str, bool] = field(default_factory=dict)
    met: str = ""
    note: str = ""
    told: bool = True
    """Whether this function writes the fact; else it stands already."""


@transaction.atomic
def write_down(*, visits: Sequence[Past], actor: UUID | None) -> list[UUID]:
    """Visits written down afterwards, many at once; returns their ids. Raises Fault; then none is stored."""
    rows = [
        Visit(
            enterprise_id=one.enterprise, team_id=one.team, day=one.day, state=Visit.MADE, begun_at=one.begun,
            ended_at=one.ended, met=_text(one.met, "met", MOST_NAME), note=_text(one.note, "note", MOST_NOTE),
            topics=list(one.topics), checks=one.checks, fact_id=one.fact, actor_id=actor, changed_at=one.recorded,
        )
        for one in visits
    ]  # fmt: skip
    Visit.objects.bulk_create(rows, batch_size=1_000)
    fresh = [one for one in visits if one.told]
    for recorded in sorted({one.recorded for one in fresh}):
        facts = [
            NewFact(
                one.enterprise, "visit", one.begun,
                {"team": str(one.team)} | ({"topics": list(one.topics)} if one.topics else {}), id=one.fact,
            )
            for one in fresh if one.recorded == recorded
        ]  # fmt: skip
        ledger.append(facts=facts, source=SOURCE, now=recorded, actor=actor, evidence=EVIDENCE)
    return [row.pk for row in rows]
