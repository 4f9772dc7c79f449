"""Random raw facts of the kinds that a pack reads, with values as the ledger would keep them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.pack import Pack
from fugong.core.time import PLUS_INF
from fugong.ledger.kinds import KINDS, Field

START = 1_583_020_800  # 2020-03-01 in UTC
HOUR, DAY = 3_600, 86_400
SUBJECTS = ["e1", "e2"]
DIVISIONS = ["420106", "420100", "350112111", "350000"]

moments = st.builds(
    lambda day, hour, second: START + day * DAY + hour * HOUR + second,
    st.integers(0, 34),
    st.sampled_from([0, 1, 2, 8, 16, 23]),
    st.sampled_from([-1, 0, 0, 0, 1, 300, 600]),
)


def _value(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case "choice":
            return st.sampled_from(field.choices)
        case "flag":
            return st.booleans()
        case "number" | "whole":
            return st.sampled_from([36.5, 37.2, 37.3, 37.9, 38.0, 39.5])
        case "list":
            return st.sampled_from([[], ["cough"], ["cough", "fever"]])
        case "subject":
            return st.sampled_from(SUBJECTS)
        case "division":
            return st.sampled_from(DIVISIONS)
        case _:
            return st.just("word")


@st.composite
def fact(draw: st.DrawFn, pack: Pack, kinds: list[str], at: int | None = None) -> RawFact:
    """A fact of one of the kinds; with ``at``, one that begins then, with all its moments then."""
    kind = KINDS[draw(st.sampled_from(kinds))]
    start = draw(moments) if at is None else at
    values = {
        f.name: draw(_value(f)) for f in kind.fields if f.type != "moment" and (f.required or draw(st.booleans()))
    }
    fields = [f.name for f in kind.fields if f.type == "moment"]
    later = draw(st.sampled_from([0, 2 * HOUR, 2 * DAY])) if at is None else 0
    values.update({name: start + later * i for i, name in enumerate(fields)})
    if kind.shape == "event":
        end = start + 1
    else:
        end = (
            PLUS_INF
            if at is not None or draw(st.booleans())
            else start + draw(st.sampled_from([1, HOUR, DAY, 14 * DAY]))
        )
    return RawFact(0, kind.name, start, end, values, draw(st.uuids(version=4)).hex)


def own_kinds(pack: Pack) -> list[str]:
    """The raw kinds about the worker that the pack reads."""
    return sorted(pack.own_kinds)


def linked_kinds(pack: Pack) -> list[str]:
    """The raw kinds about others that the pack reads."""
    return sorted({link.of for link in pack.links})


@st.composite
def lives(draw: st.DrawFn, pack: Pack) -> tuple[list[RawFact], dict[str, list[RawFact]]]:
    """A worker's facts and those about other subjects."""
    own = draw(st.lists(fact(pack, own_kinds(pack)), max_size=9))
    linked: dict[str, list[RawFact]] = {}
    if linked_kinds(pack):
        for about in draw(st.lists(st.sampled_from(SUBJECTS + DIVISIONS), max_size=3)):
            linked.setdefault(about, []).append(draw(fact(pack, linked_kinds(pack))))
    return own, linked
