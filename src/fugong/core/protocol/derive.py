"""From raw facts to the derived kinds of a pack: thresholds, clocks, local days, and what holds through other subjects.

The ledger keeps raw values; each pack reads them in its own way (``derivations`` in its YAML). All workers are derived
at once: columns of one raw kind at a time, no loop over facts for times and conditions on numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from fugong.core.protocol.derive_columns import Array, Columns, Mask, coordinate
from fugong.core.protocol.derive_local import local_bound
from fugong.core.protocol.pack_model import After, Bound, Link, Local, Pack, Rule, Unless
from fugong.core.time import MINUS_INF, PLUS_INF, IntervalSet, empty, from_intervals, to_intervals


class RawFact(NamedTuple):
    """A raw fact about the subject of ``lane``, true from ``start`` to ``end`` (epoch seconds, end exclusive)."""

    lane: int
    kind: str
    start: int
    end: int
    values: Mapping[str, Any]
    id: str = ""


Linked = Mapping[str, Sequence[RawFact]]
_NOTHING: Linked = MappingProxyType({})


class Pieces(NamedTuple):
    """Where one rule makes its derived kind hold: lanes, starts, ends, and the fact (by its place in its group)."""

    lane: Array
    start: Array
    end: Array
    owner: Array


def enclosing(code: str) -> tuple[str, ...]:
    """A division's code and those of the divisions around it: 350112111, 350112, 350100, 350000."""
    cuts = [code[:n] for n in (9, 6) if len(code) > n]
    county = code[:6]
    return tuple(dict.fromkeys([code, *cuts, county[:4] + "00", county[:2] + "0000"]))


def references(pack: Pack, facts: Iterable[RawFact], links: Iterable[Link] | None = None) -> set[str]:
    """The subjects that the facts name and whose facts ``derive`` wants in ``linked``; enclosing divisions included.

    With ``links``, only those that are reached through these of the pack's links.
    """
    fields: dict[str, list[Link]] = {}
    for link in pack.links if links is None else links:
        fields.setdefault(link.kind, []).append(link)
    found: set[str] = set()
    for fact in facts:
        for link in fields.get(fact.kind, ()):
            reference = fact.values.get(link.field)
            if isinstance(reference, str) and reference:
                found.update(enclosing(reference) if link.enclosing else (reference,))
    return found


def derive(
    pack: Pack,
    facts: Sequence[RawFact],
    lanes: int,
    linked: Linked = _NOTHING,
    *,
    only: Collection[str] | None = None,
) -> dict[str, IntervalSet]:
    """Every derived kind of the pack (or ``only`` some) as intervals on one timeline with a lane for each worker.

    Kinds without facts are empty.
    ``linked`` holds the facts about other subjects by the reference that stands in a worker's fact: an enterprise's or
    site's id, a division's code (for enclosing divisions, each under its own code). A reference that it doesn't hold
    has no facts. ValueError when a fact's lane is not one of 0..lanes-1.
    """
    facts_by_kind = group(facts)
    for columns in facts_by_kind.values():
        if len(columns.lane) and not (columns.lane.min() >= 0 and columns.lane.max() < lanes):
            raise ValueError(f"a fact's lane must be one of 0 to {lanes - 1}")
    result = {}
    for kind in pack.derivations if only is None else only:
        rules = [rule for rule in pack.derivations[kind] if _reads(rule) in facts_by_kind]
        parts = [pieces(rule, facts_by_kind, linked, pack.timezone) for rule in rules]
        if not any(len(part.lane) for part in parts):
            result[kind] = empty()
        elif len(parts) == 1:
            result[kind] = from_intervals(*parts[0][:3])
        else:
            result[kind] = from_intervals(*(np.concatenate([part[i] for part in parts]) for i in range(3)))
    return result


def _reads(rule: Rule) -> str:
    """The raw kind of the worker's own facts that a rule begins with."""
    return rule.through.kind if rule.through else rule.raw


