"""Dormitories, disinfections, the canteen and stores of some enterprises, played through the services.

The rooms are those that the rosters name: a fact that says the same goes on, so that nothing is said twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from fugong.base import local
from fugong.ledger.queries import holding
from fugong.premises.canteen import services as canteen
from fugong.premises.dormitories import rounds
from fugong.premises.dormitories import services as dormitories
from fugong.premises.dormitories.services import Assign, NewRoom
from fugong.premises.hygiene import services as hygiene
from fugong.premises.hygiene.services import Done
from fugong.premises.models import Bed, Stock
from fugong.premises.sites import By
from fugong.premises.stock import services as stock
from fugong.premises.stock.services import Handed
from fugong.premises.stock.taking_in import take_in
from fugong.registry.models import Site
from fugong.scenario.world import HOUR, Firm, World

DAY = 86_400
FIRMS = 4
"""So many enterprises keep their premises in Fugong, the visited one among them."""
_BEDS, _AREAS = 6, (Decimal(18), Decimal(16), Decimal(21), None, Decimal(12))
_PLACES = (
    ("workshop", "一车间"),
    ("canteen", "职工食堂"),
    ("toilet", "一楼卫生间"),
    ("lift", "货梯"),
    ("touched", "车间门把手"),
)
_ITEMS = (("一次性口罩", "只", 20_000), ("手套", "双", 4_000), ("消毒液", "瓶", 400), ("体温计", "支", 60))
_CLEANERS = ("陈师傅", "林阿姨", "黄师傅")


def plan(world: World) -> None:
    """Which enterprises keep their premises here, from when on: beds, places, meals and stores."""
    firms = [world.visited, *(firm for firm in world.large if firm is not world.visited and firm.dormitory)][:FIRMS]
    morning = local.start_of_day(local.day_of(world.moment))
    begun = morning - 5 * DAY + 10 * HOUR
    world.plan(world.opening + 2 * HOUR, lambda now: _fill_shelves(world, firms, now))
    world.plan(begun, lambda now: _move_in(world, firms, now))
    world.plan(begun + HOUR, lambda now: _meals(world, now))
    for days in range(4, 0, -1):
        day = morning - days * DAY
        world.plan(day + 9 * HOUR, lambda now: _disinfect(world, firms, now))
        world.plan(day + 11 * HOUR, lambda now: _hand_out(world, now))
    world.plan(morning - 2 * HOUR, _take_in)
    _evening(world, firms, morning)


def _by(world: World, now: int) -> By:
    return By(now, world.actors["town"])


def _fill_shelves(world: World, firms: Sequence[Firm], now: int) -> None:
    for firm in firms:
        site = Site.objects.get(pk=firm.plant)
        for item, unit, number in _ITEMS:
            made = stock.add_item(site=site, item=item, unit=unit, now=now)
            stock.deliver(stock=made.pk, number=number, by=_by(world, now), words="镇防疫物资库")


def _move_in(world: World, firms: Sequence[Firm], now: int) -> None:
    """The rooms that the rosters name, with a bed for everybody in them."""
    for firm in firms:
        if firm.dormitory is None:
            continue
        told = holding(now).filter(kind="dormitory", values__site=str(firm.dormitory)).order_by("subject_id", "-start")
        where = dict(told.distinct("subject_id").values_list("subject_id", "values__room"))
        if not where:
            continue
        crowd = Counter(where.values())
        site = Site.objects.get(pk=firm.dormitory)
        made = dormitories.add_rooms(
            site=site,
            rooms=[
                NewRoom(name, max(_BEDS, crowd[name]), _AREAS[n % len(_AREAS)], "宿舍")
                for n, name in enumerate(sorted(crowd))
            ],
        )
        beds: dict[str, list[Bed]] = {}
        for bed in Bed.objects.filter(room__in=made).select_related("room").order_by("-name"):
            beds.setdefault(bed.room.name, []).append(bed)
        lodgings = [Assign(worker, beds[room].pop().pk) for worker, room in sorted(where.items())]
        dormitories.assign(lodgings=lodgings, by=_by(world, now))
        for kind, name in _PLACES:
            plant = Site.objects.get(pk=firm.plant)
            hygiene.add_duty(site=plant, kind=kind, name=name, responsible=_CLEANERS[len(name) % 3], now=now)


def _meals(world: World, now: int) -> None:
    site = Site.objects.get(pk=world.visited.plant)
    number = sum(person.left > now for person in world.visited.people)
    tables = max(4, number // 12 + 1)
    canteen.add_tables(site=site, tables=[(str(n + 1), 8) for n in range(tables)], now=now)
    for n in range(4):
        starts = 11 * 60 + n * 35
        canteen.add_shift(site=site, name=f"午餐{'一二三四'[n]}批", starts=starts, ends=starts + 25, now=now)
    canteen.seat_everybody(site=site, by=_by(world, now))


def _disinfect(world: World, firms: Sequence[Firm], now: int) -> None:
    from fugong.premises.models import Duty

    for duty in Duty.objects.filter(enterprise__in=[firm.id for firm in firms], ended_at=None).order_by("pk"):
        if duty.kind in ("workshop", "canteen", "toilet") or duty.enterprise_id == world.visited.id:
            done = Done("含氯消毒液", 500, 30, duty.responsible)
            hygiene.record(duty=duty.pk, done=done, at=now - HOUR // 2, by=_by(world, now))


def _hand_out(world: World, now: int) -> None:
    """Two masks a day for some of those who are at work in the visited enterprise."""
    masks = Stock.objects.get(site=world.visited.plant, item=_ITEMS[0][0])
    there = [person.id for person in world.visited.people if person.left > now and person.works_from() is not None]
    handed = [Handed(worker, masks.pk, 2) for worker in sorted(there)[:60]]
    stock.issue(handed=handed, by=_by(world, now))


def _take_in(now: int) -> None:
    while take_in(now)["moved"]:
        pass


def _evening(world: World, firms: Sequence[Firm], morning: int) -> None:
    """The last evening's round, and who was missing in it."""
    at = morning - DAY + 20 * HOUR
    for firm in firms:
        for number, person in enumerate(firm.people):
            if number % 40 and person.left > at and not person.trip:  # those of a trip are measured every evening
                values = {"celsius": 36.4 + number % 5 / 10, "method": "forehead", "place": "dormitory"}
                world.writer.add("temperature", person.id, at + number % 50 * 60, values, source="dormitory")
    world.plan(morning - DAY + 22 * HOUR + 5 * 60, lambda now: rounds.note_missing(now) and None)
