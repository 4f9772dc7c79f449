"""The two lists as they are at a moment: their columns, their rows in chunks, and how many there are.

A list is asked in two ways: a page at a time for people, and all of it in chunks when it is signed. Both go by facts alone,
as of a moment and as known at a moment, so that a list of the past comes out again as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.registry.models import Town
from fugong.submissions.models import NOT_RETURNED, VACANCIES

CHUNK = 1000
"""So many rows are made at once when a whole list is wanted."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a row of a list says: its name (as a placeholder), its title, and how it is shown."""

    name: str
    title: str | Promise
    kind: Literal["text", "number", "day", "answers", "document"] = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: whom it is about, by what it is found again, and what it says."""

    subject: UUID
    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """As of when, and as known when."""

    as_of: int
    known_at: int = PLUS_INF


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    count: Callable[[Asked], tuple[int, int]]
    find: Callable[[Asked, int, int], Sequence[tuple[Any, ...]]]
    make: Callable[[Asked, Sequence[tuple[Any, ...]]], list[Row]]
    unit: str | Promise

    def page(self, asked: Asked, limit: int, offset: int) -> list[Row]:
        """Some rows in their order."""
        return self.make(asked, self.find(asked, limit, offset))

    def chunks(self, asked: Asked, size: int = CHUNK) -> Iterator[list[Row]]:
        """All rows in their order: who is on the list is found at once, what is said of them so many at a time."""
        found = self.find(asked, 10**9, 0)
        for start in range(0, len(found), size):
            yield self.make(asked, found[start : start + size])

    def titled(self) -> dict[str, str]:
        """The titles of the columns by name."""
        return {one.name: str(one.title) for one in self.columns}


_LATEST = "f.start DESC, f.recorded_at DESC, f.id DESC"
_TOWN = f"""
town AS MATERIALIZED (
  SELECT DISTINCT f.subject_id AS enterprise FROM ledger_fact AS f
  WHERE f.kind = 'establishment' AND f.values->>'division' LIKE %(town)s || '%%' AND f.start <= %(as_of)s
    AND f."end" > %(as_of)s AND {STANDING})"""
_AWAY = f"""
WITH {_TOWN},
home AS MATERIALIZED (
  SELECT DISTINCT ON (f.subject_id) f.subject_id AS worker, f.values->>'division' AS division FROM ledger_fact AS f
  WHERE f.kind = 'household' AND f.start <= %(as_of)s AND f."end" > %(as_of)s AND {STANDING}
  ORDER BY f.subject_id, {_LATEST}),
listed AS (
  SELECT home.worker, home.division, employer.enterprise, survey.at AS since, survey.origin
  FROM home
  JOIN LATERAL (
    SELECT min(f.values->>'employer')::uuid AS enterprise FROM ledger_fact AS f
    WHERE f.subject_id = home.worker AND f.kind = 'employment' AND f.start <= %(as_of)s AND f."end" > %(as_of)s
      AND (f.values->>'employer')::uuid IN (SELECT enterprise FROM town) AND {STANDING}) AS employer
    ON employer.enterprise IS NOT NULL
  JOIN LATERAL (
    SELECT f.start AS at, f.values->>'whereabouts' AS whereabouts, f.values->>'origin_division' AS origin
    FROM ledger_fact AS f WHERE f.subject_id = home.worker AND f.kind = 'survey' AND f.start <= %(as_of)s AND {STANDING}
    ORDER BY {_LATEST} LIMIT 1) AS survey ON survey.whereabouts = 'away'
  WHERE home.division LIKE '42%%' AND NOT EXISTS (
    SELECT 1 FROM ledger_fact AS f WHERE f.subject_id = home.worker AND f.kind = 'arrival' AND f.start <= %(as_of)s
      AND f.start >= survey.at AND {STANDING}))
"""
_VACANT = f"""
WITH {_TOWN},
listed AS (
  SELECT f.subject_id AS enterprise, f.values->>'post' AS post, sum((f.values->>'number')::int) AS number,
    min((f.values->>'monthly_yuan')::numeric) AS least, max((f.values->>'monthly_yuan')::numeric) AS most,
    min(f.start) AS since, string_agg(DISTINCT f.values->>'skill', '；') AS skill
  FROM ledger_fact AS f JOIN town ON town.enterprise = f.subject_id
  WHERE f.kind = 'vacancy' AND f.start <= %(as_of)s AND f."end" > %(as_of)s AND {STANDING}
  GROUP BY f.subject_id, f.values->>'post')
"""


def _select(sql: str, asked: Asked, **more: Any) -> list[tuple[Any, ...]]:
    town = Town.objects.values_list("division__code", flat=True).first() or "-"
    given: Mapping[str, Any] = {"as_of": asked.as_of, "known_at": asked.known_at, "town": town} | more
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _count_away(asked: Asked) -> tuple[int, int]:
    ((number,),) = _select(f"{_AWAY} SELECT count(*) FROM listed", asked)
    return number, number


def _count_vacant(asked: Asked) -> tuple[int, int]:
    ((rows, total),) = _select(f"{_VACANT} SELECT count(*), coalesce(sum(number), 0) FROM listed", asked)
    return rows, int(total)


def away(asked: Asked, limit: int, offset: int) -> Sequence[tuple[Any, ...]]:
    """Who is registered in Hubei, employed here, away and not back: worker, household, enterprise, since, from where."""
    return _select(
        f"{_AWAY} SELECT worker, division, enterprise, since, coalesce(origin, '') FROM listed "
        "ORDER BY enterprise, worker LIMIT %(limit)s OFFSET %(offset)s",
        asked, limit=limit, offset=offset,
    )  # fmt: skip


def vacant(asked: Asked, limit: int, offset: int) -> Sequence[tuple[Any, ...]]:
    """Which posts are vacant, by enterprise and post: number, pay from and to, since when, skill."""
    return _select(
        f"{_VACANT} SELECT enterprise, post, number, least, most, since, coalesce(skill, '') FROM listed "
        "ORDER BY enterprise, post LIMIT %(limit)s OFFSET %(offset)s",
        asked, limit=limit, offset=offset,
    )  # fmt: skip


def kinds() -> dict[str, ListKind]:
    """Both kinds of lists, by name."""
    from fugong.submissions.rows import not_returned, vacancies

    return {
        NOT_RETURNED: ListKind(
            NOT_RETURNED, _("not-yet-returned list"),
            (
                Column("name", _("Name")), Column("document", _("Document number"), "document"),
                Column("phone", _("Phone, last four digits")), Column("enterprise", _("Enterprise")),
                Column("credit_code", _("Credit code")), Column("household", _("Household registration")),
                Column("where", _("Now in")), Column("since", _("Away since"), "day"),
                Column("evidence", _("Evidence for the subsidy"), "answers"), Column("result", _("Subsidy")),
                Column("missing", _("What is missing")),
            ),
            _count_away, away, not_returned, _("people on it"),
        ),
        VACANCIES: ListKind(
            VACANCIES, _("list of vacancies"),
            (
                Column("enterprise", _("Enterprise")), Column("credit_code", _("Credit code")), Column("post", _("Post")),
                Column("number", _("Number of posts"), "number"), Column("skill", _("Skill")),
                Column("pay", _("Pay a month, yuan")), Column("since", _("Needed since"), "day"),
            ),
            _count_vacant, vacant, vacancies, _("posts"),
        ),
    }  # fmt: skip
