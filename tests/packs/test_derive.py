"""Derivation: conditions, clocks, local days, other subjects, and what each way of holding means."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.core.protocol.derive import RawFact, derive, enclosing, references
from fugong.core.protocol.derive_local import local_bound, offsets
from fugong.core.protocol.pack import Link, Pack, load, shipped
from fugong.core.time import MINUS_INF, PLUS_INF, lane
from packs.life import Life

FRAME = """
pack: a-pack
version: "1"
title: {{zh: 测试, en: test}}
issuer: {{zh: 测试, en: test}}
in_force: {{from: 2020-01-01}}
timezone: {zone}
sources: [{{title: none, confidence: own}}]
parameters:
  limit: {{value: 37.3, unit: celsius, title: {{zh: 界限, en: limit}}}}
  days: {{value: 14, unit: days, title: {{zh: 天数, en: days}}}}
  long: {{value: 48, unit: h, title: {{zh: 时长, en: length}}}}
  ten: {{value: "10:00", unit: time_of_day, title: {{zh: 十点, en: ten}}}}
  clock: {{value: sampled_at, unit: choice, choices: [sampled_at, reported_at], title: {{zh: 时钟, en: clock}}}}
facts: {{{facts}}}
kinds: {{k: {{zh: 类, en: kind}}}}
derivations:
  k: [{rules}]
