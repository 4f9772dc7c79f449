"""Figures for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from fugong.base import clock
from fugong.base.access import needs
from fugong.base.schemas import moment
from fugong.reports.queries import report

router = Router()


@router.get("/report", summary="The figures as of a moment, as then known")
def figures(request: HttpRequest, as_of: str | None = None, known_at: str | None = None) -> dict[str, Any]:
    """RFC 3339 or whole epoch seconds; the present when left out. No rate without numerator and denominator."""
    needs(request, "town.read")
    now = clock.now()
    as_of_moment, known_at_moment = moment(as_of, "as_of"), moment(known_at, "known_at")
    return report(
        as_of=now if as_of_moment is None else as_of_moment,
        known_at=now if known_at_moment is None else known_at_moment,
    )
