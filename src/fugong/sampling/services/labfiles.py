"""Taking in a laboratory's file, once; and settling the rows of it that were refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import personal
from fugong.base.background import Progress, part, silent
from fugong.base.faults import Fault
from fugong.ledger.acts import of_file
from fugong.sampling import barcodes, labs
from fugong.sampling.errors import SamplingError
from fugong.sampling.labs import Refused
from fugong.sampling.models import LabFile, LabRow, Tube, TubeMember
from fugong.sampling.services import results
from fugong.sampling.services.results import Reported


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in; ``again``: it had been before, and nothing was stored."""

    file: LabFile
    again: bool


@transaction.atomic
def take_in(
    *, content: bytes, filename: str, now: int, actor: UUID | None, upload: UUID | None = None,
    progress: Progress = silent,
) -> Taken:  # fmt: skip
    """Store what the file says of tubes, and keep what is refused for somebody to settle.

    The same file again, also at the same time, stores nothing. ``progress`` is told how many of
    how many rows are done. Raises TableError, FactError and TooMany.
    """
    file = LabFile(
        digest=hashlib.sha256(content).hexdigest(),
        filename=filename[-200:],
        taken_at=now,
        actor_id=actor,
        upload_id=upload,
    )
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:
        return Taken(LabFile.objects.get(digest=file.digest), again=True)
    found = labs.look(content, filename, now)
    number = found.parsed.total
    progress(number // 3, number)
    outcomes = results.record(
        reported=[one for _row, one in found.told], now=now, actor=actor, evidence=of_file(content),
        progress=part(progress, number, 1, 2),
    )  # fmt: skip
    stored = []
    for (row, one), outcome in zip(found.told, outcomes, strict=True):
        if isinstance(outcome, Fault):
            found.refuse(row, outcome)
        elif outcome == "stored":
            stored.append(one.tube)
    progress(number, number)
    _keep(file, found.refused)
    file.counts = {
        "rows": found.parsed.total, "stored": len(stored), "unchanged": outcomes.count("unchanged"),
        "people": TubeMember.objects.filter(tube__in=stored, void=False).count(), "refused": len(found.refused),
        "skipped": len(found.parsed.skipped),
    }  # fmt: skip
    file.save(update_fields=["counts"])
    return Taken(file, again=False)


def _keep(file: LabFile, refused: Sequence[Refused]) -> None:
    LabRow.objects.bulk_create(
        LabRow(
            file=file, sheet=one.sheet[:64], row=one.row, code=one.fault.code, why=one.sentences(),
            barcode=str(one.values.get("specimen") or "")[:64], result=one.values.get("result") or "",
            reported_at=one.values.get("reported_at"),
            cells_encrypted=personal.encrypt(json.dumps(dict(one.cells), ensure_ascii=False)),
        )
        for one in refused
    )  # fmt: skip


def cells(row: LabRow) -> dict[str, str]:
    """A refused row as it came: the laboratory's own headers and texts; nothing once it is settled."""
    if row.cells_encrypted is None:
        return {}
    found: dict[str, str] = json.loads(personal.decrypt(bytes(row.cells_encrypted)))
    return found


@transaction.atomic
def match(
    *, row: UUID, barcode: str, now: int, actor: UUID | None, result: str = "", reported_at: int | None = None
) -> LabRow:  # fmt: skip
    """The row is about this tube: its result is stored. What the row doesn't say clearly is given by hand.

    Raises SamplingError where the tube can't have that result, FactError and TooMany.
    """
    held = _open(row)
    code = barcodes.read(barcode)
    tube = Tube.objects.filter(barcode=code).first()
    if tube is None:
        raise SamplingError("tube.unknown", field="barcode", barcode=code)
    said, when = result or held.result, held.reported_at if reported_at is None else reported_at
    if not said or when is None:
        raise SamplingError("lab.no_result", field="result")
    outcome = results.record(
        reported=[Reported(tube.pk, said, when)], now=now, actor=actor, evidence=f"sha256:{held.file.digest}",
    )[0]  # fmt: skip
    if isinstance(outcome, Fault):
        raise outcome
    held.tube = tube
    return _settled(held, LabRow.MATCHED, "", now, actor)


@transaction.atomic
def dismiss(*, row: UUID, reason: str, now: int, actor: UUID | None) -> LabRow:
    """Nothing is to be stored of this row, for this reason. Raises SamplingError."""
    held = _open(row)
    if not reason.strip():
        raise SamplingError("lab.no_reason", field="reason")
    return _settled(held, LabRow.DISMISSED, reason.strip()[:200], now, actor)


def _open(row: UUID) -> LabRow:
    held = LabRow.objects.select_for_update(no_key=True, of=("self",)).select_related("file").get(pk=row)
    if held.state != LabRow.OPEN:
        raise SamplingError("lab.settled")
    return held


def _settled(held: LabRow, state: str, reason: str, now: int, actor: UUID | None) -> LabRow:
    held.state, held.reason, held.settled_at, held.settled_by_id = state, reason, now, actor
    held.cells_encrypted = None
    held.save(update_fields=["state", "tube", "reason", "settled_at", "settled_by", "cells_encrypted"])
    return held
