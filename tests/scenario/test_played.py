"""What if: the town is played through its services, so what one of them refuses is missing from the figures by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from demo_town import Town, loaded
from fugong.clearance import queries as clearance
from fugong.journeys.models import Booking
from fugong.ledger.queries import standing
from fugong.observation.models import Stay
from fugong.reports.queries import members
from fugong.sampling.models import Order
from fugong.scenario import recipe

pytestmark = pytest.mark.django_db


def passengers(trip: str) -> set[UUID]:
    return set(Booking.objects.filter(trip__code=trip).values_list("worker_id", flat=True))


def brought_back(town: Town) -> set[UUID]:
    return {
        row.subject for row in members("returned.non_local", as_of=town.moment, known_at=town.moment, limit=1_000).rows
    }


def back(town: Town) -> int:
    return int(town.value("workers.back")["numerator"])


def at_work(people: set[UUID]) -> set[UUID]:
    passed = standing().filter(kind="door_check", subject__in=people, values__outcome="passed")
    return set(passed.values_list("subject_id", flat=True))


def changed(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """The small town by another recipe."""
    whole = recipe.read("qinghe").model_copy(update=parts)
    monkeypatch.setattr(recipe, "read", lambda town: whole)


def test_one_positive_result_and_its_contacts_tests_and_rooms_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = recipe.read("qinghe")
    tests = whole.workers.tests.model_copy(update={"positive": 1})
    protocol = whole.protocol.model_copy(update={"pack": "jinfeng-2020-03"})  # the other says nothing of contacts
    workers = whole.workers.model_copy(update={"tests": tests})
    changed(monkeypatch, protocol=protocol, workers=workers)
    with loaded("qinghe"):
        positive = standing().get(kind="test", values__result="positive")
        boarded = standing().get(kind="boarding", subject=positive.subject_id)
        fellows = standing().filter(kind="boarding", values__trip=boarded.values["trip"])
        aboard = set(fellows.values_list("subject_id", flat=True)) - {positive.subject_id}
        contacts = set(standing().filter(kind="contact").values_list("subject_id", flat=True))
        assert aboard
        assert aboard <= contacts
        assert positive.subject_id not in contacts
        assert not at_work({positive.subject_id})
        reported = positive.values["reported_at"]
        later = {
            one: clearance.status(one, "work", reported + 3 * 3600).holds for one in (*contacts, positive.subject_id)
        }
        assert not any(later.values())
        ordered = Order.objects.filter(why=Order.CONTACT, worker__in=contacts)
        assert {one.worker_id for one in ordered} == contacts
        assert all(one.urgent for one in ordered)
        kept = Stay.objects.filter(worker__in=contacts).exclude(state=Stay.CANCELLED).values_list("worker_id", "bed_id")
        homes = standing().filter(kind="observation", subject__in=contacts, values={})
        assert {worker for worker, _bed in kept} | set(homes.values_list("subject_id", flat=True)) == contacts
        assert kept, "somebody of them is in a room of their own"
        assert len({bed for _worker, bed in kept}) == len(kept)


def test_without_its_disinfection_nobody_of_a_coach_has_come_back_or_works(monkeypatch: pytest.MonkeyPatch) -> None:
    with loaded("qinghe") as town:
        trip = next(
            one.id for one in town.recipe.trips if one.mode == "bus" and brought_back(town) & passengers(one.id)
        )
        aboard, all_back, working = passengers(trip), brought_back(town), at_work(passengers(trip))
        assert aboard <= all_back
        were_back = back(town)
        assert working
    whole = recipe.read("qinghe")
    trips = [one.model_copy(update={"disinfected": False}) if one.id == trip else one for one in whole.trips]
    changed(monkeypatch, trips=trips)
    with loaded("qinghe") as town:
        left = passengers(trip)
        assert len(left) == len(aboard)
        assert len(brought_back(town)) == len(all_back) - len(aboard)
        assert not brought_back(town) & left
        assert back(town) == were_back - len(aboard)
        assert not at_work(left)
        assert not any(one.holds for one in clearance.statuses(left, "work", town.moment).values())
