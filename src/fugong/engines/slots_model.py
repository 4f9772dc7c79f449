"""What CP-SAT is told of a problem of test slots.

A household, or one who comes alone, is a unit; units that are alike are one kind, counted. A kind has options: a site with those
of its slots that suit, or, of those who have a slot, that one. Whether so many fit into a site's slots is told by the rule of
Hall: of no run of slots may more be wanted, by those who can come in no other, than it takes. Of these rules those are added that
an answer breaks, until none does. That counts people; as households aren't split between slots, it is a relaxation, whose bounds
hold; with ``exact`` each slot is an option of its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np

from fugong.core.planning.slots import Booked, Person, SlotProblem
from fugong.engines import solver
from fugong.engines.cpsat import Ask, Found, solve

_FEW = 100
"""Of so many rules a site all are told at once."""


@dataclass(frozen=True, slots=True)
class Option:
    """A site, the first and the last slot of it that would do (by number), how many would be moved, and minutes of travel."""

    site: str
    first: int
    last: int
    moves: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Kind:
    """Units that are alike: how many people each is, which cohorts those belong to, and what they can choose."""

    units: tuple[tuple[Person, ...], ...]
    size: int
    cohorts: tuple[str, ...]
    options: tuple[Option, ...]


class Times:
    """The slots of each site in order of time."""

    def __init__(self, problem: SlotProblem) -> None:
        self.problem = problem
        slots: dict[str, list[Booked]] = defaultdict(list)
        for at in sorted(problem.slot):
            slots[at.site].append(at)
        self.slots: Mapping[str, list[Booked]] = slots
        self._starts = {site: [at.start for at in here] for site, here in slots.items()}

    def number(self, at: Booked) -> int:
        """Which slot of its site a slot is."""
        return bisect_left(self._starts[at.site], at.start)

    def capacities(self, site: str) -> list[int]:
        """How many can be tested in each slot of a site."""
        return [self.problem.slot[at].capacity for at in self.slots[site]]

    def suit(self, people: Sequence[Person], site: str) -> range:
        """The numbers of the slots that suit all of these people."""
        starts = self._starts[site]
        first = bisect_left(starts, max(person.earliest for person in people))
        end = bisect_right(starts, min(person.deadline for person in people) - self.problem.slot_seconds)
        fixed = {person.present for person in people if not person.movable and person.present is not None}
        for n in range(first, end) if fixed else ():
            if fixed == {self.slots[site][n]}:
                return range(n, n + 1)
        return range(0) if fixed else range(first, end)


def units(problem: SlotProblem) -> list[tuple[Person, ...]]:
    """Households, and who comes alone."""
    members: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in problem.people:
        members[("household", person.household) if person.household else ("person", person.id)].append(person)
    return [tuple(people) for people in members.values()]


def kinds(problem: SlotProblem, times: Times, *, exact: bool, plain: bool) -> tuple[list[Kind], tuple[str, ...]]:
    """The units by what tells them apart (``plain``: but for what only costs), and the people who can't come in any slot."""
    alike: dict[Any, list[tuple[Person, ...]]] = defaultdict(list)
    never: list[str] = []
    for people in units(problem):
        options = tuple(_options(problem, times, people, exact=exact, plain=plain))
        cohorts = () if plain else tuple(sorted(person.cohort for person in people if person.cohort))
        if options:
            alike[len(people), cohorts, options].append(people)
        else:
            never += [person.id for person in people]
    return [Kind(tuple(some), size, cohorts, options) for (size, cohorts, options), some in alike.items()], tuple(never)


def _options(
    problem: SlotProblem, times: Times, people: tuple[Person, ...], *, exact: bool, plain: bool
) -> list[Option]:
    present = Counter(person.present for person in people if person.present is not None and not plain)
    have = sum(present.values())
    found = []
    for site, slots in times.slots.items():
        suit = times.suit(people, site)
        minutes = 0 if plain else sum(problem.minutes(person, site) for person in people)
        for n in suit if exact or present else ():
            if exact or slots[n] in present:
                found.append(Option(site, n, n, have - present[slots[n]], minutes))
        if suit and not exact:
            found.append(Option(site, suit[0], suit[-1], have, minutes))
    return found


