"""What a close contact reads on their own card: that they were one, since when, and what to do; never of whom."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.clearance import queries as clearance
from fugong.registry.models import Worker
from fugong.tracing.queries import contact_since

DAY = 86_400


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """The part of the card; empty for whoever was nobody's contact within the days that an observation takes by the pack."""
    fact = contact_since(worker.pk, now)
    if fact is None:
        return ""
    days = clearance.operations(fact.start).observation.days
    if fact.start + (days + 1) * DAY <= now:
        return ""
    return render_to_string("tracing/_own.html", {"contact": fact, "days": days}, request=request)
