"""The daily register: one person's, a workshop's, taken back, corrected, and by local day."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from fugong.base.ids import uuid7
from fugong.clearance import queries as clearance
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.ledger.validation import FactError
from fugong.premises import queries, services
from fugong.premises.services import Entry, RegisterError
from parallel import at_once

pytestmark = pytest.mark.django_db
MORNING = g.clock("07:20")


@pytest.fixture
def plant():
    g.adopt()
    return g.plant()


@pytest.fixture
def crew(plant):
    workers = g.hire(plant, "王小明", "陈静", "林芳", "黄伟")
    g.survey(*workers)
    return workers


def file(someone, now=MORNING, **more):
    return services.register(
        **{"worker": someone, "well": True, "filed_by": "worker", "now": now, "actor": None, **more}
    )


def file_list(entries, now=MORNING, **more):
    return services.register_many(entries=entries, filed_by="line_leader", now=now, **{"actor": None, **more})


def standing(worker):
    return list(about([worker]).filter(kind="register").order_by("start", "recorded_at"))


def test_a_register_is_filed_with_what_was_said(crew):
    number = file(
        crew[0],
        well=False,
        celsius=37.9,
        symptoms=["cough"],
        fever_reducers=True,
        improving=False,
        filed_by="line_leader",
    )
    fact = Fact.objects.get(pk=number)
    assert fact.values == {
        "well": False, "celsius": 37.9, "symptoms": ["cough"], "fever_reducers": True, "improving": False,
        "filed_by": "line_leader",
    }  # fmt: skip
    assert (fact.kind, fact.start, fact.recorded_at) == ("register", MORNING, MORNING)


def test_well_people_have_no_empty_symptoms_on_record(crew):
    assert Fact.objects.get(pk=file(crew[0])).values == {"well": True, "filed_by": "worker"}


def test_a_register_opens_the_door_until_ten_of_the_next_local_day(crew):
    assert not clearance.status(crew[0], "enter", MORNING).holds
    file(crew[0])
    assert clearance.status(crew[0], "enter", MORNING).until == g.clock("10:00", 1)
    assert queries.registered_until(crew[0], MORNING) == g.clock("10:00", 1)
    assert queries.registered_until(crew[0], g.clock("10:00", 1)) is None
    assert queries.registered_until(crew[1], MORNING) is None


def test_unwell_in_the_afternoon_is_a_register_of_its_own_and_closes_the_door(crew):
    file(crew[0])
    file(crew[0], now=g.clock("14:00"), well=False, symptoms=["cough"])
    assert len(standing(crew[0])) == 2
    assert not clearance.status(crew[0], "enter", g.clock("14:00")).holds
    assert clearance.status(crew[0], "enter", g.clock("13:59")).holds


def test_the_same_id_again_stores_nothing(crew):
    number = uuid7()
    assert file(crew[0], id=number) == file(crew[0], id=number, now=MORNING + 3) == number
    assert len(standing(crew[0])) == 1


def test_an_id_of_something_else_is_refused(crew):
    number = file(crew[0])
    with pytest.raises(RegisterError) as caught:
        file(crew[1], id=number)
    assert (caught.value.code, caught.value.field) == ("register.id_taken", "id")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"celsius": 367}, "register.celsius", "celsius"),
        ({"celsius": 3.67}, "register.celsius", "celsius"),
        ({"at": MORNING + 1}, "register.future", "at"),
        ({"worker": uuid4()}, "register.unknown_worker", "worker"),
        ({"symptoms": ["cough"]}, "register.well_with_symptoms", "symptoms"),
    ],
)
def test_wrong_input_names_its_field_and_writes_nothing(crew, wrong, code, field):
    stored = Fact.objects.count()
    with pytest.raises(RegisterError) as caught:
        file(crew[0], **wrong)
    assert (caught.value.code, caught.value.field) == (code, field)
    entry = {name: value for name, value in wrong.items() if name != "at"}
    bad = Entry(**{"worker": crew[0], "well": True, **entry})
    with pytest.raises(RegisterError):
        file_list([Entry(crew[1], well=True), bad], at=wrong.get("at"))
    assert Fact.objects.count() == stored


def test_a_filer_whom_the_ledger_does_not_know_is_refused(crew):
    with pytest.raises(FactError) as caught:
        file(crew[0], filed_by="somebody")
    assert caught.value.field == "filed_by"


def test_three_hundred_people_all_well_but_three(plant):
    workers = g.hire(plant, *(f"工人{i}" for i in range(300)))
    g.survey(*workers)
    file(workers[0], now=MORNING - 600)
    entries = [Entry(worker, well=True) for worker in workers[:-3]]
    entries += [Entry(worker, well=False, symptoms=("cough",)) for worker in workers[-3:]]
    result = file_list(entries)
    assert (len(result.filed), result.already) == (299, (workers[0],))
    holds = clearance.statuses(workers, "enter", MORNING)
    assert [holds[worker].holds for worker in workers] == [True] * 297 + [False] * 3


# Up to the limit of losses nothing is compared, and up to twenty rows go in by one statement without a temporary table.
@pytest.mark.parametrize("sizes", [(5, 9), (25, 45), (101, 204)])
def test_a_longer_list_makes_no_more_queries(plant, sizes):
    workers = g.hire(plant, *(f"工人{i}" for i in range(sum(sizes))))
    counts = []
    for some in (workers[: sizes[0]], workers[sizes[0] :]):
        with CaptureQueriesContext(connection) as captured:
            file_list([Entry(worker, well=True) for worker in some])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_same_list_again_stores_nothing_and_says_the_same(crew):
    number = uuid7()
    entries = [Entry(crew[0], well=True), Entry(crew[1], well=False)]
    first = file_list(entries, id=number)
    assert file_list(entries, id=number, now=MORNING + 2) == first
    assert [len(standing(worker)) for worker in crew] == [1, 1, 0, 0]


def test_who_is_registered_already_is_left_alone_unless_unwell(crew):
    file(crew[0], now=MORNING - 60)
    file(crew[1], now=MORNING - 60)
    result = file_list([Entry(crew[0], well=True), Entry(crew[1], well=False), Entry(crew[2], well=True)])
    assert (result.filed, result.already) == ((crew[1], crew[2]), (crew[0],))
    assert [len(standing(worker)) for worker in crew[:3]] == [1, 2, 1]


def test_the_day_is_the_local_one(crew):
    """At 00:30 in Fuzhou it is still yesterday in UTC: a new day begins all the same."""
    file(crew[0], now=g.clock("23:50"))
    assert file_list([Entry(crew[0], well=True)], now=g.clock("23:59")).already == (crew[0],)
    after_midnight = g.clock("00:05", 1)
    assert queries.on_day([crew[0]], after_midnight) == {}
    assert file_list([Entry(crew[0], well=True)], now=after_midnight).filed == (crew[0],)
    assert queries.on_day([crew[0]], after_midnight)[crew[0]].at == after_midnight


def test_nobody_stands_twice_on_a_list(crew):
    with pytest.raises(RegisterError) as caught:
        file_list([Entry(crew[0], well=True), Entry(crew[0], well=False)])
    assert caught.value.code == "register.twice"


def test_a_correction_supersedes_and_is_made_once(crew):
    wrong = file(crew[0], well=False)
    right = Entry(crew[0], well=True, corrects=wrong)
    assert file_list([right], now=MORNING + 60).filed == (crew[0],)
    (fact,) = standing(crew[0])
    assert (fact.values["well"], fact.supersedes_id, fact.reason) == (True, wrong, "corrected")
    assert clearance.status(crew[0], "enter", MORNING + 60).holds
    with pytest.raises(RegisterError) as caught:
        file_list([right], now=MORNING + 90)
    assert caught.value.code == "register.already_corrected"


def test_a_correction_is_of_ones_own_register(crew):
    other = file(crew[1])
    with pytest.raises(RegisterError) as caught:
        file_list([Entry(crew[0], well=True, corrects=other)])
    assert caught.value.code == "register.already_corrected"


def test_a_list_is_taken_back_and_a_correction_gives_way_to_what_was_corrected(plant, crew):
    wrong = file(crew[0], well=False, symptoms=["cough"])
    number = uuid7()
    file_list([Entry(crew[0], well=True, corrects=wrong), Entry(crew[1], well=True)], now=MORNING + 60, id=number)
    batch = queries.filed_together(plant.id, number)
    assert (batch.well, batch.unwell) == (2, 0)
    assert services.take_back(facts=batch.facts, reason="wrong list", now=MORNING + 600, actor=None) == 2
    assert services.take_back(facts=batch.facts, reason="wrong list", now=MORNING + 601, actor=None) == 0
    assert [fact.values for fact in standing(crew[0])] == [{"well": False, "symptoms": ["cough"], "filed_by": "worker"}]
    assert standing(crew[1]) == []
    assert queries.filed_together(plant.id, number) is None
    assert not clearance.status(crew[1], "enter", MORNING + 700).holds


def test_taking_back_has_its_time_and_its_owner(plant, crew):
    leader = g.user("leader", "line_leader", plant.id)
    number = file(crew[0], actor=leader.pk)
    with pytest.raises(RegisterError) as caught:
        services.take_back(facts=[number], reason="mine?", now=MORNING + 5, actor=None)
    assert caught.value.code == "register.not_yours"
    with pytest.raises(RegisterError) as caught:
        services.take_back(facts=[number], reason="late", now=MORNING + 601, actor=leader.pk)
    assert caught.value.code == "register.too_late"
    assert len(standing(crew[0])) == 1


@pytest.mark.django_db(transaction=True)
def test_two_identical_lists_at_once_store_one():
    g.adopt()
    plant = g.plant()
    workers = g.hire(plant, *(f"工人{i}" for i in range(20)))
    entries = [Entry(worker, well=True) for worker in workers]
    for day in range(4):
        call = partial(file_list, entries, now=g.clock("07:20", day), id=uuid7())
        first, second = at_once(call, call)
        assert first == second
        assert Fact.objects.filter(kind="register").count() == 20 * (day + 1)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_register_everybody_once():
    g.adopt()
    plant = g.plant()
    workers = g.hire(plant, *(f"工人{i}" for i in range(20)))
    one, other = ([Entry(worker, well=True) for worker in order] for order in (workers, workers[::-1]))
    first, second = at_once(partial(file_list, one), partial(file_list, other))
    assert len(first.filed) + len(second.filed) == 20
    assert Fact.objects.filter(kind="register").count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_identical_registers_at_once_store_one():
    plant = g.plant()
    (worker,) = g.hire(plant, "王小明")
    call = partial(file, worker, id=uuid7())
    assert len(set(at_once(call, call, call))) == 1
    assert Fact.objects.filter(kind="register").count() == 1
