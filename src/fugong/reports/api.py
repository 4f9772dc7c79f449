"""Figures for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from fugong.base import clock, local
from fugong.base.access import needs
from fugong.reports.queries import report

router = Router()


@router.get("/report", summary="The figures as of a moment, as then known")
def figures(request: HttpRequest, as_of: str | None = None, known_at: str | None = None) -> dict[str, Any]:
    """RFC 3339 or whole epoch seconds; the present when left out. No rate without numerator and denominator."""
    needs(request, "town.read")
    moments = []
    for name, text in (("as_of", as_of), ("known_at", known_at)):
        try:
            moments.append(clock.now() if text is None else local.parse(text))
        except ValueError:
            raise HttpError(422, f"{name}: RFC 3339, e.g. 2020-03-09T18:00:00+08:00") from None
    return report(as_of=moments[0], known_at=moments[1])
