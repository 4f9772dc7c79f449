"""The gate: what facts take from people is counted by evaluating clearance before and after, and one person's power is limited.

An administrative act that would take a permission from more people than the limit (``FUGONG_LOSS_LIMIT``, over all acts
of the same person within a day) is not done by one person: `TooMany` rolls it back, and ``clearance.acts`` lets it wait
for a second one. Measurements (``ledger.measured``) act at once; where they take much from many, ``clearance.reviews``
puts them on a list to be looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from fugong.base import access
from fugong.base.faults import Fault, declare
from fugong.base.hands import same_hands
from fugong.clearance import reviews
from fugong.clearance.models import PERMISSIONS, Loss
from fugong.clearance.rows import Rows
from fugong.ledger.measured import LABORATORY, MEASURABLE, Way, acts_at_once, way_of
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact, Stating
from fugong.ledger.validation import FactError

DAY = 86_400
UNDO_SECONDS = 600
"""So long taking back what oneself has just measured is part of measuring."""

declare(
    {
        "act.too_many": _(
            "This would take a permission from %(people)s people; one person alone may take one from %(limit)s within a"
            " day. Upload it as a list, or send it by the API: it then waits until a second person agrees."
        ),
    }
)


def limit() -> int:
    """From how many people one person may take a permission within a day."""
    return int(settings.FUGONG_LOSS_LIMIT)


@dataclass(slots=True)
class Effect:
    """Who loses and who gains which permission, from some moment on."""

    lost: dict[str, set[UUID]]
    gained: dict[str, set[UUID]]

    @property
    def losing(self) -> set[UUID]:
        """Everybody who loses a permission."""
        return set().union(*self.lost.values())

    @property
    def gaining(self) -> set[UUID]:
        """Everybody who gains a permission."""
        return set().union(*self.gained.values())

    def with_lost(self, more: Iterable[Mapping[str, Iterable[str]]]) -> Effect:
        """The same, together with what was lost before: for each permission the workers' ids."""
        lost = {permission: set(workers) for permission, workers in self.lost.items()}
        for one in more:
            for permission, workers in one.items():
                lost.setdefault(permission, set()).update(map(UUID, workers))
        return Effect(lost, self.gained)

    def counted(self) -> dict[str, Any]:
        """The effect in numbers, by permission and by enterprise: what can be kept and shown without anybody's name."""
        losing, gaining = self.losing, self.gaining
        return {
            "losing": len(losing), "gaining": len(gaining),
            "permissions": {
                name: [len(self.lost.get(name, ())), len(self.gained.get(name, ()))]
                for name in PERMISSIONS
                if self.lost.get(name) or self.gained.get(name)
            },
            "enterprises": _by_enterprise(losing, gaining),
        }  # fmt: skip


def _by_enterprise(losing: set[UUID], gaining: set[UUID]) -> list[list[Any]]:
    """Name, how many lose and how many gain, those with the most losses first."""
    found: dict[str, list[int]] = {}
    for place, workers in enumerate((losing, gaining)):
        if not workers:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.name, count(DISTINCT m.worker_id) FROM registry_employment AS m "
                "JOIN registry_enterprise AS e ON e.subject_id = m.enterprise_id "
                "WHERE m.active AND m.worker_id = ANY(%s) GROUP BY e.subject_id, e.name",
                [list(workers)],
            )
            for name, number in cursor.fetchall():
                found.setdefault(name, [0, 0])[place] += number
    return [[name, *numbers] for name, numbers in sorted(found.items(), key=lambda one: (-one[1][0], one[0]))]


class TooMany(Fault):
    """One person alone may not do this."""

    def __init__(self, people: int, effect: Effect) -> None:
        super().__init__("act.too_many", people=people, limit=limit())
        self.effect = effect


@dataclass(slots=True)
class Watch:
    """What workers had before, and have now, over one or several batches of facts."""

    before: dict[tuple[UUID, str], tuple[str, str]] = field(default_factory=dict)
    after: dict[tuple[UUID, str], tuple[str, str]] = field(default_factory=dict)

    def note(self, workers: Sequence[UUID], rows: Rows) -> None:
        """Before the workers' rows are replaced by these: remember those that differ."""
        nothing = ("", "")
        stored = _stored(workers)
        for permission in PERMISSIONS:
            for worker, row in zip(workers, rows[permission], strict=True):
                key = (worker, permission)
                before, after = stored.get(key, nothing), row[:2]
                if before != after or key in self.before:
                    self.before.setdefault(key, before)
                    self.after[key] = after

    def effect(self, now: int) -> Effect:
        """Who has a permission at an instant from ``now`` on at which they had none before, and the other way round."""
        effect = Effect({}, {})
        for key, before in self.before.items():
            worker, permission = key
            old, new = _intervals(before, now), _intervals(self.after[key], now)
            if _reaches_beyond(old, new):
                effect.lost.setdefault(permission, set()).add(worker)
            if _reaches_beyond(new, old):
                effect.gained.setdefault(permission, set()).add(worker)
        return effect


def _stored(workers: Sequence[UUID]) -> dict[tuple[UUID, str], tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, permission, array_to_string(starts, ','), array_to_string(ends, ',') "
            "FROM clearance_clearance WHERE worker_id = ANY(%s) AND cardinality(starts) > 0",
            [list(workers)],
        )
        return {(worker, permission): (starts, ends) for worker, permission, starts, ends in cursor.fetchall()}


def _intervals(spans: tuple[str, str], now: int) -> list[tuple[int, int]]:
    """What of them lies at or after ``now``."""
    if not spans[0]:
        return []
    pairs = zip(map(int, spans[0].split(",")), map(int, spans[1].split(",")), strict=True)
    return [(max(start, now), end) for start, end in pairs if end > now]