class Model:
    """One question to CP-SAT; ``more`` of a slot are further places. A ``plain`` one is small and asks for these only."""

    def __init__(self, problem: SlotProblem, *, exact: bool = False, plain: bool = False) -> None:
        self.problem, self.exact, self.times = problem, exact, Times(problem)
        self.kinds, self.never = kinds(problem, self.times, exact=exact, plain=plain)
        self.model = solver("ortools.sat.python.cp_model").CpModel()
        self.chosen = [[self.model.new_int_var(0, len(kind.units), "") for _ in kind.options] for kind in self.kinds]
        """How many units of a kind choose each of its options."""
        for kind, chosen in zip(self.kinds, self.chosen, strict=True):
            self.model.add(sum(chosen) == len(kind.units))
        people = sum(kind.size * len(kind.units) for kind in self.kinds)
        self.more = {
            site: [self.model.new_int_var(0, people, "") for _ in slots] for site, slots in self.times.slots.items()
        }
        self.rules: set[tuple[str, int, int]] = set()
        for site, slots in self.times.slots.items():
            if exact:
                for n in range(len(slots)):
                    self._rule(site, n, n)
            else:
                self._rule(site, 0, len(slots) - 1)
                self._few_windows(site)

    def _few_windows(self, site: str) -> None:
        """All rules at once, where there are few: from each first slot of a window to each last."""
        windows = {
            (o.first, o.last) for kind in self.kinds for o in kind.options if o.site == site and o.first < o.last
        }
        firsts, lasts = {first for first, _ in windows}, {last for _, last in windows}
        if len(firsts) * len(lasts) <= _FEW:
            for first, last in product(sorted(firsts), sorted(lasts)):
                if first <= last:
                    self._rule(site, first, last)

    def _rule(self, site: str, first: int, last: int) -> None:
        """Those who can come in no other slots than these are no more than these take."""
        if (site, first, last) in self.rules:
            return
        self.rules.add((site, first, last))
        wanted = [
            count * kind.size
            for kind, chosen in zip(self.kinds, self.chosen, strict=True)
            for option, count in zip(kind.options, chosen, strict=True)
            if option.site == site and first <= option.first and option.last <= last
        ]
        if wanted:
            places = sum(self.times.capacities(site)[first : last + 1])
            self.model.add(sum(wanted) <= places + sum(self.more[site][first : last + 1]))

    @property
    def choices(self) -> int:
        """How many choices there are where each slot is told apart."""
        spans = (sum(option.last - option.first + 1 for option in kind.options) for kind in self.kinds)
        return sum(spans)

    def further(self) -> Any:
        """How many further places there are."""
        return sum(count for counts in self.more.values() for count in counts)

    def cost(self, *, cohorts: bool) -> Any:
        """What the schedule costs, as the checker counts it; without ``cohorts``, but for these."""
        weights, total = self.problem.weights, []
        of: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for kind, chosen in zip(self.kinds, self.chosen, strict=True):
            for option, count in zip(kind.options, chosen, strict=True):
                total.append(count * (option.minutes * weights.travel + option.moves * self.problem.move_cost))
                for cohort in set(kind.cohorts):
                    of[cohort][option.site].append((count, len(kind.units)))
        for sites in of.values() if cohorts else ():
            used = []
            for counts in sites.values():
                used.append(self.model.new_bool_var(""))
                for count, most in counts:
                    self.model.add(count <= most * used[-1])
            more = self.model.new_int_var(0, len(used), "")
            self.model.add(more >= sum(used) - 1)
            total.append(more * weights.cohort)
        return sum(total)

    def ask(self, ask: Ask, share: float) -> Found:
        """The best answer that breaks no rule of Hall; one that isn't proven where time runs out before."""
        until, whole = perf_counter() + ask.left(share), False
        while (left := min(until, ask.until) - perf_counter()) > 0:
            found = solve(self.model, ask, seconds=left if whole else left / 3)
            broken = [] if found.values is None or self.exact else self._broken(found)
            if not broken and (found.proven or whole):
                return found
            whole = not broken
            for rule in broken:
                self._rule(*rule)
            if found.values is not None:
                self.hint(found)
        return Found(None, 0, 0, False)

    def _broken(self, found: Found) -> list[tuple[str, int, int]]:
        """The runs of slots of which too much is wanted: for each first slot the worst, and for each last."""
        broken: set[tuple[str, int, int]] = set()
        for site, slots in self.times.slots.items():
            wanted = np.zeros((len(slots), len(slots)), dtype=np.int64)
            for kind, chosen in zip(self.kinds, self.chosen, strict=True):
                for option, count in zip(kind.options, chosen, strict=True):
                    if option.site == site:
                        wanted[option.first, option.last] += kind.size * found[count]
            within = wanted[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
            room = [cap + found[more] for cap, more in zip(self.times.capacities(site), self.more[site], strict=True)]
            upto = np.concatenate([[0], np.cumsum(room)])
            excess = within - (upto[None, 1:] - upto[:-1, None])
            excess[np.tril_indices(len(slots), -1)] = 0
            for axis in (0, 1):
                worst = excess.argmax(axis=axis)
                for n, m in enumerate(worst):
                    first, last = (int(m), n) if axis == 0 else (n, int(m))
                    if excess[first, last] > 0:
                        broken.add((site, first, last))
        return sorted(broken)

    def hint(self, found: Found) -> None:
        """Start the next question from an answer."""
        self.model.clear_hints()
        for variable in (count for counts in (*self.chosen, *self.more.values()) for count in counts):
            self.model.add_hint(variable, found[variable])
