"""One case: its contacts to be reviewed, what became of those who are confirmed, what is disinfected; and the list for export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.choosing import Found
from fugong.base.faults import Fault
from fugong.base.typed import identifier_or_none
from fugong.clearance import queries as clearance
from fugong.ledger.acts import Done, Waits
from fugong.ledger.wording import CONTACT_RULES
from fugong.registry import choosing
from fugong.registry import queries as registry
from fugong.registry.models import Site
from fugong.registry.scope import workers_in
from fugong.tracing import forms, queries, sheets
from fugong.tracing.errors import TracingError
from fugong.tracing.models import Case, CaseContact, CleaningTask
from fugong.tracing.services import acts, cases, contacts, tasks

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@requires("town.write")
def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case; a POST does one thing to it."""
    if (
        "find" in request.GET and Case.objects.filter(pk=case_id).exists()
    ):  # a site is sought; nobody is looked at for that
        return render(request, "tracing/_sites.html", {"found": _sites(request)})
    found, wrong = queries.case_of(case_id), ""
    if request.method == "POST" and request.POST.get("do") == "find":
        return render(request, "tracing/case.html", _shown(request, found, "") | _named(request))
    if request.method == "POST":
        try:
            _do(request, found)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("tracing:case", case_id)
    context = _shown(request, found, wrong) | (_named(request) if wrong else {})
    return render(request, "tracing/case.html", context, status=422 if wrong else 200)


FOUND = 20
"""So many people are shown of those whom a typed text may mean."""


