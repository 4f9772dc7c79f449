"""People of a demo town: names, documents, telephone numbers, addresses. Nobody is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fugong.base.identifiers import check_digit
from fugong.scenario import recipe
from fugong.scenario.chance import Lottery
from fugong.scenario.recipe import Recipe

HUBEI = "42"
_PHONES = (
    "130",
    "131",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "157",
    "158",
    "159",
    "177",
    "180",
    "186",
)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


@dataclass(slots=True)
class Identity:
    """Who somebody is: what a registry keeps of them."""

    name: str
    document: tuple[str, str]
    phone: str
    address: str
    household: str | None


class People:
    """Makes people, no two with the same document."""

    def __init__(self, town: Recipe, rng: Random) -> None:
        self._town, self._rng = town, rng
        words = recipe.vocabulary()
        self._surnames: list[str] = words["surnames"].split()
        self._given: dict[str, list[str]] = {sex: words[sex].split() for sex in ("male", "female")}
        self._rare: list[str] = words["rare"].split()
        self._minority: list[str] = words["minority"].split()
        self._foreign: list[str] = words["foreign"]
        self._households = Lottery(town.local.households)
        self._counties: dict[str, list[str]] = {
            code: list(place["counties"]) for code, place in recipe.places().items()
        }
        self._county_names = {
            code: place["name"] + name for place in recipe.places().values() for code, name in place["counties"].items()
        }
        self._taken: set[str] = set()

    def local_household(self) -> str:
        """A division of the town or near it."""
        return self._households.draw(self._rng)

    def county_of(self, province: str) -> str:
        """A county of a province (its first two digits)."""
        return self._rng.choice(self._counties[province])

    def person(self, household: str, *, number_from: str | None = None, minority: bool = False) -> Identity:
        """Somebody registered in ``household``; their number begins with ``number_from``'s code when it is given."""
        rng = self._rng
        sex = "male" if rng.random() < 0.52 else "female"
        born = date(2020, 3, 1) - timedelta(days=int(rng.triangular(18.2, 59.5, 34) * 365.25))
        code = number_from or self._code_of(household, born)
        name = rng.choice(self._minority) if minority else self._name(sex)
        return Identity(name, ("resident", self._number(code, born, sex)), self._phone(), self._address(), household)

    def foreigner(self, kind: str) -> Identity:
        """Somebody with another document than the resident identity card; no household registration."""
        rng = self._rng
        if kind == "residence_permit":
            sex, born = "male", date(1985, 1, 1) + timedelta(days=rng.randrange(4000))
            number = self._number(rng.choice(("810000", "820000", "830000")), born, sex)
            return Identity(self._name(sex), (kind, number), self._phone(), self._address(), None)
        name = rng.choice(self._foreign) if kind == "passport" else self._name("male")
        number = self._foreign_number(kind)
        while number in self._taken:
            number = self._foreign_number(kind)
        self._taken.add(number)
        return Identity(name, (kind, number), self._phone(), self._address(), None)

    def _foreign_number(self, kind: str) -> str:
        rng = self._rng
        match kind:
            case "passport":
                return rng.choice("BCNMP") + _digits(rng, 7)
            case "hk_macao_permit":
                return rng.choice("HM") + _digits(rng, 8)
            case _:
                return "0" + _digits(rng, 7)

    def _name(self, sex: str) -> str:
        rng = self._rng
        given = self._given[sex]
        if rng.random() < 0.004:
            return (
                rng.choice(self._surnames) + rng.choice(self._rare) + (rng.choice(given) if rng.random() < 0.4 else "")
            )
        if rng.random() < 0.17:
            return rng.choice(self._surnames) + rng.choice(given)
        return rng.choice(self._surnames) + rng.choice(given) + rng.choice(given)

    def _code_of(self, household: str, born: date) -> str:
        if household[:4] == self._town.town.code[:4] or household not in self._county_names:
            return next(part.code for part in self._town.local.numbers if born.year <= part.born_until)
        return household

    def _number(self, code: str, born: date, sex: str) -> str:
        while True:
            sequence = self._rng.randrange(1, 500) * 2 - (sex == "male")
            body = f"{code}{born:%Y%m%d}{sequence:03}"
            number = body + check_digit(body)
            if number not in self._taken:
                self._taken.add(number)
                return number

    def _phone(self) -> str:
        return self._rng.choice(_PHONES) + _digits(self._rng, 8)

    def _address(self) -> str:
        town = self._town
        return (
            f"{town.town.county}{town.town.name}{self._rng.choice(town.local.villages)}{self._rng.randrange(1, 380)}号"
        )
