"""``jinfeng-2020-03``, walked through what its sources describe. Local times; every refusal names all its rules."""

from __future__ import annotations

import pytest

from fugong.core.protocol.pack import load, shipped
from packs.life import Life, Question, walk

PACK = load(shipped()["jinfeng-2020-03"])

# A worker whom the town's bus brings back from Jiangxi: surveyed, arrived, measured, matched, tested, registered.
RETURNED = """
2020-01-01T00:00 .. employment employer=mill
mill: 2020-02-10T08:00 .. resumption
2020-02-20T10:00 survey whereabouts=away test_required=true well=true contact=false
2020-03-05T14:00 arrival mode=bus from_division=361100
2020-03-05T14:05 temperature celsius=36.5 place=arrival
2020-03-05T14:06 identity_check matched=true
2020-03-05T15:00 test result=negative method=nucleic_acid sampled_at=2020-03-05T15:00 reported_at=2020-03-06T20:00
2020-03-05T16:00 register well=true
2020-03-06T07:20 register well=true
2020-03-07T07:20 register well=true
2020-03-08T07:20 register well=true
"""

LOCAL = """
2020-01-01T00:00 .. employment employer=mill
mill: 2020-02-10T08:00 .. resumption
2020-02-20T10:00 survey whereabouts=local test_required=false well=true
2020-03-09T06:50 register well=true
"""

HUBEI = """
2020-01-01T00:00 .. employment employer=mill
mill: 2020-02-10T08:00 .. resumption
420000: 2020-01-23T10:00 .. risk_level level=high
2020-01-15T09:00 2020-03-01T09:00 stay division=420106
2020-02-20T10:00 survey whereabouts=away test_required=false origin_division=420106
2020-03-01T21:00 arrival mode=charter_train from_division=420106
2020-03-01T21:05 temperature celsius=36.4 place=arrival
2020-03-01T21:06 identity_check matched=true
2020-03-01T22:00 2020-03-16T08:00 observation room=101
2020-03-15T07:30 register well=true
2020-03-16T07:30 register well=true
"""

# A local who was ill in January; the 14 days after the discharge were over on 4 February at 08:00.
RECOVERED = (
    LOCAL
    + """
2020-01-05T10:00 2020-01-20T10:00 diagnosis finding=confirmed
2020-01-20T10:00 .. diagnosis finding=discharged
"""
)