def _reaches_beyond(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    """Whether an instant lies in the first intervals and not in the second; both are sorted and apart from each other."""
    return any(not any(start <= first and last <= end for start, end in others) for first, last in some)


@dataclass(slots=True)
class Performing:
    """One act on its way: all that it appends is judged together, at its end."""

    approved: bool
    watch: Watch = field(default_factory=Watch)
    administrative: bool = False
    unfounded: bool = False
    kinds: set[str] = field(default_factory=set)


_performing: ContextVar[Performing | None] = ContextVar("performing", default=None)


@contextmanager
def performing(*, approved: bool = False) -> Iterator[Performing]:
    """Within the block facts are judged by `judge` at its end, not batch by batch."""
    one = Performing(approved)
    token = _performing.set(one)
    try:
        yield one
    finally:
        _performing.reset(token)


def watch_all() -> Watch | None:
    """What is to be told of everybody's clearances, when the protocol itself changes; None where nobody counts."""
    one = _performing.get()
    if one is None:
        return None
    one.administrative = True
    return one.watch


def watching(facts: Sequence[NewFact], by: Stating, now: int, read: Set[str]) -> Performing:
    """How to watch a batch of facts, by itself or as part of an act; ``read``: the kinds by which it may take anything."""
    current = _performing.get()
    stated = _stated(by) or bool(current and current.approved)
    unfounded = not (stated and (by.evidence or all(fact.evidence for fact in facts)))
    one = current or Performing(approved=False)
    one.administrative |= administrative(facts, by, now)
    one.unfounded |= unfounded
    one.kinds |= {fact.kind for fact in facts} & read
    return one


def judged(one: Performing, by: Stating, now: int) -> None:
    """Judge a batch, unless it is part of an act that is judged as a whole."""
    if one is not _performing.get():
        judge(one, by, now)


def judge(one: Performing, by: Stating, now: int) -> Effect:
    """Let it pass and count it, or raise TooMany; raises FactError for losses without evidence or actor."""
    effect = one.watch.effect(now)
    losing = effect.losing
    if not losing:
        return effect
    if not (one.approved or _stated(by)):
        raise FactError("fact.no_actor", field="actor")
    if one.unfounded:
        raise FactError("fact.no_evidence", field="evidence")
    with access.elevated("what an act takes is counted over everybody"):
        if not one.administrative:
            reviews.count(effect, one.kinds, by, now, limit())
        elif not one.approved:
            together = losing | lost_within_a_day(by.actor, now)
            if len(together) > limit():
                raise TooMany(len(together), effect)
            Loss.objects.create(actor_id=by.actor, at=now, workers=sorted(losing))
    return effect


def _stated(by: Stating) -> bool:
    """Whether it is said who states facts: somebody, or whoever has the command line."""
    return by.actor is not None or access.current().actor is None


def lost_within_a_day(actor: UUID | None, now: int) -> set[UUID]:
    """Who lost a permission within the last 24 hours by what this person did alone, by whichever of the logins they may hold."""
    shared = [] if actor is None else sorted({actor, *same_hands(actor, since=now - DAY)})
    with connection.cursor() as cursor:
        if len(shared) > 1:  # so that two logins at once are counted together
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_HANDS, str(shared[0])])
        cursor.execute(
            "SELECT DISTINCT unnest(workers) FROM clearance_loss "
            "WHERE (actor_id = ANY(%s::uuid[]) OR (%s::uuid IS NULL AND actor_id IS NULL)) AND at > %s",
            [shared, actor, now - DAY],
        )
        return {row[0] for row in cursor.fetchall()}


def administrative(facts: Sequence[NewFact], by: Stating, now: int) -> bool:
    """Whether somebody decided one of these facts: whatever isn't a measurement, and measurements that are changed.

    A laboratory's news never waits, a corrected result included: where those who hand in its results replace a test by a
    test, that acts at once, and what it takes from many is looked at afterwards, so that nobody turns many results quietly.
    Whoever measured may correct or take back what they have just measured: that is part of measuring. Else, to replace or
    take back what was measured is a decision, whoever makes it.
    """
    if any(fact.kind not in MEASURABLE for fact in facts):
        return True
    way = way_of(by)
    changing = {fact.supersedes: fact for fact in facts if fact.supersedes and not _corrects_a_result(fact, way)}
    if any(not fact.supersedes and not acts_at_once(fact.kind, fact.subject, way) for fact in facts):
        return True
    if not changing:
        return False
    stored = Fact.objects.filter(pk__in=changing).select_related("supersedes")
    own = [
        old for old in stored
        if old.actor_id == by.actor and old.recorded_at >= now - UNDO_SECONDS
        and _part_of_measuring(changing[old.pk], old, way)
    ]  # fmt: skip
    return len(own) < len(changing)


def _corrects_a_result(fact: NewFact, way: Way) -> bool:
    return fact.kind == LABORATORY and not fact.withdrawn and acts_at_once(fact.kind, fact.subject, way)


def _part_of_measuring(fact: NewFact, old: Fact, way: Way) -> bool:
    """Whether what somebody has just stated themselves is undone so that all is as it was before, or measured anew."""
    before = old.supersedes
    if fact.withdrawn:
        return before is None
    undone = before is not None and not before.withdrawn and (before.start, before.values) == (fact.start, fact.values)
    return undone or acts_at_once(fact.kind, fact.subject, way)


_ACTOR, _HANDS = 0x66_67_6C, 0x66_67_68


def one_at_a_time(actor: UUID | None) -> None:
    """Wait until no other act of the same person is under way, so that two at once are counted together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ACTOR, str(actor or "operator")])
