"""Tests before work: sampled in the days after arrival, reported by the laboratory in batches, some late, some unclear.

Played through the services: orders, tubes, laboratories' files. Who did not come back is not tested.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fugong.base import local
from fugong.ledger import services as ledger
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry.models import Upload
from fugong.sampling.models import Order
from fugong.sampling.services import labfiles, orders, sites, tubes
from fugong.sampling.services.orders import Wanted
from fugong.sampling.services.tubes import Sample
from fugong.scenario import response
from fugong.scenario.daily import hash_of
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Person, Test, World

LABORATORY = "laboratory"
_LISTED = 2 * HOUR
_LABORATORIES = ("区疾控中心", "区医院检验科", "第三方检验所")
_RESULTS = {"negative": "阴性", "positive": "阳性", "inconclusive": "可疑"}
_REPORTS = (9.5, 11.5, 16, 20.5)
"""Hours after midnight at which laboratories report."""


def plan(world: World) -> None:
    """Who is tested when. Those without a result at the moment arrive in the last days before it."""
    waiting = _late_ones(world)
    for person in world.people:
        if person.test_required and person.arrived is not None and person not in waiting:
            sampled = _next_morning(world, max(person.arrived + 2 * HOUR, person.told_late))
            reported = _report_after(sampled + 7 * HOUR)
            _tested(person, "negative", sampled, reported, reported)
    _volunteers(world)
    _positive(world)


def _positive(world: World) -> None:
    """Of those who were brought back, as many as the recipe says are found positive instead of negative."""
    tested = [person for person in world.people if person.trip and person.test_required and len(person.tests) == 1]
    known = [person for person in tested if person.tests[0].recorded < world.moment - 2 * DAY]
    for person in known[: world.recipe.workers.tests.positive]:
        person.tests = [replace(person.tests[0], outcome="positive")]
        person.result = None


def _next_morning(world: World, after: int) -> int:
    """Between 08:30 and 11:30 or 14:00 and 16:30, on the day of ``after`` where there is time, or on the next."""
    day = local.start_of_day(local.day_of(after))
    for start in (day, day + DAY):
        morning, afternoon = start + 8 * HOUR + 30 * MINUTE, start + 14 * HOUR
        for first, length in ((morning, 3 * HOUR), (afternoon, 150 * MINUTE)):
            moment = first + world.rng.randrange(length)
            if moment > after:
                return moment
    return day + DAY + 9 * HOUR


def _report_after(moment: int) -> int:
    day = local.start_of_day(local.day_of(moment))
    return next(
        start + int(hours * HOUR)
        for start in (day, day + DAY)
        for hours in _REPORTS
        if start + int(hours * HOUR) >= moment
    )


def _tested(person: Person, outcome: Any, sampled: int, reported: int, recorded: int) -> None:
    person.tests.append(Test(outcome, sampled, reported, recorded))
    if outcome == "negative" and person.result is None:
        person.result = reported


def _late_ones(world: World) -> set[Person]:
    """Of those to test: sampled but not reported, not sampled yet, unclear and to repeat, reported but handed in late."""
    parts, now, rng = world.recipe.workers.tests, world.moment, world.rng
    free = [
        person for person in world.people
        if person.story == "returned" and person.firm.large and person.left > now and not person.trip
    ]  # fmt: skip
    chosen = iter(rng.sample(free, parts.pending + parts.unsampled + parts.inconclusive + parts.recorded_late))
    late: set[Person] = set()
    for kind, count in (
        ("pending", parts.pending), ("unsampled", parts.unsampled), ("inconclusive", parts.inconclusive),
        ("recorded_late", parts.recorded_late),
    ):  # fmt: skip
        for _number in range(count):
            person = next(chosen)
            late.add(person)
            _late(world, person, kind)
    return late


def _late(world: World, person: Person, kind: str) -> None:
    now, rng = world.moment, world.rng
    day = local.start_of_day(local.day_of(now))
    next_day = day + DAY
    arrived_by = {"pending": now - 12 * HOUR, "unsampled": now - HOUR, "inconclusive": now - 60 * HOUR,
                  "recorded_late": now - 44 * HOUR}[kind]  # fmt: skip
    person.arrived = arrived_by - rng.randrange(20 * HOUR if kind == "unsampled" else 30 * HOUR)
    person.departed = person.arrived - rng.randrange(6, 31) * HOUR
    if kind == "pending":
        person.met = True
        sampled = rng.randrange(max(person.arrived + HOUR, now - 20 * HOUR), now - 90 * MINUTE)
        reported = _report_after(now + HOUR + rng.randrange(10 * HOUR))
        _tested(person, "negative", sampled, reported, reported)
    elif kind == "recorded_late":
        sampled = now - 30 * HOUR - rng.randrange(3 * HOUR)
        reported = now - rng.randrange(30, 150) * MINUTE
        _tested(person, "negative", sampled, reported, next_day + 9 * HOUR)
    if kind == "inconclusive":
        sampled = now - 50 * HOUR - rng.randrange(3 * HOUR)
        reported = now - 28 * HOUR
        _tested(person, "inconclusive", sampled, reported, reported)
    if kind in ("unsampled", "inconclusive"):
        sampled = _next_morning(world, next_day + 7 * HOUR)
        reported = _report_after(sampled + 7 * HOUR)
        _tested(person, "negative", sampled, reported, reported)


def _volunteers(world: World) -> None:
    """Some who need no test have one all the same, and some clear results were unclear at first."""
    rng = world.rng
    plain = [person for person in world.people if not person.test_required and person.firm.large]
    for person in rng.sample(plain, len(plain) // 60):
        sampled = _next_morning(world, rng.randrange(max(world.opening + 14 * DAY, person.hired), world.end))
        reported = _report_after(sampled + 7 * HOUR)
        _tested(person, "negative", sampled, reported, reported)
    for person in rng.sample(world.people, len(world.people) // 100):
        first = person.tests[0] if person.tests else None
        if first and person.arrived and first.outcome == "negative" and first.sampled - person.arrived > 10 * HOUR:
            sampled = person.arrived + HOUR
            person.tests.insert(0, Test("inconclusive", sampled, sampled + 5 * HOUR, sampled + 5 * HOUR))


def tell(world: World) -> None:
    """Put every test on the agenda: ordered, sampled, and handed in with the laboratory's file."""
    desk = _Desk(world)
    number = 0
    for person in world.people:
        for test in _told(world, person):
            number += 1
            laboratory = world.rng.choice(_LABORATORIES) if test.recorded < world.end else ""
            desk.expects(person, test, f"{local.day_of(test.sampled):%y%m%d}-{number:05}", laboratory)
    _misattributed(world, desk)
    desk.reports()


