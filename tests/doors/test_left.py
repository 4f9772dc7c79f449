"""What a device saw of people who have left since: stored while they were employed at that moment, refused otherwise."""

from __future__ import annotations

from uuid import uuid4

import pytest

import gatehouse as g
from doors.test_intake import row, send, statuses
from fugong.base.access import acting, as_user
from fugong.base.ids import uuid7
from fugong.doors.models import Told
from fugong.ledger.models import Fact
from fugong.registry.roster.services import end_employments

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = g.SEVEN_FORTY - 60


@pytest.fixture
def gone(plant, people):
    """The first worker left a minute ago, after the device had seen them: their pseudonym."""
    worker, name = people[0]
    clerk = g.user("clerk", "enterprise_clerk", plant.id)
    left = g.SEVEN_FORTY - 30
    with acting(as_user(clerk)):
        end_employments(
            enterprise=plant.enterprise, workers=[worker], at=left, reason="left", now=left, actor=clerk.pk, evidence="a paper"
        )  # fmt: skip
    return worker, name


def test_a_check_of_before_is_stored_once(own, plant, gone):
    worker, name = gone
    seen = row(name, at=WHEN, colour="green", reasons=[], register={"well": True})
    assert statuses(send(own, plant, [seen])) == [("stored", None)]
    assert statuses(send(own, plant, [seen])) == [("already", None)]
    assert {one.kind for one in Fact.objects.filter(subject=worker, source="door", start=WHEN)} == {
        "door_check", "temperature", "register",
    }  # fmt: skip


@pytest.mark.parametrize(
    "more", [{"at": g.SEVEN_FORTY - 10}, {"colour": None}, {"worker": str(uuid4())}],
    ids=["after they had left", "not decided by the device", "nobody"],
)  # fmt: skip
def test_anything_else_of_theirs_is_not_on_the_list(own, plant, gone, more):
    worker, name = gone
    sent = {key: value for key, value in {**row(name, at=WHEN, colour="green", reasons=[]), **more}.items() if value}
    assert statuses(send(own, plant, [sent])) == [("refused", "door.not_on_list")]
    assert not Fact.objects.filter(subject=worker, kind="door_check").exists()


def test_another_enterprises_device_says_nothing_of_them(own, plant, gone):
    other = g.plant("dye", "别家印染有限公司")
    (stranger,) = g.hire(other, "黄国栋")
    sent = row(str(stranger), at=WHEN, colour="green", reasons=[])
    assert statuses(send(own, plant, [sent])) == [("refused", "door.not_on_list")]


def test_what_belongs_to_such_a_check_is_stored_too(own, plant, gone, guard):
    worker, name = gone
    seen = row(name, at=WHEN, celsius=38.2, colour="red", reasons=["door.fever_confirmed"])
    rows = [
        seen, {"id": str(uuid7()), "kind": "told", "check": seen["id"], "who": "陈医生", "at": WHEN + 5},
        {"id": str(uuid7()), "kind": "override", "check": seen["id"], "reason": "rescue", "words": "", "guard": str(guard.pk), "at": WHEN + 9},
    ]  # fmt: skip
    assert statuses(send(own, plant, rows)) == [("stored", None)] * 3
    assert Told.objects.get().worker_id == worker
    override = Fact.objects.get(kind="door_override")
    assert (override.subject_id, override.actor_id) == (worker, guard.pk)