requirements: {{}}
permissions: {{}}
"""

SHAPES = {"stay": "state", "employment": "state", "dormitory": "state", "symptom": "state", "observation": "state",
          "resumption": "state", "risk_level": "state"}  # fmt: skip


def pack(rules: str, *facts: str, zone: str = "Asia/Shanghai") -> Pack:
    """A pack that derives one kind, ``k``."""
    return load(FRAME.format(zone=zone, rules=rules, facts=", ".join(f"{f}: {SHAPES.get(f, 'event')}" for f in facts)))


def spans(rules: str, table: str, *facts: str, zone: str = "Asia/Shanghai") -> list[tuple[str, str]]:
    """When ``k`` holds, in local time."""
    life = Life(table, zone)
    found = lane(derive(pack(rules, *facts, zone=zone), life.own, 1, life.linked)["k"], 0)
    return [(_local(start, zone), _local(end, zone)) for start, end in found]


def _local(moment: int, zone: str) -> str:
    if moment in (MINUS_INF, PLUS_INF):
        return "ever"
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).strftime("%m-%dT%H:%M:%S").removesuffix(":00")


REGISTER = "2020-03-08T07:20 register well=true celsius=36.5"

HOLDS: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "an event holds for its second": ("{from: register}", REGISTER, [("03-08T07:20", "03-08T07:20:01")]),
    "a state holds as long as it does": (
        "{from: symptom}",
        "2020-03-08T07:20 2020-03-09T07:20 symptom name=cough",
        [("03-08T07:20", "03-09T07:20")],
    ),
    "for a length": ("{from: register, holds: {for: $long}}", REGISTER, [("03-08T07:20", "03-10T07:20")]),
    "for ever": ("{from: register, holds: {for: inf}}", REGISTER, [("03-08T07:20", "ever")]),
    "until a time of the next day": (
        "{from: register, holds: {until: {day: 1, at: $ten}}}",
        REGISTER,
        [("03-08T07:20", "03-09T10:00")],
    ),
    "filed just after midnight, it is the new day's": (
        "{from: register, holds: {until: {day: 1, at: $ten}}}",
        "2020-03-08T00:05 register well=true",
        [("03-08T00:05", "03-09T10:00")],
    ),
    "until the morning after day 14, arrival being day 0": (
        "{from: arrival, holds: {until: {after_day: $days, at: '08:00'}}}",
        "2020-03-01T23:30 arrival mode=bus",
        [("03-01T23:30", "03-16T08:00")],
    ),
    "the whole local day": (
        "{from: register, holds: {from: {day: 0, at: '00:00'}, until: {day: 1, at: '00:00'}}}",
        REGISTER,
        [("03-08T00:00", "03-09T00:00")],
    ),
    "from a later moment on": (
        "{from: symptom, holds: {from: {after: 24h}}}",
        "2020-03-08T07:20 2020-03-10T07:20 symptom name=cough",
        [("03-09T07:20", "03-10T07:20")],
    ),
    "from a later moment on that never comes": (
        "{from: symptom, holds: {from: {after: 24h}}}",
        "2020-03-08T07:20 2020-03-09T07:20 symptom name=cough",
        [],
    ),
    "after the end": (
        "{from: observation, clock: end, holds: {for: 2d}}",
        "2020-03-08T07:20 2020-03-10T07:20 observation",
        [("03-10T07:20", "03-12T07:20")],
    ),
    "an end that isn't known yet is no moment": (
        "{from: observation, clock: end, holds: {for: 2d}}",
        "2020-03-08T07:20 .. observation",
        [],
    ),
    "the beginning of a state": (
        "{from: symptom, holds: event}",
        "2020-03-08T07:20 .. symptom name=cough",
        [("03-08T07:20", "03-08T07:20:01")],
    ),
    "latest: until the next of its kind, whatever it says": (
        "{from: register, where: {well: false}, holds: latest}",
        "2020-03-08T07:20 register well=false\n2020-03-09T07:20 register well=true\n2020-03-10T07:20 register well=false",
        [("03-08T07:20", "03-09T07:20"), ("03-10T07:20", "ever")],
    ),
    "touching validities merge": (
        "{from: register, holds: {for: 24h}}",
        "2020-03-08T07:20 register well=true\n2020-03-09T07:20 register well=true",
        [("03-08T07:20", "03-10T07:20")],
    ),
}


@pytest.mark.parametrize("case", HOLDS)
def test_how_a_kind_holds(case: str) -> None:
    rules, table, expected = HOLDS[case]
    kinds = sorted({word for word in ("register", "symptom", "arrival", "observation") if f"from: {word}," in rules + ","
                    or f"from: {word}}}" in rules})  # fmt: skip
    assert spans(rules, table, *kinds) == expected


TEST = "2020-03-08T09:00 test result=negative sampled_at=2020-03-07T09:00 reported_at=2020-03-08T08:00"


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("sampled_at", "03-07T09:00"),
        ("reported_at", "03-08T08:00"),
        ("start", "03-08T09:00"),
        ("$clock", "03-07T09:00"),
    ],
)
def test_which_moment_counts(clock: str, expected: str) -> None:
    assert [start for start, _ in spans(f"{{from: test, clock: {clock}}}", TEST, "test")] == [expected]


def test_a_fact_without_the_moment_does_not_count() -> None:
    assert spans("{from: test, clock: sampled_at}", "2020-03-08T09:00 test result=negative", "test") == []


CONDITIONS: list[tuple[str, dict[str, Any], bool]] = [
    ("{celsius: {at_least: $limit}}", {"celsius": 37.3}, True),
    ("{celsius: {at_least: $limit}}", {"celsius": 37.2}, False),
    ("{celsius: {above: 37.3}}", {"celsius": 37.3}, False),
    ("{celsius: {below: $limit}}", {"celsius": 37.3}, False),
    ("{celsius: {at_most: 37.3}}", {"celsius": 37.3}, True),
    ("{celsius: {at_least: 36, below: 37}}", {"celsius": 37}, False),
    ("{celsius: {at_least: 36, below: 37}}", {"celsius": 36}, True),
    ("{celsius: {below: 37}}", {}, False),
    ("{celsius: {below: 37}}", {"celsius": "36.5"}, False),
    ("{celsius: {below: 37}}", {"celsius": True}, False),
    ("{well: true}", {"well": True}, True),
    ("{well: true}", {"well": 1}, False),
    ("{well: false}", {}, False),
    ("{filed_by: guard}", {"filed_by": "guard"}, True),
    ("{filed_by: {equals: guard}}", {"filed_by": "worker"}, False),
    ("{filed_by: {one_of: [guard, upload]}}", {"filed_by": "upload"}, True),
    ("{filed_by: {one_of: [guard, upload]}}", {"filed_by": "worker"}, False),
    ("{symptoms: {includes: cough}}", {"symptoms": ["fever", "cough"]}, True),
    ("{symptoms: {includes: cough}}", {"symptoms": "cough"}, False),
    ("{symptoms: {given: true}}", {"symptoms": []}, False),
    ("{symptoms: {given: true}}", {"symptoms": ["cough"]}, True),
    ("{symptoms: {given: false}}", {}, True),
    ("{well: true, filed_by: guard}", {"well": True, "filed_by": "worker"}, False),
]


@pytest.mark.parametrize(("where", "values", "meets"), CONDITIONS)
def test_conditions(where: str, values: dict[str, Any], meets: bool) -> None:
    made = pack(f"{{from: register, where: {where}}}", "register")
    found = derive(made, [RawFact(0, "register", 0, 1, values)], 1)["k"]
    assert lane(found, 0) == ([(0, 1)] if meets else [])


UNLESS = "{from: test, clock: reported_at, unless: {kind: arrival, after: sampled_at, until: reported_at}}"


@pytest.mark.parametrize(
    ("arrival", "counts"),
    [("2020-03-07T08:59", True), ("2020-03-07T09:00", True), ("2020-03-07T09:01", False), ("2020-03-08T08:00", False),
     ("2020-03-08T08:01", True)],
)  # fmt: skip
def test_a_journey_between_the_swab_and_the_report(arrival: str, counts: bool) -> None:
    found = spans(UNLESS, f"{TEST}\n{arrival} arrival mode=bus", "test", "arrival")
    assert bool(found) == counts


def test_anothers_journey_does_not_matter() -> None:
    life = Life(f"{TEST}\n2020-03-07T12:00 arrival mode=bus", "Asia/Shanghai")
    facts = [life.own[0], life.own[1]._replace(lane=1)]
    assert lane(derive(pack(UNLESS, "test", "arrival"), facts, 2)["k"], 0) != []


THROUGH = "{from: resumption, through: {kind: employment, field: employer}}"


def test_what_holds_for_the_employer_holds_for_its_workers_while_employed() -> None:
    table = """
    2020-03-01T00:00 2020-03-10T00:00 employment employer=mill
    2020-03-12T00:00 .. employment employer=yard
    mill: 2020-02-01T00:00 2020-03-05T00:00 resumption
    mill: 2020-03-08T00:00 .. resumption
    yard: 2020-03-15T00:00 .. resumption
    dock: 2020-01-01T00:00 .. resumption
    """
    assert spans(THROUGH, table, "resumption", "employment") == [
        ("03-01T00:00", "03-05T00:00"), ("03-08T00:00", "03-10T00:00"), ("03-15T00:00", "ever"),
    ]  # fmt: skip


def test_conditions_on_both_facts() -> None:
    rule = (
        "{from: resumption, where: {regime: permit}, "
        "through: {kind: employment, field: employer, where: {contract: regular}}}"
    )
    table = """
    2020-03-01T00:00 .. employment employer=mill contract=regular
    2020-03-01T00:00 .. employment employer=yard contract=temporary
    mill: 2020-03-02T00:00 .. resumption regime=filing
    mill: 2020-03-05T00:00 .. resumption regime=permit
    yard: 2020-03-03T00:00 .. resumption regime=permit
    """
    assert spans(rule, table, "resumption", "employment") == [("03-05T00:00", "ever")]


RISK = "{from: risk_level, where: {level: high}, through: {kind: stay, field: division, enclosing: true}%s}"
STAY = "2020-03-01T00:00 2020-03-10T00:00 stay division=350112111\n"


@pytest.mark.parametrize("code", ["350112111", "350112", "350100", "350000"])
def test_risk_levels_of_every_enclosing_division_count(code: str) -> None:
    table = f"{STAY}{code}: 2020-03-05T00:00 .. risk_level level=high"
    assert spans(RISK % "", table, "risk_level", "stay") == [("03-05T00:00", "03-10T00:00")]


@pytest.mark.parametrize("code", ["350112112", "350113", "350200", "360000", "350112111001"])
def test_risk_levels_of_other_divisions_do_not(code: str) -> None:
    assert spans(RISK % "", f"{STAY}{code}: 2020-03-05T00:00 .. risk_level level=high", "risk_level", "stay") == []


def test_the_clock_starts_when_the_last_exposure_ends() -> None:
    table = f"""{STAY}
    350112: 2020-03-02T00:00 2020-03-04T00:00 risk_level level=high
    350100: 2020-03-04T00:00 2020-03-06T12:00 risk_level level=high
    """
    found = spans(RISK % ", clock: end, holds: {until: {after_day: 14, at: '08:00'}}", table, "risk_level", "stay")
    assert found == [("03-06T12:00", "03-21T08:00")]


def test_enclosing_divisions() -> None:
    assert enclosing("350112111001") == ("350112111001", "350112111", "350112", "350100", "350000")
    assert enclosing("350112111") == ("350112111", "350112", "350100", "350000")
    assert enclosing("350100") == ("350100", "350000")
    assert enclosing("350000") == ("350000",)


def test_a_pack_says_whose_facts_it_needs() -> None:
    made = load(shipped()["jinfeng-2020-03"])
    assert set(made.links) == {
        Link("stay", "division", "risk_level", True),
        Link("arrival", "from_division", "risk_level", True),
        Link("employment", "employer", "resumption", False),
    }
    facts = [
        RawFact(0, "employment", 0, PLUS_INF, {"employer": "mill"}),
        RawFact(0, "arrival", 0, 1, {"mode": "bus", "from_division": "420106"}),
        RawFact(0, "arrival", 0, 1, {"mode": "own"}),
        RawFact(0, "dormitory", 0, PLUS_INF, {"site": "block7"}),
    ]
    assert references(made, facts) == {"mill", "420106", "420100", "420000"}


def test_lanes_do_not_touch_and_are_checked() -> None:
    made = pack("{from: register, holds: {for: inf}}", "register")
    found = derive(made, [RawFact(2, "register", 5, 6, {}), RawFact(0, "register", 7, 8, {})], 4)["k"]
    assert [lane(found, i) for i in range(4)] == [[(7, PLUS_INF)], [], [(5, PLUS_INF)], []]
    with pytest.raises(ValueError, match="lane"):
        derive(made, [RawFact(4, "register", 5, 6, {})], 4)
    assert len(derive(made, [], 0)["k"]) == 0


def test_a_state_since_ever_has_no_first_day() -> None:
    since_ever = [RawFact(0, "symptom", MINUS_INF, 100, {})]
    assert lane(derive(pack("{from: symptom}", "symptom"), since_ever, 1)["k"], 0) == [(MINUS_INF, 100)]
    for rule in ("{for: 1d}", "{until: {day: 1, at: 10:00}}", "{from: {after: 1d}}"):
        assert lane(derive(pack(f"{{from: symptom, holds: {rule}}}", "symptom"), since_ever, 1)["k"], 0) == []


# local days, against the calendar itself

ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"]


@given(
    st.lists(st.integers(-(10**9), 4 * 10**9), max_size=20),
    st.integers(0, 30),
    st.integers(0, 86_399),
    st.sampled_from(ZONES),
)
@settings(max_examples=150, deadline=None)
def test_local_bounds_are_the_calendars(moments: list[int], day: int, second: int, zone: str) -> None:
    found = local_bound(np.array(moments, np.int64), day, second, zone).tolist()
    for moment, bound in zip(moments, found, strict=True):
        here = datetime.fromtimestamp(moment, ZoneInfo(zone))
        midnight = datetime(here.year, here.month, here.day, tzinfo=ZoneInfo(zone))
        assert bound == (midnight + timedelta(days=day, seconds=second)).timestamp()


@given(st.lists(st.integers(-(10**9), 4 * 10**9), max_size=20), st.sampled_from(ZONES))
@settings(max_examples=100, deadline=None)
def test_offsets_are_the_zones(moments: list[int], zone: str) -> None:
    found = offsets(np.array(moments, np.int64), zone).tolist()
    utc = [datetime.fromtimestamp(moment, ZoneInfo(zone)).utcoffset() for moment in moments]
    assert found == [int(offset.total_seconds()) for offset in utc if offset is not None]


def test_the_clocks_change_in_the_night() -> None:
    table = "2024-03-09T20:00 register well=true"  # on the 10th, 02:00 becomes 03:00
    rule = "{from: register, holds: {until: {day: 1, at: '10:00'}}}"
    life = Life(table, "America/New_York")
    found = lane(derive(pack(rule, "register", zone="America/New_York"), life.own, 1)["k"], 0)
    assert found[0][1] - found[0][0] == 13 * 3_600


def test_the_work_grows_as_the_facts_do() -> None:
    """Nothing is done again for every pair of facts, workers or employers: twice the town is twice the steps."""
    made = load(shipped()["jinfeng-2020-03"])
    small, large = (steps(made, workers) for workers in (500, 1_000))
    assert large < 2.1 * small


def steps(made: Pack, workers: int) -> int:
    """How many calls of Python and C functions it takes to derive a town of ten days, twenty facts a worker."""
    facts, linked = a_town(workers)
    called = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        found = derive(made, facts, workers, linked)
    finally:
        sys.setprofile(None)
    assert len(found["employer.resumed"]) == workers
    return called


def a_town(workers: int) -> tuple[list[RawFact], dict[str, list[RawFact]]]:
    """Facts of so many workers, and those of an employer for every hundred of them."""
    start = 1_580_486_400
    facts = []
    for worker in range(workers):
        facts.append(RawFact(worker, "employment", start, PLUS_INF, {"employer": f"E{worker % (workers // 100)}"}))
        facts.append(RawFact(worker, "stay", start - 9, start + 86_400, {"division": "350112111"}))
        for day in range(10):
            at = start + day * 86_400 + worker
            facts.append(RawFact(worker, "register", at, at + 1, {"well": True, "celsius": 36.5}))
            if day < 8:
                facts.append(RawFact(worker, "temperature", at, at + 1, {"celsius": 36.5, "place": "door"}))
    linked = {f"E{i}": [RawFact(0, "resumption", start + i, PLUS_INF, {})] for i in range(workers // 100)}
    return facts, linked
