"""Signing a list off: its rows as they are at a moment, once, with a digest; the database lets nobody change them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction

from fugong.base.background import Progress, silent
from fugong.base.copying import insert_lines, text
from fugong.submissions.errors import SubmissionError
from fugong.submissions.lists import Asked, ListKind, Row, kinds
from fugong.submissions.models import Submission
from fugong.submissions.rows import in_chinese

_COLUMNS = "submission_id, place, key, subject_id, values"


@transaction.atomic
def sign(
    *, kind: str, office: str, signed_by: str, now: int, actor: UUID | None, as_of: int | None = None, note: str = "",
    expected: int | None = None, progress: Progress = silent,
) -> Submission:  # fmt: skip
    """Sign a list off as it is at ``as_of`` (None: now), as known now: a new version, with those before it untouched.

    ``expected`` is how many rows whoever signs has looked at: where the list has changed since, nothing is signed.
    ``progress`` is told how many rows are written. Raises SubmissionError.
    """
    if not office.strip():
        raise SubmissionError("list.no_office", field="office")
    listed, asked = kinds()[kind], Asked(now if as_of is None else as_of, now)
    with connection.cursor() as cursor:  # one signature of a kind at a time: versions have no gaps and no twins
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"submissions {kind}"])
    number, total = listed.count(asked)
    if expected is not None and number != expected:
        raise SubmissionError("list.changed", field="expected", number=number)
    before = latest(kind)
    made = Submission.objects.create(
        kind=kind, version=before.version + 1 if before else 1, office=office.strip()[:100], note=note.strip()[:400],
        as_of=asked.as_of, known_at=now, before=before, actor_id=actor,
    )  # fmt: skip
    digest, written = _write(made, listed, asked, lambda done: progress(done, number))
    if written != number:  # something else was committed between counting and reading
        raise SubmissionError("list.changed", field="expected", number=written)
    made.rows, made.total, made.digest, made.signed_at, made.signed_by = written, total, digest, now, signed_by[:150]
    made.save(update_fields=["rows", "total", "digest", "signed_at", "signed_by"])
    return made


def latest(kind: str) -> Submission | None:
    """The newest signed list of a kind."""
    return Submission.objects.filter(kind=kind, signed_at__isnull=False).order_by("-version").first()


def _write(made: Submission, listed: ListKind, asked: Asked, told: Callable[[int], None]) -> tuple[str, int]:
    """Write the rows chunk by chunk; returns their digest and their number."""
    sha, place = hashlib.sha256(), 0
    with in_chinese():
        for rows in listed.chunks(asked):
            insert_lines("submissions_submissionrow", _COLUMNS, _lines(made.pk, rows, place, sha))
            place += len(rows)
            told(place)
    return sha.hexdigest(), place


def _lines(submission: UUID, rows: Sequence[Row], place: int, sha: hashlib._Hash) -> Iterator[str]:
    for number, row in enumerate(rows, start=place + 1):
        values = json.dumps(row.values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sha.update(f"{number}\t{row.key}\t{values}\n".encode())
        yield f"{submission.hex}\t{number}\t{text(row.key)}\t{row.subject.hex}\t{text(values)}"
