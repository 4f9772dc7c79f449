"""Tubes: the list, one tube's people, its result by hand, correcting it, marking it as spoiled."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.ledger.wording import CHOICES
from fugong.sampling import queries
from fugong.sampling.forms import Result, Spoiled
from fugong.sampling.models import RESULTS, Tube
from fugong.sampling.services import results, tubes
from fugong.sampling.services.results import Reported

STATES = (Tube.OPEN, Tube.CLOSED, "held", Tube.RESULTED, Tube.SPOILED)


@require_GET
@requires("sampling.write")
def listed(request: HttpRequest) -> HttpResponse:
    """Tubes, by state and by barcode."""
    state, text = request.GET.get("state", ""), request.GET.get("barcode", "").strip()
    state = state if state in STATES else ""
    context = {
        "page": page_of(request, queries.tubes(state, text)), "state": state, "barcode": text, "words": CHOICES,
        "states": [(name, _("pools that were not negative") if name == "held" else dict(Tube.STATES)[name]) for name in STATES],
    }  # fmt: skip
    return render(request, "sampling/tubes.html", context)


@requires("sampling.write")
def tube(request: HttpRequest, tube_id: UUID) -> HttpResponse:
    """A tube and its people. By POST: its result, a correction of it, or that it is spoiled."""
    now = clock.now()
    found = get_object_or_404(Tube.objects.select_related("site"), pk=tube_id)
    posted = request.POST if request.method == "POST" else None
    spoiling = request.POST.get("do") == "spoil"
    initial = {"result": found.result, "reported_at": found.reported_at or now}
    result = Result(None if spoiling else posted, initial=initial, tube=found)
    spoiled = Spoiled(posted if spoiling else None)
    form = spoiled if spoiling else result
    if posted is not None and form.is_valid():
        try:
            _do(request, found, result, spoiled, now)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("sampling:tube", found.pk)
    people = queries.members(found)
    context = {
        "tube": found, "members": people, "result": result, "spoiled": spoiled, "words": CHOICES,
        "held": found.kind == Tube.POOL and found.result not in ("", "negative"),
        "left": sum(one.result == "inconclusive" for one in people), "employers": _employers(people),
    }  # fmt: skip
    return render(request, "sampling/tube.html", context, status=422 if form.errors else 200)


def _employers(people: list[queries.Member]) -> dict[UUID, str]:
    return queries.employers([one.member.worker_id for one in people])


def _do(request: HttpRequest, found: Tube, result: Result, spoiled: Spoiled, now: int) -> None:
    user = actor(request).pk
    if request.POST.get("do") == "spoil":
        tubes.spoil(tube=found.pk, reason=spoiled.cleaned_data["why"], now=now)
        messages.success(request, _("The tube is marked as spoiled. Its people's tests are open again."))
        return
    said = result.cleaned_data
    if found.state == Tube.RESULTED:
        results.correct(
            tube=found.pk, result=said["result"], reported_at=said["reported_at"], reason=said["reason"], now=now,
            actor=user,
        )  # fmt: skip
        messages.success(request, _("The result is corrected."))
        return
    outcome = results.record(
        reported=[Reported(found.pk, said["result"], said["reported_at"])], now=now, actor=user,
        evidence=f"tube:{found.barcode}",
    )[0]  # fmt: skip
    if isinstance(outcome, Fault):
        raise outcome
    messages.success(request, _("The result is stored."))


assert set(RESULTS) <= set(CHOICES)
