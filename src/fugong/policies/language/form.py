"""The form of a measure's YAML: which keys, which values. ``docs/policies.md`` explains every part.

Every number that an authority set (a wage, a share, a term) stands in the data with its source, never in code.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


def _decimal(value: Any) -> Decimal:
    """A number as it is written: ``0.5`` in YAML is a float, whose text is what its author typed."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("decimal", "a number such as 0.5 or 1720")
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise PydanticCustomError("decimal", "a number such as 0.5 or 1720") from None
    if not found.is_finite() or found < 0 or found > 10**12:
        raise PydanticCustomError("decimal", "a number from 0 to a billion")
    return found


def _date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date", "a date such as 2020-03-01") from None
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Date = Annotated[str, AfterValidator(_date)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
Sentence = Annotated[str, Field(min_length=1, max_length=400)]
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Prefix = Annotated[str, Field(pattern=r"^[1-9][0-9]{1,8}$")]
Reference = Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_]*$")]
Given = Number | Reference
"""A number, or a parameter as ``$name``."""


class Spec(BaseModel):
    """A part of a measure: nothing in it may be misspelt, nothing is changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(Spec):
    """A sentence in both languages."""

    zh: Sentence
    en: Sentence


class Source(Spec):
    """On what a measure, or one of its numbers, rests, and how sure we are of it."""

    title: Sentence
    number: str = ""
    url: str = ""
    confidence: Literal["official", "press", "summary", "own"]
    note: Words | None = None


class Parameter(Spec):
    """A number that an authority may set anew: the amount follows without a change of the program."""

    value: Number
    unit: Literal["yuan", "share", "days", "working_days", "months", "people"]
    title: Words
    source: Sentence


class Condition(Spec):
    """What every condition has: its name, its words, what to do about it, and whether it may still come to be met."""

    name: Name
    title: Words
    remedy: Words
    source: Sentence
    can_change: bool = False


class Resumed(Condition):
    """The enterprise works again."""

    asks: Literal["resumed"]


class Industry(Condition):
    """The enterprise is of one of these kinds of industry."""

    asks: Literal["industry"]
    one_of: list[Literal["industrial", "commercial", "service"]] = Field(min_length=1)


class AboveSize(Condition):
    """The enterprise is above designated size, or it isn't."""

    asks: Literal["above_size"]
    is_: bool = Field(alias="is")


class Employs(Condition):
    """So many people are employed."""

    asks: Literal["employs"]
    at_least: Given | None = None
    at_most: Given | None = None


class Shown(Condition):
    """An evidence item of the enterprise: it holds, or its number lies within bounds."""

    asks: Literal["evidence"]
    item: Name
    at_least: Given | None = None
    at_most: Given | None = None


class Household(Condition):
    """The person is registered in one of these divisions, by the beginning of the code."""

    asks: Literal["household_in"]
    divisions: list[Prefix] = Field(min_length=1)


class WentHome(Condition):
    """The person was in one of these divisions during a span of days: by survey, stay, arrival, or what was shown."""

    asks: Literal["was_in"]
    divisions: list[Prefix] = Field(min_length=1)
    first: Date
    last: Date
    item: Name


class Insured(Condition):
    """Social insurance was held in so many months running, within a span of months."""

    asks: Literal["insured"]
    months: Given
    first: Month
    last: Month


class ShownOfPerson(Condition):
    """An evidence item of the person holds."""

    asks: Literal["evidence_of_person"]
    item: Name


OfEnterprise = Annotated[Resumed | Industry | AboveSize | Employs | Shown, Field(discriminator="asks")]
OfPerson = Annotated[Household | WentHome | Insured | ShownOfPerson, Field(discriminator="asks")]


class Rounding(Spec):
    """To a multiple of what, in yuan, and which way: halves up, everything down, everything up."""

    to: Number
    way: Literal["half_up", "down", "up"]


class PerPerson(Spec):
    """So much for each person who meets the conditions: a sum, or a share of a sum."""

    how: Literal["per_person"]
    of: Given
    share: Given = Decimal(1)
    round: Rounding


class Fixed(Spec):
    """So much for the enterprise."""

    how: Literal["fixed"]
    of: Given
    round: Rounding


class ShareOfCost(Spec):
    """A share of a cost that was shown as an evidence item in yuan, up to a cap."""

    how: Literal["share_of_cost"]
    item: Name
    share: Given
    cap: Given | None = None
    round: Rounding


Amount = Annotated[PerPerson | Fixed | ShareOfCost, Field(discriminator="how")]


class Deadline(Spec):
    """By when it has to be claimed: so many days or working days after an event. The day of the event doesn't count."""

    within: Given
    unit: Literal["days", "working_days"]
    after: Literal["resumption", "document"]
    source: Sentence


class Publicity(Spec):
    """The claim is shown in public first. Without ``days`` the document gives no number: the office enters both dates."""

    days: Given | None = None
    source: Sentence


class Evidence(Spec):
    """A paper that goes with the claim; what Fugong holds already is not asked for again."""

    item: Name
    of: Literal["enterprise", "person", "office"]
    title: Words


class Document(Spec):
    """The document that the measure stands in."""

    title: Sentence
    number: str
    issuer: Words
    level: Literal["state", "province", "city", "district"]
    first: Date | None = None
    last: Date | None = None


class Measure(Spec):
    """One measure of one document. ``text_missing``: its text was not found, and nothing of it is invented."""

    measure: Key
    version: Sentence
    title: Words
    status: Literal["complete", "text_missing"]
    document: Document
    sources: list[Source] = Field(min_length=1)
    payer: Words | None = None
    once: bool = True
    parameters: dict[Name, Parameter] = {}
    enterprise: list[OfEnterprise] = []
    person: list[OfPerson] = []
    evidence: list[Evidence] = []
    amount: Amount | None = None
    deadline: Deadline | None = None
    publicity: Publicity | None = None

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        if self.status == "complete" and self.amount is None:
            raise PydanticCustomError("measure_unpaid", "a complete measure says what is paid")
        if self.status == "text_missing" and (self.amount is not None or self.enterprise or self.person):
            raise PydanticCustomError(
                "measure_invented", "what was not found is not invented: no conditions and no amount"
            )
        if isinstance(self.amount, PerPerson) and not self.person:
            raise PydanticCustomError("measure_nobody", "an amount per person needs conditions of a person")
        names = [one.name for one in (*self.enterprise, *self.person)]
        twice = next((one for one in names if names.count(one) > 1), None)
        if twice is not None:
            raise PydanticCustomError("measure_twice", "two conditions have one name", {"name": twice})
        for name in _references(self.model_dump()):
            if name not in self.parameters:
                raise PydanticCustomError("measure_parameter", "there is no parameter {name}", {"name": f"${name}"})
        return self

    def number(self, given: Decimal | str) -> Decimal:
        """A number, or the parameter's that is named."""
        return self.parameters[given[1:]].value if isinstance(given, str) else given

    @property
    def per_person(self) -> bool:
        """Whether it is claimed for people, each of whom has to meet conditions."""
        return bool(self.person)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for one in value.values() for name in _references(one)]
    if isinstance(value, list | tuple):
        return [name for one in value for name in _references(one)]
    return [value[1:]] if isinstance(value, str) and value.startswith("$") else []