CASES: dict[str, tuple[str, list[Question]]] = {
    "nobody is known without a survey": (
        "2020-01-01T00:00 .. employment employer=mill",
        [
            ("2020-03-09T07:20", "board", "surveyed"),
            ("2020-03-09T07:20", "enter", "surveyed registered"),
            ("2020-03-09T07:20", "work", "surveyed registered employer_resumed"),
            ("2020-03-09T07:20", "visit", True),
            ("2020-03-09T07:20", "leave_observation", True),
        ],
    ),
    "a local who never left needs no test": (
        LOCAL,
        [
            ("2020-02-19T12:00", "work", "surveyed registered"),
            ("2020-03-09T06:49", "work", "registered"),
            ("2020-03-09T07:20", "enter", True),
            ("2020-03-09T07:20", "work", True),
            ("2020-03-10T09:59", "work", True),
            ("2020-03-10T10:00", "work", "registered"),
        ],
    ),
    "work starts with the result, not with the swab": (
        RETURNED,
        [
            ("2020-03-04T12:00", "board", True),
            ("2020-03-04T12:00", "enter", "arrived registered"),
            ("2020-03-05T14:02", "enter", "temperature_on_arrival identity_matched registered"),
            ("2020-03-05T16:01", "enter", True),
            ("2020-03-05T16:01", "work", "tested"),
            ("2020-03-06T19:59", "work", "tested"),
            ("2020-03-06T20:01", "work", True),
        ],
    ),
    "yesterday's register at 07:20 lets the same worker in at 07:20 and at 07:40": (
        RETURNED,
        [
            ("2020-03-09T07:20", "work", True),
            ("2020-03-09T07:25", "work", True),
            ("2020-03-09T07:40", "work", True),
            ("2020-03-09T09:59", "work", True),
            ("2020-03-09T10:01", "work", "registered"),
        ],
    ),
    "a journey after the test asks for another": (
        RETURNED + "2020-03-08T18:00 arrival mode=own from_division=330100",
        [
            ("2020-03-08T17:00", "work", True),
            ("2020-03-09T07:20", "work", "temperature_on_arrival identity_matched tested"),
        ],
    ),
    "a swab from before the journey says nothing about the journey": (
        """
        2020-02-20T10:00 survey whereabouts=away test_required=true
        2020-03-04T09:00 test result=negative method=nucleic_acid sampled_at=2020-03-04T09:00 reported_at=2020-03-06T09:00
        2020-03-05T14:00 arrival mode=bus
        2020-03-05T14:05 temperature celsius=36.5 place=arrival
        2020-03-05T14:06 identity_check matched=true
        2020-03-05T15:00 test result=negative method=nucleic_acid sampled_at=2020-03-05T15:00 reported_at=2020-03-07T09:00
        2020-01-01T00:00 .. employment employer=mill
        mill: 2020-02-10T08:00 .. resumption
        2020-03-06T07:00 register well=true
        2020-03-07T07:00 register well=true
        """,
        [("2020-03-06T09:30", "work", "tested"), ("2020-03-07T09:30", "work", True)],
    ),
    "an antigen test or an inconclusive one is no negative nucleic-acid test": (
        """
        2020-02-20T10:00 survey whereabouts=returned test_required=true
        2020-03-05T15:00 test result=negative method=antigen sampled_at=2020-03-05T15:00 reported_at=2020-03-05T15:20
        2020-03-06T15:00 test result=inconclusive method=nucleic_acid sampled_at=2020-03-06T15:00 reported_at=2020-03-06T20:00
        2020-03-07T15:00 test result=negative sampled_at=2020-03-07T15:00 reported_at=2020-03-07T20:00
        2020-01-01T00:00 .. employment employer=mill
        mill: 2020-02-10T08:00 .. resumption
        2020-03-06T21:00 register well=true
        2020-03-07T21:00 register well=true
        """,
        [
            ("2020-03-06T21:00", "work", "tested result_clear"),
            ("2020-03-07T21:00", "work", True),  # a result without a method is a nucleic-acid test
        ],
    ),
    "a pool that was not negative stops whoever was in it, whatever an older result says, until a later one is negative": (
        RETURNED + "2020-03-08T10:00 test result=inconclusive method=nucleic_acid"
        " sampled_at=2020-03-08T10:00 reported_at=2020-03-08T20:00\n"
        "2020-03-08T21:00 test result=negative method=nucleic_acid"
        " sampled_at=2020-03-08T21:00 reported_at=2020-03-09T06:00\n"
        "2020-03-08T07:20 register well=true\n2020-03-09T05:40 register well=true\n",
        [
            ("2020-03-08T19:59", "work", True),
            ("2020-03-08T20:00", "work", "result_clear"),
            ("2020-03-09T05:59", "enter", "result_clear"),
            ("2020-03-09T06:00", "work", True),
        ],
    ),
    "a positive result stops work at once and for as long as nobody is discharged": (
        RETURNED
        + "2020-03-08T10:00 test result=positive method=nucleic_acid"
        + " sampled_at=2020-03-08T10:00 reported_at=2020-03-09T08:00",
        [
            ("2020-03-09T07:59", "work", True),
            ("2020-03-09T08:00", "work", "no_infection"),
            ("2020-03-09T08:00", "board", "no_infection"),
            ("2020-06-09T08:00", "visit", "no_infection"),
        ],
    ),
    "a case may return at 08:00 after day 14 of the discharge": (
        """
        2020-02-01T10:00 2020-02-20T10:00 diagnosis finding=confirmed
        2020-02-20T10:00 .. diagnosis finding=discharged
        """,
        [
            ("2020-02-10T08:00", "visit", "no_infection"),
            ("2020-03-06T07:59", "visit", "no_infection"),
            ("2020-03-06T08:00", "visit", True),
        ],
    ),
    "positive after a completed discharge": (
        RECOVERED
        + "2020-03-09T08:00 test result=positive method=nucleic_acid"
        + " sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:00",
        [
            ("2020-03-09T07:59", "work", True),
            ("2020-03-09T08:00:00", "work", "no_infection"),
            ("2020-03-09T08:00:01", "work", "no_infection"),
            ("2020-03-09T09:00", "board", "no_infection"),
            ("2020-06-09T09:00", "visit", "no_infection"),
        ],
    ),
    "confirmed again, and that ended without a discharge": (
        RECOVERED + "2020-03-01T10:00 2020-03-08T10:00 diagnosis finding=confirmed",
        [
            ("2020-02-28T12:00", "visit", True),
            ("2020-03-01T10:00", "visit", "no_infection"),
            ("2020-03-08T10:00", "visit", "no_infection"),
            ("2020-03-09T07:20", "work", "no_infection"),
        ],
    ),
    "a second discharge clears again after its own 14 days": (
        RECOVERED
        + """2020-03-01T10:00 2020-03-10T10:00 diagnosis finding=asymptomatic
        2020-03-10T10:00 .. diagnosis finding=discharged""",
        [
            ("2020-03-09T12:00", "visit", "no_infection"),
            ("2020-03-11T12:00", "visit", "no_infection"),
            ("2020-03-25T07:59", "visit", "no_infection"),
            ("2020-03-25T08:00", "visit", True),
        ],
    ),
    "positive and negative in the same second": (
        RECOVERED
        + """2020-03-09T08:00 test result=positive sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:00
        2020-03-09T08:00 test result=negative sampled_at=2020-03-09T07:00 reported_at=2020-03-09T08:00""",
        [("2020-03-09T08:00:00", "work", "no_infection"), ("2020-03-09T09:00", "work", "no_infection")],
    ),
    "positive in the second of the discharge": (
        """
        2020-01-20T10:00 .. diagnosis finding=discharged
        2020-01-20T10:00 test result=positive sampled_at=2020-01-20T10:00 reported_at=2020-01-20T10:00
        """,
        [("2020-01-20T10:00:00", "visit", "no_infection"), ("2020-03-09T07:20", "visit", "no_infection")],
    ),
    "whoever was discharged is a case no more, also when nobody ended the diagnosis": (
        RECOVERED.replace("2020-01-05T10:00 2020-01-20T10:00", "2020-01-05T10:00 .."),
        [("2020-02-04T07:59", "visit", "no_infection"), ("2020-02-04T08:00", "visit", True)],
    ),
    "two measurements in the second of the arrival, one of them a fever": (
        RETURNED + "2020-03-05T14:05 temperature celsius=37.5 place=arrival",
        [("2020-03-05T16:01", "enter", "temperature_on_arrival no_fever")],
    ),
    "matched and not matched in the same second": (
        RETURNED + "2020-03-05T14:06 identity_check matched=false",
        [("2020-03-05T16:01", "enter", "identity_matched")],
    ),
    "somebody suspected is kept out while suspected": (
        "2020-03-01T10:00 2020-03-02T10:00 diagnosis finding=suspected",
        [("2020-03-01T12:00", "visit", "no_infection"), ("2020-03-02T10:00", "visit", True)],
    ),
    "a high-risk area: 14 days under observation, released at 08:00 after day 14": (
        HUBEI,
        [
            ("2020-02-25T12:00", "board", "not_in_high_risk_area"),
            ("2020-03-01T22:30", "enter", "observed registered"),
            ("2020-03-15T08:00", "enter", "observed"),  # day 14
            ("2020-03-15T08:00", "leave_observation", "observed"),
            ("2020-03-16T07:59", "enter", "observed"),
            ("2020-03-16T08:00", "enter", True),
            ("2020-03-16T08:00", "leave_observation", True),
            ("2020-03-16T08:00", "work", True),
        ],
    ),
    "waiting at home unseen is no observation": (
        HUBEI.replace("2020-03-01T22:00 2020-03-16T08:00 observation room=101", ""),
        [
            ("2020-03-16T08:00", "enter", "observed"),
            ("2020-03-29T20:59", "leave_observation", "observed"),
            ("2020-03-29T21:01", "leave_observation", True),  # 28 days: nobody remembers it any longer
        ],
    ),
    "a case at the next bed starts the observation anew": (
        HUBEI.replace("2020-03-16T08:00 observation", ".. observation") + "2020-03-10T20:00 contact",
        [
            ("2020-03-16T08:00", "enter", "observed"),
            ("2020-03-25T07:59", "leave_observation", "observed"),
            ("2020-03-25T08:00", "leave_observation", True),
        ],
    ),
    "the area becomes high-risk only after he left it": (
        HUBEI.replace("2020-01-23T10:00 .. risk_level level=high", "2020-03-02T10:00 .. risk_level level=high"),
        [("2020-02-25T12:00", "board", True), ("2020-03-15T08:00", "enter", True)],
    ),
    "a medium-risk area asks for no observation": (
        HUBEI.replace("level=high", "level=medium"),
        [("2020-02-25T12:00", "board", True), ("2020-03-15T08:00", "enter", True)],
    ),
    "a close contact": (
        LOCAL + "2020-02-25T18:00 contact",
        [("2020-03-09T07:20", "enter", "observed"), ("2020-03-09T07:20", "board", "no_open_contact")],
    ),
    "a contact that only the survey knows must be dated": (
        LOCAL.replace("well=true\n", "well=true contact=true\n", 1),
        [("2020-03-09T07:20", "enter", "contact_dated"), ("2020-03-09T07:20", "visit", "contact_dated")],
    ),
    "37.3 is a fever, 37.2 is none": (
        LOCAL
        + "2020-03-09T07:00 temperature celsius=37.2 place=door\n2020-03-09T07:30 temperature celsius=37.3 place=door",
        [("2020-03-09T07:20", "work", True), ("2020-03-09T07:30", "work", "no_fever")],
    ),
    "cold skin, hot tea: a second measurement ten minutes later decides": (
        LOCAL
        + """2020-03-09T07:30 temperature celsius=37.4 place=door
        2020-03-09T07:35 temperature celsius=36.6 place=door
        2020-03-09T07:41 temperature celsius=36.6 place=door""",
        [("2020-03-09T07:36", "work", "no_fever"), ("2020-03-09T07:41", "work", True)],
    ),
    "a fever found twice keeps away for 72 hours": (
        LOCAL
        + """2020-03-09T07:30 temperature celsius=37.8 place=door
        2020-03-09T07:45 temperature celsius=37.9 place=door
        2020-03-10T07:45 temperature celsius=36.6 place=home""",
        [
            ("2020-03-09T07:46", "enter", "fever_free no_fever"),
            ("2020-03-10T08:00", "enter", "fever_free"),
            ("2020-03-12T07:30", "leave_observation", "fever_free"),
            ("2020-03-12T07:31", "leave_observation", True),
        ],
    ),
    "fever at the arrival checkpoint, measured again": (
        RETURNED.replace("celsius=36.5", "celsius=37.5") + "2020-03-05T14:30 temperature celsius=36.7 place=arrival",
        [
            ("2020-03-05T16:01", "enter", True),
            ("2020-03-05T14:20", "enter", "temperature_on_arrival no_fever registered"),
        ],
    ),
    "the name on the list is another's": (
        RETURNED.replace("matched=true", "matched=false"),
        [("2020-03-09T07:20", "enter", "identity_matched")],
    ),
    "symptoms, by a register or on record": (
        LOCAL
        + """2020-03-09T08:00 register well=false symptoms=[cough]
        2020-03-10T08:00 register well=true
        2020-03-10T09:00 2020-03-11T09:00 symptom name=cough
        2020-03-11T08:00 register well=true""",
        [
            ("2020-03-09T07:59", "work", True),
            ("2020-03-09T08:00", "work", "no_symptoms"),
            ("2020-03-10T08:00", "work", True),
            ("2020-03-10T09:00", "work", "no_symptoms"),
            ("2020-03-11T09:00", "work", True),
        ],
    ),
    "a register that says well and shows a fever": (
        LOCAL + "2020-03-09T08:00 register well=true celsius=37.6",
        [("2020-03-09T08:01", "enter", "no_symptoms")],
    ),
    "nobody works where the enterprise has not resumed": (
        LOCAL.replace("mill: 2020-02-10T08:00 ..", "mill: 2020-03-01T08:00 2020-03-09T07:00"),
        [
            ("2020-03-09T06:59", "work", True),
            ("2020-03-09T07:00", "work", "employer_resumed"),
            ("2020-03-09T07:00", "enter", True),
        ],
    ),
    "who has left the enterprise has no employer that resumed": (
        LOCAL.replace("2020-01-01T00:00 .. employment", "2020-01-01T00:00 2020-03-09T07:00 employment"),
        [("2020-03-09T07:00", "work", "employer_resumed")],
    ),
    "two employers: one that has resumed is enough": (
        LOCAL.replace("employer=mill", "employer=foundry") + "2020-03-01T00:00 .. employment employer=mill",
        [("2020-03-09T07:00", "work", True)],
    ),
    "a second survey takes the test back": (
        RETURNED.replace("sampled_at", "wrong") + "2020-03-08T09:00 survey whereabouts=local test_required=false",
        [("2020-03-08T08:59", "work", "tested"), ("2020-03-08T09:00", "work", True)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    table, questions = CASES[case]
    walk(PACK, table, questions)


def test_the_seeds_door() -> None:
    assert (PACK.door.fever_limit, PACK.door.mask, PACK.door.gloves) == (37.3, True, True)
    assert PACK.on_the_spot("work") == ("no_fever", "registered")
    assert "registered" not in str(PACK.standing_formula("work"))


def test_what_a_door_says_has_no_health_content() -> None:
    words = ["发热", "症状", "阳性", "阴性", "感染", "确诊", "密切", "高风险", "体温"]
    words += ["fever", "symptom", "positive", "negative", "infect", "case", "contact", "risk", "temperature"]
    for text in shipped().values():
        for requirement in load(text).requirements.values():
            said = requirement.door_message
            assert not [word for word in words if word in said.zh or word in said.en.lower()], requirement.name


def test_a_refusal_rests_on_its_facts() -> None:
    life = Life(RETURNED + "2020-03-08T18:00 arrival mode=own", PACK.timezone)
    found = {f.requirement: f.rests_on for f in life.explain(PACK, "work", "2020-03-09T07:20").failures}
    assert found == {  # the numbers are the lines of the table
        "temperature_on_arrival": ("5", "12"),
        "identity_matched": ("6", "12"),
        "tested": ("3", "7", "12"),
    }
