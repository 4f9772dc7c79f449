"""What the worker's own card says of tests: when and where, and the last result."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.ledger.queries import standing
from fugong.registry.models import Worker
from fugong.sampling import queries
from fugong.sampling.models import Order


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """HTML for the worker's own card; nothing for whoever was never to be tested."""
    orders = queries.orders_of(worker.pk)
    current = next((one for one in orders if one.state in Order.UNDER_WAY), None)
    reported = standing().filter(subject_id=worker.pk, kind="test", values__reported_at__lte=now)
    last = max(reported, key=lambda fact: (fact.values["reported_at"], fact.recorded_at), default=None)
    return render_to_string("sampling/_own.html", {"current": current, "last": last}, request=request)
