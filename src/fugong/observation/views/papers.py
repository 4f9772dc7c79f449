"""The certificate of release: for the site's desk within a day, for the person at any time, for the town at any time."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.observation import printing
from fugong.observation.models import Stay
from fugong.observation.own import released
from fugong.observation.queries import PURPOSE
from fugong.observation.views.reach import stay_of
from fugong.registry.models import Document


@require_GET
@requires("site.write")
def certificate(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """The certificate of somebody who was released."""
    stay = stay_of(request, stay_id)
    if stay.how != Stay.RELEASED:
        raise Http404
    return _certificate(stay)


@require_GET
@requires("self.read")
def own_certificate(request: HttpRequest) -> HttpResponse:
    """One's own certificate, once one was released."""
    worker = actor(request).scope_id
    stay = released(worker) if worker else None
    if stay is None:
        raise Http404
    return _certificate(stay)


def _certificate(stay: Stay) -> HttpResponse:
    looked_at([stay.worker_id], PURPOSE)
    held = Document.objects.filter(worker=stay.worker_id, standing=Document.HELD).order_by("pk").first()
    made = printing.certificate(stay, held.masked if held else "", clock.now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="fugong-certificate.pdf"'
    return response
