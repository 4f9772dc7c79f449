"""What the worker's own card says of the way back: my survey, and my bus, where, when and in which seat."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from fugong.journeys.survey import queries as survey
from fugong.journeys.survey.errors import CONTRADICTIONS
from fugong.journeys.trips import queries as trips
from fugong.ledger.wording import CHOICES
from fugong.registry.models import Employment, Worker


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """HTML for the worker's own card."""
    employers = list(Employment.objects.filter(worker=worker, active=True).values_list("enterprise_id", flat=True))
    last = survey.latest(worker.pk, now)
    context = {
        "booking": trips.of_worker(worker.pk, now), "last": last, "rounds": survey.open_for(worker.pk, employers, now),
        "last_word": CHOICES.get(last.values["whereabouts"], "") if last else "",
        "again": [CONTRADICTIONS[code] for code in survey.asked_again(worker.pk, now) if code in CONTRADICTIONS],
    }  # fmt: skip
    return render_to_string("journeys/_own.html", context, request=request)
