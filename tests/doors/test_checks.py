"""A check at a door: what it decides, what it records, and that sending it twice changes nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest

import adopting
import gatehouse as g
from fugong.base.ids import uuid7
from fugong.core.protocol.pack import shipped
from fugong.doors import queries, services
from fugong.doors.decisions import Decision
from fugong.doors.errors import DoorError
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.ledger.services import NewFact, append
from fugong.registry.models import Employment

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(plant):
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    g.register(worker, g.clock("07:20", -1))
    return worker


def check(plant, worker, now, **more) -> Decision:
    values = {"direction": "in", "celsius": 36.5, "mask": True, "gloves": True, "actor": None, **more}
    return services.check(door=plant.door.pk, worker=worker, now=now, **values)


def facts(worker, kind):
    return list(about([worker]).filter(kind=kind).order_by("start", "id"))


def messages(decision, language="en"):
    return [reason.message.text(language) for reason in decision.reasons]


def test_a_register_of_yesterday_keeps_the_queue_green_until_ten(plant, worker):
    for clock in ("07:20", "07:25", "07:40", "09:59"):
        decision = check(plant, worker, g.clock(clock))
        assert (decision.outcome, decision.until) == ("passed", g.clock("10:00")), clock
    at_ten = check(plant, worker, g.clock("10:00"))
    assert at_ten.outcome == "refused"
    assert at_ten.asks == ("register",)
    assert messages(at_ten) == ["Please fill in today's register."]
    assert messages(at_ten, "zh-hans") == ["请登记今天的健康状况。"]


def test_a_register_asked_at_the_door_is_filed_there_and_opens_it(plant, worker):
    decision = check(plant, worker, g.clock("10:00"), register={"well": True})
    # What was put right here ends, as far as this door knows, at no moment: it evaluates no formula (docs/doors.md).
    assert (decision.outcome, decision.until) == ("passed", None)
    assert check(plant, worker, g.clock("10:01")).until == g.clock("10:00", 1)
    filed = facts(worker, "register")[-1]
    assert filed.values == {"well": True, "filed_by": "guard"}
    assert filed.start == g.clock("10:00")


def test_a_check_is_recorded_as_facts(plant, worker):
    guard = g.user("guard", "guard", plant.id)
    decision = check(plant, worker, g.SEVEN_FORTY, actor=guard.pk)
    (temperature,) = facts(worker, "temperature")
    (recorded,) = facts(worker, "door_check")
    assert temperature.values == {"celsius": 36.5, "place": "door"}
    assert recorded.pk == decision.id
    assert recorded.values == {
        "door": str(plant.door.pk), "direction": "in", "outcome": "passed", "reasons": [], "mask": True, "gloves": True,
        "until": g.clock("10:00"), "colour": "green",
    }  # fmt: skip
    assert {fact.actor_id for fact in (temperature, recorded)} == {guard.pk}


def test_a_fever_refuses_without_a_word_about_health(plant, worker):
    decision = check(plant, worker, g.SEVEN_FORTY, celsius=37.3)
    assert decision.outcome == "refused"
    assert messages(decision) == ["Please go to the health point to be measured again."]
    assert messages(decision, "zh-hans") == ["请到健康点复测。"]
    assert facts(worker, "door_check")[0].values["reasons"] == ["door.fever"]


def test_just_below_the_limit_is_no_fever(plant, worker):
    assert check(plant, worker, g.SEVEN_FORTY, celsius=37.2).passed


def test_after_a_fever_a_normal_second_measurement_ten_minutes_later_opens_the_door(plant, worker):
    check(plant, worker, g.clock("07:40"), celsius=37.6)
    too_soon = check(plant, worker, g.clock("07:45"), celsius=36.6)
    assert (too_soon.outcome, too_soon.asks, messages(too_soon)) == (
        "refused", ("temperature",), ["It is too early for the second measurement."],
    )  # fmt: skip
    assert check(plant, worker, g.clock("07:51"), celsius=36.6).passed


def test_two_fevers_keep_the_door_shut(plant, worker):
    first = check(plant, worker, g.clock("07:40"), celsius=37.6)
    second = check(plant, worker, g.clock("07:55"), celsius=37.8)
    recorded = facts(worker, "door_check")[-1].values
    assert (recorded["reasons"], recorded["second_of"]) == (["door.fever_confirmed"], str(first.id))
    assert messages(second) == ["Please go to the health point."]
    later = check(plant, worker, g.clock("08:30"))
    assert [reason.code for reason in later.reasons] == ["fever_free"]


def test_a_fever_after_a_good_second_measurement_is_a_first_one_again(plant, worker):
    for clock, celsius in (("07:40", 37.6), ("07:51", 36.6)):
        check(plant, worker, g.clock(clock), celsius=celsius)
    check(plant, worker, g.clock("08:30"), celsius=43.0)
    found = [one.values["reasons"] for one in facts(worker, "door_check")]
    assert found == [["door.fever"], [], ["door.implausible"]]


def test_one_sentence_is_said_once(plant, worker):
    check(plant, worker, g.clock("07:40"), celsius=37.6)
    check(plant, worker, g.clock("07:55"), celsius=37.8)
    unwell = check(plant, worker, g.clock("08:30"), register={"well": False})
    assert facts(worker, "door_check")[-1].values["reasons"] == ["door.unwell", "fever_free"]
    assert messages(unwell) == ["Please go to the health point."]


@pytest.mark.parametrize(
    ("worn", "code", "asks"),
    [
        ({"mask": False}, "door.mask", ("mask",)),
        ({"gloves": False}, "door.gloves", ("gloves",)),
        ({"mask": None}, "door.mask", ("mask",)),
        ({"celsius": None}, "door.no_temperature", ("temperature",)),
    ],
)
def test_what_the_pack_asks_at_the_door(plant, worker, worn, code, asks):
    decision = check(plant, worker, g.SEVEN_FORTY, **worn)
    assert decision.outcome == "refused"
    assert [reason.code for reason in decision.reasons] == [code]
    assert decision.asks == asks


@pytest.mark.parametrize("pack", sorted(shipped()))
def test_every_shipped_pack_decides_at_a_door_and_gives_its_reasons_in_both_languages(pack):
    adopting.adopt(text=shipped()[pack], effective_from=g.BEFORE - 86_400, now=g.BEFORE)
    plant = g.plant()
    (worker,) = g.hire(plant, "王小明")
    fevered = check(plant, worker, g.SEVEN_FORTY, celsius=39.1, mask=False, gloves=False)
    assert not fevered.passed
    assert fevered.reasons
    for reason in fevered.reasons:
        assert reason.message.zh != reason.message.en
    later = check(plant, worker, g.clock("07:40", 5), register={"well": True, "improving": True})
    assert later.passed or later.reasons


def test_a_pack_without_gloves_does_not_ask_for_them(plant, worker):
    text = shipped()["jinfeng-2020-03"].replace("  gloves: true", "  gloves: false")
    adopting.adopt(text=text, effective_from=g.BEFORE, now=g.BEFORE)
    assert check(plant, worker, g.SEVEN_FORTY, gloves=None).passed


def test_every_reason_is_given_not_only_the_first(plant):
    (stranger,) = g.hire(plant, "陈静")
    decision = check(plant, stranger, g.SEVEN_FORTY, mask=False)
    assert [reason.code for reason in decision.reasons] == ["door.mask", "surveyed", "registered"]


def test_the_earliest_moment_is_told_when_time_alone_opens_the_door(plant, worker):
    exposure = [
        NewFact(worker, "contact", g.clock("08:00", -15)),
        NewFact(worker, "observation", g.clock("12:00", -15)),
    ]
    append(facts=exposure, source="test", evidence="a paper", now=g.clock("12:00", -15))
    decision = check(plant, worker, g.SEVEN_FORTY)
    assert [reason.code for reason in decision.reasons] == ["observed"]
    assert (decision.outcome, decision.earliest) == ("refused", g.clock("08:00"))
    assert not check(plant, worker, g.clock("07:59")).passed
    assert check(plant, worker, g.clock("08:00")).passed


@pytest.mark.parametrize("direction", ["in", "out"])
def test_whoever_is_not_on_the_list_gets_one_answer_and_leaves_no_fact(plant, direction):
    """A worker of another enterprise and an id that nobody has: the same sentence, and nothing is stored of either."""
    (elsewhere,) = g.hire(g.plant("dye", "别家印染有限公司"), "李四")
    stored, said = Fact.objects.count(), set()
    for worker in (elsewhere, uuid4()):
        with pytest.raises(DoorError) as caught:
            check(plant, worker, g.SEVEN_FORTY, direction=direction, register={"well": True}, id=uuid7())
        said.add((caught.value.code, caught.value.field, caught.value.in_language("en")))
    assert said == {
        (
            "door.not_on_list",
            "worker",
            "Not on this door's list: ask for their papers, and send them to the registration desk.",
        )
    }
    assert Fact.objects.count() == stored


def test_a_check_sent_again_after_the_worker_left_is_still_the_same_check(plant, worker):
    first = check(plant, worker, g.SEVEN_FORTY, id=uuid7())
    Employment.objects.filter(worker=worker).update(active=False)
    assert check(plant, worker, g.SEVEN_FORTY + 60, id=first.id) == first
    with pytest.raises(DoorError) as caught:
        check(plant, worker, g.SEVEN_FORTY + 60, id=uuid7())
    assert caught.value.code == "door.not_on_list"


def test_before_any_protocol_nobody_goes_in():
    plant = g.plant()
    (worker,) = g.hire(plant, "王小明")
    decision = check(plant, worker, g.SEVEN_FORTY)
    assert [reason.code for reason in decision.reasons] == ["door.no_protocol"]


def test_a_protocol_without_entry_rules_lets_nobody_in():
    plant = g.plant()
    (worker,) = g.hire(plant, "王小明")
    text = "".join(line for line in shipped()["cn-2022-48h"].splitlines(True) if not line.startswith("  enter:"))
    adopting.adopt(text=text, effective_from=g.BEFORE, now=g.BEFORE)
    decision = check(plant, worker, g.SEVEN_FORTY)
    assert [reason.code for reason in decision.reasons] == ["door.no_protocol"]
    assert queries.before(worker, g.SEVEN_FORTY) == queries.Before(())


def test_going_out_is_only_recorded(plant):
    (worker,) = g.hire(plant, "陈静")
    decision = check(plant, worker, g.clock("18:00"), direction="out", celsius=None, mask=None, gloves=None)
    assert (decision.outcome, decision.reasons, decision.until) == ("passed", (), None)
    assert facts(worker, "door_check")[0].values == {
        "door": str(plant.door.pk), "direction": "out", "outcome": "passed", "reasons": [], "colour": "green",
    }  # fmt: skip


@pytest.mark.parametrize("celsius", [36.5, 38.2])
def test_the_same_id_again_gives_the_same_decision_and_stores_nothing(plant, worker, celsius):
    number = uuid7()
    first = check(plant, worker, g.SEVEN_FORTY, id=number, celsius=celsius, register={"well": True})
    stored = Fact.objects.count()
    append(
        facts=[NewFact(worker, "diagnosis", g.SEVEN_FORTY, {"finding": "confirmed"})],
        source="t",
        evidence="a paper",
        now=g.SEVEN_FORTY + 1,
    )
    again = check(plant, worker, g.SEVEN_FORTY + 5, id=number, celsius=40.0)
    assert again == first
    assert Fact.objects.count() == stored + 1


def test_an_id_cannot_be_used_for_another_check(plant, worker):
    (other,) = g.hire(plant, "陈静", badge="B")
    first = check(plant, worker, g.SEVEN_FORTY)
    stored = Fact.objects.count()
    for person, number, direction in (
        (other, first.id, "in"),
        (worker, first.id, "out"),
        (worker, facts(worker, "survey")[0].pk, "in"),
    ):
        with pytest.raises(DoorError) as caught:
            check(plant, person, g.SEVEN_FORTY, id=number, direction=direction)
        assert (caught.value.code, caught.value.field) == ("door.id_taken", "id")
    assert Fact.objects.count() == stored


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"celsius": 367}, "door.celsius", "celsius"),
        ({"celsius": 24.9}, "door.celsius", "celsius"),
        ({"direction": "up"}, "door.direction", "direction"),
        ({"at": g.SEVEN_FORTY + 1}, "door.future", "at"),
        ({"worker": uuid4()}, "door.not_on_list", "worker"),
        ({"register": {"well": "yes"}}, "door.register", "register"),
        ({"register": {"well": True, "filed_by": "worker"}}, "door.register", "register"),
    ],
)
def test_wrong_input_names_its_field_and_writes_nothing(plant, worker, wrong, code, field):
    stored = Fact.objects.count()
    with pytest.raises(DoorError) as caught:
        check(plant, wrong.pop("worker", worker), g.SEVEN_FORTY, **wrong)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert Fact.objects.count() == stored


def test_an_unknown_door_is_named(worker):
    with pytest.raises(DoorError) as caught:
        services.check(door=uuid4(), worker=worker, direction="in", now=g.SEVEN_FORTY, actor=None)
    assert (caught.value.code, caught.value.field) == ("door.unknown_door", "door")


def test_a_check_taken_back_leaves_no_trace_in_the_clearance(plant, worker):
    wrong = check(plant, worker, g.SEVEN_FORTY, celsius=38.6, register={"well": False})
    services.undo(id=wrong.id, reason="mistyped", now=g.SEVEN_FORTY + 9, actor=None)
    services.undo(id=wrong.id, reason="mistyped", now=g.SEVEN_FORTY + 10, actor=None)
    assert not facts(worker, "temperature")
    assert not facts(worker, "door_check")
    assert len(facts(worker, "register")) == 1
    assert check(plant, worker, g.SEVEN_FORTY + 20).passed
    assert Fact.objects.filter(pk=wrong.id).exists()


def test_a_check_taken_back_is_not_passed_when_it_is_sent_again(plant, worker):
    wrong = check(plant, worker, g.SEVEN_FORTY)
    services.undo(id=wrong.id, reason="mistyped", now=g.SEVEN_FORTY + 9, actor=None)
    with pytest.raises(DoorError) as caught:
        check(plant, worker, g.SEVEN_FORTY + 20, id=wrong.id, celsius=38.5)
    assert caught.value.code == "door.taken_back"


def test_a_check_cannot_be_taken_back_later(plant, worker):
    decision = check(plant, worker, g.SEVEN_FORTY)
    with pytest.raises(DoorError) as caught:
        services.undo(id=decision.id, reason="mistyped", now=g.SEVEN_FORTY + 61, actor=None)
    assert caught.value.code == "door.too_late"
