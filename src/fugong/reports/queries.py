"""Figures as of any moment, as known at any moment; the list behind each; the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction

from fugong.base import local
from fugong.base.access import looked_at
from fugong.clearance import evaluation
from fugong.ledger import queries as ledger
from fugong.registry import size
from fugong.registry.models import Enterprise, Site, Town
from fugong.reports.figures import FIGURES, Figure
from fugong.reports.sources import with_clause

Number = int | float
Part = Literal["numerator", "denominator", "missing"]
FEVER = 37.3
"""℃; before any protocol pack is adopted (Ministry of Transport notice, February 2020)."""
_NAMES = {
    "worker": "registry_worker",
    "enterprise": "registry_enterprise",
    "site": "registry_site",
    "team": "teams_serviceteam",
}
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_OF_ONE = re.compile(r"capacity\.(.+)")


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure comes to: a count, or a numerator and a denominator; and further numbers by name."""

    figure: Figure
    numerator: Number
    denominator: Number | None = None
    extras: Mapping[str, Number] = field(default_factory=dict)

    @property
    def count(self) -> Number | None:
        """The count; None for a ratio."""
        return self.numerator if self.denominator is None else None

    @property
    def rate(self) -> float | None:
        """Numerator by denominator; None for a count, and when there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def missing(self) -> Number:
        """What the denominator has and the numerator hasn't."""
        return (self.denominator or 0) - self.numerator if self.denominator is not None else 0

    def as_json(self) -> dict[str, Number | None]:
        """The value for programs."""
        if self.denominator is None:
            return {"count": self.numerator, **self.extras}
        return {"numerator": self.numerator, "denominator": self.denominator, "rate": self.rate, **self.extras}


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the list behind a figure: whom, by name; in the numerator or not; how much; when; what goes with it.

    ``tags`` are names: of a trip, a room, a post, a patch; ``employers`` those of a worker at that moment.
    """

    subject: UUID
    name: str
    hit: bool
    amount: Number
    whole: Number
    at: int | None
    tags: tuple[str, ...]
    employers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """A page of the list behind a figure, and how many rows the whole list has."""

    rows: tuple[Member, ...]
    total: int


class UnknownFigureError(KeyError):
    """There is no figure of that key."""


def figures(*, as_of: int, known_at: int, keys: Iterable[str] | None = None) -> dict[str, Value]:
    """The values of all figures (or some) as of a moment, as known at a moment; ``capacity.<short key>`` among them."""
    chosen = [FIGURES[key] for key in (FIGURES if keys is None else keys)]
    names = [f"counted_{number}" for number in range(len(chosen))]
    counted = ",\n".join(f"{name} AS ({figure.rows})" for name, figure in zip(names, chosen, strict=True))
    sums = "\nUNION ALL\n".join(_sums(figure, name) for figure, name in zip(chosen, names, strict=True))
    rows = _select(f"WITH {with_clause(_texts(chosen))},\n{counted}\n{sums}", _parameters(as_of, known_at))
    values = {key: _value(FIGURES[key], *numbers) for key, *numbers in rows}
    result = {figure.key: values[figure.key] for figure in chosen}
    if "capacity" in result:
        result |= _of_each(as_of, known_at)
    return result


def _texts(chosen: Iterable[Figure]) -> Iterable[str]:
    for figure in chosen:
        yield figure.rows
        yield from (expression for _title, expression in figure.extras.values())


def _sums(figure: Figure, name: str) -> str:
    extras = ", ".join(re.sub("counted", name, expression) for _title, expression in figure.extras.values())
    return (
        f"SELECT '{figure.key}', coalesce(sum(amount) FILTER (WHERE hit), 0), coalesce(sum(whole), 0), "
        f"ARRAY[{extras}]::bigint[] FROM {name}"
    )


def _value(figure: Figure, numerator: Decimal, denominator: Decimal, extras: list[int]) -> Value:
    return Value(
        figure, _plain(numerator), _plain(denominator) if figure.shape == "ratio" else None,
        dict(zip(figure.extras, extras, strict=True)),
    )  # fmt: skip


def _of_each(as_of: int, known_at: int) -> dict[str, Value]:
    """The capacity of each enterprise that has reported it, by the enterprise's short key."""
    rows = _select(
        f"WITH {with_clause(['FROM capacities'])} SELECT key, current, normal FROM capacities "
        "JOIN registry_enterprise ON subject_id = enterprise ORDER BY key",
        _parameters(as_of, known_at),
    )
    return {
        f"capacity.{key}": Value(FIGURES["capacity"], _plain(current), _plain(normal)) for key, current, normal in rows
    }


