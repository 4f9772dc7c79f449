"""Whether the audit is as it was sealed: walk the whole chain and name every row that was changed, removed, swapped or
dated back.

Whoever owns the tables can rewrite every hash after a change; that, and the removal of the newest rows, shows only
against a head that was sent outside (`verify`'s ``heads``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fugong.audit import chain
from fugong.base.faults import Fault, declare

CHUNK = 5_000
TOLERANCE = 60_000_000
"""By how many microseconds the database's clock may have been set back or forward."""
_NAMED = 1_000  # findings of one kind that are named one by one

Progress = Callable[[int, int], None]
"""How many seals are verified, of how many."""


class Finding(Fault):
    """One thing that isn't as it was sealed."""


declare(
    {
        "audit.changed": _(
            "Entry %(entry)s (seal %(number)s) isn't what was sealed: it, its seal or what stands before it was changed."
        ),
        "audit.removed": _("Entry %(entry)s (seal %(number)s) was removed."),
        "audit.seals_removed": _("Seals %(first)s to %(last)s were removed, their entries perhaps too."),
        "audit.batches_removed": _("Batches %(first)s to %(last)s were removed."),
        "audit.swapped": _("Entries %(entry)s and %(other)s (seals %(number)s and %(of_other)s) were swapped."),
        "audit.batch_changed": _("Batch %(number)s isn't what was sealed: its row was changed."),
        "audit.late": _("Entry %(entry)s was added behind the sealed head: it says that it is older than it is."),
        "audit.dated_back": _(
            "Entry %(entry)s (seal %(number)s) says that it is older than it is: it was dated back."
        ),
        "audit.dated_ahead": _("Entry %(entry)s says that it is newer than it can be: it was dated ahead."),
        "audit.surplus": _("Seals %(first)s to %(last)s belong to no batch: they were added."),
        "audit.other_head": _(
            "The head %(number)s that was sent outside isn't the one that is stored: everything up to it may have been rewritten."
        ),
        "audit.head_removed": _(
            "The head %(number)s that was sent outside is missing: the newest rows were removed (the chain ends with %(last)s)."
        ),
        "audit.more": _("… and %(count)s more of this kind."),
    }
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """What was verified, what was found, and how many entries wait for their seal."""

    entries: int = 0
    batches: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)


class _Batch(NamedTuple):
    number: int
    sealed_at: int
    server: int
    horizon: int
    following: int
    first: int
    entries: int
    hash: bytes


class _Seal(NamedTuple):
    number: int
    entry: int
    hash: bytes
    present: bool
    content: str
    server: int
    transaction: int
    written_at: int


class _Broken(NamedTuple):
    """A seal whose hash isn't that of its entry after ``before``."""

    seal: _Seal
    before: bytes


class _BrokenBatch(NamedTuple):
    batch: _Batch
    before: bytes
    last_seal: int


def count() -> int:
    """How many seals there are to verify."""
    return int(_one("SELECT count(*) FROM audit_seal")[0])


def verify(heads: Iterable[tuple[int, bytes]] = (), progress: Progress | None = None) -> Report:
    """Walk the chain up to the batch that is the newest now; ``heads`` are heads that were sent outside.

    To be called by the system (``access.as_system``). Sealing may go on meanwhile.
    """
    return _Walk(dict(heads), progress or (lambda _done, _total: None)).walked()


