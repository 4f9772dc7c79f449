"""The schedule of disinfections, the canteen's shifts, and the store's books."""

from __future__ import annotations

from functools import partial

import pytest

import builders
from fugong.base.faults import Fault
from fugong.ledger import services as ledger
from fugong.ledger.queries import standing
from fugong.premises.canteen import queries as meals
from fugong.premises.canteen import services as canteen
from fugong.premises.hygiene import queries as schedule
from fugong.premises.hygiene import services as hygiene
from fugong.premises.hygiene.services import Done
from fugong.premises.models import MealSeat, Movement, Photo, Shortfall, Stock
from fugong.premises.stock import queries as books
from fugong.premises.stock import services as stock
from fugong.premises.stock.services import Handed
from fugong.premises.stock.taking_in import take_in
from fugong.registry import services as registry
from premises.plant import DAY, HOUR, NOW, by, plant, store

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def code_of(call):
    with pytest.raises(Fault) as caught:
        call()
    return caught.value.code


def test_a_place_is_due_by_its_kind_and_the_risk_level():
    place = plant(1)
    lift = hygiene.add_duty(site=place.site, kind="lift", name="1 号电梯", responsible="陈师傅", now=NOW - 2 * HOUR)
    hygiene.add_duty(site=place.site, kind="workshop", name="一车间", now=NOW - HOUR)
    due = {one.name: one.due_at for one in schedule.duties(NOW)}
    assert due == {"1 号电梯": NOW - 2 * HOUR, "一车间": NOW - HOUR}
    hygiene.record(duty=lift.pk, done=Done("84 消毒液", 500, 30, "陈师傅"), at=NOW - 2 * HOUR, by=by())
    assert {one.name: one.due_at for one in schedule.duties(NOW)}["1 号电梯"] == NOW - HOUR  # not known: as if high
    county = registry.add_division(code="350112", name="长乐区")
    builders.record(county.pk, "risk_level", builders.EARLY, {"level": "low"})
    found = schedule.duties(NOW, enterprise=place.enterprise.pk)
    assert [one.name for one in schedule.overdue(found, NOW)] == ["一车间"]
    line = next(one for one in schedule.lines(list(found), NOW) if one.duty.pk == lift.pk)
    assert (line.hours, line.last.agent) == (24, "84 消毒液")


def test_a_disinfection_is_a_fact_of_the_site_with_its_picture():
    place = plant(1)
    duty = hygiene.add_duty(site=place.site, kind="canteen", name="一楼食堂", now=NOW - DAY)
    done = Done("84 消毒液", 500, 30, "林阿姨", PNG)
    made = hygiene.record(duty=duty.pk, done=done, at=NOW - 60, by=by(), id=builders.uuid7())
    assert hygiene.record(duty=duty.pk, done=done, at=NOW - 60, by=by(), id=made.pk) == made
    fact = standing().get(kind="disinfection")
    assert fact.subject_id == place.site.pk
    assert fact.values == {
        "agent": "84 消毒液",
        "mg_per_litre": 500,
        "minutes": 30,
        "by": "林阿姨",
        "place": "一楼食堂",
    }
    assert PNG not in bytes(Photo.objects.get().encrypted)
    wrong = {
        "disinfection.too_weak": Done("84", 100, 30, "x"), "duty.who": Done("", 500, 30, "x"),
        "duty.photo_kind": Done("84", 500, 30, "x", b"GIF89a"),
    }  # fmt: skip
    for code, one in wrong.items():
        assert code_of(lambda one=one: hygiene.record(duty=duty.pk, done=one, at=NOW, by=by())) == code
    assert code_of(lambda: hygiene.record(duty=duty.pk, done=done, at=NOW + 1, by=by())) == "duty.future"


def test_meals_are_staggered_and_workshops_stay_together(monkeypatch):
    place = plant(7)
    canteen.add_tables(site=place.site, tables=[("1", 4), ("2", 4)], now=NOW)
    first = canteen.add_shift(site=place.site, name="午餐一", starts=690, ends=710, now=NOW)
    clashing = partial(canteen.add_shift, site=place.site, name="二", now=NOW)
    for starts, ends in ((700, 730), (715, 740)):  # overlapping, and within the ten minutes for clearing
        assert code_of(partial(clashing, starts=starts, ends=ends)) == "canteen.shift_overlaps"
    assert code_of(lambda: canteen.seat_everybody(site=place.site, by=by())) == "canteen.too_few"
    assert MealSeat.objects.count() == 0
    canteen.add_shift(site=place.site, name="午餐二", starts=720, ends=740, now=NOW)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(canteen, "BATCH", 3)
    assert canteen.seat_everybody(site=place.site, by=by(), progress=lambda *far: told.append(far)) == 7
    assert told == [(3, 7), (6, 7), (7, 7)]
    found = meals.meals(place.enterprise.pk, NOW)
    assert [(one.taken, one.places, one.seats) for one in found] == [(4, 4, 8), (3, 4, 8)]
    seats = list(meals.seated(place.enterprise.pk, NOW))
    assert standing().get(pk=seats[0].fact_id).values == {"site": str(place.site.pk), "table": "1", "shift": "午餐一"}
    assert (
        code_of(lambda: canteen.end_shift(shift=first.pk, enterprise=place.enterprise.pk, now=NOW)) == "canteen.in_use"
    )
    canteen.unseat(seats=[one.pk for one in seats[:2]], by=by(NOW + 60))
    assert meals.without_a_seat(place.enterprise.pk, NOW + 60) == 2
    assert standing().filter(kind="canteen_seat", end__gt=NOW + 60).count() == 5


