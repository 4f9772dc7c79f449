"""Many at once, each with a connection of their own: the last place, the same result twice, the same file twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

import databases
import parallel
from fugong.base.faults import Fault
from fugong.ledger.models import Fact
from fugong.sampling.models import Appointment, LabFile, LabRow, Order, TubeMember
from fugong.sampling.services import booking, labfiles, orders, slots, tubes
from fugong.sampling.services.orders import Wanted
from sampling.clinic import NOW, clinic, clock, quarter_hours

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
AT_A_TIME = 25
"""Connections of one server."""


def race(calls: list[Callable[[], object]]) -> Counter[str]:
    """All of them as nearly at once as connections allow; how many ended how."""
    gate = threading.Barrier(min(AT_A_TIME, len(calls)))

    def run(call: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            databases.as_system(connection)
            gate.wait(timeout=60)
            call()
        except Fault as fault:
            return fault.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(min(AT_A_TIME, len(calls))) as pool:
        return Counter(pool.map(run, calls))


def test_fifty_who_want_the_last_place_of_a_slot_end_with_one() -> None:
    town = clinic(MANY)
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 1)
    made = orders.order(wanted=[Wanted(one, Order.DUE) for one in town.workers], now=NOW, actor=None)
    ended = race([lambda one=one: booking.book(order=one.pk, slot=slot, now=NOW) for one in made])  # type: ignore[misc]
    assert ended == {"done": 1, "slot.full": MANY - 1}
    assert Appointment.objects.count() == Order.objects.filter(state=Order.BOOKED).count() == 1
    # The same, with somebody who takes the slot away and somebody who makes it larger meanwhile.
    booking.give_up(order=Appointment.objects.get().order_id, now=NOW)
    four = [lambda one=one: booking.book(order=one.pk, slot=slot, now=NOW) for one in made[:4]]  # type: ignore[misc]
    ended = race([*four, lambda: slots.withdraw(slot=slot), lambda: slots.set_places(slot=slot, places=2)])
    assert ended["done"] + ended["slot.full"] + ended["slot.taken"] + ended["slot.gone"] == 6
    assert Appointment.objects.count() <= 2


def test_two_who_fill_the_same_tube_or_sample_the_same_person_end_with_one() -> None:
    town = clinic(2)
    one, other = town.workers
    single = tubes.open_tube(barcode="T-0001", size=1, site=town.site, now=NOW, actor=None)
    into = [lambda who=who: tubes.add(tube=single.pk, workers=[who], now=NOW, actor=None) for who in (one, other)]  # type: ignore[misc]
    assert race(into) == {"done": 1, "tube.full": 1}
    left = one if TubeMember.objects.get().worker_id == other else other
    two = [tubes.open_tube(barcode=f"T-1{n}00", size=5, site=town.site, now=NOW, actor=None) for n in (1, 2)]
    both = [lambda tube=tube: tubes.add(tube=tube.pk, workers=[left], now=NOW, actor=None) for tube in two]  # type: ignore[misc]
    assert race(both) == {"done": 1, "order.sampled": 1}
    assert Order.objects.filter(worker=left).count() == 1


def test_the_same_result_in_two_files_at_once_and_the_same_file_twice_are_stored_once() -> None:
    town = clinic(3, tested=3)
    tube = town.tube(*town.workers)
    evening = clock("20:00")
    text = f"样本编号,结果,报告时间\n{tube.barcode},阳性,2020-03-09 19:30\nNO-SUCH-TUBE,阴性,2020-03-09 19:30\n"

    def take(name: str, content: str) -> Callable[[], labfiles.Taken]:
        return lambda: labfiles.take_in(content=content.encode(), filename=name, now=evening, actor=town.staff.pk)

    taken = parallel.at_once(take("a.csv", text), take("a copy.csv", text), take("b.csv", text + "\n"))
    assert sorted(one.again for one in taken) == [False, False, True]
    assert LabFile.objects.count() == 2 and LabRow.objects.count() == 2
    assert sorted(one.counts["stored"] for one in LabFile.objects.all()) == [0, 1]
    assert Fact.objects.filter(kind="test", values__specimen=tube.barcode).count() == 3
    assert Order.objects.filter(pool=tube).count() == 3