class _Walk:
    """One walk along the chain."""

    def __init__(self, heads: dict[int, bytes], progress: Progress) -> None:
        self._heads = heads
        self._progress = progress
        self._report = Report()
        self._counts: dict[str, int] = {}
        self._broken: list[_Broken] = []
        self._broken_batches: list[_BrokenBatch] = []
        self._before: bytes | None = chain.BEGINNING  # None: what stood before is missing
        self._order: dict[int, _Order] = {}
        self._server: int | None = None
        self._total = 0

    def walked(self) -> Report:
        last = _one("SELECT coalesce(max(number), 0) FROM audit_batch")[0]
        self._total = count()
        seals = _Peekable(_seals())
        expected, next_seal = 1, 1
        for batch in _batches(last):
            if batch.number > expected:
                self._found("audit.batches_removed", first=expected, last=batch.number - 1)
                self._before = None
            elif batch.first != next_seal:
                self._found("audit.batch_changed", number=batch.number)
                self._before = None
            seals.skip_to(batch.first)
            self._batch(batch, seals)
            expected, next_seal = batch.number + 1, batch.first + batch.entries
        self._after(last)
        return self._finished(last)

    def _batch(self, batch: _Batch, seals: _Peekable) -> None:
        self._report.batches += 1
        moved = self._server is not None and self._server != batch.server
        number, end = batch.first, batch.first + batch.entries
        while number < end:
            seal = seals.ahead
            if seal is None or seal.number > number:
                until = end if seal is None else min(seal.number, end)
                self._found("audit.seals_removed", first=number, last=until - 1)
                self._before, number = None, until
                continue
            seals.skip_to(number + 1)
            self._seal(seal, batch, moved)
            number += 1
        self._close(batch)
        if batch.number in self._heads and self._heads.pop(batch.number) != batch.hash:
            self._found("audit.other_head", number=batch.number)
        self._order.setdefault(batch.server, _Order()).note(batch)
        self._server = batch.server

    def _seal(self, seal: _Seal, batch: _Batch, moved: bool) -> None:
        self._report.entries += 1
        if self._report.entries % CHUNK == 0:
            self._progress(self._report.entries, self._total)
        before, self._before = self._before, seal.hash
        if not seal.present:
            self._found("audit.removed", entry=seal.entry, number=seal.number)
        elif before is not None and chain.link(before, seal.entry, seal.content) != seal.hash:
            self._broken.append(_Broken(seal, before))
        elif self._too_old(seal, batch, moved):
            self._found("audit.dated_back", entry=seal.entry, number=seal.number)
        elif seal.written_at > batch.sealed_at + TOLERANCE:
            self._found("audit.dated_ahead", entry=seal.entry)

    def _too_old(self, seal: _Seal, batch: _Batch, moved: bool) -> bool:
        """Whether an entry, by its transaction, must have been sealed before, or is younger than it says."""
        if seal.server != batch.server and not (moved and seal.server == self._server):
            return True
        return self._order.setdefault(seal.server, _Order()).too_old(seal)

    def _close(self, batch: _Batch) -> None:
        if self._before is not None and chain.close(self._before, *batch[:-1]) != batch.hash:
            self._broken_batches.append(_BrokenBatch(batch, self._before, batch.first + batch.entries - 1))
        self._before = batch.hash

    def _after(self, last: int) -> None:
        """What lies beyond the newest batch: seals that nobody made, entries that were slipped in, heads that are gone."""
        first_surplus, last_surplus = _one(_SURPLUS)
        if first_surplus is not None:
            self._found("audit.surplus", first=first_surplus, last=last_surplus)
        for entry in _slipped_in(last):
            self._found("audit.late", entry=entry)
        for entry in _from_the_future():
            self._found("audit.dated_ahead", entry=entry)
        for number in sorted(number for number in self._heads if number > last or number < 1):
            self._found("audit.head_removed", number=number, last=last)
        for number in sorted(number for number in self._heads if 1 <= number <= last):
            self._found("audit.other_head", number=number)

    def _finished(self, last: int) -> Report:
        self._name_broken()
        for code, more in self._counts.items():
            if more > _NAMED:
                self._report.findings.append(Finding("audit.more", count=more - _NAMED, of=code))
        self._report.waiting = int(_one(_WAITING, last)[0])
        self._progress(self._total, self._total)
        return self._report

    def _name_broken(self) -> None:
        """Of the seals that don't fit, two whose rows were exchanged are named together; the others as changed."""
        partner = _swaps(self._broken)
        at = {one.seal.number: one.seal for one in self._broken}
        for one in self._broken:
            number, entry = one.seal.number, one.seal.entry
            other = partner.get(number)
            if other is None:
                if not _innocent(number - 1, partner, at, one.seal.hash, entry, one.seal.content):
                    self._found("audit.changed", entry=entry, number=number)
            elif number < other:
                self._found("audit.swapped", entry=entry, other=at[other].entry, number=number, of_other=other)
        for broken in self._broken_batches:
            moved = partner.get(broken.last_seal)
            told = broken.batch[:-1]
            if moved is None or chain.close(at[moved].hash, *told) != broken.batch.hash:
                self._found("audit.batch_changed", number=broken.batch.number)

    def _found(self, code: str, **params: Any) -> None:
        finding = Finding(code, **params)
        if finding in self._report.findings[-_NAMED:]:
            return
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= _NAMED:
            self._report.findings.append(finding)


