"""``cn-2022-48h``, ``cdc-2024-respiratory`` and ``sg-2020-accesscode``, walked through their sources' cases."""

from __future__ import annotations

import pytest

from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.pack import load, shipped
from fugong.core.time import MINUS_INF
from packs.life import Life, Question, walk

Cases = dict[str, tuple[str, list[Question]]]

NEGATIVE = "test result=negative method=nucleic_acid sampled_at=2022-06-01T08:00 reported_at=2022-06-01T20:00"
POSITIVE = "test result=positive method=nucleic_acid sampled_at=2022-06-02T08:00 reported_at=2022-06-02T20:00"

RECOVERED_48H = f"""
2022-04-20T10:00 2022-05-10T10:00 diagnosis finding=confirmed
2022-05-10T10:00 .. diagnosis finding=discharged
2022-06-01T08:00 {NEGATIVE}
"""

CASES_48H: Cases = {
    "48 hours from the swab, inclusive": (
        f"2022-06-01T08:00 {NEGATIVE}",
        [
            ("2022-06-01T07:59", "enter", "tested_in_time"),
            ("2022-06-01T20:00", "enter", True),
            ("2022-06-03T08:00:00", "enter", True),
            ("2022-06-03T08:00:01", "enter", "tested_in_time"),
        ],
    ),
    "an unclear result counts for more than an older negative one, and less than a later one": (
        f"2022-06-01T08:00 {NEGATIVE}\n"
        "2022-06-02T08:00 test result=inconclusive method=nucleic_acid"
        " sampled_at=2022-06-02T08:00 reported_at=2022-06-02T20:00\n"
        f"2022-06-02T21:00 {NEGATIVE.replace('2022-06-01', '2022-06-03')}",
        [
            ("2022-06-02T07:59", "enter", True),
            ("2022-06-02T20:00", "enter", "result_clear"),
            ("2022-06-03T08:00", "enter", True),
        ],
    ),
    "an antigen test is not asked for": (
        f"2022-06-01T08:00 {NEGATIVE.replace('nucleic_acid', 'antigen')}",
        [("2022-06-01T20:00", "work", "tested_in_time")],
    ),
    "a positive result bars, and a negative one after it doesn't unbar": (
        f"2022-06-01T08:00 {NEGATIVE}\n2022-06-02T08:00 {POSITIVE}\n"
        "2022-06-03T08:00 test result=negative method=nucleic_acid"
        " sampled_at=2022-06-03T08:00 reported_at=2022-06-03T20:00\n"
        "2022-06-09T08:00 .. diagnosis finding=discharged\n"
        "2022-06-09T08:00 test result=negative method=nucleic_acid"
        " sampled_at=2022-06-09T08:00 reported_at=2022-06-09T20:00",
        [
            ("2022-06-02T09:00", "enter", "not_positive"),
            ("2022-06-04T09:00", "enter", "not_positive"),
            ("2022-06-09T20:00", "enter", True),
        ],
    ),
    "positive after a discharge, and a second discharge": (
        f"""
        {RECOVERED_48H}
        2022-06-02T08:00 {POSITIVE}
        2022-06-12T08:00 .. diagnosis finding=discharged
        2022-06-12T08:00 {NEGATIVE.replace("2022-06-01", "2022-06-12")}
        """,
        [
            ("2022-06-02T07:59", "work", True),
            ("2022-06-02T08:00:00", "work", "not_positive"),
            ("2022-06-02T08:00:01", "work", "not_positive"),
            ("2022-06-02T20:00", "enter", "not_positive"),
            ("2022-06-12T07:59", "work", "tested_in_time not_positive"),
            ("2022-06-12T08:00", "work", True),
        ],
    ),
    "confirmed again, and that ended without a discharge": (
        f"{RECOVERED_48H}\n2022-06-01T10:00 2022-06-02T09:00 diagnosis finding=confirmed",
        [
            ("2022-06-01T09:59", "work", True),
            ("2022-06-01T10:00", "work", "not_positive"),
            ("2022-06-02T09:00", "work", "not_positive"),
            ("2022-06-03T08:00", "visit", "not_positive"),
        ],
    ),
    "positive and negative in the same second": (
        f"{RECOVERED_48H}\n2022-06-02T08:00 {POSITIVE}\n2022-06-02T08:00 {POSITIVE.replace('positive', 'negative')}",
        [("2022-06-02T08:00:00", "work", "not_positive"), ("2022-06-02T20:00", "work", "not_positive")],
    ),
    "positive in the second of the discharge": (
        f"2022-06-02T08:00 {POSITIVE}\n2022-06-02T08:00 .. diagnosis finding=discharged\n2022-06-01T08:00 {NEGATIVE}",
        [("2022-06-02T08:00:00", "work", "not_positive"), ("2022-06-02T20:00", "work", "not_positive")],
    ),
    "whoever was discharged is a case no more, also when nobody ended the diagnosis": (
        f"""
        2022-04-20T10:00 .. diagnosis finding=confirmed
        2022-05-10T10:00 .. diagnosis finding=discharged
        2022-06-01T08:00 {NEGATIVE}
        """,
        [("2022-06-01T20:00", "work", True)],
    ),
    "a fever at the door": (
        f"2022-06-01T08:00 {NEGATIVE}\n2022-06-02T08:00 temperature celsius=37.3\n2022-06-02T08:10 temperature celsius=36.5",
        [("2022-06-02T08:00", "work", "no_fever"), ("2022-06-02T08:10", "work", True)],
    ),
}

