"""Pages of requests: a person's own on the phone, those whom somebody files for, and the town's list and answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.base.personal import decrypt_bytes
from fugong.clearance import queries as clearance
from fugong.clearance.views.worker import PERMISSIONS
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.redress import forms, looks, queries, services
from fugong.redress.models import APPEAL, CORRECTION, OPEN, Evidence, Request
from fugong.redress.services import File
from fugong.registry import queries as registry
from fugong.registry.models import Worker
from fugong.registry.posts import posts


def own_worker(request: HttpRequest) -> Worker:
    """The signed-in person's own file. Raises Http404 for whoever has none."""
    user = actor(request)
    if user.role.scope != "worker" or user.scope_id is None:
        raise Http404
    return registry.worker_of(user, user.scope_id)


@require_GET
@requires("self.read")
def look_list(request: HttpRequest) -> HttpResponse:
    """Who looked at my file."""
    worker = own_worker(request)
    asked = {one.look: one for one in queries.own(worker.pk).filter(kind="who_looked").order_by("filed_at")}
    page = page_of(request, looks.at(worker.pk, looks.MOST))
    rows = [(look, asked.get(look.id)) for look in page]
    return render(request, "redress/looks.html", {"worker": worker, "page": page, "rows": rows})


@require_GET
@requires("self.read")
def mine(request: HttpRequest) -> HttpResponse:
    """My requests, and what I can ask for."""
    worker = own_worker(request)
    now = clock.now()
    page = page_of(request, queries.own(worker.pk))
    context = {"worker": worker, "page": page, "rows": [_row(one) for one in page], "now": now,
               "refused": _refused(worker.pk, now)}  # fmt: skip
    return render(request, "redress/mine.html", context)


def _refused(worker: UUID, now: int) -> list[tuple[str, Any]]:
    return [(name, PERMISSIONS.get(name, name)) for name, _why in queries.refused(worker, now)]


def _row(one: Request) -> tuple[Request, str]:
    """A request and what it is about, in a few words."""
    return one, _about(one)


def _about(one: Request) -> str:
    if one.kind == CORRECTION and one.fact is not None:
        return str(registry.lines([one.fact], named=False)[0].title)
    return str(PERMISSIONS.get(one.permission, one.permission)) if one.kind == APPEAL else ""


