"""The room plan through the service and its page: proposed, looked at, done; and what would do where it can't be."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.observation.errors import ObservationError
from fugong.observation.models import Stay
from fugong.observation.problem import ask
from fugong.observation.proposal import propose
from fugong.observation.services import leaving, planning, rooms
from fugong.observation.services.leaving import Move
from fugong.observation.services.rooms import NewRoom
from fugong.registry import services as registry
from observation.sites import DAY, HOUR, NOW, by, hotel, kept, present

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = hotel()
    division = registry.add_division(code="420000", name="湖北省")
    builders.record(division.pk, "risk_level", NOW - 30 * DAY, {"level": "high"})
    return made


def on_the_way(place, number, first=0, at=NOW + 2 * DAY):
    people = builders.workers(place.enterprise, number, first)
    for worker in people:
        values = {"trip": "G1", "from_division": "420100"}
        builders.record(worker, "booking", at - 6 * HOUR, values, end=at, now=NOW)
    return people


def plan(**more):
    asked = ask(NOW, **more)
    return asked, propose(asked, seconds=4)


def test_who_is_on_the_way_gets_a_room_and_nobody_moves(place):
    (here,) = builders.workers(place.enterprise, 1, 50)
    stay = present(place, here, "101/1", NOW - DAY)
    people = on_the_way(place, 3)
    asked, proposal = plan()
    assert proposal.status == "optimal"
    assert {line.worker for line in proposal.given} == set(people)
    assert (proposal.moved, proposal.without, proposal.kept) == ([], [], 1)
    done = {"asked": asked, "plan": proposal.plan, "digest": proposal.digest, "reason": "x", "by": by()}
    assert planning.apply(**done) == 3
    made = Stay.objects.filter(worker__in=people)
    assert {one.state for one in made} == {"planned"}
    assert stay.room_id not in {one.room_id for one in made}
    assert ask(NOW).empty is False  # they may still get other rooms
    with pytest.raises(ObservationError) as stale:
        planning.apply(**done | {"asked": ask(NOW)})
    assert stale.value.code == "plan.stale"


def test_where_not_all_can_have_a_room_it_says_how_many_would_do_and_they_do(place):
    people = on_the_way(place, 6)
    _asked, proposal = plan()
    assert proposal.status == "impossible"
    assert len(proposal.without) == 2
    (further,) = proposal.further
    assert (further.start, further.rooms) == (NOW + 2 * DAY, 2)
    rooms.add_rooms(site=place.site.pk, rooms=[NewRoom("201")], at=NOW, now=NOW, actor=None)
    assert len(plan()[1].without) == 1
    rooms.add_rooms(site=place.site.pk, rooms=[NewRoom("202")], at=NOW, now=NOW, actor=None)
    asked, proposal = plan()
    assert proposal.without == []
    assert planning.apply(asked=asked, plan=proposal.plan, digest=proposal.digest, reason="x", by=by()) == len(people)


def test_a_kept_bed_changes_only_where_somebody_needs_that_room(place):
    keeper, comer = builders.workers(place.enterprise, 1, 60)[0], on_the_way(place, 1)[0]
    stay = kept(place, keeper, "104/A", NOW + DAY)
    assert plan()[1].moved == []
    asked, proposal = plan(needs={comer: ["medical"]})
    (line,) = proposal.moved
    assert (line.worker, line.before.name, line.why) == (keeper, "104", "others")
    planning.apply(asked=asked, plan=proposal.plan, digest=proposal.digest, reason="x", by=by())
    assert Stay.objects.get(pk=stay).room.name != "104"
    assert Stay.objects.get(worker=comer).room.name == "104"


def test_a_room_that_closes_or_is_being_cleaned_isnt_given(place):
    worker = on_the_way(place, 1, at=NOW + HOUR)[0]
    for number, bed in enumerate(("101/1", "102/1"), start=70):
        stay = present(place, builders.workers(place.enterprise, 1, number)[0], bed, NOW - DAY)
        leaving.leave(leaving=[leaving.Leaving(stay.pk, NOW - HOUR, Stay.EARLY, "x")], by=by())
    closing = rooms.Room.objects.get(name="103")
    rooms.close_rooms(rooms=[closing.pk], at=NOW + 3 * DAY, reason="x", now=NOW, actor=None)
    _asked, proposal = plan()
    assert [(line.worker, line.room.name) for line in proposal.given] == [(worker, "104")]


def test_two_who_have_beds_kept_may_change_places(place):
    one, other = builders.workers(place.enterprise, 2)
    first, second = kept(place, one, "101/1", NOW + DAY), kept(place, other, "102/1", NOW + DAY)
    moves = [Move(first, place.beds["102/1"], 0, "x"), Move(second, place.beds["101/1"], 0, "x")]
    leaving.move(moves=moves, by=by())
    assert [Stay.objects.get(pk=stay).room.name for stay in (first, second)] == ["102", "101"]


def test_the_page_proposes_and_does_it_only_as_it_was_shown(place):
    people = on_the_way(place, 2)
    town = Client()
    town.force_login(builders.user("town_administrator"))
    town.cookies["django_language"] = "en"
    shown = town.get("/observation/plan/").content.decode()
    assert "2 on the way without a bed" in " ".join(shown.split())
    proposed = town.post("/observation/plan/", {"medical": str(people[0])}).content.decode()
    assert "2 get a room, 0 get another one" in " ".join(proposed.split())
    signed = re.search(r'name="plan" value="([^"]+)"', proposed)[1].replace("&quot;", '"')
    need = {"do": "apply", "plan": signed, "medical": str(people[0])}
    forged = town.post("/observation/plan/", need | {"plan": signed.replace("new:", "old:")})
    assert forged.status_code == 422
    assert town.post("/observation/plan/", need).status_code == 302
    assert Stay.objects.get(worker=people[0]).room.name == "104"
    assert town.post("/observation/plan/", need).status_code == 422
