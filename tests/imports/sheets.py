"""Small sheets and a small town, for tests of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fugong.base import local
from fugong.base.identifiers import check_digit
from fugong.base.tables import Parsed, Sheet, recognise, rows
from fugong.ledger.models import Fact
from fugong.registry import divisions
from fugong.registry.models import Enterprise
from fugong.registry.roster.services import import_roster
from fugong.registry.roster.spec import roster
from fugong.registry.services import add_enterprise

CODES = ("91350182154300053Y", "91350182717878880H", "913501006113191004")
DAY = local.date(2020, 3, 9)
NOW = local.at(DAY, "09:00")
HEADERS = ("姓名", "身份证号", "手机", "车间")


def number(which: int, division: str = "350126") -> str:
    """A resident identity number that passes every check: the which-th person born on one day."""
    body = f"{division}19880307{which:03}"
    return body + check_digit(body)


def enterprise(which: int = 0) -> Enterprise:
    """An enterprise of the town."""
    return add_enterprise(
        credit_code=CODES[which], name=f"第{which + 1}厂", key=f"plant-{which + 1}", industry="industrial",
        division="350112111", now=NOW - 86_400 * 30, source="test",
    )  # fmt: skip


def parsed(body: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, name: str = "花名册") -> Parsed:
    """A roster as parsed from a sheet."""
    return parsed_sheets([Sheet(name, [list(headers), *map(list, body)])])


def parsed_sheets(sheets: list[Sheet]) -> Parsed:
    """A roster as parsed from sheets."""
    spec = roster(DAY, divisions.resolve)
    return rows(sheets, recognise(sheets, spec), spec)


def take(plant: Enterprise, body: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, **options: Any) -> Any:
    """Import a roster; the result."""
    return import_roster(enterprise=plant, parsed=parsed(body, headers), **{"now": NOW, **options})


def counts(result: Any) -> tuple[int, int, int, int, int]:
    """Added, updated, unchanged, skipped, in error; they add up to the rows."""
    found = (result.added, result.updated, result.unchanged, len(result.skipped), result.rows_in_error)
    assert sum(found) == result.rows
    return found


def facts(kind: str | None = None) -> list[tuple[Any, ...]]:
    """Kind, start, end and values of the standing facts of workers, in order."""
    from fugong.ledger.queries import standing

    found = standing().filter(subject__kind="worker").order_by("start", "kind", "subject_id")
    if kind:
        found = found.filter(kind=kind)
    return list(found.values_list("kind", "start", "end", "values"))


def everything() -> int:
    """How many facts the ledger has, superseded ones included."""
    return Fact.objects.count()
