"""Who is inside: by the last passage at any door of a site, with overrides, undone checks, visitors and missed exits."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.doors import presence, remarks, services, visits
from fugong.doors.remarks import RemarkError
from fugong.doors.visits import VisitError, VisitorDetails
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact, append
from fugong.registry import services as registry

pytestmark = pytest.mark.django_db
HOUR = 3_600


def passed(door, worker: UUID, at: int, direction: str = "in", outcome: str = "passed", **more: object) -> UUID:
    """A check as a device would have sent it."""
    values = {"door": str(door.pk), "direction": direction, "outcome": outcome, "reasons": [], **more}
    fact = NewFact(worker, "door_check", at, values, id=uuid7())
    return append(facts=[fact], source="door", evidence="door", now=max(at, clock.now()))[0]


def names(site, at=g.SEVEN_FORTY):
    return [one.name for one in presence.inside(site, at)]


def test_in_is_inside_and_out_at_another_door_of_the_site_is_not(plant):
    one, two, three = g.hire(plant, "王小明", "陈静", "林海")
    west = registry.add_door(site=plant.door.site, name="西门")
    passed(plant.door, one, g.SEVEN_TWENTY)
    passed(plant.door, two, g.SEVEN_TWENTY)
    passed(plant.door, three, g.SEVEN_TWENTY, outcome="refused")
    assert names(plant.door.site) == ["陈静", "王小明"]
    passed(west, two, g.SEVEN_TWENTY + 60, "out")
    assert names(plant.door.site) == ["王小明"]
    (found,) = presence.inside(plant.door.site, g.SEVEN_FORTY)
    assert (found.door, found.at, found.missed, found.workshop, found.badge) == (
        "一车间东门", g.SEVEN_TWENTY, False, "一车间", "A1",
    )  # fmt: skip


def test_who_was_let_in_against_a_refusal_is_inside_and_a_check_that_was_undone_is_not(plant):
    one, two = g.hire(plant, "王小明", "陈静")
    guard = g.user("guard", "guard", plant.id)
    refused = g.checked(plant, one, g.SEVEN_TWENTY)
    assert names(plant.door.site) == []
    services.override(check=refused.id, reason="rescue", words="", now=g.SEVEN_TWENTY + 60, actor=guard.pk)
    undone = passed(plant.door, two, g.SEVEN_FORTY)
    assert names(plant.door.site) == ["陈静", "王小明"]
    services.undo(id=undone, reason="keyed in wrongly", now=g.SEVEN_FORTY + 5, actor=guard.pk)
    assert names(plant.door.site) == ["王小明"]


def test_more_than_sixteen_hours_is_probably_a_missed_exit_and_a_month_is_gone(plant):
    one, two, three = g.hire(plant, "王小明", "陈静", "林海")
    passed(plant.door, one, g.SEVEN_FORTY - presence.LONG)
    passed(plant.door, two, g.SEVEN_FORTY - presence.LONG - 1)
    passed(plant.door, three, g.SEVEN_FORTY - presence.LOOKBACK)
    found = {one.name: one.missed for one in presence.inside(plant.door.site, g.SEVEN_FORTY)}
    assert found == {"王小明": False, "陈静": True}


def test_marked_as_left_with_words_and_once(plant):
    (one,) = g.hire(plant, "王小明")
    guard, site = g.user("guard", "guard", plant.id), plant.door.site
    check = passed(plant.door, one, g.SEVEN_TWENTY)
    told = {"site": site, "check": check, "now": g.SEVEN_FORTY, "actor": guard.pk}
    for wrong, field in (
        ({"at": g.SEVEN_TWENTY - 1, "words": "x"}, "at"),
        ({"at": g.SEVEN_FORTY + 1, "words": "x"}, "at"),
        ({"at": g.SEVEN_FORTY, "words": " "}, "words"),
        ({"at": g.SEVEN_FORTY, "words": "x" * 201}, "words"),
        ({"at": g.SEVEN_FORTY, "words": "x", "check": uuid7()}, "check"),
    ):
        with pytest.raises(RemarkError) as error:
            remarks.have_left(**{**told, **wrong})
        assert error.value.field == field
    remarks.have_left(**told, at=g.SEVEN_TWENTY + 600, words="called at home")
    assert names(site) == []
    assert Fact.objects.filter(kind="door_check").count() == 1  # what the door saw stays what it saw
    with pytest.raises(RemarkError):
        remarks.have_left(**told, at=g.SEVEN_TWENTY + 600, words="again")
    passed(plant.door, one, g.SEVEN_FORTY)
    assert names(site) == ["王小明"]  # they came back


def test_sorted_by_name_workshop_or_how_long(plant):
    early, late = g.hire(plant, "王小明", "陈静", workshop="1 车间")
    (other,) = g.hire(plant, "安心", workshop="2 车间", badge="B")
    for worker, at in ((late, 300), (early, 100), (other, 200)):
        passed(plant.door, worker, g.SEVEN_TWENTY + at)
    site = plant.door.site
    assert [one.name for one in presence.inside(site, g.SEVEN_FORTY, "since")] == ["王小明", "安心", "陈静"]
    assert [one.workshop for one in presence.inside(site, g.SEVEN_FORTY, "workshop")] == ["1 车间", "1 车间", "2 车间"]


def test_counts_of_many_sites_take_as_many_queries_as_of_one(plant):
    workers = g.hire(plant, "王小明", "陈静")
    yard = registry.add_site(name="二厂区", enterprise=plant.enterprise)
    gate = registry.add_door(site=yard, name="大门")
    passed(plant.door, workers[0], g.SEVEN_TWENTY)
    passed(gate, workers[1], g.SEVEN_FORTY - presence.LONG - 60)
    arrive(plant.door)
    taken = []
    for sites in ([plant.door.site], [plant.door.site, yard]):
        with CaptureQueriesContext(connection) as queries:
            counted = presence.counts(sites, g.SEVEN_FORTY)
        taken.append(len(queries))
    assert taken == [2, 2]
    assert [(one.workers, one.missed, one.visitors, one.all) for one in counted] == [(1, 0, 1, 2), (1, 1, 0, 1)]


def arrive(door, at=g.SEVEN_TWENTY, colour="green", **more):
    number = uuid7()
    who = VisitorDetails("欧阳访客", "13812345678", "路桥公司", "王主任", "送货", {"away": False})
    given = {"id": number, "door": door, "who": who, "colour": colour, "reasons": [], "celsius": 36.4, "at": at}
    assert visits.arrive(**{**given, **more}, now=g.SEVEN_FORTY, actor=None)
    return number


def test_a_visitor_comes_once_leaves_once_and_is_stored_encrypted(plant):
    number = arrive(plant.door)
    again = visits.arrive(
        id=number, door=plant.door, who=VisitorDetails("x"), colour="red", reasons=[], celsius=None, at=g.SEVEN_TWENTY,
        now=g.SEVEN_FORTY, actor=None,
    )  # fmt: skip
    assert again is False
    (visit,) = presence.present([plant.door.site_id], g.SEVEN_FORTY)
    assert "欧阳".encode() not in bytes(visit.who_encrypted)
    assert visits.details(visit).host == "王主任"
    masked = visits.shown(visit, whole=False)
    assert (masked.name, masked.phone) == ("欧 * 客", "····5678")
    assert visits.leave(visit=number, at=g.SEVEN_TWENTY - 60, now=g.SEVEN_FORTY, actor=None)
    assert not visits.leave(visit=number, at=g.SEVEN_FORTY, now=g.SEVEN_FORTY, actor=None)
    visit.refresh_from_db()
    assert visit.left_at == visit.at
    assert not presence.present([plant.door.site_id], g.SEVEN_FORTY)


def test_a_visitor_who_was_not_let_in_is_not_inside_and_wrong_rows_are_refused(plant):
    arrive(plant.door, colour="red", reasons=["door.visitor_answers"])
    assert not presence.present([plant.door.site_id], g.SEVEN_FORTY)
    for wrong, field in (
        ({"who": VisitorDetails(" ")}, "name"), ({"who": VisitorDetails("x" * 65)}, "name"), ({"colour": "blue"}, "colour"),
        ({"celsius": 365.0}, "celsius"), ({"at": g.SEVEN_FORTY + 1}, "at"),
    ):  # fmt: skip
        with pytest.raises(VisitError) as error:
            arrive(plant.door, **wrong)
        assert error.value.field == field
    with pytest.raises(VisitError):
        visits.leave(visit=uuid7(), at=g.SEVEN_FORTY, now=g.SEVEN_FORTY, actor=None)
