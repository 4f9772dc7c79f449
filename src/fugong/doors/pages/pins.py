"""A guard sets the PIN by which they sign in on the devices of their doors."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.doors import pins
from fugong.doors.pins import PinError

GUARD = "guard"


@sensitive_post_parameters("pin", "again")
@requires("door.override")
def own(request: HttpRequest) -> HttpResponse:
    """One's own PIN. Only guards have one: the town's logins open every door, and no device shall hold their digest."""
    user = actor(request)
    if user.role_name != GUARD:
        raise Http404
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed, again = (request.POST.get(name, "").strip() for name in ("pin", "again"))
        try:
            pins.set_pin(user=user.pk, pin=typed, again=again, now=clock.now())
        except PinError as error:
            errors[error.field or "pin"] = error.message
        else:
            messages.success(request, _("Your PIN is set. Devices know it as soon as they have reached the server."))
            return redirect("doors:pin")
    context = {"errors": errors, "set_at": pins.set_at(user.pk), "least": pins.LEAST, "most": pins.MOST}
    return render(request, "doors/pin.html", context, status=422 if errors else 200)
