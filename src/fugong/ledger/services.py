"""The only writes of the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from fugong.base.access import current, elevated
from fugong.base.background import Progress, silent
from fugong.base.copying import NULL, insert_lines, text
from fugong.base.ids import uuid7, uuid7s
from fugong.ledger.kinds import KINDS, Field, Kind
from fugong.ledger.validation import FactError, checked, interval, kind_of, plausible_at, require_stated_by, sound


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to append. ``end`` None means one second for an event, for ever for a state.

    ``id`` is given when the fact was made elsewhere (a door's phone): sending it twice stores it once. ``evidence`` is what
    it rests on, where that differs from what the whole batch rests on: a file's digest, a door, a letter's number.
    """

    subject: UUID
    kind: str
    start: int
    values: Mapping[str, Any] = field(default_factory=dict)
    end: int | None = None
    id: UUID | None = None
    supersedes: UUID | None = None
    withdrawn: bool = False
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Stating:
    """By whom facts are stated (None: by whoever has the command line), on which evidence, and from which source."""

    actor: UUID | None
    evidence: str
    source: str = ""


class Listener(Protocol):
    """What must happen in the transaction that adds facts."""

    def begins(self, facts: Sequence[NewFact], by: Stating) -> None:
        """Called before anything is locked."""

    def locks(self, facts: Sequence[NewFact]) -> tuple[set[UUID], set[UUID]]:
        """Subjects to lock before anything is written: (for update, against change)."""

    def appended(
        self, facts: Sequence[NewFact], locked: set[UUID], now: int, new_workers: Set[UUID], by: Stating,
        progress: Progress,
    ) -> None:  # fmt: skip
        """Called after the facts were written, inside the transaction, with the subjects locked for update.

        Of ``new_workers`` there are no other facts than these, and nobody else can see them yet. ``progress`` may be told
        how far the work is.
        """


_listeners: list[Listener] = []
_deferred: ContextVar[bool] = ContextVar("ledger_deferred", default=False)


def listen(listener: Listener) -> None:
    """Register what follows from facts (at start-up, once)."""
    _listeners.append(listener)


@contextmanager
def deferred() -> Iterator[None]:
    """Append without calling the listeners: for bulk loads whose caller does afterwards what they would do."""
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)


_LOCK = "SELECT count(*) FROM (SELECT 1 FROM ledger_subject WHERE id = ANY(%s) {which} ORDER BY {order} {strength}) AS locked"


def lock(*, update: Iterable[UUID], share: Iterable[UUID] = ()) -> None:
    """Lock subjects in one order for everybody: enterprises and places before workers, then by id.

    Whoever asks, all of them are found: what follows from a fact may concern subjects beyond the actor's scope. Raises
    FactError when one doesn't exist.
    """
    exclusive = set(update)
    wanted = {"FOR KEY SHARE": set(share) - exclusive, "FOR UPDATE": exclusive}
    found = 0
    with elevated("locks"), connection.cursor() as cursor:
        if not wanted["FOR KEY SHARE"]:
            cursor.execute(
                _LOCK.format(which="", order="kind = 'worker', id", strength="FOR UPDATE"), [list(exclusive)]
            )
            found = int(cursor.fetchone()[0])
        else:
            for workers in ("<>", "="):
                for strength, subjects in wanted.items():
                    which = f"AND kind {workers} 'worker'"
                    cursor.execute(_LOCK.format(which=which, order="id", strength=strength), [list(subjects)])
                    found += int(cursor.fetchone()[0])
    if found != len(exclusive | wanted["FOR KEY SHARE"]):
        raise FactError("fact.unknown_subject")


