"""The devices of a door: connect one with a one-time code, see when each was last heard of, revoke one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.doors import devices, queries
from fugong.doors.models import Device
from fugong.registry.logins.slips import picture
from fugong.registry.models import Door

APP = "/door/"
"""Where the door app lies."""
QUIET = 3_600
"""A device that wasn't heard of for longer, in seconds, decides by an older list."""


@requires("town.write")
def listed(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """The door's devices; a POST makes a code for another one, which this answer alone shows."""
    place, now = queries.door_of(actor(request), door_id), clock.now()
    context = {"door": place, "now": now, "quiet": now - QUIET}
    if request.method == "POST":
        made = devices.make_code(door=place.pk, actor=actor(request).pk, now=now)
        # After the hash: browsers send that part to nobody, and the app uses the code only when somebody presses a button.
        address = request.build_absolute_uri(APP)
        context |= {"made": made, "address": address, "picture": picture(f"{address}#code={made.code}")}
        answer = render(request, "doors/devices/code.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
    found = place.devices.order_by("-made_at", "-id")
    context |= {
        "devices": found.exclude(enrolled_at=None, code_until__lte=now).exclude(enrolled_at=None, revoked_at__isnull=False),
    }  # fmt: skip
    return render(request, "doors/devices/list.html", context)


@requires("town.write")
def revoke(request: HttpRequest, door_id: UUID, device_id: UUID) -> HttpResponse:
    """Whether one is sure; then the device's next request is refused."""
    place = queries.door_of(actor(request), door_id)
    device = _device(place, device_id)
    if request.method == "POST":
        devices.revoke(device=device.pk, actor=actor(request).pk, now=clock.now())
        messages.success(
            request, _("“%(name)s” is revoked: its next request is refused.") % {"name": device.name or "…"}
        )
        return redirect("doors:devices", place.pk)
    return render(request, "doors/devices/revoke.html", {"door": place, "device": device})


def _device(place: Door, device_id: UUID) -> Device:
    found = place.devices.filter(pk=device_id, revoked_at=None).first()
    if found is None:
        raise Http404
    return found
