"""The checker of test schedules: whether one keeps every rule of its problem, and what it costs. No solver is believed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from fugong.core.planning.answer import SENTENCES, Violation, violation
from fugong.core.planning.slots import Booked, Person, SlotPlan, SlotProblem
from fugong.core.text import Text

SENTENCES.update(
    {
        "slots.unknown": Text("方案里的“%(id)s”不在任务里。", "The plan names “%(id)s”, which isn't in the problem."),
        "slots.forgotten": Text(
            "%(person)s 没有安排时段，也没有列为排不下。", "%(person)s has no slot and isn't listed as lacking one."
        ),
        "slots.twice": Text("%(person)s 被列了两次。", "%(person)s is listed twice."),
        "slots.early": Text(
            "%(person)s 的时段早了 %(minutes)s 分钟。", "The slot of %(person)s is %(minutes)s minutes too early."
        ),
        "slots.late": Text(
            "%(person)s 的时段超过期限 %(minutes)s 分钟。",
            "The slot of %(person)s ends %(minutes)s minutes after the deadline.",
        ),
        "slots.full": Text(
            "%(site)s 的一个时段排了 %(people)s 人，只能采 %(places)s 人。",
            "A slot at %(site)s has %(people)s people; it takes %(places)s.",
        ),
        "slots.apart": Text("%(household)s 一家没有排在同一个时段。", "The household %(household)s isn't in one slot."),
        "slots.moved": Text("%(person)s 的时段不能改。", "The slot of %(person)s may not be changed."),
        "slots.further": Text(
            "增加的名额不对：没有人用到，或者是负数。",
            "The further places aren't right: nobody uses one, or there are fewer than none.",
        ),
        "slots.never": Text(
            "%(person)s 被列为无时段可去，其实有。", "%(person)s is listed as unable to come in any slot, but can."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a schedule costs, apart: moved people, further sites of cohorts, minutes of travel."""

    moves: int
    cohorts: int
    minutes: int
    total: int


def check(problem: SlotProblem, plan: SlotPlan) -> list[Violation]:
    """Everything in which the plan breaks a rule of its problem; an empty list is a schedule that may be used.

    Whoever is ``without`` a slot is looked at as if the further places were there.
    """
    listed = Counter([*plan.booked, *plan.without, *plan.never])
    unknown = [name for name in listed if name not in problem.person]
    unknown += [
        f"{at.site} {at.start}"
        for at in (*plan.booked.values(), *plan.without.values(), *plan.further)
        if at not in problem.slot
    ]
    if unknown:
        return [violation("slots.unknown", id=name) for name in unknown]
    found = [violation("slots.forgotten", person=name) for name in problem.person if not listed[name]]
    found += [violation("slots.twice", person=name) for name, count in listed.items() if count > 1]
    for name, at in (*plan.booked.items(), *plan.without.items()):
        found += _of_person(problem, problem.person[name], at)
    found += _capacity(problem, plan)
    found += _households(problem, plan)
    return found


def _of_person(problem: SlotProblem, person: Person, at: Booked) -> Iterator[Violation]:
    early, late = person.earliest - at.start, at.start + problem.slot_seconds - person.deadline
    if early > 0:
        yield violation("slots.early", person=person.id, minutes=-(-early // 60))
    if late > 0:
        yield violation("slots.late", person=person.id, minutes=-(-late // 60))
    if not person.movable and person.present not in {None, at}:
        yield violation("slots.moved", person=person.id)


def _capacity(problem: SlotProblem, plan: SlotPlan) -> Iterator[Violation]:
    booked = Counter(plan.booked.values())
    coming = booked + Counter(plan.without.values())
    for at, people in coming.items():
        places, more = problem.slot[at].capacity, plan.further.get(at, 0)
        if booked[at] > places or people > places + more:
            yield violation("slots.full", site=at.site, people=people, places=places + more)
    if any(more < 1 or coming[at] < problem.slot[at].capacity + more for at, more in plan.further.items()):
        yield violation("slots.further")


def _households(problem: SlotProblem, plan: SlotPlan) -> Iterator[Violation]:
    members: dict[str, list[Person]] = defaultdict(list)
    for person in problem.people:
        members[f"household {person.household}" if person.household else f"person {person.id}"].append(person)
    for people in members.values():
        where = {plan.booked.get(person.id) or plan.without.get(person.id) for person in people}
        if len(where) > 1 and people[0].household:
            yield violation("slots.apart", household=people[0].household)
        never = [person for person in people if person.id in plan.never]
        if never and any(all(problem.fits(person, at) for person in people) for at in problem.slot):
            yield violation("slots.never", person=never[0].id)


def costs(problem: SlotProblem, plan: SlotPlan) -> Costs:
    """What the schedule costs by the problem's weights (``total``), those ``without`` a slot as if the places were there."""
    sites: dict[str, set[str]] = defaultdict(set)
    moves = minutes = 0
    for name, at in (*plan.booked.items(), *plan.without.items()):
        person = problem.person[name]
        moves += person.present not in {None, at}
        minutes += problem.minutes(person, at.site)
        if person.cohort is not None:
            sites[person.cohort].add(at.site)
    cohorts = sum(len(at) - 1 for at in sites.values())
    weights = problem.weights
    total = moves * problem.move_cost + minutes * weights.travel + cohorts * weights.cohort
    return Costs(moves, cohorts, minutes, total)