def require_in_scope(subjects: Set[UUID]) -> None:
    """Whom the actor does not see does not exist for them. Raises FactError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_subject WHERE id = ANY(%s)", [list(subjects)])
        if cursor.fetchone()[0] != len(subjects):
            raise FactError("fact.unknown_subject")


def require_yours(kinds: Set[str]) -> None:
    """Whoever acts must be one of those who state facts of these kinds; the operator and tasks state all. Raises FactError.

    What is done `elevated` is still its actor's, and an act that somebody else agreed to is its proposer's. Where nobody
    acts there is no role either: there the second wall lets nothing through.
    """
    who = current()
    if who.scope not in ("system", "none") or who.role not in ("", "system"):
        require_stated_by(who.role, sorted(kinds))


def lock_for(facts: Sequence[NewFact], new_workers: Set[UUID] = frozenset()) -> set[UUID]:
    """Lock whatever appending these facts will lock, so that one may read before one appends; returns whom for update.

    Workers who were made in this transaction need no lock: nobody else can see them. The caller holds a transaction.
    Raises FactError when a subject doesn't exist.
    """
    update, share = {fact.subject for fact in facts}, set[UUID]()
    require_in_scope(update - new_workers)
    with elevated("locks"):  # what has to be locked, and locking it, in one look past the wall
        for listener in _listeners:
            more_update, more_share = listener.locks(facts)
            update |= more_update
            share |= more_share
        lock(update=update - new_workers, share=share)
    return update


@transaction.atomic
def append(
    *, facts: Sequence[NewFact], source: str, now: int, actor: UUID | None = None, evidence: str = "",
    ids_are_new: bool = False, new_workers: Set[UUID] = frozenset(), locked: set[UUID] | None = None,
    progress: Progress = silent,
) -> list[UUID]:  # fmt: skip
    """Append facts and do what follows from them, in one transaction; returns the ids of those that were new.

    ``now`` is when they are recorded; what is measured or reported can't begin after it (``ledger.plausible``).
    ``source`` is where they come from (a page, an import, a device), ``evidence`` what they rest on: facts that take a
    permission from somebody need it. ``ids_are_new`` says that the caller made the ids
    just now, so that none can be stored already; ``new_workers`` are workers whom the caller made in this transaction
    and of whom these are the first facts; ``locked`` is what `lock_for` gave the caller for these facts in this transaction;
    ``progress`` is told how many of how many people's clearances are renewed.
    Raises FactError for a fact that the ledger refuses, or that somebody with the acting role doesn't state; then nothing
    is written.
    """
    if not facts:
        return []
    require_yours({fact.kind for fact in facts})
    lines = _Lines(source, now, actor, evidence)
    may_repeat = not ids_are_new and any(fact.id for fact in facts)
    by = Stating(actor, evidence, source)
    for listener in _listeners if not _deferred.get() else ():
        listener.begins(facts, by)
    if locked is None:
        locked = set[UUID]() if _deferred.get() else lock_for(facts, new_workers)
    stored = _within_walls(lambda: _insert(facts, lines, may_repeat))
    lines.require_references()
    if stored and not _deferred.get():
        for listener in _listeners:
            listener.appended(facts, locked, now, new_workers, by, progress)
    return stored


def _within_walls(insert: Callable[[], list[UUID]]) -> list[UUID]:
    """What the second wall refuses is about somebody outside the actor's scope. Raises FactError."""
    try:
        return insert()
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise FactError("fact.unknown_subject") from None
        raise


def faults(facts: Sequence[NewFact], now: int) -> list[FactError | None]:
    """For each fact what ``append`` would refuse it for, None where it is right; whom it is about isn't looked at."""
    found: list[FactError | None] = []
    named: list[tuple[int, Field, str]] = []
    for place, fact in enumerate(facts):
        try:
            kind = kind_of(fact.kind)
            start, end = interval(kind, fact.start, fact.end)
            values = checked(kind, fact.values)
            plausible_at(kind, values, start, end, now)
        except FactError as error:
            found.append(error)
        else:
            found.append(None)
            named += [(place, one, values[one.name]) for one in _NAMING[fact.kind] if one.name in values]
    kinds = _kinds_of({subject for _place, _field, subject in named})
    for place, one, subject in named:
        if kinds.get(subject) != one.refers_to:
            found[place] = _unknown(one)
    return found


_NAMING = {kind.name: tuple(one for one in kind.fields if one.refers_to is not None) for kind in KINDS.values()}
"""The values of each kind that name a subject."""


def _unknown(one: Field) -> FactError:
    return FactError("fact.unknown_reference", field=one.name, title=one.title)


def _kinds_of(subjects: Set[str]) -> dict[str, str]:
    """The kinds of those subjects that there are."""
    if not subjects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text, kind FROM ledger_subject WHERE id = ANY(%s::uuid[])", [list(subjects)])
        return dict(cursor.fetchall())


def recorded_at(facts: Sequence[NewFact], now: int) -> int:
    """When these facts are recorded: now, or the moment at which the latest of those that they supersede was recorded.

    Two transactions may take the locks in another order than that in which they asked what time it is; nothing may be
    recorded before that which it corrects. To be asked with the locks held.
    """
    superseded = [fact.supersedes for fact in facts if fact.supersedes]
    if not superseded:
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM ledger_fact WHERE id = ANY(%s)", [superseded])
        latest = cursor.fetchone()[0]
    return now if latest is None else max(now, latest)


