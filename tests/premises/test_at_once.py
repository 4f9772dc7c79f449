"""Many at once: the last box is handed out once, a bed has one person, a table no more than its seats."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

import builders
from fugong.ledger.queries import standing
from fugong.premises.canteen import services as canteen
from fugong.premises.canteen.services import Seat
from fugong.premises.dormitories import services as dormitories
from fugong.premises.dormitories.services import Assign
from fugong.premises.errors import PremisesError
from fugong.premises.models import Lodging, MealSeat, Movement, Stock
from fugong.premises.stock import services as stock
from fugong.premises.stock.services import Handed
from parallel import at_once
from premises.plant import DAY, NOW, by, plant, sleeps, store

pytestmark = pytest.mark.django_db(transaction=True)


def tried(call):
    """What comes of a call: its result, or the code of the refusal. Anything else fails the test."""

    def run() -> object:
        try:
            return call()
        except PremisesError as error:
            return error.code

    return run


def test_fifty_take_from_a_shelf_that_holds_twenty():
    place = plant(50)
    masks = store(place, number=20)
    calls = [
        tried(lambda worker=worker: stock.issue(handed=[Handed(worker, masks.pk, 1)], by=by()))
        for worker in place.people
    ]
    results = at_once(*calls)
    assert results.count("stock.too_few") == 30
    assert Stock.objects.get().on_hand == 0
    assert Movement.objects.filter(kind="issue").count() == 20
    assert standing().filter(kind="supplies").count() == 20


def test_the_database_refuses_what_the_service_would_not_ask():
    place = plant(2)
    masks = store(place, number=3)
    row = stock._movement(masks, "count", -4, by(), None, words="x")
    with pytest.raises(IntegrityError, match="stock_never_below_zero"), transaction.atomic():
        row.save(force_insert=True)
    first = sleeps(place.people[0], place.beds["101/1"])
    held = Lodging.objects.get(pk=first)
    for worker, bed, name in (
        (place.people[1], place.beds["101/1"], "dormitory_bed_has_one_person_at_a_time"),
        (place.people[0], place.beds["101/2"], "person_has_one_dormitory_bed_at_a_time"),
    ):
        double = Lodging(worker_id=worker, bed_id=bed, start=held.start + 5, fact_id=held.fact_id, changed_at=NOW)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            double.save(force_insert=True)
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"), transaction.atomic():
        cursor.execute("UPDATE premises_stock SET on_hand = 1000")


def test_ten_want_one_bed_and_one_person_is_given_one_of_four():
    place = plant(10)
    calls = [
        tried(lambda worker=worker: dormitories.assign(lodgings=[Assign(worker, place.beds["101/1"])], by=by()))
        for worker in place.people
    ]
    results = at_once(*calls)
    assert sum(isinstance(one, list) for one in results) == 1
    assert {one for one in results if isinstance(one, str)} <= {"dormitory.bed_taken", "dormitory.at_once"}
    dormitories.leave(lodgings=[Lodging.objects.get().pk], at=NOW, by=by())
    beds = [place.beds[f"101/{n}"] for n in (2, 3, 4, 5)]
    one = place.people[0]
    results = at_once(
        *(tried(lambda bed=bed: dormitories.assign(lodgings=[Assign(one, bed)], by=by())) for bed in beds)
    )
    assert sum(isinstance(result, list) for result in results) == 1
    assert standing().filter(kind="dormitory", subject=one, end__gt=NOW).count() == 1


def test_a_table_seats_no_more_than_half_of_its_seats_however_many_come_at_once():
    place = plant(6)
    shift = canteen.add_shift(site=place.site, name="午餐一", starts=690, ends=710, now=NOW - DAY)
    (table,) = canteen.add_tables(site=place.site, tables=[("1", 6)], now=NOW - DAY)
    assert table.usable == 3
    calls = [
        tried(lambda worker=worker: canteen.seat(seats=[Seat(worker, shift.pk, table.pk)], by=by()))
        for worker in place.people
    ]
    results = at_once(*calls)
    assert results.count("canteen.full") == 3
    assert MealSeat.objects.count() == 3
    assert standing().filter(kind="canteen_seat").count() == 3


def test_what_is_sent_twice_at_once_is_stored_once():
    place = plant(1)
    masks = store(place, number=10)
    batch = builders.uuid7()
    call = tried(lambda: stock.issue(handed=[Handed(place.people[0], masks.pk, 2)], by=by(), id=batch))
    first, second = at_once(call, call)
    assert first == second
    assert Stock.objects.get().on_hand == 8
    came = builders.uuid7()
    at_once(*[tried(lambda: stock.deliver(stock=masks.pk, number=5, by=by(), id=came))] * 3)
    assert Stock.objects.get().on_hand == 13  # a delivery that is left out as known moves nothing
    assert Movement.objects.filter(kind="delivery", number=5).count() == 1
    issued = Movement.objects.get(kind="issue")
    more = stock._movement(masks, "back", 3, by(), None, worker=place.people[0], undoes=issued)
    with pytest.raises(IntegrityError, match="not what was handed out"), transaction.atomic():
        more.save(force_insert=True)
