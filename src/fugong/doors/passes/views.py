"""The worker's pass on the phone, and as a picture to keep."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.doors.passes import own, services
from fugong.doors.passes.own import Shown
from fugong.registry import queries as registry
from fugong.registry.models import Worker


@require_GET
@requires("self.read")
def page(request: HttpRequest) -> HttpResponse:
    """My pass. It asks for itself again while it is shown, so that it renews itself before it expires."""
    return render(request, "doors/pass.html", {"pass": _mine(request)})


@require_GET
@requires("self.read")
def picture(request: HttpRequest) -> HttpResponse:
    """My pass as a picture, for a phone that is not always online; its name says nothing of whose it is."""
    now = clock.now()
    response = HttpResponse(own.picture(_mine(request)), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="fugong-pass-{local.day_of(now):%Y%m%d}.png"'
    return response


def part(request: HttpRequest, worker: Worker, now: int) -> str:
    """What the worker's own card says of the pass."""
    return render_to_string("doors/_own_pass.html", {"now": now}, request=request)


def _mine(request: HttpRequest) -> Shown:
    """The signed-in person's own pass, issued where there is none. Raises Http404 for whoever has no file."""
    user = actor(request)
    if user.role.scope != "worker" or user.scope_id is None:
        raise Http404
    worker = registry.worker_of(user, user.scope_id)  # notes that it was looked at
    return own.shown(worker, services.phone_pass(worker=worker.pk, now=clock.now(), actor=user.pk))
