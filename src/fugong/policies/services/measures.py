"""Measures: taken in as data, a new version in the place of the one before."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from fugong.base import local
from fugong.policies.errors import PolicyError
from fugong.policies.language import form
from fugong.policies.language.reading import parse
from fugong.policies.models import Measure, PolicyDocument
from fugong.policies.services import documents


@transaction.atomic
def take(*, text: str, now: int, actor: UUID | None) -> Measure:
    """Take in a measure's YAML: from now on it is the one that is evaluated. Raises PolicyError.

    Its document is found by its number, and then has the days that the list gives it, or is added without a file. Claims
    of an earlier version stay with that.
    """
    said = parse(text)
    before = Measure.objects.select_for_update(no_key=True).filter(key=said.measure, current=True).first()
    if before is not None and before.text == text:
        raise PolicyError("measure.same", field="text", version=before.version)
    if Measure.objects.filter(key=said.measure, version=said.version).exists():
        raise PolicyError("measure.version", field="text", key=said.measure, version=said.version)
    if before is not None:
        Measure.objects.filter(pk=before.pk).update(current=False)
    return Measure.objects.create(
        key=said.measure, version=said.version, title_zh=said.title.zh, title_en=said.title.en, status=said.status,
        document=_document(said.document, now, actor), text=text, taken_at=now, actor_id=actor,
    )  # fmt: skip


def _document(said: form.Document, now: int, actor: UUID | None) -> PolicyDocument:
    known = PolicyDocument.objects.defer("content")
    found = known.filter(number=said.number) if said.number else known.filter(title=said.title, number="")
    first = found.first()
    start, end = _start(said.first, 0), _start(said.last, 1)
    if first is None:
        return documents.add(
            title=said.title, issuer=said.issuer.zh, level=said.level, number=said.number, start=start, end=end, now=now,
            actor=actor,
        )  # fmt: skip
    for field, kept, day in (("first", first.start, start), ("last", first.end, end)):
        if kept is not None and kept != day:  # else the list would say one thing, and eligibility go by another
            shown = local.day_of(kept - (field == "last"))
            raise PolicyError("measure.other_days", field="text", title=first.title, key=field, day=shown)
    return first


def _start(day: str | None, later: int) -> int | None:
    """The beginning of a local day, or of the one after it; None for none."""
    return None if day is None else local.start_of_day(local.day_after(date.fromisoformat(day), later))
