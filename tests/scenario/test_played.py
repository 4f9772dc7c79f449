"""What if: the town is played through its services, so what one of them refuses is missing from the figures by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from demo_town import Town, loaded
from fugong.clearance import queries as clearance
from fugong.journeys.models import Booking
from fugong.ledger.queries import standing
from fugong.reports.queries import members
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
    changed: Any = whole.model_copy(update={"trips": trips})
    monkeypatch.setattr(recipe, "read", lambda town: changed)
    with loaded("qinghe") as town:
        left = passengers(trip)
        assert len(left) == len(aboard)
        assert len(brought_back(town)) == len(all_back) - len(aboard)
        assert not brought_back(town) & left
        assert back(town) == were_back - len(aboard)
        assert not at_work(left)
        assert not any(one.holds for one in clearance.statuses(left, "work", town.moment).values())