CASES_48H_REPORTED: Cases = {
    "48 hours from the report, inclusive": (
        f"2022-06-01T08:00 {NEGATIVE}",
        [
            ("2022-06-01T19:59", "enter", "tested_in_time"),
            ("2022-06-01T20:00", "enter", True),
            ("2022-06-03T20:00:00", "enter", True),
            ("2022-06-03T20:00:01", "enter", "tested_in_time"),
        ],
    ),
    "positive after a discharge, from the report on": (
        f"{RECOVERED_48H}\n2022-06-02T08:00 {POSITIVE}",
        [("2022-06-02T19:59", "work", True), ("2022-06-02T20:00", "work", "not_positive")],
    ),
}

CASES_CDC: Cases = {
    "never ill": ("", [("2024-04-01T08:00", "work", True), ("2024-04-01T08:00", "colour", "clear")]),
    "home with symptoms, back after 24 hours of improving, then five careful days": (
        """
        2024-04-01T07:00 2024-04-08T07:00 symptom name=cough
        2024-04-01T07:00 register well=false symptoms=[cough]
        2024-04-02T07:00 register well=false symptoms=[cough] improving=false
        2024-04-03T07:00 register well=false symptoms=[cough] improving=true
        2024-04-09T07:00 register well=true
        """,
        [
            ("2024-04-01T06:59", "work", True),
            ("2024-04-01T07:00", "work", "improving"),
            ("2024-04-04T06:59", "work", "improving"),
            ("2024-04-04T07:00", "work", True),
            ("2024-04-04T07:00", "colour", "precautions"),
            ("2024-04-04T07:00", "visit", "precautions_over"),
            ("2024-04-09T06:59", "colour", "precautions"),
            ("2024-04-09T07:00", "colour", "clear"),
        ],
    ),
    "a fever, gone only by medicine, is not gone": (
        """
        2024-04-01T07:00 temperature celsius=38.0
        2024-04-02T07:00 register well=true fever_reducers=true
        """,
        [
            ("2024-04-02T07:01", "work", "fever_free"),
            ("2024-04-03T07:00", "work", "fever_free"),
            ("2024-04-03T07:00:01", "work", True),
        ],
    ),
    "37.9 is no fever": ("2024-04-01T07:00 temperature celsius=37.9", [("2024-04-01T07:01", "work", True)]),
    "worse again: home again": (
        """
        2024-04-01T07:00 register well=false improving=false
        2024-04-02T07:00 register well=false improving=true
        2024-04-04T07:00 temperature celsius=38.5
        """,
        [
            ("2024-04-03T07:00", "work", True),
            ("2024-04-04T07:00", "work", "fever_free"),
            ("2024-04-04T07:00", "colour", "stay_home"),
            ("2024-04-05T07:00:01", "colour", "precautions"),
        ],
    ),
    "positive and well: five careful days from the sample": (
        "2024-04-01T07:00 test result=positive sampled_at=2024-04-01T07:00 reported_at=2024-04-02T07:00",
        [
            ("2024-04-02T08:00", "work", True),
            ("2024-04-02T08:00", "colour", "precautions"),
            ("2024-04-06T07:00:01", "colour", "clear"),
        ],
    ),
    "positive again after the careful days, and negative in the same second: five more": (
        """
        2024-04-01T07:00 test result=positive sampled_at=2024-04-01T07:00 reported_at=2024-04-02T07:00
        2024-04-20T07:00 test result=positive sampled_at=2024-04-20T07:00 reported_at=2024-04-21T07:00
        2024-04-20T07:00 test result=negative sampled_at=2024-04-20T07:00 reported_at=2024-04-21T07:00
        """,
        [
            ("2024-04-20T06:59", "colour", "clear"),
            ("2024-04-20T07:00:00", "colour", "precautions"),
            ("2024-04-20T07:00:01", "colour", "precautions"),
            ("2024-04-25T07:00:01", "colour", "clear"),
        ],
    ),
    "ill again after having been well: home again, and back again": (
        """
        2024-04-01T07:00 register well=false improving=false
        2024-04-02T07:00 register well=false improving=true
        2024-04-05T07:00 register well=true
        2024-04-15T07:00 register well=false improving=false
        2024-04-16T07:00 register well=true
        """,
        [
            ("2024-04-14T07:00", "colour", "clear"),
            ("2024-04-15T07:00", "work", "improving"),
            ("2024-04-17T06:59", "work", "improving"),
            ("2024-04-17T07:00", "colour", "precautions"),
        ],
    ),
}

