"""Two identical requests at the same moment: one check, one decision."""

from __future__ import annotations

from functools import partial

import pytest

import gatehouse as g
from fugong.base.ids import uuid7
from fugong.doors import services
from fugong.doors.errors import DoorError
from fugong.ledger.models import Fact
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def send(plant, worker, **more):
    values = {"direction": "in", "celsius": 36.5, "mask": True, "gloves": True, "actor": None, "now": g.SEVEN_FORTY}
    return services.check(door=plant.door.pk, worker=worker, **{**values, **more})


def test_two_identical_checks_at_once_store_one(plant):
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    for _ in range(5):
        number = uuid7()
        stored = Fact.objects.count()
        call = partial(send, plant, worker, id=number, register={"well": True})
        first, second, third = at_once(call, call, call)
        assert first == second == third
        assert first.passed
        assert Fact.objects.count() == stored + 3


def test_two_checks_of_one_worker_at_once_see_each_other(plant):
    """A register filed at one door and a fever found at another: whichever comes later knows of the earlier one."""
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    well = partial(send, plant, worker, register={"well": True})
    fever = partial(send, plant, worker, celsius=38.4)
    with_register, with_fever = at_once(well, fever)
    assert not with_fever.passed
    facts = Fact.objects.filter(subject=worker, kind__in=("temperature", "register", "door_check"))
    assert facts.count() == 5
    later = send(plant, worker, now=g.SEVEN_FORTY + 700)
    assert later.passed
    assert with_register.id != with_fever.id


def test_one_id_for_two_workers_at_once_stores_one(plant):
    first, second = g.hire(plant, "王小明", "陈静")
    number = uuid7()

    def attempt(worker):
        try:
            return send(plant, worker, id=number)
        except DoorError as error:
            return error.code

    results = at_once(partial(attempt, first), partial(attempt, second))
    assert results.count("door.id_taken") == 1
    assert Fact.objects.filter(kind="door_check").count() == 1
    assert Fact.objects.filter(kind="temperature").count() == 1


def test_two_overrides_of_one_refusal_at_once_store_one_and_say_the_same(plant):
    (worker,) = g.hire(plant, "王小明")
    guard = g.user("guard", "guard", plant.id)
    refused = send(plant, worker)
    assert not refused.passed
    call = partial(services.override, check=refused.id, now=g.SEVEN_FORTY, actor=guard.pk)
    rescue, inspection = at_once(partial(call, reason="rescue"), partial(call, reason="inspection"))
    assert rescue == inspection
    assert Fact.objects.filter(kind="door_override").count() == 1
