"""The way back: trips and surveys, tests, observation, a case."""

from __future__ import annotations

from uuid import UUID

import builders
from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.journeys.models import Campaign, Reminder, Sighting, Vehicle
from fugong.journeys.trips import crew, requests
from fugong.journeys.trips import services as trips
from fugong.observation.models import Entry, Staff
from fugong.observation.services import rooms, stays
from fugong.observation.services.rooms import NewRoom
from fugong.observation.services.stays import CheckIn, Plan
from fugong.observation.services.writing import By
from fugong.registry import services as registry
from fugong.sampling.models import Appointment, LabFile, LabRow, Order, SlotOffer, SlotPlan, Tube, TubeMember
from fugong.tracing.models import Case, CaseContact, CleaningTask
from walls.side import EARLY, NOW, Side


def on_the_way(side: Side) -> None:
    """A trip with the first worker on it, what was asked for the second, and a round of surveying."""
    first, second, _third = side.workers
    place = requests.add_place(name=f"上车点 {side.key}", division="360281")
    Vehicle.objects.create(plate=f"plate-{side.key}", rated_seats=48, rows=12, columns=4)
    trip = trips.open_trip(
        code=f"trip-{side.key}", mode="bus", origin_division="360281", site=side.site, departs=NOW + 3600,
        arrives=NOW + 9 * 3600, layout=trips.Layout(48, 12, 4), stops=[trips.Stop(place.name, NOW + 3600, place.pk)],
        now=NOW, actor=None,
    )  # fmt: skip
    trips.book(trip=trip.pk, workers=[first], now=NOW, actor=None)
    trips.release(trip=trip.pk, now=NOW, actor=None)
    crew.head_count(trip=trip.pk, counted=0, now=NOW, actor=None)
    Sighting.objects.create(
        trip=trip, worker_id=second, kind="boarding", at=NOW, door=side.door, colour="red", reasons=["trip.not_on_list"],
        state="noted",
    )  # fmt: skip
    (asked,) = requests.ask(
        enterprise=side.enterprise.pk,
        workers=[second],
        place=place.pk,
        site=side.site,
        day=builders.DAY,
        now=NOW,
        actor=None,
    )
    campaign = Campaign.objects.create(
        title=f"round of {side.key}", enterprise=side.enterprise, opens=NOW, closes=NOW + 86_400, made_at=NOW
    )
    Reminder.objects.create(campaign=campaign, worker_id=second, at=NOW)
    side.trip, side.seat_request, side.campaign = trip.pk, asked.pk, campaign.pk


def sampled(side: Side) -> None:
    """An appointment of the first, a tube of the second, a laboratory's file, a schedule."""
    first, second, _third = side.workers
    # Where people are tested is the town's and no secret: an enterprise chooses among all the slots.
    side.station = registry.add_site(name=f"采样点{side.key}").pk
    builders.record(side.station, "site_open", EARLY, {"purpose": "sampling"})
    slot = SlotOffer.objects.create(site_id=side.station, start=NOW + 3600, minutes=15, places=2)
    made = [
        Order.objects.create(worker_id=worker, why="due", state=state, not_before=NOW, created_at=NOW, changed_at=NOW)
        for worker, state in ((first, "booked"), (second, "sampled"))
    ]
    side.order, side.slot = made[0].pk, slot.pk
    Appointment.objects.create(order=made[0], worker_id=first, slot=slot, places=2, place=0, booked_at=NOW)
    tube = Tube.objects.create(barcode=f"TUBE-{side.key}", kind="pool", size=5, site_id=side.station, opened_at=NOW)
    TubeMember.objects.create(tube=tube, size=5, place=0, worker_id=second, order=made[1], at=NOW)
    counts = {"rows": 1, "stored": 0, "unchanged": 0, "people": 0, "refused": 1, "skipped": 0}
    file = LabFile.objects.create(digest=side.key, filename=f"results-of-{side.key}.csv", taken_at=NOW, counts=counts)
    row = LabRow.objects.create(
        file=file,
        sheet="1",
        row=2,
        code="tube.unknown",
        cells_encrypted=personal.encrypt(f'{{"name": "{side.names[0]}"}}'),
    )
    side.tube, side.row, side.file = tube.pk, row.pk, file.pk
    lacking: dict[str, object] = {"without": [], "never": [], "further": [], "places": 0}
    side.plan = SlotPlan.objects.create(made_at=NOW, asked={}, lacking=lacking).pk


def in_observation(side: Side, worker: UUID) -> None:
    (room,) = rooms.add_rooms(site=side.hotel, rooms=[NewRoom("301")], at=EARLY, now=EARLY, actor=None)
    by, start = By(NOW - 86_400, None), NOW - 86_400
    (side.stay,) = stays.keep(plans=[Plan(worker, room.beds.get().pk, start, start + 14 * 86_400)], by=by)
    stays.check_in(arrivals=[CheckIn(side.stay, start)], by=by)
    Staff.objects.create(site_id=side.hotel, group="health", name=f"nurse of {side.key}", start=EARLY)
    Entry.objects.create(
        site_id=side.hotel, stay_id=side.stay, kind="visitor", who_encrypted=personal.encrypt("somebody"),
        words=f"words of {side.key}", at=NOW, recorded_at=NOW,
    )  # fmt: skip


def positive(side: Side) -> None:
    """The third worker is a case, the second near them, and the plant has to be disinfected."""
    _first, second, third = side.workers
    case = Case.objects.create(worker_id=third, ground=uuid7(), since=NOW - 60, until=NOW, opened_at=NOW)
    CaseContact.objects.create(
        case=case, worker_id=second, rules=[{"rule": "door", "place": f"words of {side.key}", "last": NOW}], last_at=NOW,
        found_at=NOW,
    )  # fmt: skip
    task = CleaningTask.objects.create(
        case=case, what="workshop", site_id=side.site, place=f"words of {side.key}", made_at=NOW, not_before=NOW
    )
    side.case, side.task = case.pk, task.pk
