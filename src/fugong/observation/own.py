"""What the person in observation sees on their own card: my room, my days left, my certificate."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.observation.board import day_number
from fugong.observation.models import Stay
from fugong.registry.models import Worker


def released(worker: UUID) -> Stay | None:
    """The latest stay from which somebody was released."""
    return _of(worker).filter(state=Stay.ENDED, how=Stay.RELEASED).order_by("-end").first()


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """The part of the card; empty for whoever has no bed and was never released from one."""
    stay = _of(worker.pk).filter(state=Stay.PRESENT).first()
    if stay is None:
        stay = _of(worker.pk).filter(state=Stay.PLANNED, end__gt=now).order_by("start").first()
    last = released(worker.pk)
    if stay is None and last is None:
        return ""
    context = {"stay": stay, "released": last, "now": now}
    if stay is not None:
        context |= {
            "day": day_number(stay.since, now), "days": day_number(stay.since, stay.end) - 1,
            "left": max(0, day_number(now, stay.end) - 1),
        }  # fmt: skip
    return render_to_string("observation/_own.html", context, request=request)


def _of(worker: UUID) -> QuerySet[Stay]:
    return Stay.objects.filter(worker=worker).select_related("room", "bed", "site")