def group(facts: Sequence[RawFact]) -> dict[str, Columns]:
    """The facts by kind, as columns."""
    by_kind: dict[str, list[RawFact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    return {kind: Columns(some) for kind, some in by_kind.items()}


def pieces(rule: Rule, facts: Mapping[str, Columns], linked: Linked, timezone: str) -> Pieces:
    """Where the rule makes its kind hold. The pieces may touch or overlap."""
    here = facts.get(_reads(rule))
    if here is None or not len(here):
        return Pieces(*(np.empty(0, np.int64) for _ in range(4)))
    found = _through(rule, here, linked) if rule.through else _own(rule, here, facts)
    return _hold(rule, found, here, timezone)


def _own(rule: Rule, here: Columns, facts: Mapping[str, Columns]) -> Pieces:
    mask = here.mask(rule.where)
    if rule.clock not in ("start", "end"):
        mask &= here.has_number(rule.clock)
    if rule.unless:
        mask &= here.has_number(rule.unless.after) & here.has_number(rule.unless.until)
        if rule.unless.kind in facts:
            mask &= ~_forestalled(rule.unless, here, facts[rule.unless.kind])
    kept = np.flatnonzero(mask)
    return Pieces(here.lane[kept], here.start[kept], here.end[kept], kept)


def _forestalled(unless: Unless, here: Columns, others: Columns) -> Mask:
    """Which facts have one of the others beginning after the one moment and not after the other."""
    begins = others.begins
    low, high = (coordinate(here.lane, here.moment(name)) for name in (unless.after, unless.until))
    found: Mask = np.searchsorted(begins, high, "right") > np.searchsorted(begins, low, "right")
    return found


def linked_facts(rule: Rule, reference: object, linked: Linked) -> Iterator[RawFact]:
    """The facts of the rule's kind about the referred subject (and what encloses it), whatever their values."""
    if rule.through is None or not isinstance(reference, str):
        return
    for code in enclosing(reference) if rule.through.enclosing else (reference,):
        yield from (fact for fact in linked.get(code, ()) if fact.kind == rule.raw)


def _through(rule: Rule, here: Columns, linked: Linked) -> Pieces:
    """The linking facts' intervals, cut down to when a fact of the rule's kind holds for whom they name."""
    assert rule.through is not None
    kept = np.flatnonzero(here.mask(rule.through.where))
    column = here.column(rule.through.field)
    numbers: dict[Any, int] = {}
    number_of = np.fromiter(
        (numbers.setdefault(column[i] if isinstance(column[i], str) else None, len(numbers)) for i in kept),
        np.int64, len(kept),
    )  # fmt: skip
    found: list[RawFact] = []
    owner: list[int] = []
    for reference, number in numbers.items():
        some = list(linked_facts(rule, reference, linked))
        found += some
        owner += [number] * len(some)
    other = Columns(found)
    mask = other.mask(rule.where)
    merged = from_intervals(np.array(owner, np.int64)[mask], other.start[mask], other.end[mask])
    subject, start, end = to_intervals(merged)
    first = np.searchsorted(subject, number_of, "left")
    times = np.searchsorted(subject, number_of, "right") - first
    which = np.repeat(kept, times)
    place = np.repeat(first - (np.cumsum(times) - times), times) + np.arange(times.sum())
    lane, begin, finish = here.lane[which], np.maximum(here.start[which], start[place]), here.end[which]
    return Pieces(lane, begin, np.minimum(finish, end[place]), which)


def _hold(rule: Rule, found: Pieces, here: Columns, timezone: str) -> Pieces:
    """Each piece from where the rule lets it begin to where it lets it end."""
    real = found.start < found.end
    found = Pieces(*(part[real] for part in found))
    start, end, anchor = _clocked(rule, found, here)
    relative = rule.extent != "own" or any(bound not in (None, After(None)) for bound in (rule.begin, rule.finish))
    if relative or rule.clock != "start":
        finite = (anchor > MINUS_INF) & (anchor < PLUS_INF)
        found, start, end, anchor = (
            Pieces(*(part[finite] for part in found)),
            start[finite],
            end[finite],
            anchor[finite],
        )
    begin = start if rule.begin is None else _moved(rule.begin, anchor, timezone)
    finish = end if rule.finish is None else _moved(rule.finish, anchor, timezone)
    if rule.extent == "event":
        begin, finish = anchor, anchor + 1
    elif rule.extent == "latest":
        begin, finish = anchor, here.next_begin(found.owner)
    real = begin < finish
    return Pieces(found.lane[real], begin[real], finish[real], found.owner[real])


def _clocked(rule: Rule, found: Pieces, here: Columns) -> tuple[Array, Array, Array]:
    """The pieces' own intervals by the rule's clock, and the moments that anchor what it says about them."""
    if rule.clock == "start":
        return found.start, found.end, found.start
    anchor = found.end if rule.clock == "end" else here.moment(rule.clock)[found.owner]
    return anchor, anchor + 1, anchor


def _moved(bound: Bound, anchor: Array, timezone: str) -> Array:
    if isinstance(bound, Local):
        return local_bound(anchor, bound.day, bound.second, timezone)
    return np.full_like(anchor, PLUS_INF) if bound.seconds is None else anchor + bound.seconds
