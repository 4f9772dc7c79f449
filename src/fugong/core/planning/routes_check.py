"""The checker of bus routes: whether a plan keeps every rule of its problem, and what it costs. No solver is believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from fugong.core.planning.answer import SENTENCES, Violation, violation
from fugong.core.planning.routes import RoutePlan, RouteProblem, Trip, Vehicle
from fugong.core.text import Text

SENTENCES.update(
    {
        "routes.unknown": Text("方案里的“%(id)s”不在任务里。", "The plan names “%(id)s”, which isn't in the problem."),
        "routes.vehicle_twice": Text("车辆 %(vehicle)s 被排了两趟。", "Vehicle %(vehicle)s has two trips."),
        "routes.too_many": Text(
            "车辆 %(vehicle)s 上了 %(people)s 人，可用座位只有 %(seats)s 个。",
            "Vehicle %(vehicle)s takes %(people)s people but has %(seats)s usable seats.",
        ),
        "routes.wrong_plant": Text(
            "车辆 %(vehicle)s 开往 %(plant)s，不能去那里，或者车上 %(id)s 要去别处。",
            "Vehicle %(vehicle)s goes to %(plant)s, where it may not go, or %(id)s aboard must go elsewhere.",
        ),
        "routes.wrong_stop": Text("%(group)s 不在 %(stop)s 等车。", "%(group)s doesn't wait at %(stop)s."),
        "routes.nobody_boards": Text(
            "车辆 %(vehicle)s 在 %(stop)s 停车但没有人上车。",
            "Vehicle %(vehicle)s calls at %(stop)s where nobody boards.",
        ),
        "routes.too_often": Text(
            "%(group)s 有 %(people)s 人，方案里出现了 %(planned)s 人。",
            "%(group)s is %(people)s people; the plan has %(planned)s.",
        ),
        "routes.split": Text("%(group)s 必须同车，却被分开了。", "%(group)s must ride together but is split."),
        "routes.forgotten": Text(
            "%(group)s 有 %(people)s 人既没有上车，也没有列为未安排。",
            "%(people)s of %(group)s neither ride nor are listed as staying behind.",
        ),
        "routes.window": Text(
            "车辆 %(vehicle)s 在 %(stop)s 的上车时间超出允许范围 %(minutes)s 分钟。",
            "Vehicle %(vehicle)s boards at %(stop)s %(minutes)s minutes outside its window.",
        ),
        "routes.shift": Text(
            "车辆 %(vehicle)s 超出班次时间 %(minutes)s 分钟。",
            "Vehicle %(vehicle)s is on the road %(minutes)s minutes outside its shift.",
        ),
        "routes.driving": Text(
            "车辆 %(vehicle)s 要驾驶 %(minutes)s 分钟，驾驶员最多只能驾驶 %(limit)s 分钟。",
            "Vehicle %(vehicle)s drives %(minutes)s minutes; its drivers may drive %(limit)s.",
        ),
        "routes.times": Text(
            "车辆 %(vehicle)s 到 %(id)s 的时间来不及：路上需要的时间不够。",
            "Vehicle %(vehicle)s can't be at %(id)s by then: the way takes longer.",
        ),
        "routes.arithmetic": Text(
            "车辆 %(vehicle)s 的%(what_zh)s写的是 %(planned)s，应为 %(right)s。",
            "Vehicle %(vehicle)s says %(what)s %(planned)s; it is %(right)s.",
        ),
        "routes.locked": Text(
            "车辆 %(vehicle)s 的行程已锁定，方案改动了它。",
            "The trip of vehicle %(vehicle)s is locked, and the plan changes it.",
        ),
        "routes.assigned": Text(
            "%(group)s 已指定坐 %(vehicle)s，方案让他们坐了别的车。",
            "%(group)s is put into %(vehicle)s; the plan has them ride elsewhere.",
        ),
    }
)


def check(problem: RouteProblem, plan: RoutePlan) -> list[Violation]:
    """Everything in which the plan breaks a rule of its problem; an empty list is a plan that may be driven."""
    unknown = list(_unknown(problem, plan))
    if unknown:
        return unknown
    found = [
        violation("routes.vehicle_twice", vehicle=name)
        for name, count in Counter(trip.vehicle for trip in plan.trips).items()
        if count > 1
    ]
    for trip in plan.trips:
        found += _of_trip(problem, trip)
    found += _of_groups(problem, plan)
    found += _of_locks(problem, plan)
    return found


def cost(problem: RouteProblem, plan: RoutePlan) -> int:
    """What the plan costs, from the distances and times of the problem; what the trips say of it is not believed."""
    return sum(_cost_of(problem.vehicle[trip.vehicle], trip, _metres(problem, trip)) for trip in plan.trips)


def _cost_of(vehicle: Vehicle, trip: Trip, metres: int) -> int:
    return vehicle.fixed_cost + vehicle.per_metre * metres + vehicle.per_second * (trip.arrives - trip.departs)


def _points(problem: RouteProblem, trip: Trip) -> list[str]:
    return [problem.vehicle[trip.vehicle].depot, *(visit.stop for visit in trip.visits), trip.plant]


def _metres(problem: RouteProblem, trip: Trip) -> int:
    points = _points(problem, trip)
    return sum(problem.way.leg(start, end)[0] for start, end in pairwise(points))


def _unknown(problem: RouteProblem, plan: RoutePlan) -> Iterator[Violation]:
    for trip in plan.trips:
        if trip.vehicle not in problem.vehicle:
            yield violation("routes.unknown", id=trip.vehicle)
        if trip.plant not in problem.plant:
            yield violation("routes.unknown", id=trip.plant)
        for visit in trip.visits:
            if visit.stop not in problem.stop:
                yield violation("routes.unknown", id=visit.stop)
            for boarding in visit.boards:
                if boarding.group not in problem.group:
                    yield violation("routes.unknown", id=boarding.group)
    for left in plan.unserved:
        if left.group not in problem.group:
            yield violation("routes.unknown", id=left.group)


def _of_trip(problem: RouteProblem, trip: Trip) -> Iterator[Violation]:
    vehicle = problem.vehicle[trip.vehicle]
    if trip.people > vehicle.seats:
        yield violation("routes.too_many", vehicle=vehicle.id, people=trip.people, seats=vehicle.seats)
    if vehicle.plant not in {None, trip.plant}:
        yield violation("routes.wrong_plant", vehicle=vehicle.id, plant=trip.plant, id=vehicle.id)
    for visit in trip.visits:
        if not visit.boards or any(boarding.people < 1 for boarding in visit.boards):
            yield violation("routes.nobody_boards", vehicle=vehicle.id, stop=visit.stop)
        for boarding in visit.boards:
            group = problem.group[boarding.group]
            if group.stop != visit.stop:
                yield violation("routes.wrong_stop", group=group.id, stop=visit.stop)
            if group.plant != trip.plant:
                yield violation("routes.wrong_plant", vehicle=vehicle.id, plant=trip.plant, id=group.id)
    yield from _times(problem, vehicle, trip)
    yield from _sums(problem, vehicle, trip)


def _times(problem: RouteProblem, vehicle: Vehicle, trip: Trip) -> Iterator[Violation]:
    left, at = trip.departs, vehicle.depot
    for visit in trip.visits:
        stop = problem.stop[visit.stop]
        if visit.arrives < left + _takes(problem, at, stop.id):
            yield violation("routes.times", vehicle=vehicle.id, id=stop.id)
        if visit.begins < visit.arrives or visit.leaves < visit.begins + stop.service_seconds:
            yield violation("routes.times", vehicle=vehicle.id, id=stop.id)
        outside = max(stop.opens - visit.begins, visit.begins - stop.closes)
        if outside > 0:
            yield violation("routes.window", vehicle=vehicle.id, stop=stop.id, minutes=-(-outside // 60))
        left, at = visit.leaves, stop.id
    plant = problem.plant[trip.plant]
    if trip.arrives < left + _takes(problem, at, plant.id):
        yield violation("routes.times", vehicle=vehicle.id, id=plant.id)
    outside = max(plant.opens - trip.arrives, trip.arrives - plant.closes)
    if outside > 0:
        yield violation("routes.window", vehicle=vehicle.id, stop=plant.id, minutes=-(-outside // 60))
    outside = max(vehicle.shift_start - trip.departs, trip.arrives - vehicle.shift_end)
    if outside > 0:
        yield violation("routes.shift", vehicle=vehicle.id, minutes=-(-outside // 60))


def _takes(problem: RouteProblem, start: str, end: str) -> int:
    driving = problem.way.leg(start, end)[1]
    return driving + problem.breaks.on(driving)


def _sums(problem: RouteProblem, vehicle: Vehicle, trip: Trip) -> Iterator[Violation]:
    points = _points(problem, trip)
    legs = [problem.way.leg(start, end) for start, end in pairwise(points)]
    metres, driving = sum(leg[0] for leg in legs), sum(leg[1] for leg in legs)
    if vehicle.driving_seconds is not None and driving > vehicle.driving_seconds:
        yield violation(
            "routes.driving", vehicle=vehicle.id, minutes=-(-driving // 60), limit=vehicle.driving_seconds // 60
        )
    price = _cost_of(vehicle, trip, metres)
    for what, what_zh, planned, right in (
        ("metres", "里程（米）", trip.metres, metres),
        ("seconds of driving", "驾驶时间（秒）", trip.driving_seconds, driving),
        ("a cost of", "费用", trip.cost, price),
    ):
        if planned != right:
            yield violation(
                "routes.arithmetic", vehicle=vehicle.id, what=what, what_zh=what_zh, planned=planned, right=right
            )


def _of_groups(problem: RouteProblem, plan: RoutePlan) -> Iterator[Violation]:
    rides: Counter[str] = Counter()
    vehicles: dict[str, set[str]] = {}
    for trip in plan.trips:
        for boarding in (one for visit in trip.visits for one in visit.boards):
            rides[boarding.group] += boarding.people
            vehicles.setdefault(boarding.group, set()).add(trip.vehicle)
    behind: Counter[str] = Counter()
    for left in plan.unserved:
        behind[left.group] += left.people
    for group in problem.groups:
        planned = rides[group.id] + behind[group.id]
        if planned > group.people:
            yield violation("routes.too_often", group=group.id, people=group.people, planned=planned)
        if planned < group.people:
            yield violation("routes.forgotten", group=group.id, people=group.people - planned)
        aboard = vehicles.get(group.id, set())
        if not group.may_split and (len(aboard) > 1 or 0 < rides[group.id] < group.people):
            yield violation("routes.split", group=group.id)
        if group.id in problem.assigned and aboard - {problem.assigned[group.id]}:
            yield violation("routes.assigned", group=group.id, vehicle=problem.assigned[group.id])


def _of_locks(problem: RouteProblem, plan: RoutePlan) -> Iterator[Violation]:
    planned = {trip.vehicle: trip for trip in plan.trips}
    for trip in problem.locked:
        if planned.get(trip.vehicle) != trip:
            yield violation("routes.locked", vehicle=trip.vehicle)
