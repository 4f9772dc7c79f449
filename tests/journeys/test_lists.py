"""A passenger list from somebody's spreadsheet: each thing that is wrong with it is told so that a dispatcher knows what to do."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.journeys.models import Booking
from fugong.journeys.trips import crew, lists, services
from fugong.journeys.trips.errors import TripError
from journeys import coach
from journeys.coach import DEPARTS, NOW
from web.pages import read

pytestmark = pytest.mark.django_db
HEAD = "姓名,身份证号码,手机,座位,班次"


@pytest.fixture
def here():
    return coach.plant(6)


def row(number: int, seat: str = "", trip: str = "", name: str = "", *, phone: bool = False) -> str:
    """A worker's row: by document, or by the end of the telephone number."""
    who = ("", f"{number:04d}") if phone else (builders.resident_number(number), "")
    return ",".join((name or builders.name(number), *who, seat, trip))


def csv(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def compared(trip, *rows: str) -> lists.Compared:
    return lists.compare(trip=trip, content=csv(*rows), filename="名单.csv", now=NOW)


def faults(trip, *rows: str) -> list[tuple[int, str]]:
    return [(one.row, fault.code) for one in compared(trip, *rows).lines for fault in one.faults]


def test_each_thing_that_is_wrong_is_told_at_its_row(here):
    trip = coach.released(here, 2)
    other = coach.trip(here, "T2")
    services.book(trip=other.pk, workers=[here.workers[4]], now=NOW, actor=None)
    found = faults(
        trip,
        row(0, "1A"), row(1, "3B", "T1"), row(0, "5A"), row(2, "3B"), row(3, "12A"), row(4), row(5, "99Z", "闽B99999"),
        row(88, name="路人"), row(1, name="陈大"), row(2, "字", phone=True),
    )  # fmt: skip
    assert found == [
        (4, "list.twice"), (5, "list.seat_twice"), (6, "trip.seat_kept"), (7, "trip.other_trip"), (8, "list.wrong_trip"),
        (8, "trip.no_such_seat"), (9, "list.unknown"), (10, "list.other_name"), (11, "list.no_seat"), (11, "list.twice"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sentences_name_the_row_the_seat_and_what_to_do(here, language):
    trip = coach.released(here, 2)
    (line,) = [one for one in compared(trip, row(1, "3B"), row(2, "3B")).lines if one.faults]
    said = line.faults[0].in_language(language)
    assert "3B" in said and builders.name(1) in said and "2" in said
    assert ("另选座位" if language == "zh-hans" else "another seat") in said


def test_more_people_than_places_and_a_seat_that_the_plan_has_given(here):
    trip = coach.trip(here, layout=coach.Layout(rated=8, rows=4, columns=2))  # four places in two rows
    services.book(trip=trip.pk, workers=here.workers[:2], now=NOW, actor=None)
    view = compared(trip, *(row(number) for number in range(1, 6)))
    (fault,) = view.faults
    assert fault.code == "list.too_many" and not view.right
    assert "6" in fault.in_language("zh-hans") and "4" in fault.in_language("en")
    assert faults(trip, row(2, Booking.objects.get(worker=here.workers[0]).seat)) == [(2, "list.seat_planned")]


def test_a_right_list_gives_its_seats_also_where_two_change_places(here):
    trip = coach.released(here, 3)
    before = {one.worker_id: one.seat for one in trip.bookings.all()}
    first, second = here.workers[:2]
    rows = csv(row(0, before[second]), row(1, before[first]), row(3, "6A"), row(4))
    view = lists.compare(trip=trip, content=rows, filename="名单.csv", now=NOW)
    assert [one.state for one in view.lines] == ["seat", "seat", "new", "new"]
    assert [one.worker_id for one in view.missing] == [here.workers[2]]
    assert lists.take_in(trip=trip.pk, content=rows, filename="名单.csv", now=NOW, actor=None) == 4
    after = {one.worker_id: one.seat for one in trip.bookings.filter(state=Booking.BOOKED)}
    assert (after[first], after[second]) == (before[second], before[first])
    assert after[here.workers[3]] == "6A" and len(after) == 5 and coach.facts_of("booking") == 5
    with pytest.raises(TripError) as caught:
        lists.take_in(trip=trip.pk, content=rows, filename="名单.csv", now=NOW, actor=None)
    assert caught.value.code == "list.nothing_new"


def test_nobody_is_added_by_a_list_once_the_trip_has_left(here):
    trip = coach.released(here, 2)
    crew.board(trip=trip.pk, workers=here.workers[:2], stop=None, now=DEPARTS, actor=None)
    crew.depart(trip=trip.pk, now=DEPARTS, actor=None)
    with pytest.raises(TripError) as caught:
        lists.take_in(trip=trip.pk, content=csv(row(3)), filename="名单.csv", now=DEPARTS, actor=None)
    assert caught.value.code == "trip.on_the_way"


def test_the_dispatcher_looks_first_and_then_takes_it_in(here, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    trip = coach.released(here, 2)
    client = Client()
    client.force_login(here.dispatcher)
    address = f"/trips/{trip.pk}/list/"
    assert address in client.get(f"/trips/{trip.pk}/").content.decode()
    wrong = client.post(address, {"rows": csv(row(0), row(88, name="路人")).decode().replace(",", "\t")})
    assert wrong.status_code == 422 and "查无“路人”" in wrong.content.decode()
    right = client.post(address, {"rows": csv(row(0), row(3, "6A")).decode().replace(",", "\t")})
    (upload,) = [hidden["upload"] for _how, _to, hidden in read(right.content.decode()).forms if "upload" in hidden]
    done = client.post(address, {"do": "take", "upload": upload}, follow=True)
    assert "已按名单为 1 人安排座位" in done.content.decode()
    assert Booking.objects.get(worker=here.workers[3]).seat == "6A"
    assert client.post(address, {"do": "take", "upload": upload}).status_code == 422  # its content is gone
