"""What CP-SAT is told of a problem of rooms.

Rooms that are alike are one class, of which so many stays may be in at a time: with fixed times that is enough, for intervals of
which never more than n overlap can be put into n rooms. A room that strangers may share is a class of its own. Stays that are
alike are one kind, counted. Where some keep the room that they have, the others may not fit around them although there never
are too many: so this model is a relaxation, whose bounds hold; with ``exact`` each of those rooms is a class of its own, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from fugong.core.planning.rooms import Room, RoomPlan, RoomProblem, Site, Stay
from fugong.engines import solver
from fugong.engines.cpsat import Ask, Found, solve


@dataclass(frozen=True, slots=True)
class Class:
    """Rooms that are alike; ``places`` > 1 (then it is one room): so many strangers may be in it."""

    rooms: tuple[Room, ...]
    places: int = 1

    @property
    def room(self) -> Room:
        return self.rooms[0]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(room.id for room in self.rooms)


@dataclass(frozen=True, slots=True)
class Kind:
    """Stays that are alike."""

    stays: tuple[Stay, ...]

    @property
    def stay(self) -> Stay:
        return self.stays[0]


def classes(problem: RoomProblem, *, exact: bool = False) -> list[Class]:
    """The rooms of a problem by what tells them apart."""
    own = {stay.present for stay in problem.stays if stay.present is not None} if exact else set()
    alike: dict[Any, list[Room]] = defaultdict(list)
    for room in problem.rooms:
        alone = room.id in own or problem.places(room) > 1
        alike[replace(room, id=room.id if alone else "")].append(room)
    return [Class(tuple(rooms), problem.places(rooms[0])) for rooms in alike.values()]


def kinds(problem: RoomProblem, *, plain: bool = False) -> list[Kind]:
    """The stays of a problem by what tells them apart; ``plain``: but for what only costs.

    Whose sex doesn't matter to any room is told apart by it no more.
    """
    matters = problem.people_per_room > 1 or any(room.sex is not None for room in problem.rooms)
    alike: dict[Any, list[Stay]] = defaultdict(list)
    for stay in problem.stays:
        key = replace(stay, id="" if stay.present is None else stay.id, sex=stay.sex if matters else None)
        if plain:
            key = replace(key, household="" if stay.household is None else "any", cohort=None, origin=None)
        alike[key].append(stay)
    return [Kind(tuple(stays)) for stays in alike.values()]


def holds(problem: RoomProblem, stay: Stay) -> bool:
    """Whether a stay has a room that it could keep."""
    room = problem.room.get(stay.present or "")
    return room is not None and problem.fits(stay, room)


class Model:
    """One question to CP-SAT.

    ``held``: the stays that keep the room that they have. ``short``: some may be without a room. ``plain``: it is a small one
    that won't be asked what a plan costs.
    """

    def __init__(
        self,
        problem: RoomProblem,
        *,
        held: Set[str] = frozenset(),
        short: bool = False,
        exact: bool = False,
        plain: bool = False,
    ) -> None:
        self.problem, self.held = problem, held
        self.classes, self.kinds = classes(problem, exact=exact), kinds(problem, plain=plain)
        self.model = solver("ortools.sat.python.cp_model").CpModel()
        self.within: dict[tuple[int, int], Any] = {}
        """How many of a kind are in a class."""
        self.kept: dict[int, Any] = {}
        """Whether the one of a kind that has a room keeps it."""
        self.without: list[Any] = []
        """How many of a kind have no room."""
        self.spreads: list[tuple[Any, list[tuple[Any, list[Any]]]]] = []
        """How many blocks too many a party is in, and for each block whether it is in it, and by what."""
        self.there: dict[int, list[int]] = defaultdict(list)
        """The kinds that may be in a class."""
        for k, kind in enumerate(self.kinds):
            self._place(k, kind, short)
        for c, one in enumerate(self.classes):
            for together in self._moments(self.there[c]):
                self._capacity(c, one, together)
        self._one_keeps()
        for site in problem.sites:
            if site.reserve:
                self._reserve(site)

    def _place(self, k: int, kind: Kind, short: bool) -> None:
        stay, count = kind.stay, len(kind.stays)
        for c, one in enumerate(self.classes):
            home = stay.present in one.ids
            room = self.problem.room[stay.present] if home and stay.present is not None else one.room
            if self.problem.fits(stay, room) and (home or stay.id not in self.held):
                self.within[k, c] = self.model.new_int_var(0, count, "")
                self.there[c].append(k)
                if home and holds(self.problem, stay):
                    self.kept[k] = self._keeper(self.within[k, c], one, must=stay.id in self.held or not stay.movable)
        self.without.append(self.model.new_int_var(0, count if short else 0, ""))
        self.model.add(sum(self._places(k, range(len(self.classes)))) + self.without[k] == count)

    def _keeper(self, there: Any, one: Class, *, must: bool) -> Any:
        if len(one.rooms) == 1 or must:
            self.model.add_hint(there, 1)
            return there
        kept = self.model.new_bool_var("")
        self.model.add(kept <= there)
        self.model.add_hint(kept, 1)
        return kept

    def _one_keeps(self) -> None:
        """Of those who have the same room at one time, one may keep it."""
        of: dict[str, list[int]] = defaultdict(list)
        for k in self.kept:
            of[self.kinds[k].stay.present or ""].append(k)
        for room, some in of.items():
            if self.problem.places(self.problem.room[room]) == 1:
                for together in self._moments(some):
                    if len(together) > 1:
                        self.model.add(sum(self.kept[k] for k in together) <= 1)

    def _places(self, k: int, some: Iterable[int]) -> list[Any]:
        return [self.within[k, c] for c in some if (k, c) in self.within]

    def _moments(self, some: Iterable[int]) -> list[list[int]]:
        """The largest sets among these kinds of which all are there at one time (cleaning counts)."""
        among = sorted(some, key=lambda k: self.kinds[k].stay.start)
        found: list[list[int]] = []
        for start in sorted({self.kinds[k].stay.start for k in among}):
            there = [k for k in among if self._is_there(self.kinds[k].stay, start)]
            if found and set(found[-1]) <= set(there):
                found.pop()
            found.append(there)
        return found

    def _is_there(self, stay: Stay, moment: int) -> bool:
        return stay.start <= moment < self.problem.free_again(stay)

    def _capacity(self, c: int, one: Class, together: Sequence[int]) -> None:
        if one.places == 1:
            if sum(len(self.kinds[k].stays) for k in together) > len(one.rooms):
                self.model.add(sum(self.within[k, c] for k in together) <= len(one.rooms))
            return
        takes: list[Any] = []
        of: dict[str | None, list[Any]] = defaultdict(list)
        for k in together:
            stay = self.kinds[k].stay
            alone = stay.sex is None or stay.people > one.places
            takes.append(self.within[k, c] * (one.places if alone else stay.people))
            of[stay.sex].append(takes[-1])
        self.model.add(sum(takes) <= one.places)
        if of["f"] and of["m"]:
            women = self.model.new_bool_var("")
            self.model.add(sum(of["f"]) <= one.places * women)
            self.model.add(sum(of["m"]) <= one.places * (1 - women))

    def _reserve(self, site: Site) -> None:
        here = [c for c, one in enumerate(self.classes) if one.room.site == site.id]
        rooms = sum(len(self.classes[c].rooms) for c in here)
        for together in self._moments({k for c in here for k in self.there[c]}):
            taken = []
            for c in here:
                inside = [self.within[k, c] for k in together if (k, c) in self.within]
                taken += inside if self.classes[c].places == 1 else [self._any(inside, self.classes[c].places)]
            self.model.add(sum(taken) <= rooms - site.reserve)

    def _any(self, counts: Sequence[Any], most: int) -> Any:
        """A variable that is 1 where any of these is above 0."""
        one = self.model.new_bool_var("")
        for count in counts:
            self.model.add(count <= most * one)
        return one

    def shortage(self) -> tuple[Any, Any]:
        """How many further rooms would do, and for how long they are needed, all seconds of all of them."""
        most = self.model.new_int_var(0, len(self.problem.stays), "")
        for together in self._moments(range(len(self.kinds))):
            self.model.add(most >= sum(self.without[k] for k in together))
        long = sum(
            left * (self.problem.free_again(kind.stay) - kind.stay.start)
            for left, kind in zip(self.without, self.kinds, strict=True)
        )
        return most, long

    def moves(self) -> Any:
        """How many who have a room don't keep it."""
        return sum(stay.present is not None for stay in self.problem.stays) - sum(self.kept.values())

    def keepers(self, found: Found) -> frozenset[str]:
        """Who keeps the room that they have."""
        return frozenset(self.kinds[k].stay.id for k, kept in self.kept.items() if found[kept])

    def cost(self) -> Any:
        """What the plan costs, as the checker counts it."""
        weights, total = self.problem.weights, []
        for (k, c), count in self.within.items():
            stay, room = self.kinds[k].stay, self.classes[c].room
            price = weights.travel * self.problem.minutes(stay, room.site) + weights.scarce * len(
                room.offers - stay.needs
            )
            total.append(count * price)
        total.append(self.problem.move_cost * self.moves())
        total += self._spread(weights.household, lambda stay: stay.household, lambda room: room.site)
        total += self._spread(weights.cohort, lambda stay: stay.cohort, lambda room: (room.site, room.zone))
        return sum(total)

    def _spread(self, weight: int, party: Callable[[Stay], str | None], block: Callable[[Room], Any]) -> list[Any]:
        """The price of each block after the first over which a party is spread."""
        members: dict[str, list[int]] = defaultdict(list)
        for k, kind in enumerate(self.kinds):
            name = party(kind.stay)
            if name is not None:
                members[name].append(k)
        blocks: dict[Any, list[int]] = defaultdict(list)
        for c, one in enumerate(self.classes):
            blocks[block(one.room)].append(c)
        prices = []
        for some in members.values():
            used = [seen for here in blocks.values() if (seen := self._used(some, here)) is not None]
            if sum(len(self.kinds[k].stays) for k in some) > 1 and len(used) > 1:
                more = self.model.new_int_var(0, len(used), "")
                self.model.add(more >= sum(one for one, _ in used) - 1)
                self.spreads.append((more, used))
                prices.append(more * weight)
        return prices

    def _used(self, some: Sequence[int], here: Sequence[int]) -> tuple[Any, list[Any]] | None:
        """A variable that is 1 where any of these kinds is in any of these classes, and what says so; None where none can be."""
        inside = [(len(self.kinds[k].stays), places) for k in some if (places := self._places(k, here))]
        if not inside:
            return None
        one = self.model.new_bool_var("")
        for count, places in inside:
            self.model.add(sum(places) <= count * one)
        every = [place for _, places in inside for place in places]
        rooms = sum(len(self.classes[c].rooms) * self.classes[c].places for c in here)
        together = {self.kinds[k].stay.start for k in some}
        if len(together) == 1 and rooms < sum(count for count, _ in inside):  # tells the linear relaxation more
            self.model.add(sum(every) <= rooms * one)
        return one, every

    def ask(self, ask: Ask, share: float = 1.0) -> Found:
        """Solve it as it stands."""
        return solve(self.model, ask, share=share)

    def hint(self, found: Found) -> None:
        """Start the next question from an answer to this model."""
        self._hint(
            {id(variable): found[variable] for variable in (*self.within.values(), *self.without, *self.kept.values())}
        )

    def start_from(self, plan: RoomPlan) -> None:
        """Start from a plan, whichever way it was found."""
        at = {room.id: c for c, one in enumerate(self.classes) for room in one.rooms}
        values: dict[int, int] = {}
        for k, kind in enumerate(self.kinds):
            inside = Counter(at[plan.placed[stay.id].room] for stay in kind.stays if stay.id in plan.placed)
            values.update({id(place): inside[c] for c in range(len(self.classes)) for place in self._places(k, [c])})
            values[id(self.without[k])] = len(kind.stays) - sum(inside.values())
            if k in self.kept and id(self.kept[k]) not in values:
                placed = plan.placed.get(kind.stay.id)
                values[id(self.kept[k])] = placed is not None and placed.room == kind.stay.present
        self._hint(values)

    def _hint(self, values: Mapping[int, int]) -> None:
        self.model.clear_hints()
        for variable in (*self.within.values(), *self.without):
            self.model.add_hint(variable, values[id(variable)])
        places = {id(place) for place in self.within.values()}
        for kept in self.kept.values():
            if id(kept) not in places:
                self.model.add_hint(kept, values[id(kept)])
        for more, used in self.spreads:
            inside = [any(values[id(place)] for place in every) for _, every in used]
            for (one, _), there in zip(used, inside, strict=True):
                self.model.add_hint(one, there)
            self.model.add_hint(more, max(0, sum(inside) - 1))
