"""Pages of the daily register: a workshop's list, and one's own on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.typed import identifier
from fugong.clearance import queries as clearance
from fugong.ledger.acts import Waits
from fugong.ledger.symptoms import SYMPTOMS
from fugong.premises import acts, forms, queries, services
from fugong.premises.forms import Line, Sheet
from fugong.premises.queries import Person, Workshop
from fugong.registry.models import Enterprise, Worker
from fugong.registry.queries import enterprise_of

MANY = 400
"""An enterprise with more people than this shows one workshop at a time, unless it is asked for everybody (``ALL``)."""
ALL = "*"


@require_http_methods(["GET", "POST"])
@requires("register.write")
def workshop(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """All well except …: the list of a workshop's people, filed at once."""
    enterprise = _enterprise(request, enterprise_id)
    now = clock.now()
    workshops = queries.workshops(enterprise_id)
    chosen = _chosen(request, workshops)
    context = {"enterprise": enterprise, "workshops": workshops, "chosen": chosen, "now": now}
    if request.method == "GET":
        people = queries.people(enterprise_id, now, chosen.name if chosen else None)
        sheet = Sheet(uuid7(), [Line(person) for person in people])
        return render(request, "premises/workshop.html", _list(request, sheet, context))
    sheet = forms.sheet(request.POST, _listed(request, enterprise_id, chosen, now))
    if not sheet.errors and _file(request, sheet, now):
        return redirect(_address(enterprise_id, chosen, filed=sheet.batch))
    return render(request, "premises/workshop.html", _list(request, sheet, context), status=422)


def _listed(request: HttpRequest, enterprise: UUID, chosen: Workshop | None, now: int) -> list[Person]:
    """Who stood on the list that was filed, wherever they work by now."""
    listed = set(request.POST.get("listed", "").split(","))
    return [
        person for person in queries.people(enterprise, now)
        if chosen is None or person.workshop == chosen.name or str(person.id) in listed
    ]  # fmt: skip


def _file(request: HttpRequest, sheet: Sheet, now: int) -> bool:
    try:
        done = acts.file_list(
            id=sheet.batch, entries=sheet.entries, filed_by="line_leader", now=now, actor=actor(request).pk
        )
    except Fault as fault:
        messages.error(request, fault.message)
        return False
    if isinstance(done, Waits):
        words = _(
            "Nothing is filed yet: it would take a permission from %(people)s people. It waits until a second person agrees."
        )
        messages.warning(request, words % {"people": done.people})
    elif not done.result.filed:
        messages.warning(request, _("Nobody was registered: all of them are registered already, or not here."))
    return True


@require_GET
@requires("register.write")
def exception(request: HttpRequest, enterprise_id: UUID, worker_id: UUID) -> HttpResponse:
    """The part of a person's line that says why they aren't simply well; empty when they are ticked again."""
    _enterprise(request, enterprise_id)
    if worker_id not in queries.employed(enterprise_id, [worker_id]):
        raise Http404
    if "well" in request.GET:
        return HttpResponse("")
    corrects = request.GET.get("corrects")
    said = forms.Answer(corrects=identifier(corrects) if corrects else None)
    context = {"id": worker_id, "answer": said, "symptoms": SYMPTOMS, "opened": True}
    return render(request, "premises/_exception.html", context)


@require_POST
@requires("register.write")
def take_back(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Undo a list that was just filed."""
    _enterprise(request, enterprise_id)
    batch = queries.filed_together(enterprise_id, identifier(request.POST.get("batch")))
    try:
        number = services.take_back(
            facts=batch.facts if batch else (), reason="filed by mistake", now=clock.now(), actor=actor(request).pk
        )
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("Taken back: %(number)s registers.") % {"number": number})
    return redirect(_address(enterprise_id, _chosen(request, queries.workshops(enterprise_id))))


@require_http_methods(["GET", "POST"])
@requires("self.read")
def mine(request: HttpRequest) -> HttpResponse:
    """A worker's own register, on the phone."""
    worker = get_object_or_404(Worker, pk=actor(request).scope_id)
    looked_at([worker.pk])
    now = clock.now()
    said = forms.Answer(state="")
    if request.method == "POST":
        said = forms.own_answer(request.POST)
        if not said.error and _file_own(request, worker.pk, said, now):
            return redirect("premises:mine")
    today = queries.on_day([worker.pk], now).get(worker.pk)
    context = {
        "worker": worker, "today": today, "until": queries.registered_until(worker.pk, now), "answer": said,
        "status": clearance.status(worker.pk, "enter", now), "why": clearance.explained(worker.pk, "enter", now),
        "symptoms": SYMPTOMS, "id": uuid7() if request.method == "GET" else request.POST.get("id"),
    }  # fmt: skip
    return render(request, "premises/mine.html", context, status=422 if said.error else 200)


def _file_own(request: HttpRequest, worker: UUID, said: forms.Answer, now: int) -> bool:
    entry = forms.entry(worker, said)
    try:
        services.register(
            id=identifier(request.POST.get("id")), worker=worker, well=entry.well, celsius=entry.celsius,
            symptoms=entry.symptoms, fever_reducers=entry.fever_reducers, improving=entry.improving, filed_by="worker",
            now=now, actor=actor(request).pk,
        )  # fmt: skip
    except Fault as fault:
        said.error = fault.message
        return False
    return True


def _enterprise(request: HttpRequest, enterprise_id: UUID) -> Enterprise:
    return enterprise_of(actor(request), enterprise_id)


def _chosen(request: HttpRequest, workshops: list[Workshop]) -> Workshop | None:
    """The workshop that is asked for; of a large enterprise, the first one."""
    given = (request.POST if request.method == "POST" else request.GET).get("workshop")
    many = len(workshops) > 1 and sum(workshop.people for workshop in workshops) > MANY
    return next(
        (workshop for workshop in workshops if workshop.key == given), workshops[0] if many and given != ALL else None
    )


def _address(enterprise: UUID, workshop: Workshop | None, filed: UUID | None = None) -> str:
    given = {"workshop": workshop.key if workshop else "", "filed": str(filed or "")}
    query = urlencode({name: value for name, value in given.items() if value})
    return reverse("premises:workshop", args=[enterprise]) + (f"?{query}" if query else "")


def _list(request: HttpRequest, sheet: Sheet, context: dict[str, Any]) -> dict[str, Any]:
    """What the list shows: who is still to be registered, what was just filed, and whether it can be taken back."""
    open_lines = [line for line in sheet.lines if line.open and not line.away]
    away = [line for line in sheet.lines if line.away]
    done = [line for line in sheet.lines if not line.open]
    filed = request.GET.get("filed")
    batch = queries.filed_together(context["enterprise"].pk, identifier(filed)) if filed else None
    return {
        **context, "sheet": sheet, "lines": [*open_lines, *done], "away": away, "to_file": len(open_lines),
        "done": len(done), "nothing_to_file": not open_lines and not away and not sheet.errors,
        "listed": ",".join(str(line.person.id) for line in open_lines), "symptoms": SYMPTOMS, "batch": batch,
        "filed": filed, "may_undo": batch is not None and context["now"] - batch.recorded_at <= services.UNDO_SECONDS,
    }  # fmt: skip
