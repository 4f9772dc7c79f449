"""Reads of signed lists: their rows, and how a version differs from the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from fugong.submissions.models import Layout, Submission, SubmissionRow

Change = Literal["added", "gone", "changed"]
CHANGES: tuple[Change, ...] = ("added", "gone", "changed")


def versions(kind: str) -> QuerySet[Submission]:
    """The signed lists of a kind, the newest first."""
    return Submission.objects.filter(kind=kind, signed_at__isnull=False).order_by("-version")


def signed(submission: UUID) -> Submission:
    """A signed list. Raises Http404."""
    found = Submission.objects.select_related("before").filter(pk=submission, signed_at__isnull=False).first()
    if found is None:
        raise Http404
    return found


def rows(submission: Submission) -> QuerySet[SubmissionRow]:
    """The rows of a signed list in their order."""
    return SubmissionRow.objects.filter(submission=submission).order_by("place")


def layouts(kind: str) -> QuerySet[Layout]:
    """The layouts of a kind of list, by name, without their workbooks."""
    return Layout.objects.filter(kind=kind, used=True).defer("content").order_by("name")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that was added, is gone or has changed since the version before: what it said then, and says now."""

    change: Change
    subject: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def values(self) -> dict[str, Any]:
        """What it says, or said last."""
        return self.after if self.after is not None else self.before or {}

    @property
    def changed(self) -> list[str]:
        """The names of what is said otherwise."""
        if self.before is None or self.after is None:
            return []
        return [name for name in self.after if self.after.get(name) != self.before.get(name)]


_DIFFERENCE = """
FROM (SELECT key, place, subject_id, values FROM submissions_submissionrow WHERE submission_id = %(after)s) AS a
FULL JOIN (SELECT key, place, subject_id, values FROM submissions_submissionrow WHERE submission_id = %(before)s) AS b
USING (key) WHERE a.values IS DISTINCT FROM b.values
"""
_CHANGE = "CASE WHEN b.place IS NULL THEN 'added' WHEN a.place IS NULL THEN 'gone' ELSE 'changed' END"
_NONE = UUID(int=0)


def _given(submission: Submission) -> dict[str, Any]:
    return {"after": submission.pk, "before": submission.before_id or _NONE}


def counts(submission: Submission) -> dict[Change, int]:
    """How many rows were added, are gone and have changed since the version before; of the first version nothing."""
    if submission.before_id is None:
        return dict.fromkeys(CHANGES, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT change, count(*) FROM (SELECT {_CHANGE} AS change {_DIFFERENCE}) AS d GROUP BY change",
            _given(submission),
        )
        found = dict(cursor.fetchall())
    return {one: int(found.get(one, 0)) for one in CHANGES}


def differences(submission: Submission, change: Change, limit: int, offset: int) -> list[Difference]:
    """A page of the rows that differ from the version before, those of one kind of change."""
    sql = (
        f"SELECT * FROM (SELECT {_CHANGE} AS change, "
        "coalesce(a.subject_id, b.subject_id), b.values, a.values, coalesce(a.place, b.place) AS place "
        f"{_DIFFERENCE}) AS d (change, subject, before, after, place) WHERE change = %(change)s "
        "ORDER BY place, subject LIMIT %(limit)s OFFSET %(offset)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _given(submission) | {"change": change, "limit": limit, "offset": offset})
        return [Difference(row[0], row[1], _plain(row[2]), _plain(row[3])) for row in cursor.fetchall()]


def every_difference(submission: Submission, size: int = 1000) -> Iterator[Difference]:
    """All of them, so many at once: added, then gone, then changed."""
    if submission.before_id is None:
        return
    for change in CHANGES:
        offset = 0
        while found := differences(submission, change, size, offset):
            yield from found
            offset += len(found)


def _plain(values: Any) -> dict[str, Any] | None:
    if isinstance(values, str):
        loaded: dict[str, Any] = json.loads(values)
        return loaded
    known: dict[str, Any] | None = values
    return known
