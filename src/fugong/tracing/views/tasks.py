"""What has to be disinfected, for whoever does it: a list, and a page on the phone. It names nobody."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.tracing import forms, queries
from fugong.tracing.models import CleaningTask
from fugong.tracing.services import tasks

DONE_SHOWN = 20


@require_GET
@requires("checkpoint")
def listed(request: HttpRequest) -> HttpResponse:
    """What is to be done at one's sites, and what was done last."""
    every = queries.tasks_in(actor(request))
    context = {
        "open": every.filter(state=CleaningTask.OPEN)[:200],
        "done": every.filter(state=CleaningTask.DONE).order_by("-done_at")[:DONE_SHOWN],
    }  # fmt: skip
    return render(request, "tracing/tasks.html", context)


@require_http_methods(["GET", "POST"])
@requires("checkpoint")
def page(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One place: where it is and what it takes; a POST records that it was done."""
    task, now, wrong = queries.tasks_in(actor(request)).filter(pk=task_id).first(), clock.now(), ""
    if task is None:
        raise Http404
    if request.method == "POST":
        try:
            _record(request, task, now)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The disinfection is recorded."))
            return redirect("tracing:tasks")
    context = {"task": task, "limits": tasks.limits(task.what, now), "now": now, "wrong": wrong, "posted": request.POST}
    return render(request, "tracing/task.html", context, status=422 if wrong else 200)


def _record(request: HttpRequest, task: CleaningTask, now: int) -> None:
    posted = request.POST
    tasks.done(
        task=task.pk, agent=posted.get("agent", "")[:64], mg_per_litre=forms.number(posted.get("mg_per_litre")),
        minutes=forms.number(posted.get("minutes")), by=posted.get("by", "")[:64], now=now, actor=actor(request).pk,
        at=forms.moment(posted.get("at"), now),
    )  # fmt: skip
