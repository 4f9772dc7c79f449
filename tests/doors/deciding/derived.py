"""When the derived kinds of a pack hold for one worker: fact by fact and rule by rule, as ``docs/protocol-packs.md`` says it.

It knows nothing of columns, lanes or interval sets; only the pack itself is read by the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.oracle import Interval
from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.pack_model import After, Bound, Condition, Pack, Rule

FOREVER = 2**35
Facts = dict[str, list[Interval]]
Span = tuple[int, int]


def derived(pack: Pack, own: Sequence[RawFact], linked: Mapping[str, Sequence[RawFact]]) -> Facts:
    """Every derived kind's intervals, in any order; they may touch or overlap."""
    return {
        kind: [
            (None if start <= -FOREVER else start, None if end >= FOREVER else end)
            for rule in rules
            for start, end in _spans(rule, own, linked, ZoneInfo(pack.timezone))
            if start < end
        ]
        for kind, rules in pack.derivations.items()
    }


def _spans(
    rule: Rule, own: Sequence[RawFact], linked: Mapping[str, Sequence[RawFact]], zone: ZoneInfo
) -> Iterator[Span]:
    for fact in own:
        if rule.through is None:
            if fact.kind == rule.raw and _meets(fact, rule.where) and not _forestalled(rule, fact, own):
                yield from _held(rule, fact, (fact.start, fact.end), own, zone)
        elif fact.kind == rule.through.kind and _meets(fact, rule.through.where):
            for start, end in _of_the_named(rule, fact, linked):
                span = (max(start, fact.start), min(end, fact.end))
                if span[0] < span[1]:
                    yield from _held(rule, fact, span, own, zone)


def _of_the_named(rule: Rule, fact: RawFact, linked: Mapping[str, Sequence[RawFact]]) -> list[Span]:
    """When a fact of the rule's kind holds for whom the worker's fact names, without breaks where they touch."""
    assert rule.through is not None
    name = fact.values.get(rule.through.field)
    if not isinstance(name, str):
        return []
    around = {name, name[:9], name[:6], name[:4] + "00", name[:2] + "0000"} if rule.through.enclosing else {name}
    spans = sorted(
        (one.start, one.end)
        for code in around
        for one in linked.get(code, ())
        if one.kind == rule.raw and _meets(one, rule.where)
    )
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _held(rule: Rule, fact: RawFact, span: Span, own: Sequence[RawFact], zone: ZoneInfo) -> Iterator[Span]:
    start, end = span
    anchor = start
    if rule.clock != "start":
        moment = end if rule.clock == "end" else fact.values.get(rule.clock)
        if type(moment) not in (int, float):
            return
        anchor = int(moment)
        start, end = anchor, anchor + 1
    moved = any(bound not in (None, After(None)) for bound in (rule.begin, rule.finish))
    if (moved or rule.extent != "own" or rule.clock != "start") and not -FOREVER < anchor < FOREVER:
        return  # no moment from which anything could be counted
    if rule.extent == "event":
        yield anchor, anchor + 1
    elif rule.extent == "latest":
        yield anchor, min([one.start for one in own if one.kind == fact.kind and one.start > fact.start] or [FOREVER])
    else:
        begin = start if rule.begin is None else _bound(rule.begin, anchor, zone)
        yield begin, end if rule.finish is None else _bound(rule.finish, anchor, zone)


def _bound(bound: Bound, anchor: int, zone: ZoneInfo) -> int:
    if isinstance(bound, After):
        return FOREVER if bound.seconds is None else anchor + bound.seconds
    day = datetime.fromtimestamp(anchor, zone).replace(hour=0, minute=0, second=0, tzinfo=None)
    wall = day + timedelta(days=bound.day, seconds=bound.second)
    return int(wall.replace(tzinfo=zone).timestamp())


def _forestalled(rule: Rule, fact: RawFact, own: Sequence[RawFact]) -> bool:
    if rule.unless is None:
        return False
    after, until = (_moment(fact, name) for name in (rule.unless.after, rule.unless.until))
    if after is None or until is None:
        return True
    return any(one.kind == rule.unless.kind and after < one.start <= until for one in own)


def _moment(fact: RawFact, name: str) -> int | None:
    found = {"start": fact.start, "end": fact.end}.get(name, fact.values.get(name))
    return found if type(found) in (int, float) else None


def _meets(fact: RawFact, conditions: Sequence[Condition]) -> bool:
    return all(_met(fact.values.get(condition.field), condition) for condition in conditions)


def _met(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    number = type(value) in (int, float)
    match condition.operator:
        case "at_least":
            return number and value >= wanted
        case "at_most":
            return number and value <= wanted
        case "above":
            return number and value > wanted
        case "below":
            return number and value < wanted
        case "equals":
            return type(value) is type(wanted) and value == wanted
        case "one_of":
            return any(type(value) is type(one) and value == one for one in wanted)
        case "includes":
            return isinstance(value, list | tuple) and wanted in value
        case "given":
            return (value is not None and value not in ("", [])) == wanted
    raise ValueError(condition.operator)
