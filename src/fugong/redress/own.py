"""What the worker's own card says of requests: new answers, and what they can ask for."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.redress import queries
from fugong.registry.models import Worker


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """HTML for the worker's own card."""
    context = {
        "worker": worker,
        "news": queries.news(worker.pk),
        "refused": bool(queries.failing(worker.pk, "work", at=now, known_at=now)),
    }
    return render_to_string("redress/_own.html", context, request=request)
