"""What apps above this one add to a worker's own card: clearance does not know them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from fugong.registry.models import Worker

Part = Callable[[HttpRequest, Worker, int], str]
"""A part of a worker's own card: HTML that is safe to show, for the worker, at ``now``."""

_parts: list[Part] = []


def add(part: Part) -> None:
    """Add a part to every worker's own card (at start-up, once)."""
    _parts.append(part)


def shown(request: HttpRequest, worker: Worker, now: int) -> list[str]:
    """The parts of a worker's own card, in the order in which they were added."""
    return [part(request, worker, now) for part in _parts]
