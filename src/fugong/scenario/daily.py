"""Day by day: registers, and who goes in and out at the doors of the enterprises above designated size."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fugong.base import local
from fugong.doors.overrides import number_of
from fugong.ledger.services import NewFact
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Firm, Person, World

REGISTER, DOOR, DORMITORY = "register", "door", "dormitory"
FEVER = 37.3
_VALID_UNTIL = 10 * HOUR
"""A register of yesterday still opens the door before this time of day."""
_LET_IN = (("device_failure", "扫码枪故障"), ("rescue", ""), ("other", "给车间送急件，随后补办"))
"""Why the visited enterprise's guard now and then lets somebody in who has no fever."""
_SELDOM = 5
"""One in so many of those whom the guard refuses for something else is let in all the same."""
_NORMAL = [round(35.9 + 0.1 * n, 1) for n in range(13) for _ in range((1, 2, 4, 8, 13, 16, 17, 14, 10, 7, 4, 2, 1)[n])]


class Today(NamedTuple):
    """A day while it is told."""

    number: int
    start: int
    sunday: bool


class Days:
    """Tells the days one after the other."""

    def __init__(self, world: World) -> None:
        self._world, self._rng, self._add = world, world.rng, world.writer.add
        self._visited, self._refused = world.visited, 0

    def tell(self, number: int, day: date) -> None:
        """All registers and checks of one day."""
        today = Today(number, local.start_of_day(day), day.weekday() == 6)
        for firm in self._world.firms:
            if firm.resumed is None or not firm.counted or today.start + DAY <= firm.resumed - 2 * DAY:
                continue
            for person in firm.people:
                if person.hired < today.start + 8 * HOUR and person.left > today.start + 20 * HOUR:
                    self._person(firm, person, today)

    def _person(self, firm: Firm, person: Person, today: Today) -> None:
        if person.story != "local" and (person.arrived is None or person.arrived > today.start + 6 * HOUR):
            return
        filed = self._register(firm, person, today)
        works = person.works_from()
        if not firm.large or works is None or today.start + 7 * HOUR < works or today.start < (firm.resumed or 0) - DAY:
            return
        if (today.sunday and firm.rests_on_sunday) or self._rng.random() < 0.06:
            return
        arrival = today.start + ((19 if person.night else 7) * HOUR + int(self._rng.triangular(0, 55, 28) * MINUTE))
        if arrival < works or person.absent(arrival):
            return
        self._comes_in(firm, person, today, arrival, filed)
        if firm.dormitory and person.trip and self._rng.random() < 0.9:
            self._dormitory(person, today)

    # registers

    def _register(self, firm: Firm, person: Person, today: Today) -> int | None:
        """File the day's register; returns when, None when nobody did."""
        chance = self._rng.random()
        ill = person.absent(today.start + 8 * HOUR)
        if not ill and chance > (0.985 if firm.large else 0.86):
            return None
        by = ("worker" if chance < 0.55 else "line_leader") if firm.large else ("worker" if chance < 0.3 else "upload")
        at = today.start + 5 * HOUR + 40 * MINUTE + self._rng.randrange(75) * MINUTE
        if by in ("line_leader", "upload"):
            at = today.start + (6 * HOUR + 30 * MINUTE if by == "line_leader" else 9 * HOUR)
        ill = ill and person.absences[-1][0] < at
        self._file(firm, person, at, "worker" if ill else by, ill=ill)
        person.registered_on = today.number
        return at

    def _file(self, firm: Firm, person: Person, at: int, by: str, *, ill: bool = False) -> None:
        values: dict[str, Any] = {"well": not ill, "celsius": self._rng.choice(_NORMAL), "filed_by": by}
        if ill:
            values |= {"celsius": round(37.4 + self._rng.random(), 1), "symptoms": ["发热"], "improving": True}
        actor = self._actor(firm, "line_leader") if by == "line_leader" else None
        recorded = at + 2 * DAY if by == "upload" and hash_of(firm.id) % 10 == 0 else at  # kept on paper at first
        self._add(
            "register",
            person.id,
            at,
            values,
            source=DOOR if by == "guard" else REGISTER,
            actor=actor,
            recorded=recorded,
        )

    def _actor(self, firm: Firm, role: str) -> UUID | None:
        return self._world.actors.get(role) if firm is self._visited else None

    # doors

    def _comes_in(self, firm: Firm, person: Person, today: Today, at: int, filed: int | None) -> None:
        rng = self._rng
        door = firm.doors[hash_of(person.id) % len(firm.doors)]
        valid = filed is not None and filed <= at
        valid = valid or (at < today.start + _VALID_UNTIL and person.registered_on >= today.number - 1)
        if not valid:
            if rng.random() < 0.12:
                self._check(firm, person, door, at, ["registered"])
                at += 6 * MINUTE
            self._file(firm, person, at, "guard")
            person.registered_on = today.number
        if rng.random() < 0.002:
            worn = rng.choice(("mask", "gloves"))
            self._measure(firm, person, at, rng.choice(_NORMAL))
            self._check(firm, person, door, at, [f"door.{worn}"])
            at += 4 * MINUTE
        if rng.random() < 0.0008:
            if self._fever(firm, person, door, at):
                return
            at += 14 * MINUTE
        else:
            self._measure(firm, person, at, rng.choice(_NORMAL))
        self._check(firm, person, door, at, [])
        self._goes_out(firm, person, door, today)

    def _measure(self, firm: Firm, person: Person, at: int, celsius: float) -> None:
        values = {"celsius": celsius, "method": "forehead", "place": "door"}
        if self._rng.random() < 0.00015:  # keyed in with its digits the wrong way round, noticed soon after
            wrong = self._add("temperature", person.id, at, values | {"celsius": 37.6}, source=DOOR)
            self._add("temperature", person.id, at, values | {"celsius": 36.7}, source=DOOR, recorded=at + HOUR,
                      supersedes=wrong, reason="误录：36.7 录成 37.6")  # fmt: skip
            return
        self._add("temperature", person.id, at, values, source=DOOR, actor=self._actor(firm, "guard"))

    def _check(
        self, firm: Firm, person: Person, door: str, at: int, reasons: list[str], *, direction: str = "in"
    ) -> None:
        values: dict[str, Any] = {"door": door, "direction": direction, "outcome": "refused" if reasons else "passed"}
        if direction == "in":
            values |= {item: f"door.{item}" not in reasons for item in ("mask", "gloves")}
        if reasons:
            values["reasons"] = reasons
        check = self._add("door_check", person.id, at, values, source=DOOR, actor=self._actor(firm, "guard"))
        if firm is self._visited and len(reasons) == 1 and reasons[0] != "door.fever":
            if self._refused % _SELDOM == 0:
                self._let_in(firm, person, check, at, values)
            self._refused += 1

    def _let_in(self, firm: Firm, person: Person, check: UUID, at: int, refused: dict[str, Any]) -> None:
        """The guard lets somebody in against the refusal, and says why."""
        why, words = _LET_IN[self._refused // _SELDOM % len(_LET_IN)]
        values = {"door": refused["door"], "direction": "in", "reason": why, "words": words, "check": str(check)}
        fact = NewFact(person.id, "door_override", at + 40, values, id=number_of(check))
        self._world.writer.add_numbered(fact, source=DOOR, actor=self._actor(firm, "guard"))

    def _goes_out(self, firm: Firm, person: Person, door: str, today: Today) -> None:
        hours = 31 if person.night else 17
        at = today.start + hours * HOUR + int(self._rng.triangular(0, 150, 25) * MINUTE)
        if at < self._world.end:
            self._check(firm, person, door, at, [], direction="out")

    def _fever(self, firm: Firm, person: Person, door: str, at: int) -> bool:
        """A high reading, measured again after a rest; returns whether it was one."""
        rng = self._rng
        self._measure(firm, person, at, round(FEVER + rng.randrange(5) / 10, 1))
        self._check(firm, person, door, at, ["door.fever"])
        again = at + rng.randrange(11, 14) * MINUTE
        if rng.random() < 0.72:
            self._measure(firm, person, again, round(36.5 + rng.randrange(7) / 10, 1))
            return False
        self._measure(firm, person, again, round(37.5 + rng.randrange(9) / 10, 1))
        self._check(firm, person, door, again, ["door.fever", "fever_free"])
        well = at + rng.randrange(4, 7) * DAY
        person.absences.append((at, well))
        symptom = self._add("symptom", person.id, at, {"name": "发热"}, source="clinic", recorded=at + 3 * HOUR)
        if well + 4 * HOUR < self._world.end:
            self._add("symptom", person.id, at, {"name": "发热"}, end=well - 12 * HOUR, source="clinic",
                      recorded=well - 10 * HOUR, supersedes=symptom, reason="痊愈")  # fmt: skip
        return True

    # dormitories

    def _dormitory(self, person: Person, today: Today) -> None:
        at = today.start + 20 * HOUR + 30 * MINUTE + self._rng.randrange(50) * MINUTE
        values = {"celsius": self._rng.choice(_NORMAL), "method": "forehead", "place": "dormitory"}
        self._add("temperature", person.id, at, values, source=DORMITORY)


def hash_of(number: UUID) -> int:
    """A number that stays the same from run to run."""
    return number.int & 0xFFFF
