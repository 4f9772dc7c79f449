"""What an engine answers: a plan, how good it is, and how good it could be at best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from fugong.core.text import CoreError, Text

P = TypeVar("P")

Status = Literal["optimal", "feasible", "impossible", "unknown"]
"""``optimal`` and ``impossible`` are proven; ``feasible`` is a plan that may not be the best; ``unknown``: time ran out."""

Progress = Callable[[float, int | None, int | None], None]
"""Told now and then: seconds that have passed, the best objective so far, the bound so far (None: none yet)."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[P]):
    """A plan and what is known of it; ``plan`` is None only where the status is ``unknown``.

    With ``impossible`` the plan serves as many as it can, and says what is missing.

    ``objective`` is the plan's, ``bound`` what no plan can be below (both in the units of the problem's objective; None where
    the engine knows none), ``seconds`` how long it took.
    """

    plan: P | None
    status: Status
    objective: int | None = None
    bound: int | None = None
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """How far the plan may be from the best, as a share of its objective; None where nothing is known of it."""
        if self.objective is None or self.bound is None:
            return None
        return (self.objective - self.bound) / self.objective if self.objective else 0.0


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a plan must not do: a stable code, and what it concerns (ids and numbers)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str, names: Mapping[str, str] | None = None) -> str:
        """The sentence in ``language``; ids that ``names`` knows are shown by their names."""
        return say(SENTENCES[self.code], self.params, language, names)


def say(sentence: Text, params: Mapping[str, Any], language: str, names: Mapping[str, str] | None = None) -> str:
    """A sentence with its blanks filled."""
    known = names or {}
    shown = {key: known.get(value, value) if isinstance(value, str) else value for key, value in params.items()}
    return sentence.text(language) % shown


SENTENCES: dict[str, Text] = {}
"""The sentence of each code of a violation; every module adds its own."""


def violation(code: str, **params: Any) -> Violation:
    """A violation of a declared code (`LookupError` if it isn't)."""
    if code not in SENTENCES:
        raise LookupError(f"no sentence for {code!r}")
    return Violation(code, params)


def unique(ids: Iterable[str]) -> None:
    """Refuse (`CoreError`) an id that is given twice."""
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    if twice:
        raise CoreError(f"编号重复：{twice[0]}；请改用不同的编号。", f"Named twice: {twice[0]}; give each its own id.")


def known(ids: Iterable[str], among: Iterable[str]) -> None:
    """Refuse (`CoreError`) an id that isn't ``among`` those that are known."""
    missing = sorted(set(ids) - set(among))
    if missing:
        raise CoreError(f"不认识“{missing[0]}”；请先登记。", f"“{missing[0]}” isn't known; enter it first.")