@require_http_methods(["GET", "POST"])
@requires("self.read")
def new(request: HttpRequest) -> HttpResponse:
    """A new request about my own file: the address says about which fact, permission or look."""
    return _new(request, own_worker(request), own=True)


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def new_for(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """A new request for somebody who has no phone, filed by those who answer for them."""
    return _new(request, registry.worker_of(actor(request), worker_id), own=False)


def _new(request: HttpRequest, worker: Worker, *, own: bool) -> HttpResponse:
    now = clock.now()
    subject = _subject(request, worker, now, own=own)
    form = subject["form"]
    if request.method == "POST" and form.is_valid():
        try:
            made = _file(request, worker, subject, now)
        except Fault as fault:
            form.refused(fault)
        else:
            messages.success(request, _("Your request is filed. You will find the answer here."))
            return redirect("redress:own" if own else "redress:request", made.pk)
    layout = "layout/phone.html" if own else "layout/desk.html"
    context = subject | {"worker": worker, "own": own, "layout": layout, "now": now}
    return render(request, "redress/new.html", context, status=422 if form.errors else 200)


def _subject(request: HttpRequest, worker: Worker, now: int, *, own: bool) -> dict[str, Any]:
    """What the request is to be about, with its form. Raises Http404 for what is not this person's."""
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    if given := request.GET.get("fact"):
        fact = _fact(worker, given)
        return {"kind": CORRECTION, "fact": fact, "line": registry.lines([fact], named=not own)[0],
                "form": forms.Correction(fact, data, files)}  # fmt: skip
    if given := request.GET.get("permission"):
        why = next((why for name, why in queries.refused(worker.pk, now) if name == given), None)
        if why is None:
            raise Http404
        form = forms.Words(data, files)
        form.fields["wrong"].label = _("Why do you disagree?")
        return {"kind": APPEAL, "permission": given, "title": PERMISSIONS.get(given, given), "why": why, "form": form}
    if own and (given := request.GET.get("look")):
        look = looks.one(worker.pk, given)
        if look is None:
            raise Http404
        return {"kind": "who_looked", "look": look, "form": forms.Question(data)}
    raise Http404


def _fact(worker: Worker, given: str) -> Fact:
    try:
        key = UUID(given)
    except ValueError:
        raise Http404 from None
    facts = standing().select_related("actor").prefetch_related("superseding")
    return get_object_or_404(facts, pk=key, subject_id=worker.pk)


def _file(request: HttpRequest, worker: Worker, subject: dict[str, Any], now: int) -> Request:
    form, by = subject["form"], actor(request).pk
    wrong = form.cleaned_data["wrong"]
    evidence = [File(one.name or "", one.read()) for one in form.cleaned_data.get("evidence", [])]
    if subject["kind"] == CORRECTION:
        return services.file_correction(
            worker=worker.pk,
            fact=subject["fact"].pk,
            wrong=wrong,
            right=form.right(),
            evidence=evidence,
            actor=by,
            now=now,
        )
    if subject["kind"] == APPEAL:
        return services.file_appeal(
            worker=worker.pk, permission=subject["permission"], wrong=wrong, evidence=evidence, actor=by, now=now
        )
    return services.ask_who_looked(worker=worker.pk, look=subject["look"].id, wrong=wrong, actor=by, now=now)


@require_GET
@requires("self.read")
def own(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One of my requests: its clock, and its answer."""
    own_worker(request)
    found = queries.request_of(actor(request), request_id)
    services.note_seen(request_id=found.pk, now=clock.now())
    return _page(request, found, django_forms.Form(), own=True)


@require_POST
@requires("self.read")
def take_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """I no longer ask."""
    own_worker(request)
    found = queries.request_of(actor(request), request_id)
    try:
        services.take_back(request_id=found.pk)
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("Your request is taken back."))
    return redirect("redress:own", found.pk)


@require_GET
@requires("redress.answer", "roster.write")
def requests(request: HttpRequest) -> HttpResponse:
    """Requests to answer, those whose clock has run out first; to others, those that they filed for somebody."""
    user = actor(request)
    now = clock.now()
    state = request.GET.get("state", "open")
    found = queries.in_order(queries.requests(user))
    if state == "open":
        found = found.filter(state=OPEN)
    page = page_of(request, found)
    looked_at(one.worker_id for one in page)
    context = {"page": page, "rows": [_row(one) for one in page], "state": state, "now": now,
               "waiting": queries.waiting(now), "may_answer": user.may("redress.answer")}  # fmt: skip
    return render(request, "redress/requests.html", context)


@require_http_methods(["GET", "POST"])
@requires("redress.answer", "roster.write")
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """A request with all that is known about it, and the form in which the town answers."""
    user = actor(request)
    found = queries.request_of(user, request_id)
    form = forms.Answer(request.POST or None)
    if request.method == "POST":
        if not user.may("redress.answer"):
            raise Http404
        if form.is_valid() and _answered(request, found, form, user):
            return redirect("redress:request", found.pk)
    return _page(request, found, form, own=False)


def _answered(request: HttpRequest, found: Request, form: forms.Answer, user: User) -> bool:
    said: dict[str, Any] = {
        "request_id": found.pk, "answer": form.cleaned_data["answer"], "actor": user.pk, "now": clock.now(),
    }  # fmt: skip
    try:
        if request.POST.get("decision") == "grant":
            waits = services.grant(**said)
            if waits is not None:
                messages.warning(
                    request, _("A second person must agree first. Answer when they have; nothing is changed yet.")
                )
                return True
        else:
            services.refuse(**said)
    except Fault as fault:
        form.refused(fault)
        return False
    messages.success(request, _("Answered. The person sees it on their page."))
    return True


def _page(request: HttpRequest, found: Request, form: django_forms.Form, *, own: bool) -> HttpResponse:
    user = actor(request)
    facts = [found.fact] if found.fact else []
    lines = registry.lines(Fact.objects.filter(pk__in=[one.pk for one in facts]).select_related("actor")
                           .prefetch_related("superseding"), named=not own)  # fmt: skip
    then = clearance.explained(found.worker_id, found.permission, found.refused_at or 0, known_at=found.filed_at) if (
        found.kind == APPEAL) else None  # fmt: skip
    may_answer = not own and user.may("redress.answer") and found.state == OPEN
    context = {
        "request_": found, "own": own, "layout": "layout/phone.html" if own else "layout/desk.html", "form": form,
        "line": lines[0] if lines else None, "changes": queries.changes(found), "then": then, "now": clock.now(),
        "title": PERMISSIONS.get(found.permission, found.permission), "about": _about(found),
        "look": looks.one(found.worker_id, found.look) if found.look else None,
        "may_answer": may_answer, "not_by_me": user.pk in (found.stated_by_id, found.filed_by_id),
        "not_before": services.not_before(found, user.pk, clock.now()) if may_answer else None,
        "answerer": _answerer(found),
        "filer": None if found.filed_by_id == _login_of(found) else found.filed_by_id,
    }  # fmt: skip
    return render(request, "redress/request.html", context, status=422 if form.errors else 200)


def _answerer(found: Request) -> str:
    """Under which role the answer was given."""
    by = found.answered_by_id
    return str(posts([by]).get(by, "")) if by is not None else ""


def _login_of(found: Request) -> UUID | None:
    return User.objects.filter(role_name="worker", scope_id=found.worker_id).values_list("pk", flat=True).first()


@require_GET
@requires("self.read", "redress.answer", "roster.write")
def evidence(request: HttpRequest, request_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A file that goes with a request, to be saved, never to be shown inside a page."""
    found = queries.request_of(actor(request), request_id)
    file = get_object_or_404(Evidence, pk=evidence_id, request=found)
    response = HttpResponse(decrypt_bytes(bytes(file.encrypted)), content_type=file.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.filename)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
