"""Where sampling staff begin: upload a list of results, and what came of the last ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base.access import actor, requires
from fugong.sampling import queries

LAST = 10
"""So many of the last uploads are shown."""


@require_GET
@requires("facts.write")
def start(request: HttpRequest) -> HttpResponse:
    """Upload results, and one's own last uploads."""
    uploads = queries.uploads_of(actor(request))[:LAST]
    return render(request, "sampling/start.html", {"uploads": uploads, "kind": queries.KIND})