def members(
    key: str, *, as_of: int, known_at: int, part: Part = "numerator", search: str = "", limit: int = 50, offset: int = 0
) -> Members:
    """The list behind a figure, by name: its numerator, its whole denominator, or what is missing between them.

    ``search`` is part of a name, or a worker's initials. Raises UnknownFigureError.
    """
    of_one = _OF_ONE.fullmatch(key)
    figure = FIGURES.get("capacity" if of_one else key)
    if figure is None:
        raise UnknownFigureError(key)
    conditions = [{"numerator": "hit", "denominator": "true", "missing": "NOT hit"}[part]]
    if of_one:
        conditions.append("named.key = %(key)s")
    if search:
        conditions.append(
            "(named.name ILIKE %(search)s"
            + (" OR named.initials LIKE %(initials)s)" if figure.subject == "worker" else ")")
        )
    pattern = re.sub(r"([\\%_])", r"\\\1", search.strip())
    rows = _select(
        f"WITH {with_clause(_texts([figure]))}, counted AS ({figure.rows}) "
        "SELECT subject, named.name, hit, amount, whole, at, tags, count(*) OVER () "
        f"FROM counted JOIN {_NAMES[figure.subject]} AS named ON named.subject_id = subject "
        f"WHERE {' AND '.join(conditions)} ORDER BY named.name, subject, tags LIMIT %(limit)s OFFSET %(offset)s",
        _parameters(as_of, known_at)
        | {"key": of_one and of_one[1], "search": f"%{pattern}%", "initials": f"{pattern.lower()}%",
           "limit": limit, "offset": offset},
    )  # fmt: skip
    total = rows[0][7] if rows else 0
    if not rows and offset:
        total = members(key, as_of=as_of, known_at=known_at, part=part, search=search, limit=1).total
    employers: dict[UUID, list[str]] = {}
    if figure.subject == "worker":
        looked_at(row[0] for row in rows)
        employers = _employers_of([row[0] for row in rows], as_of, known_at)
    names = _names_of(
        {tag for row in rows for tag in row[6] or () if tag} | {tag for tags in employers.values() for tag in tags}
    )
    return Members(tuple(_member(row, employers.get(row[0], ()), names) for row in rows), total)


def _member(row: tuple[Any, ...], employers: Iterable[str], names: Mapping[str, str]) -> Member:
    subject, name, hit, amount, whole, at, tags, _total = row
    shown = tuple(names.get(tag, tag) for tag in tags or () if tag)
    return Member(
        subject, name, hit, _plain(amount), _plain(whole), at, shown, tuple(names.get(tag, tag) for tag in employers)
    )


def _employers_of(workers: list[UUID], as_of: int, known_at: int) -> dict[UUID, list[str]]:
    """The ids of the enterprises that employ these workers."""
    facts = ledger.holding(as_of, known_at=known_at).filter(kind="employment", subject_id__in=workers)
    found: dict[UUID, list[str]] = {}
    for worker, values in facts.order_by("start", "id").values_list("subject_id", "values"):
        found.setdefault(worker, []).append(values["employer"])
    return found


def _names_of(tags: set[str]) -> dict[str, str]:
    """The names of the enterprises and sites among the tags."""
    ids = {UUID(tag) for tag in tags if _ID(tag)}
    if not ids:
        return {}
    found = {str(pk): name for pk, name in Enterprise.objects.filter(pk__in=ids).values_list("pk", "name")}
    if len(found) < len(ids):
        found |= {str(pk): name for pk, name in Site.objects.filter(pk__in=ids).values_list("pk", "name")}
    return found


def title_of(key: str) -> str:
    """A figure's title; for the capacity of one enterprise the title of the figure and the enterprise's name."""
    return titles([key])[key]


def titles(keys: Iterable[str]) -> dict[str, str]:
    """The titles of figures, by key."""
    listed = list(keys)
    short = {key: of_one[1] for key in listed if (of_one := _OF_ONE.fullmatch(key))}
    names = dict(Enterprise.objects.filter(key__in=short.values()).values_list("key", "name")) if short else {}
    return {
        key: f"{FIGURES['capacity'].title} · {names.get(short[key], short[key])}"
        if key in short
        else str(FIGURES[key].title)
        for key in listed
    }


def report(*, as_of: int, known_at: int) -> dict[str, Any]:
    """The daily report for programs: every figure with its numbers, the moments as RFC 3339."""
    return {
        "as_of": local.rfc3339(as_of),
        "known_at": local.rfc3339(known_at),
        "division": town_code() or None,
        "figures": {key: value.as_json() for key, value in figures(as_of=as_of, known_at=known_at).items()},
    }


def town_code() -> str:
    """The code of the division that this installation serves; empty before it is set up."""
    return Town.objects.values_list("division__code", flat=True).first() or ""


def town_name() -> str:
    """Its name; empty before it is set up."""
    return Town.objects.values_list("division__name", flat=True).first() or ""


def _parameters(as_of: int, known_at: int) -> dict[str, Any]:
    town = town_code()
    trades, yuan, employees = size.columns(as_of)
    force = evaluation.force_at(as_of, known_at)
    return {
        "as_of": as_of, "known_at": known_at, "day": local.start_of_day(local.day_of(as_of)),
        "town": town, "prefecture": town[:4] or "-", "fever": (force and force.pack.door.fever_limit) or FEVER,
        "trades": trades, "yuan": yuan, "employees": employees,
    }  # fmt: skip


def _select(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query over whole relations.

    The planner cannot know how many rows stand as of a moment, guesses few, and then would loop over thousands for each of
    thousands: so it is told to hash or merge.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, parameters)
        rows = list(cursor.fetchall())
        cursor.execute("SET LOCAL enable_nestloop = on")
        return rows


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)