def _named(request: HttpRequest) -> dict[str, object]:
    """Whom what was typed may mean: somebody whom the case names and no rule found."""
    text = request.POST.get("q", "").replace("\0", "").strip()[:64]
    found = list(registry.workers(actor(request), text=text)[:FOUND]) if text else []
    looked_at([one.pk for one in found], queries.PURPOSE)
    return {"q": text, "candidates": found}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form asks to be done, by whom and when."""

    case: UUID
    people: list[UUID]
    reason: str
    now: int
    by: UUID


def _do(request: HttpRequest, case: Case) -> None:
    """What the form asks for. Raises Fault."""
    doing: dict[str, Callable[[HttpRequest, _Asked, Case], str]] = {
        "seek": _seek, "times": _times, "confirm": _confirm, "dismiss": _dismiss, "look_again": _look_again,
        "withdraw": _withdraw, "add_contact": _add_contact, "add_task": _add_task, "dismiss_task": _dismiss_task, "close": _close,
    }  # fmt: skip
    do = doing.get(request.POST.get("do", ""))
    if do is None:
        raise TracingError("tracing.nothing_asked", field="do")
    people = forms.identifiers(request.POST.getlist("contact"))
    asked = _Asked(case.pk, people, request.POST.get("reason", "")[:200], clock.now(), actor(request).pk)
    if said := do(request, asked, case):
        messages.success(request, said)


def _seek(request: HttpRequest, asked: _Asked, case: Case) -> str:
    found = cases.propose(case=case.pk, now=asked.now)
    _say_later(request, found)
    return _("%(new)s people are new on the list; %(all)s stand on it.") % {"new": found.new, "all": found.all}


def _times(request: HttpRequest, asked: _Asked, case: Case) -> str:
    since = forms.moment(request.POST.get("since"), case.since)
    until = forms.moment(request.POST.get("until"), case.until)
    cases.change_times(case=case.pk, since=since, until=until, now=asked.now)
    found = cases.propose(case=case.pk, now=asked.now)
    _say_later(request, found)
    return _("The times were changed; %(new)s people are new on the list.") % {"new": found.new}


def _say_later(request: HttpRequest, found: cases.Proposed) -> None:
    if found.later:
        words = _(
            "%(n)s confirmed people were near again later than their record says, so that their days would count from too"
            " early. Withdraw them, review them again and confirm them anew."
        )
        messages.warning(request, words % {"n": found.later})


def _confirm(request: HttpRequest, asked: _Asked, case: Case) -> str:
    done = acts.confirm(
        case=case.pk, contacts=asked.people, reason=asked.reason, now=asked.now, actor=asked.by
    )  # fmt: skip
    return _agreed(request, done, _("%(n)s people are close contacts now; what they may not do any more has lapsed."))


def _withdraw(request: HttpRequest, asked: _Asked, case: Case) -> str:
    done = acts.withdraw(
        case=case.pk, contacts=asked.people, reason=asked.reason, now=asked.now, actor=asked.by
    )  # fmt: skip
    return _agreed(request, done, _("%(n)s people are no close contacts any more."))


def _agreed(request: HttpRequest, done: Done | Waits, said: str) -> str:
    if isinstance(done, Waits):
        words = _(
            "This would take a permission from %(people)s people. Nothing has changed yet: it waits until a second person"
            " agrees."
        )
        messages.warning(request, words % {"people": done.people})
        return ""
    return said % {"n": done.result}


def _dismiss(request: HttpRequest, asked: _Asked, case: Case) -> str:
    n = contacts.dismiss(
        case=case.pk, contacts=asked.people, reason=asked.reason, now=asked.now, actor=asked.by
    )  # fmt: skip
    return _("%(n)s people were dismissed.") % {"n": n}


def _look_again(request: HttpRequest, asked: _Asked, case: Case) -> str:
    return _("%(n)s people wait for a review again.") % {
        "n": contacts.look_again(case=case.pk, contacts=asked.people)
    }  # fmt: skip


def _add_contact(request: HttpRequest, asked: _Asked, case: Case) -> str:
    worker = identifier_or_none(request.POST.get("worker"))
    if worker is None or worker == case.worker_id or not workers_in(actor(request)).filter(pk=worker).exists():
        raise TracingError("tracing.nobody", field="worker")
    last = forms.moment(request.POST.get("last"), case.until)
    added = cases.add_contact(
        case=case.pk, worker=worker, place=request.POST.get("place", "")[:200], last=last, now=asked.now
    )
    if added.state != CaseContact.PROPOSED:
        return _("They stand on the list and were reviewed already.")
    return _("They stand on the list now, to be reviewed.")


def _add_task(request: HttpRequest, asked: _Asked, case: Case) -> str:
    site = identifier_or_none(request.POST.get("site"))
    if site is None:
        raise TracingError("tracing.task_place", field="site")
    what, place = request.POST.get("what", ""), request.POST.get("place", "")[:200]
    tasks.add(case=case.pk, what=what, site=site, place=place, now=asked.now)
    return _("The place is on the list.")


def _dismiss_task(request: HttpRequest, asked: _Asked, case: Case) -> str:
    task = identifier_or_none(request.POST.get("task"))
    if task is None or not case.tasks.filter(pk=task).exists():
        raise TracingError("tracing.task_settled", field="task")
    tasks.dismiss(task=task, reason=asked.reason, actor=asked.by)
    return _("Noted: this place needs no disinfection.")


def _close(request: HttpRequest, asked: _Asked, case: Case) -> str:
    cases.close(case=case.pk, words=asked.reason, now=asked.now)
    return _("The case is closed.")


def _shown(request: HttpRequest, case: Case, wrong: str) -> dict[str, object]:
    now = clock.now()
    case = queries.case_of(case.pk)  # as it is after what was done
    lines = queries.lines(list(case.contacts.order_by("-last_at", "pk")), now)
    by_state = {state: [one for one in lines if one.contact.state == state] for state, _title in CaseContact.STATES}
    days = clearance.operations(now).contacts.days_before
    ground = cases.grounds([case])[case.pk]
    return {
        "case": case, "wrong": wrong, "posted": request.POST, "now": now, "ground": ground, "days": days,
        "stands": queries.is_positive(ground), "wrongly": not queries.is_positive(ground),
        "first": case.since - days * queries.DAY, "open": case.state == Case.OPEN,
        "groups": _groups(by_state[CaseContact.PROPOSED]), "confirmed": by_state[CaseContact.CONFIRMED],
        "dismissed": by_state[CaseContact.DISMISSED], "employers": queries.employers_of([case.worker_id]).get(case.worker_id),
        "tasks": case.tasks.select_related("site").order_by("state", "place", "pk"), "whats": CleaningTask.WHATS,
        "found": _sites(request), "typed": request.POST if "what" in request.POST else {},
    }  # fmt: skip


def _sites(request: HttpRequest) -> Found:
    """Where something may have to be disinfected: the sites that what was typed means."""
    given = request.POST or request.GET
    return choosing.sites(Site.objects.all()).found(given.get("find", ""), identifier_or_none(given.get("site")))


def _groups(lines: list[queries.Line]) -> list[tuple[str, list[queries.Line]]]:
    """Contacts by the closest rule that found them, the closest first."""
    found: dict[str, list[queries.Line]] = {}
    for one in lines:
        found.setdefault(one.closest, []).append(one)
    order = [str(title) for title in CONTACT_RULES.values()]
    return sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


@require_GET
@requires("town.write")
def workbook(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The confirmed contacts for the disease-control office, with whole numbers; whose they are is noted for the audit."""
    case, now = queries.case_of(case_id), clock.now()
    made = sheets.workbook(case, now)
    name = content_disposition_header(True, f"contacts-{now}.xlsx") or "attachment"
    return HttpResponse(made, content_type=EXCEL, headers={"Content-Disposition": name})
