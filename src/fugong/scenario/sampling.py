"""Tests before work: sampled in the days after arrival, reported by the laboratory in batches, some late, some unclear."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fugong.base import local
from fugong.registry.models import Upload
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Person, Test, World

LABORATORY = "laboratory"
_LABORATORIES = ("区疾控中心", "区医院检验科", "第三方检验所")
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
    """The tests as facts."""
    number = 0
    for person in world.people:
        for test in person.tests:
            if test.sampled >= min(world.end, person.left):
                continue
            number += 1
            _write(world, person, test, f"{local.day_of(test.sampled):%y%m%d}-{number:05}")
    _misattributed(world)
    _uploads(world)


def _write(world: World, person: Person, test: Test, specimen: str) -> None:
    if test.recorded >= world.end:
        return
    values = {
        "result": test.outcome, "method": "nucleic_acid", "sampled_at": test.sampled, "reported_at": test.reported,
        "laboratory": world.rng.choice(_LABORATORIES), "specimen": specimen,
    }  # fmt: skip
    fact = world.writer.add(
        "test", person.id, test.sampled, values, source=LABORATORY, recorded=test.recorded,
        actor=world.actors["sampling_staff"],
    )  # fmt: skip
    person.test_facts.append((fact, test, values))


def _uploads(world: World) -> None:
    """The lists in which the results of the last days before the moment came in, as whoever uploaded them sees them."""
    batches = Counter(
        test.recorded for person in world.people for _fact, test, _values in person.test_facts
        if world.moment - 3 * DAY <= test.recorded <= world.moment
    )  # fmt: skip
    for recorded, results in sorted(batches.items()):
        counts = {"added": results, "updated": 0, "unchanged": 0, "skipped": 0, "in_error": 0}
        Upload.objects.create(
            kind="test", filename=f"核酸检测结果 {local.to_datetime(recorded):%m-%d %H%M}.xlsx", state=Upload.DONE,
            result=counts, actor_id=world.actors["sampling_staff"], created_at=recorded, applied_at=recorded,
        )  # fmt: skip


def _misattributed(world: World) -> None:
    """Results entered under the wrong person, found out two days after the moment: withdrawn, and tested again."""
    candidates = [
        person for person in world.people
        if person.story == "returned" and person.firm.large and person.left > world.end and len(person.test_facts) == 1
        and world.moment - 9 * DAY < person.test_facts[0][1].recorded < world.moment - 8 * HOUR
    ]  # fmt: skip
    day = local.start_of_day(local.day_of(world.moment))
    for person in world.rng.sample(candidates, world.recipe.workers.tests.misattributed):
        fact, test, values = person.test_facts[0]
        world.writer.add(
            "test", person.id, test.sampled, values, source=LABORATORY, recorded=day + 2 * DAY + 10 * HOUR,
            supersedes=fact, withdrawn=True, reason="样本登记错人，结果撤回",
        )  # fmt: skip
        sampled, reported = day + 2 * DAY + 14 * HOUR, day + 3 * DAY + 9 * HOUR
        again = Test("negative", sampled, reported, reported)
        _write(world, person, again, f"{local.day_of(sampled):%y%m%d}-R{world.rng.randrange(1000):03}")
        person.absences.append((day + 2 * DAY + 10 * HOUR, reported))