def _swaps(broken: list[_Broken]) -> dict[int, int]:
    """Which seals exchanged their entries, their entries' contents, or their whole rows, by their numbers."""
    partner: dict[int, int] = {}
    some = broken[:_NAMED]
    for one in some:
        for other in some:
            mine, theirs = one.seal, other.seal
            if mine.number == theirs.number or mine.number in partner or theirs.number in partner:
                continue
            exchanged = (
                chain.link(one.before, theirs.entry, theirs.content) in (mine.hash, theirs.hash)
                or chain.link(one.before, mine.entry, theirs.content) == mine.hash
            )
            if exchanged:
                partner[mine.number], partner[theirs.number] = theirs.number, mine.number
    return partner


def _innocent(
    before: int, partner: dict[int, int], at: dict[int, _Seal], hashed: bytes, entry: int, content: str
) -> bool:
    """Whether a seal fits when the row before it stands where it stood."""
    moved = partner.get(before)
    return moved is not None and chain.link(at[moved].hash, entry, content) == hashed


class _Order:
    """Of one server: in which order its transactions were sealed, and since when a transaction can have existed."""

    def __init__(self) -> None:
        self._horizon = 0
        self._newest = (0, 0)
        self._following: list[int] = []
        self._sealed_at: list[int] = []

    def note(self, batch: _Batch) -> None:
        """A batch is through: no older transaction can come, and younger ones begin after it."""
        self._horizon = max(self._horizon, batch.horizon)
        self._following.append(batch.following)
        self._sealed_at.append(batch.sealed_at)
        known = bisect_right(self._following, self._horizon) - 1
        if known > CHUNK:  # whatever comes is younger than these, but for the last of them
            del self._following[:known], self._sealed_at[:known]

    def too_old(self, seal: _Seal) -> bool:
        """Whether an entry comes too late for its transaction, or says that it was written before that could be."""
        place = (seal.transaction, seal.entry)
        late = place <= self._newest or seal.transaction < self._horizon
        self._newest = max(self._newest, place)
        since = bisect_right(self._following, seal.transaction) - 1
        return late or (since >= 0 and seal.written_at < self._sealed_at[since] - TOLERANCE)


class _Peekable:
    """Seals in the order of their numbers, of which the next one can be looked at."""

    def __init__(self, seals: Iterator[_Seal]) -> None:
        self._seals = seals
        self.ahead: _Seal | None = next(seals, None)

    def skip_to(self, number: int) -> None:
        """Drop the seals before a number."""
        while self.ahead is not None and self.ahead.number < number:
            self.ahead = next(self._seals, None)


def _seals() -> Iterator[_Seal]:
    last = -(2**62)
    while rows := _many(_SEALS, last, CHUNK):
        for row in rows:
            yield _Seal(row[0], row[1], bytes(row[2]), *row[3:])
        last = rows[-1][0]


def _batches(until: int) -> Iterator[_Batch]:
    last = -(2**62)
    while rows := _many(_BATCHES, last, until, CHUNK):
        for row in rows:
            yield _Batch._make((*row[:7], bytes(row[7])))
        last = rows[-1][0]


_SEALS = (
    f"SELECT s.number, s.entry_id, s.hash, e.id IS NOT NULL, {chain.CONTENT}, e.server, e.transaction, "
    f"{chain.microseconds('e.written_at')} FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id "
    "WHERE s.number > %s ORDER BY s.number LIMIT %s"
)
_BATCHES = (
    f"SELECT number, {chain.microseconds('sealed_at')}, server, horizon, following, first, entries, hash "
    "FROM audit_batch WHERE number > %s AND number <= %s ORDER BY number LIMIT %s"
)
_WAITING = (
    "SELECT count(*) FROM audit_entry e, audit_batch b WHERE b.number = %s "
    "AND e.server = b.server AND e.transaction >= b.horizon"
)
_SURPLUS = (
    "SELECT min(number), max(number) FROM audit_seal "
    "WHERE number >= (SELECT coalesce(max(first + entries), 1) FROM audit_batch)"
)
_HERE = "(SELECT system_identifier FROM pg_control_system())"


def _slipped_in(last: int) -> list[int]:
    """Entries without a seal that the newest batch should have sealed, or that no server of the chain wrote."""
    rows = _many(
        "SELECT e.id FROM audit_entry e, audit_batch b WHERE b.number = %s AND "
        f"((e.server = b.server AND e.transaction < b.horizon) OR e.server NOT IN (b.server, {_HERE})) "
        "AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.id",
        last,
    )
    return [row[0] for row in rows]


def _from_the_future() -> list[int]:
    """Entries of transactions that haven't begun yet."""
    rows = _many(
        f"SELECT e.id FROM audit_entry e WHERE e.server = {_HERE} "
        "AND e.transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint ORDER BY e.id"
    )
    return [row[0] for row in rows]


def _many(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _one(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone() or (0,)
