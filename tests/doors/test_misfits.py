"""What did not fit, kind by kind, with what stands just beside it and does fit."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from doors.test_presence import passed
from fugong.base.ids import uuid7
from fugong.doors import chronicle, misfits, remarks
from fugong.doors.remarks import RemarkError
from fugong.ledger.services import NewFact, append
from fugong.registry import services as registry

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture
def worker(plant):
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    return worker


def found(kind: str, site, since: int = g.SEVEN_FORTY - DAY, until: int = g.SEVEN_FORTY + 1) -> list[UUID]:
    with CaptureQueriesContext(connection) as queries:
        rows = misfits.found(kind, [site.pk], since, until)
    assert sum("doors AS MATERIALIZED" in one["sql"] for one in queries) == 1
    return [one.check for one in rows]


@pytest.fixture
def other(plant):
    """A door of another site of the same enterprise."""
    return registry.add_door(site=registry.add_site(name="二厂区", enterprise=plant.enterprise), name="大门")


def test_in_twice_without_out(plant, worker):
    site = plant.door.site
    passed(plant.door, worker, g.SEVEN_TWENTY)
    second = passed(plant.door, worker, g.SEVEN_TWENTY + 60)
    passed(plant.door, worker, g.SEVEN_TWENTY + 120, "out")
    passed(plant.door, worker, g.SEVEN_TWENTY + 180)
    passed(plant.door, worker, g.SEVEN_TWENTY + 240, outcome="refused")
    assert found("twice_in", site) == [second]
    assert found("out_first", site) == []
    assert found("twice_in", site, g.SEVEN_TWENTY + 60) == [second]  # the one before lies before the span
    assert found("twice_in", site, until=g.SEVEN_TWENTY + 60) == []  # its end does not belong to it
    assert found("twice_in", site, g.SEVEN_TWENTY + 61) == []


def test_whoever_was_marked_as_left_may_come_in_again(plant, worker):
    guard = g.user("guard", "guard", plant.id)
    first = passed(plant.door, worker, g.SEVEN_TWENTY - DAY // 2)
    again = passed(plant.door, worker, g.SEVEN_TWENTY)
    assert found("twice_in", plant.door.site) == [again]
    remarks.have_left(
        site=plant.door.site, check=first, at=g.SEVEN_TWENTY - 3600, words="x", now=g.SEVEN_FORTY, actor=guard.pk
    )
    assert found("twice_in", plant.door.site) == []


def test_out_without_in(plant, worker):
    (other_worker,) = g.hire(plant, "陈静", badge="B")
    out = passed(plant.door, worker, g.SEVEN_TWENTY, "out")
    passed(plant.door, other_worker, g.SEVEN_TWENTY - 3 * DAY)  # they live in the plant
    passed(plant.door, other_worker, g.SEVEN_TWENTY, "out")
    assert found("out_first", plant.door.site) == [out]


def test_inside_at_two_sites_at_once(plant, worker, other):
    passed(plant.door, worker, g.SEVEN_TWENTY)
    there = passed(other, worker, g.SEVEN_TWENTY + 60)
    passed(other, worker, g.SEVEN_TWENTY + 120, "out")
    assert found("two_sites", other.site) == [there]
    assert found("two_sites", plant.door.site) == []
    assert found("twice_in", other.site) == []


def test_let_in_while_a_lapse_was_under_way_and_refused_though_nothing_was_missing(plant, worker):
    """A device decides by its snapshot; what reached the server later says otherwise."""
    site = plant.door.site
    lapsed = passed(plant.door, worker, g.SEVEN_TWENTY, colour="green", snapshot=815)  # not registered
    g.register(worker, g.SEVEN_TWENTY + 60)
    right = passed(plant.door, worker, g.SEVEN_TWENTY + 120)
    wrong = passed(plant.door, worker, g.SEVEN_TWENTY + 180, outcome="refused", reasons=["registered"])
    no_mask = passed(plant.door, worker, g.SEVEN_TWENTY + 240, outcome="refused", reasons=["door.mask"])
    passed(plant.door, worker, g.SEVEN_TWENTY + 300, "out")
    assert found("decided", site) == [wrong, lapsed]
    told = chronicle.of(site, lapsed)
    assert (told.colour, told.snapshot, told.passed, told.reasons) == ("green", 815, True, ())
    assert [reason.code for reason in told.truth] == ["registered"]
    assert told.misfits == {"decided"}
    assert chronicle.of(site, right).truth == ()
    assert [one.code for one in chronicle.of(site, no_mask).reasons] == ["door.mask"]
    assert len(told.around) == 5


def test_a_fact_that_arrives_later_changes_what_was_true(plant, worker):
    g.register(worker, g.SEVEN_TWENTY - 60)
    check = g.checked(plant, worker, g.SEVEN_TWENTY)
    assert check.passed
    assert found("decided", plant.door.site) == []
    fever = NewFact(worker, "temperature", g.SEVEN_TWENTY - 30, {"celsius": 38.9, "place": "dormitory"})
    append(facts=[fever], source="page", evidence="a paper", now=g.SEVEN_FORTY)
    assert found("decided", plant.door.site) == [check.id]


def test_let_in_although_refused_at_another_door(plant, worker):
    west = registry.add_door(site=plant.door.site, name="西门")
    passed(plant.door, worker, g.SEVEN_TWENTY, outcome="refused", colour="red", reasons=["tested"])
    in_west = passed(west, worker, g.SEVEN_TWENTY + 60)
    passed(west, worker, g.SEVEN_TWENTY + 90, outcome="refused", colour="amber", reasons=["door.mask"])
    passed(plant.door, worker, g.SEVEN_TWENTY + 120)
    assert found("elsewhere", plant.door.site) == [in_west]
    assert found("elsewhere", plant.door.site, g.SEVEN_TWENTY + 60) == [in_west]


def number_at(moment: int) -> UUID:
    """An id that a device would have made at a moment of its own clock."""
    return UUID(int=(moment * 1000) << 80 | 7 << 76 | 2 << 62 | uuid7().int & 0xFFFF)


def test_a_device_whose_clock_was_wrong(plant, worker):
    def sent(own_clock: int, at: int, **more: object) -> UUID:
        values = {"door": str(plant.door.pk), "direction": "in", "outcome": "passed", **more}
        fact = NewFact(worker, "door_check", at, values, id=number_at(own_clock))
        return append(facts=[fact], source="door", evidence="door", now=g.SEVEN_FORTY)[0]

    device = str(uuid7())
    sent(g.SEVEN_TWENTY + 300, g.SEVEN_TWENTY, device=device)
    astray = sent(g.SEVEN_TWENTY - 301, g.SEVEN_TWENTY + 1, device=device)
    sent(g.SEVEN_TWENTY - 9_000, g.SEVEN_TWENTY + 2)  # a program without a clock of its own
    backwards = sent(g.SEVEN_TWENTY, g.SEVEN_TWENTY + 3, outcome="refused", reasons=["door.clock"])
    assert found("clock", plant.door.site) == [backwards, astray]


def test_what_was_looked_at_is_counted_no_more(plant, worker):
    clerk, site = g.user("clerk", "enterprise_clerk", plant.id), plant.door.site
    check = passed(plant.door, worker, g.SEVEN_TWENTY, "out")
    span = (g.SEVEN_TWENTY, g.SEVEN_FORTY)
    told = {"site": site, "check": check, "now": g.SEVEN_FORTY, "actor": clerk.pk}
    assert misfits.open_counts([site.pk], *span) == {site.pk: 1}
    for wrong, field in (({"kind": "left"}, "kind"), ({"words": ""}, "words"), ({"check": uuid7()}, "check")):
        with pytest.raises(RemarkError) as error:
            remarks.look_at(**{**told, "kind": "out_first", "words": "x", **wrong})
        assert error.value.field == field
    remarks.look_at(**told, kind="out_first", words="went out behind a colleague")
    assert misfits.open_counts([site.pk], *span) == {site.pk: 0}
    (line,) = misfits.lines(misfits.found("out_first", [site.pk], *span))
    assert (line.remark.words, line.door, line.name) == ("went out behind a colleague", "厂区 一车间东门", "王小明")
    with pytest.raises(RemarkError):
        remarks.look_at(**told, kind="out_first", words="again")


def test_another_enterprises_doors_are_not_compared(plant, worker):
    elsewhere = g.plant("mill", "别家织造有限公司")
    passed(elsewhere.door, worker, g.SEVEN_TWENTY)
    passed(plant.door, worker, g.SEVEN_TWENTY + 60)
    assert found("two_sites", plant.door.site) == []
    assert found("twice_in", plant.door.site) == []


def test_a_day_of_a_large_plant_is_fast(plant):
    """1,500 people go in and out: each kind well under a second (measured: some hundredths)."""
    people = g.hire(plant, *(f"甲{n}" for n in range(1_500)))
    append_many(plant, people)
    for kind in misfits.KINDS:
        start = time.perf_counter()
        misfits.found(kind, [plant.door.site_id], g.SEVEN_FORTY - DAY, g.SEVEN_FORTY + 1)
        assert time.perf_counter() - start < 5, kind


def append_many(plant, people):
    from fugong.ledger import services as ledger

    with ledger.deferred():
        facts = [
            NewFact(
                one,
                "door_check",
                g.SEVEN_TWENTY + n,
                {"door": str(plant.door.pk), "direction": way, "outcome": "passed"},
            )
            for way, n in (("in", 0), ("out", 300), ("in", 600))
            for one in people
        ]
        ledger.append(facts=facts, source="door", evidence="door", now=g.SEVEN_FORTY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT fugong_gather_statistics()")  # as autovacuum does within a minute of such a load
