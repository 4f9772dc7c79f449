"""The town's way of filing: set for a day to come, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from fugong.base import local
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import Rule
from fugong.resumption.papers import PAPERS


@transaction.atomic
def set_rule(
    *, regime: str, papers: Sequence[str], start: int, now: int, actor: UUID | None, model: str = ""
) -> Rule:  # fmt: skip
    """From ``start`` on (today or later) enterprises file in this way. Raises ResumptionError."""
    if any(code not in PAPERS for code in papers):
        raise ResumptionError("resumption.paper_unknown", field="papers")
    if start < local.start_of_day(local.day_of(now)):
        raise ResumptionError("resumption.rule_past", field="start")
    if Rule.objects.filter(start=start).exists():
        raise ResumptionError("resumption.rule_taken", field="start")
    kept = [code for code in PAPERS if code in papers]
    return Rule.objects.create(regime=regime, papers=kept, model=model, start=start, actor_id=actor, recorded_at=now)
