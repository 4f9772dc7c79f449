"""What an enterprise must have ready before it works again, and what is asked back about its output, as a pack states it.

Blocks ``readiness`` and ``capacity`` of a pack's ``operations``. An item is a question with a code that means the same in
the whole town; what is enough may depend on how many people the enterprise employs. Nothing stated, nothing asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from fugong.core.text import Text

Staff = Annotated[int, Field(ge=0, le=10_000_000)]
Asked = Literal["flag", "number", "text", "document"]
Bound = Literal["everybody", "dormitory", "canteen"]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Said(_Spec):
    """A sentence in both languages."""

    zh: Annotated[str, Field(min_length=1, max_length=300)]
    en: Annotated[str, Field(min_length=1, max_length=300)]

    @property
    def text(self) -> Text:
        """As the core's text."""
        return Text(self.zh, self.en)


class Band(_Spec):
    """What is enough for enterprises of ``least_staff`` to ``most_staff`` people: one for so many (``per``), rounded up, but no
    fewer than ``at_least``.
    """

    least_staff: Staff = 0
    most_staff: Staff | None = None
    per: Annotated[int, Field(ge=1)] | None = None
    at_least: Annotated[float, Field(ge=0)] = 0

    def holds_for(self, staff: int) -> bool:
        """Whether an enterprise of that size is meant; both ends are."""
        return self.least_staff <= staff and (self.most_staff is None or staff <= self.most_staff)

    def enough(self, staff: int) -> float:
        """How many an enterprise of that size needs."""
        return max(self.at_least, ceil(staff / self.per) if self.per else 0)


class ReadinessItem(_Spec):
    """One line of the checklist: what is asked (``kind``), of whom, and what answer is enough.

    A yes is enough for ``flag``, anything for ``text`` and ``document``; a number must be ``at_least`` and ``at_most``, or as
    much as the ``by_staff`` band of the enterprise's size wants; a size that no band names is not bound. ``binds``: everybody, or
    who has a dormitory or a canteen. ``required`` is False for what is asked and reported but stops nobody. ``days``: so long
    an answer counts, None for as long as it holds. ``source`` names where the rule stands.
    """

    title: Said
    kind: Asked
    unit: Said | None = None
    hint: Said | None = None
    binds: Bound = "everybody"
    at_least: Annotated[float, Field(ge=0)] | None = None
    at_most: Annotated[float, Field(ge=0)] | None = None
    by_staff: list[Band] = []
    required: bool = True
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _numbers_only(self) -> ReadinessItem:
        if self.kind != "number" and (self.by_staff or self.at_least is not None or self.at_most is not None):
            raise PydanticCustomError(
                "pattern",
                "wrong form",
                {"form": Text("只有 kind: number 才有数量要求", "limits for kind: number only")},
            )
        return self

    def least(self, staff: int) -> float | None:
        """How much is enough for an enterprise of that size; None where the pack wants no least number of it."""
        if not self.by_staff:
            return self.at_least
        return next((band.enough(staff) for band in self.by_staff if band.holds_for(staff)), None)

    def bound(self, staff: int, has: Iterable[str] = ()) -> bool:
        """Whether an enterprise of that size that has these places (``dormitory``, ``canteen``) must show it."""
        if self.binds != "everybody" and self.binds not in has:
            return False
        return not self.by_staff or self.least(staff) is not None

    def enough(self, value: bool | float | str | None, staff: int) -> bool:
        """Whether an answer is enough."""
        if value is None:
            return False
        if self.kind == "flag":
            return value is True
        if self.kind != "number":
            return bool(value)
        if isinstance(value, bool | str):
            return False
        least = self.least(staff)
        return (least is None or value >= least) and (self.at_most is None or value <= self.at_most)


def _not_both(none: Said | None, stated: bool) -> None:
    if none is not None and stated:
        form = Text("写了 none（不设的理由）就不能再列内容", "either none (why there is nothing) or what is stated")
        raise PydanticCustomError("pattern", "wrong form", {"form": form})


class Readiness(_Spec):
    """The checklist, by the items' codes, in the order in which it is gone through.

    ``none`` says why the pack states none, so that an empty list isn't taken for an oversight.
    """

    source: str = ""
    items: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], ReadinessItem] = {}
    none: Said | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Readiness:
        _not_both(self.none, bool(self.items))
        return self


class Capacity(_Spec):
    """When a report of output is asked back; None asks nothing. Shares are of 1.

    ``most_of_normal``: the current output beyond so many times the normal one. ``jump``: the share that is back moved by so
    much since the report before, if that is no older than ``jump_days``. ``staff_gap``: the share that is back is so much above
    the share of the staff that was at work. ``normal_change``: the normal output itself changed by more than that share.
    ``none`` says why the pack states no threshold.
    """

    source: str = ""
    most_of_normal: Annotated[float, Field(ge=1)] | None = None
    jump: Annotated[float, Field(gt=0)] | None = None
    jump_days: Annotated[int, Field(ge=1, le=60)] = 3
    staff_gap: Annotated[float, Field(gt=0, le=1)] | None = None
    normal_change: Annotated[float, Field(gt=0)] | None = None
    none: Said | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked back."""
        return any(one is not None for one in (self.most_of_normal, self.jump, self.staff_gap, self.normal_change))

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Capacity:
        _not_both(self.none, self.asks)
        return self