def correct(
    *, fact_id: UUID, replacement: NewFact | None, reason: str, source: str, now: int, actor: UUID | None = None,
    evidence: str = "",
) -> UUID:  # fmt: skip
    """Supersede a fact by another one, or withdraw it (``replacement`` None). Returns the new fact's id.

    It is recorded now, or when the old one was recorded, whichever is later.
    """
    from fugong.ledger.models import Fact

    old = Fact.objects.get(pk=fact_id)
    new = replacement or NewFact(subject=old.subject_id, kind=old.kind, start=old.start, end=old.end, values=old.values)
    superseding = NewFact(
        subject=new.subject, kind=new.kind, start=new.start, end=new.end, values=new.values, id=new.id or uuid7(),
        supersedes=fact_id, withdrawn=replacement is None, reason=reason,
    )  # fmt: skip
    append(facts=[superseding], source=source, now=max(now, old.recorded_at), actor=actor, evidence=evidence)
    assert superseding.id is not None
    return superseding.id


_COLUMNS = 'id, subject_id, kind, start, "end", values, recorded_at, supersedes_id, withdrawn, reason, source, actor_id, evidence'
_MOST_EVIDENCE = 200


def _evidence(given: str) -> str:
    """What facts rest on, for COPY. Raises FactError."""
    if len(given) > _MOST_EVIDENCE or not sound(given):
        raise FactError("fact.wrong_evidence", field="evidence", most=_MOST_EVIDENCE)
    return text(given)


_Row = tuple[UUID, str]
"""A fact's id and its line for COPY."""


class _Lines:
    """Facts as lines for COPY, checked; values that come again are checked once."""

    def __init__(self, source: str, now: int, actor: UUID | None, evidence: str) -> None:
        self._now = now
        self._evidence = _evidence(evidence)
        self._end = f"{text(source)}\t{actor.hex if actor else NULL}"
        self._known: dict[Any, str] = {}
        self._ids = uuid7s()
        self._named: dict[tuple[str, str | None], Field] = {}

    def row(self, fact: NewFact) -> _Row:
        """The fact's line. Raises FactError."""
        kind = kind_of(fact.kind)
        start, end = interval(kind, fact.start, fact.end)
        if fact.withdrawn:  # of what is taken back nothing is claimed: it stays as it was stored
            values = text(json.dumps(dict(fact.values), ensure_ascii=False, separators=(",", ":")))
        else:
            values = self._values(kind, fact.values)
            if start > self._now or kind.check is not None:
                plausible_at(kind, fact.values, start, end, self._now)
        if fact.reason and not sound(fact.reason):
            raise FactError("fact.wrong_reason", field="reason")
        known = fact.id or next(self._ids)
        supersedes = fact.supersedes.hex if fact.supersedes else NULL
        return known, (
            f"{known.hex}\t{fact.subject.hex}\t{fact.kind}\t{start}\t{end}\t{values}\t{self._now}\t"
            f"{supersedes}\t{fact.withdrawn}\t{text(fact.reason)}\t{self._end}\t"
            f"{_evidence(fact.evidence) if fact.evidence else self._evidence}"
        )

    def _values(self, kind: Kind, values: Mapping[str, Any]) -> str:
        # Types are part of the key: in Python ``True == 1 == 1.0``, and only one of them may be right.
        key = (kind.name, *values.items(), *map(type, values.values()))
        try:
            found = self._known.get(key)
        except TypeError:  # a list among the values
            return self._written(kind, values)
        if found is None:
            found = self._known[key] = self._written(kind, values)
        return found

    def _written(self, kind: Kind, values: Mapping[str, Any]) -> str:
        right = checked(kind, values)
        for one in _NAMING[kind.name]:
            if one.name in right:
                self._named.setdefault((right[one.name], one.refers_to), one)
        return text(json.dumps(right, ensure_ascii=False, separators=(",", ":")))

    def require_references(self) -> None:
        """Whom the values of these facts name must be there, and be what the field says. Raises FactError."""
        kinds = _kinds_of({subject for subject, _kind in self._named})
        for (subject, kind), one in self._named.items():
            if kinds.get(subject) != kind:
                raise _unknown(one)


def _insert(facts: Sequence[NewFact], lines: _Lines, may_repeat: bool) -> list[UUID]:
    """Check and COPY at the same time: the server takes rows in while the next ones are made; returns what was new.

    With ids from outside, facts that are stored already are left out.
    """
    stored: list[UUID] = []

    def made() -> Iterator[str]:
        for fact in facts:
            known, line = lines.row(fact)
            stored.append(known)
            yield line

    if may_repeat:
        rows = insert_lines("ledger_fact", _COLUMNS, made(), then="ON CONFLICT (id) DO NOTHING RETURNING id")
        return [row[0] for row in rows]
    insert_lines("ledger_fact", _COLUMNS, made())
    return stored