CLEAR = """
2020-01-01T00:00 .. employment employer=yard
2020-01-01T00:00 .. dormitory site=block7
yard: 2020-07-01T00:00 .. resumption regime=permit
block7: 2020-07-10T00:00 .. clearance_of_site
2020-08-20T09:00 test result=negative sampled_at=2020-08-20T09:00 reported_at=2020-08-21T09:00
"""

RECOVERED_SG = """
2020-06-01T09:00 2020-06-20T09:00 diagnosis finding=confirmed
2020-06-20T09:00 .. diagnosis finding=discharged
"""

CASES_SG: Cases = {
    "green when worker, employer and dormitory are clear": (
        CLEAR,
        [
            ("2020-08-20T08:59", "work", "routinely_tested"),
            ("2020-08-20T09:00", "work", True),
            ("2020-08-20T09:00", "colour", "green"),
        ],
    ),
    "red when the routine test is missed, green once it is done": (
        CLEAR + "2020-09-07T10:00 test result=negative sampled_at=2020-09-07T10:00 reported_at=2020-09-08T10:00",
        [
            ("2020-09-03T09:00", "colour", "green"),
            ("2020-09-03T09:01", "colour", "red"),
            ("2020-09-05T09:01", "work", "routinely_tested"),
            ("2020-09-07T10:00", "colour", "green"),
        ],
    ),
    "the employer has no approval": (
        CLEAR.replace("yard: 2020-07-01", "yard: 2020-08-25"),
        [("2020-08-24T12:00", "work", "employer_approved"), ("2020-08-25T00:00", "work", True)],
    ),
    "the dormitory is not cleared": (
        CLEAR.replace("2020-07-10T00:00 .. clearance", "2020-07-10T00:00 2020-08-25T00:00 clearance"),
        [("2020-08-24T12:00", "work", True), ("2020-08-25T00:00", "work", "dormitory_cleared")],
    ),
    "the address is another dormitory's: all reasons are named": (
        CLEAR.replace("site=block7", "site=block8").replace("employer=yard", "employer=dock"),
        [("2020-08-24T12:00", "work", "employer_approved dormitory_cleared")],
    ),
    "who lives outside needs no cleared dormitory": (
        CLEAR.replace("2020-01-01T00:00 .. dormitory site=block7", ""),
        [("2020-10-01T12:00", "work", True)],
    ),
    "a case is red, and green again when recovered, without routine tests": (
        CLEAR
        + """2020-08-22T09:00 test result=positive sampled_at=2020-08-21T09:00 reported_at=2020-08-22T09:00
        2020-08-22T09:00 2020-09-10T09:00 diagnosis finding=confirmed
        2020-09-10T09:00 .. diagnosis finding=discharged""",
        [
            ("2020-08-22T08:59", "colour", "green"),
            ("2020-08-22T09:00", "work", "worker_clear"),
            ("2020-09-09T09:00", "enter", "worker_clear routinely_tested"),
            ("2020-09-10T09:00", "colour", "green"),
        ],
    ),
    "positive after a discharge, and a second discharge": (
        CLEAR
        + RECOVERED_SG
        + """2020-08-22T09:00 test result=positive sampled_at=2020-08-21T09:00 reported_at=2020-08-22T09:00
        2020-09-10T09:00 .. diagnosis finding=discharged""",
        [
            ("2020-08-22T08:59", "work", True),
            ("2020-08-22T09:00:00", "work", "worker_clear"),
            ("2020-08-22T09:00:01", "work", "worker_clear"),
            ("2020-09-10T08:59", "colour", "red"),
            ("2020-09-10T09:00", "colour", "green"),
        ],
    ),
    "confirmed again, and that ended without a discharge": (
        CLEAR + RECOVERED_SG + "2020-08-22T09:00 2020-08-24T09:00 diagnosis finding=asymptomatic",
        [
            ("2020-08-22T09:00", "board", "worker_clear"),
            ("2020-08-24T09:00", "work", "worker_clear"),
            ("2020-09-24T09:00", "leave_observation", "worker_clear"),
        ],
    ),
    "positive and negative in the same second": (
        CLEAR
        + RECOVERED_SG
        + """2020-08-22T09:00 test result=positive sampled_at=2020-08-22T09:00 reported_at=2020-08-22T09:00
        2020-08-22T09:00 test result=negative sampled_at=2020-08-22T09:00 reported_at=2020-08-22T09:00""",
        [("2020-08-22T09:00:00", "work", "worker_clear"), ("2020-08-22T10:00", "work", "worker_clear")],
    ),
    "positive in the second of the discharge": (
        CLEAR
        + """2020-08-22T09:00 test result=positive sampled_at=2020-08-22T09:00 reported_at=2020-08-22T09:00
        2020-08-22T09:00 .. diagnosis finding=discharged""",
        [("2020-08-22T09:00:00", "work", "worker_clear"), ("2020-08-22T10:00", "work", "worker_clear")],
    ),
    "a quarantine": (
        CLEAR + "2020-08-22T09:00 2020-08-30T09:00 observation",
        [("2020-08-22T09:00", "work", "worker_clear"), ("2020-08-30T09:00", "work", True)],
    ),
}

