"""What a check finds, and all checks one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fugong.base import access

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: how bad it is, what it is, and what to do about it (empty when nothing has to be done)."""

    name: str
    level: Level
    said: str
    do: str = ""


Check = Callable[[int], Iterable[Finding]]
"""A check is told the present moment and says what it found: at least one finding."""


@dataclass(frozen=True, slots=True)
class Named:
    """A check with its name (for programs) and its title (for people)."""

    name: str
    title: str | Promise
    check: Check
    needs_database: bool = True


def titles() -> dict[str, str | Promise]:
    """What each check is called, by its name, in the order in which they are made."""
    return {named.name: named.title for named in _all()}


def examine(now: int) -> list[Finding]:
    """Make every check. When the database cannot be reached, that is the finding, and what needs it is left out."""
    found: list[Finding] = []
    reachable = True
    for named in _all():
        if named.needs_database and not reachable:
            continue
        try:
            found += _make(named, now)
        except DatabaseError as error:
            found.append(
                Finding(
                    named.name, "error",
                    _("This could not be checked: the database says %(kind)s.")
                    % {"kind": type(error.__cause__ or error).__name__},
                    _("Check DATABASE_URL and that the server runs; then run “fugong upgrade” and “fugong check” again."),
                )
            )  # fmt: skip
            reachable = named.name != "database"
    return found


def _make(named: Named, now: int) -> list[Finding]:
    if not named.needs_database:
        return list(named.check(now))
    with access.acting(access.as_system("check")):
        return list(named.check(now))


def _all() -> tuple[Named, ...]:
    from fugong.project.checks import CHECKS

    return CHECKS