def test_days_left_are_what_is_there_by_what_was_used():
    place = plant(2)
    masks, gloves = store(place, number=100), store(place, "手套", 100)
    for days in (1, 2, 7, 8):  # the eighth day before isn't counted, nor is today
        handed = [Handed(place.people[0], masks.pk, 7)]
        stock.issue(handed=handed, by=by(NOW), at=NOW - days * DAY)
    stock.issue(handed=[Handed(place.people[1], masks.pk, 30)], by=by())
    lines = {one.stock.item: one for one in books.lines(list(books.stocks(NOW, enterprise=place.enterprise.pk)), NOW)}
    line = lines["一次性口罩"]
    assert (line.stock.on_hand, line.used, line.days, line.lasts, line.order, line.state) == (42, 21, 7, 14, 0, "ok")
    assert (lines["手套"].lasts, lines["手套"].order) == (None, 0)
    stock.count(stock=masks.pk, counted=20, words="盘点", by=by())
    assert [one.item for one in books.to_order(books.stocks(NOW), NOW)] == ["一次性口罩"]
    assert books.lines(list(books.stocks(NOW).filter(pk=masks.pk)), NOW)[0].order == 1
    assert gloves.pk


def test_a_delivery_that_is_sent_twice_is_on_the_shelf_once():
    place, sent = plant(1), builders.uuid7()
    masks = store(place, number=0)
    for _time in range(2):
        stock.deliver(stock=masks.pk, number=100, by=by(), id=sent)
    assert Stock.objects.get().on_hand == 100
    gloves = store(place, "手套", 0)
    assert code_of(lambda: stock.deliver(stock=gloves.pk, number=1, by=by(), id=sent)) == "stock.id_taken"


def test_what_was_handed_out_wrongly_is_taken_back_once():
    place = plant(1)
    masks = store(place, number=10)
    (moved,) = stock.issue(handed=[Handed(place.people[0], masks.pk, 4)], by=by())
    firm = place.enterprise.pk
    stock.take_back(movement=moved, enterprise=firm, by=by(NOW + 60))
    assert Stock.objects.get().on_hand == 10
    assert not standing().filter(kind="supplies").exists()
    assert code_of(lambda: stock.take_back(movement=moved, enterprise=firm, by=by(NOW + 60))) == "stock.undone"
    (late,) = stock.issue(handed=[Handed(place.people[0], masks.pk, 4)], by=by())
    assert code_of(lambda: stock.take_back(movement=late, enterprise=firm, by=by(NOW + 2 * DAY))) == "stock.too_late"
    assert code_of(lambda: stock.issue(handed=[Handed(place.people[0], masks.pk, 7)], by=by())) == "stock.too_few"


def test_what_a_checkpoint_says_comes_off_the_shelf_and_what_it_lacks_is_a_shortfall():
    place = plant(3)
    masks = store(place, number=12)
    one, two, three = place.people
    for n, worker in enumerate((one, two, three)):
        builders.record(worker, "arrival", NOW - HOUR + n, {"mode": "bus", "site": str(place.site.pk)})
    facts = [
        builders.record(worker, "supplies", NOW - HOUR + n, {"item": "一次性口罩", "number": number})
        for n, (worker, number) in enumerate(((one, 5), (two, 6), (three, 5)))
    ]
    builders.record(one, "supplies", NOW - HOUR, {"item": "护目镜", "number": 1})
    elsewhere = builders.workers(builders.enterprise(2, "没有仓库的厂"), 1, first=3)[
        0
    ]  # an earlier fact without any shelf
    builders.record(elsewhere, "supplies", NOW - 2 * HOUR, {"item": "一次性口罩", "number": 1})
    turns = [take_in(NOW, most=1) for _fact in range(4)]
    assert {name: sum(turn[name] for turn in turns) for name in turns[0]} == {"moved": 2, "short": 2, "given_back": 0}
    assert take_in(NOW) == {"moved": 0, "short": 0, "given_back": 0}
    assert Stock.objects.get(pk=masks.pk).on_hand == 1
    short = Shortfall.objects.get(fact_id=facts[2])
    assert (short.number, short.on_hand, short.worker_id) == (5, 1, three)
    ledger.correct(
        fact_id=facts[0], replacement=None, reason="mistyped", source="page", now=NOW + 60, evidence="a paper"
    )
    assert take_in(NOW + 120) == {"moved": 0, "short": 0, "given_back": 1}
    assert Stock.objects.get(pk=masks.pk).on_hand == 6
    assert Movement.objects.filter(kind="back").count() == 1
    firm = place.enterprise.pk
    assert (
        code_of(lambda: stock.settle(shortfall=short.pk, enterprise=firm, words=" ", by=by())) == "stock.settle_words"
    )
    stock.settle(shortfall=short.pk, enterprise=firm, words="从另一仓库借用", by=by())
    assert code_of(lambda: stock.settle(shortfall=short.pk, enterprise=firm, words="x", by=by())) == "stock.settled"