TABLES = {
    "cn-2022-48h": (load(shipped()["cn-2022-48h"]), CASES_48H),
    "cn-2022-48h, reported": (
        load(shipped()["cn-2022-48h"], parameters={"test_clock": "reported_at"}),
        CASES_48H_REPORTED,
    ),
    "cdc-2024-respiratory": (load(shipped()["cdc-2024-respiratory"]), CASES_CDC),
    "sg-2020-accesscode": (load(shipped()["sg-2020-accesscode"]), CASES_SG),
}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, (_, cases) in TABLES.items() for case in cases])
def test_case(name: str, case: str) -> None:
    pack, cases = TABLES[name]
    table, questions = cases[case]
    walk(pack, table, questions)


@pytest.mark.parametrize(
    ("name", "permission", "expected"),
    [
        ("jinfeng-2020-03", "visit", "no_infection"),
        ("cn-2020-health-code", "leave_observation", "not_a_case"),
        ("cn-2022-48h", "work", "tested_in_time not_positive"),
        ("sg-2020-accesscode", "board", "worker_clear"),
    ],
)
def test_an_infection_that_began_nobody_knows_when_asks_for_a_discharge(name: str, permission: str, expected: str):
    pack = load(shipped()[name])
    life = Life("2022-05-01T08:00 .. diagnosis finding=discharged", pack.timezone)
    discharge = life.own.pop()
    life.own.append(RawFact(0, "diagnosis", MINUS_INF, life.at("2022-04-30T08:00"), {"finding": "confirmed"}, "ill"))
    found = life.explain(pack, permission, "2022-06-20T08:00")
    assert " ".join(failure.requirement for failure in found.failures) == expected
    life.own.append(discharge)
    found = life.explain(pack, permission, "2022-06-20T08:00")
    assert [failure.requirement for failure in found.failures] == expected.split()[:-1]


def test_another_clock_is_another_pack() -> None:
    sampled, reported = TABLES["cn-2022-48h"][0], TABLES["cn-2022-48h, reported"][0]
    assert sampled.digest != reported.digest
    assert reported.parameters["test_clock"].value == "reported_at"
