"""Pages of surveying: one's own answer on the phone; rounds with who has not answered; answers on behalf; risk levels."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier
from fugong.journeys.survey import forms, queries, services
from fugong.journeys.survey.errors import CONTRADICTIONS
from fugong.ledger import queries as ledger
from fugong.ledger.acts import Waits
from fugong.ledger.wording import CHOICES
from fugong.registry.forms import refuse
from fugong.registry.models import Division, Worker
from fugong.registry.queries import names_of

SHOWN = 50
"""So many contradictions stand on a page at once."""


@require_http_methods(["GET", "POST"])
@requires("self.read")
def mine(request: HttpRequest) -> HttpResponse:
    """A worker's own answer, on the phone."""
    worker = get_object_or_404(Worker, pk=actor(request).scope_id)
    looked_at([worker.pk])
    now = clock.now()
    form = forms.SurveyAnswer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, form, worker.pk, now, own=True):
        return redirect("journeys:my_survey")
    last = queries.latest(worker.pk, now)
    context = {
        "form": form, "worker": worker, "last": last, "last_word": CHOICES.get(last.values["whereabouts"], "") if last else "",
        "again": [CONTRADICTIONS[code] for code in queries.asked_again(worker.pk, now) if code in CONTRADICTIONS],
    }  # fmt: skip
    return render(request, "journeys/my_survey.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, form: forms.SurveyAnswer, worker: UUID, now: int, *, own: bool) -> bool:
    try:
        services.answer(worker=worker, said=form.said(), now=now, actor=actor(request).pk, own=own)
    except Fault as fault:
        refuse(form, fault)
        return False
    messages.success(request, _("Thank you: the answer is written down."))
    return True


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def campaigns(request: HttpRequest) -> HttpResponse:
    """The rounds in one's scope, each with how many have answered, and a form for another one."""
    user, now = actor(request), clock.now()
    form = forms.NewCampaign(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        enterprise = user.scope_id if user.role.scope == "enterprise" else None
        try:
            made = services.open_campaign(**form.cleaned_data, enterprise=enterprise, now=now, actor=user.pk)
        except Fault as fault:
            refuse(form, fault)
        else:
            return redirect("journeys:campaign", made.pk)
    page = page_of(request, queries.campaigns(user))
    context = {"form": form, "page": page, "rows": [(one, queries.progress(one, user, now)) for one in page]}
    return render(request, "journeys/campaigns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """One round: who has not answered and when they were reminded, and whose answers contradict."""
    user, now = actor(request), clock.now()
    found = queries.campaign_of(user, campaign_id)
    if request.method == "POST":
        allowed = set(queries.asked(found, user).values_list("pk", flat=True))
        chosen = [one for one in map(identifier, request.POST.getlist("worker")) if one in allowed]
        code = request.POST.get("code", "")
        try:
            number = services.remind(
                campaign=found.pk, workers=chosen, code=code if code in CONTRADICTIONS else "", now=now, actor=user.pk
            )
        except Fault as fault:
            messages.error(request, fault.message)
        else:
            messages.success(request, _("%(number)s people are reminded by a notice.") % {"number": number})
        return redirect("journeys:campaign", found.pk)
    page = page_of(request, queries.unanswered(found, user, now))
    contradicting = queries.contradictions(found, user, now)
    looked_at([*(one.pk for one in page), *(one.worker for one in contradicting[:SHOWN])])
    context = {
        "campaign": found, "page": page, "progress": queries.progress(found, user, now), "now": now,
        "contradicting": [(one, CONTRADICTIONS[one.code]) for one in contradicting[:SHOWN]], "many": len(contradicting),
    }  # fmt: skip
    return render(request, "journeys/campaign.html", context)


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def on_behalf(request: HttpRequest, campaign_id: UUID, worker_id: UUID) -> HttpResponse:
    """Write down what somebody said, on their behalf."""
    user, now = actor(request), clock.now()
    found = queries.campaign_of(user, campaign_id)
    worker = queries.asked(found, user).filter(pk=worker_id).first()
    if worker is None:
        raise Http404
    looked_at([worker.pk])
    form = forms.SurveyAnswer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, form, worker.pk, now, own=False):
        return redirect("journeys:campaign", found.pk)
    context = {"form": form, "worker": worker, "campaign": found}
    return render(request, "journeys/on_behalf.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def levels(request: HttpRequest) -> HttpResponse:
    """The risk levels of divisions, each with its source, and a form for another one."""
    now = clock.now()
    form = forms.NewLevel(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.set_level(**form.cleaned_data, now=now, actor=actor(request).pk)
        except Fault as fault:
            refuse(form, fault)
        else:
            if isinstance(done, Waits):
                words = _(
                    "Nothing is written yet: it would take a permission from %(people)s people."
                    " It waits until a second person agrees."
                )
                messages.warning(request, words % {"people": done.people})
            else:
                messages.success(request, _("The level is written down."))
            return redirect("journeys:levels")
    rows = ledger.standing().filter(kind="risk_level").order_by("-start", "-recorded_at")
    page = page_of(request, rows)
    codes = dict(Division.objects.filter(pk__in=[one.subject_id for one in page]).values_list("pk", "code"))
    names = names_of(("division", code) for code in codes.values())
    lines = [(one, names.get(codes.get(one.subject_id, ""), ""), CHOICES[one.values["level"]]) for one in page]
    context = {"form": form, "page": page, "lines": lines}
    return render(request, "journeys/levels.html", context, status=422 if form.errors else 200)
