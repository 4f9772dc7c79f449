"""Choices of rows in a form: which there are is set when it is made; one of many is found by searching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet

FEW = 12
"""So many are listed at once; of more one is found by searching."""
LONGEST = 64


def offer(form: forms.Form, field: str, rows: QuerySet[Any], *, label: Callable[[Any], str] | None = None) -> None:
    """Let a field of rows (``ModelChoiceField``) offer these ones, each by ``label`` instead of its own words.

    Raises TypeError where the field is of another kind.
    """
    choice = form.fields[field]
    if not isinstance(choice, forms.ModelChoiceField):
        raise TypeError(field)
    choice.queryset = rows
    if label is not None:
        choice.label_from_instance = label  # type: ignore[method-assign, assignment]  # Django's own way to set it for one form


def matching(typed: str, columns: tuple[str, ...]) -> Q:
    """What search fields mean: every word that was typed is part of one of these columns."""
    words = typed[:LONGEST].split()
    return reduce(and_, (reduce(or_, (Q(**{f"{name}__icontains": word}) for name in columns)) for word in words), Q())


@dataclass(frozen=True, slots=True)
class Choices:
    """Rows of which one can be chosen, in their order: found by part of these ``columns``, each called by ``label``."""

    rows: QuerySet[Any]
    columns: tuple[str, ...]
    label: Callable[[Any], str]

    def has(self, key: UUID) -> bool:
        """Whether it is one of them."""
        return self.rows.filter(pk=key).exists()

    def called(self, key: UUID) -> str:
        """What one of them is called; empty for what is none of them."""
        found = self.rows.filter(pk=key).first()
        return "" if found is None else self.label(found)

    def found(self, typed: str = "", chosen: UUID | None = None) -> Found:
        """The first ``FEW`` that what was typed means, the one that is chosen before them. Of a single one there is no choice."""
        meant = self.rows.filter(matching(typed, self.columns))
        shown = list(meant[:FEW])
        number = len(shown) if len(shown) < FEW else meant.count()
        whole = self.rows.count() if typed.strip() else number
        mine = list(self.rows.filter(pk=chosen)) if chosen else shown[:1] if whole == 1 else []
        return Found(
            [(one.pk, self.label(one)) for one in [*mine, *(one for one in shown if one not in mine)]],
            mine[0].pk if mine else None, typed[:LONGEST], number, whole,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What ``components/choice.html`` shows: ids and words, which is chosen, for what was typed, how many that means, and of
    how many."""

    rows: list[tuple[UUID, str]]
    chosen: UUID | None
    typed: str
    number: int
    whole: int

    @property
    def searched(self) -> bool:
        """Whether there are so many that one is found by searching."""
        return self.whole > FEW

    @property
    def few(self) -> int:
        """So many are shown at most, the chosen one apart."""
        return FEW
