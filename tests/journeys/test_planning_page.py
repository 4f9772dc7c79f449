"""The dispatcher's button on its page: progress, then what came of it; in both languages, and refused in words."""

from __future__ import annotations

import pytest

import builders
from fugong.base import clock
from fugong.journeys.models import Place, Trip
from fugong.journeys.planning import services
from fugong.journeys.trips import requests
from journeys import coach
from journeys.coach import NOW
from journeys.test_planning import DAY
from journeys.test_trip_pages import said, signed_in

pytestmark = pytest.mark.django_db(transaction=True)  # the plan is looked for in a thread of its own


class Page:
    """A page that came in pieces."""

    def __init__(self, answer):
        self.content = b"".join(answer.streaming_content)


def test_the_button_shows_progress_and_then_the_trips(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    here = coach.plant(6)
    Place.objects.create(name="厂区", division=builders.CODE, latitude=25.92, longitude=119.52, site=here.site)
    requests.ask(
        enterprise=here.enterprise.pk,
        workers=here.workers,
        place=here.place.pk,
        site=here.site.pk,
        day=DAY,
        now=NOW,
        actor=None,
    )
    client = signed_in(here.dispatcher)
    given = {"day": DAY.isoformat(), "leaves": "2020-03-11T06:00", "arrives": "2020-03-11T23:00", "seconds": "1"}
    assert "No vehicle with a starting place is free" in said(Page(client.post("/trips/plan/", given)))
    services.add_vehicle(
        plate="闽A1", rated_seats=12, rows=5, columns=3, start=here.place.pk, fixed_fen=50_000, fen_per_km=800
    )
    page = said(Page(client.post("/trips/plan/", given)))
    assert "of 1 seconds" in page
    assert "6 people on 1 trips" in page
    assert Trip.objects.get().bookings.filter(state="booked").count() == 6
    chinese = signed_in(here.dispatcher, "zh-hans")
    assert "1 个班次，6 人" in said(Page(chinese.post("/trips/plan/", given)))
    assert Trip.objects.filter(state="draft").count() == 1  # planned anew, not twice
