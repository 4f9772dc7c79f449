"""What the worker's own card says of notices: the newest, and how many have not been read."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.notices import queries
from fugong.registry.models import Worker

NEWEST = 3


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """HTML for the worker's own card; empty while nobody has written to them."""
    rows = list(queries.for_worker(worker.pk, now)[:NEWEST])
    if not rows:
        return ""
    context = {"rows": rows, "unread": queries.unread(worker.pk, now)}
    return render_to_string("notices/_own.html", context, request=request)