def _told(world: World, person: Person) -> list[Test]:
    """The tests of somebody that happen while they are employed and the period lasts."""
    return [test for test in person.tests if test.sampled < min(world.end, person.left)]


def _misattributed(world: World, desk: _Desk) -> None:
    """Results entered under the wrong person, found out two days after the moment: withdrawn, and tested again."""
    candidates = [
        person for person in world.people
        if person.story == "returned" and person.firm.large and person.left > world.end
        and len(told := _told(world, person)) == 1 and told[0].recorded < world.end
        and world.moment - 9 * DAY < told[0].recorded < world.moment - 8 * HOUR
    ]  # fmt: skip
    day = local.start_of_day(local.day_of(world.moment))
    for number, person in enumerate(world.rng.sample(candidates, world.recipe.workers.tests.misattributed)):
        desk.withdraws(person, day + 2 * DAY + 10 * HOUR)
        sampled, reported = day + 2 * DAY + 14 * HOUR, day + 3 * DAY + 9 * HOUR
        again = Test("negative", sampled, reported, reported)
        laboratory = world.rng.choice(_LABORATORIES)
        desk.expects(person, again, f"{local.day_of(sampled):%y%m%d}-R{number:03}", laboratory)


class _Desk:
    """The town's sampling sites and whoever hands in what laboratories report: everything through the services."""

    def __init__(self, world: World) -> None:
        self._world, self._actor = world, world.actors["sampling_staff"]
        self._sites: list[UUID] = []
        self._due: dict[int, list[Person]] = defaultdict(list)
        self._reported: dict[int, list[_Report]] = defaultdict(list)
        self._listed: dict[int, list[tuple[Person, Sample]]] = defaultdict(list)
        self._sampled: set[str] = set()
        opened = local.start_of_day(world.recipe.sampling.since) + 8 * HOUR
        world.plan(opened, self._open)
        self._order_daily()

    def _open(self, now: int) -> None:
        number = self._world.writer.new_id
        self._sites = [
            sites.open_site(name=name, now=now, actor=self._actor, subject_id=number(now)).pk
            for name in self._world.recipe.sampling.sites
        ]

    def _order_daily(self) -> None:
        """In the evening, for those who came that day and have to be tested."""
        for person in self._world.people:
            if person.test_required and person.arrived is not None:
                self._due[local.start_of_day(local.day_of(person.arrived)) + 20 * HOUR].append(person)
        for moment in self._due:
            self._world.plan(moment, self._order)

    def _order(self, now: int) -> None:
        wanted = [
            Wanted(person.id, Order.DUE, requirement="tested")
            for person in self._due[now]
            if person.arrived is not None and all(test.sampled > now for test in person.tests)
        ]
        orders.order(wanted=wanted, now=now, actor=self._actor)

    def expects(self, person: Person, test: Test, barcode: str, laboratory: str) -> None:
        """Somebody is sampled, in a tube of their own; the result comes with the file of the moment at which it is recorded."""
        listed = -(-test.sampled // _LISTED) * _LISTED
        if listed not in self._listed:
            self._world.plan(listed, self._sample)
        swab = Sample(barcode, (person.id,), 1, test.sampled, laboratory)
        self._listed[listed].append((person, swab))
        if test.recorded < self._world.end:
            self._reported[test.recorded].append(_Report(barcode, test, laboratory))
            if test.outcome == "positive":
                response.expect(self._world, person, test.recorded)

    def _sample(self, now: int) -> None:
        """The lists of tubes of two hours, site by site."""
        came: dict[UUID, list[Sample]] = defaultdict(list)
        for person, swab in self._listed[now]:
            if not person.trip or person.arrived is not None:  # the others did not come back
                came[self._sites[hash_of(person.id) % len(self._sites)]].append(swab)
        for site, swabs in came.items():
            tubes.sample(samples=swabs, site=site, now=now, actor=self._actor)
            self._sampled.update(swab.barcode for swab in swabs)

    def reports(self) -> None:
        """Put the files of the laboratories on the agenda, now that it is known what stands in them."""
        for moment in self._reported:
            self._world.plan(moment, self._report)

    def _report(self, now: int) -> None:
        """A file comes in; those of the last days are shown to whoever handed them in."""
        rows = [one for one in self._reported[now] if one.barcode in self._sampled]
        if not rows:
            return
        name = f"核酸检测结果 {local.to_datetime(now):%m-%d %H%M}.csv"
        upload = None
        if self._world.moment - 3 * DAY <= now <= self._world.moment:
            counts = {"added": len(rows), "updated": 0, "unchanged": 0, "skipped": 0, "in_error": 0}
            upload = Upload.objects.create(
                kind="test", filename=name, state=Upload.DONE, result=counts, actor_id=self._actor, created_at=now,
                applied_at=now,
            ).pk  # fmt: skip
        lines = ["样本编号,检测结果,报告时间,检测机构", *(one.line for one in rows)]
        taken = labfiles.take_in(
            content="\n".join(lines).encode(), filename=name, now=now, actor=self._actor, upload=upload
        )
        assert taken.file.counts["stored"] == len(rows), taken.file.counts

    def withdraws(self, person: Person, moment: int) -> None:
        """What was entered for the wrong person is withdrawn."""
        self._world.plan(moment, lambda now: self._withdraw(person, now))

    def _withdraw(self, person: Person, now: int) -> None:
        wrong = standing().get(kind="test", subject=person.id)
        fact = NewFact(
            person.id,
            "test",
            wrong.start,
            wrong.values,
            supersedes=wrong.pk,
            withdrawn=True,
            reason="样本登记错人，结果撤回",
        )
        ledger.append(
            facts=[fact], source=LABORATORY, now=now, actor=self._actor, evidence=f"tube:{wrong.values['specimen']}"
        )


@dataclass(frozen=True, slots=True)
class _Report:
    """A row of a laboratory's file."""

    barcode: str
    test: Test
    laboratory: str

    @property
    def line(self) -> str:
        reported = local.to_datetime(self.test.reported)
        return f"{self.barcode},{_RESULTS[self.test.outcome]},{reported:%Y-%m-%d %H:%M:%S},{self.laboratory}"
