"""The page on which everything that is still asked of an enterprise can be answered, whoever asks; the files it showed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, files
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.ledger.kinds import KINDS
from fugong.registry.asked import forms, items, papers, services
from fugong.registry.queries import enterprise_of


@require_http_methods(["GET", "POST"])
@requires("enterprise.read")
def page(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What is asked, why and by whom; a POST keeps what was answered."""
    user, now, wrong = actor(request), clock.now(), ""
    enterprise = enterprise_of(user, enterprise_id)
    may_answer = KINDS["evidence"].may_be_stated_by(user.role.name)
    known = items.known([enterprise_id], now)
    found = items.open_items([enterprise_id], now, evidence=known)[enterprise_id]
    here = [item.question for item in found if not item.address] if may_answer else []
    if request.method == "POST":
        if not may_answer:
            raise Http404
        try:
            given = forms.answers(request.POST, enterprise_id, here, now, known[enterprise_id], request.FILES)
            services.give(answers=given, source="page", now=now, actor=user.pk, evidence="self")
        except Fault as fault:
            wrong = fault.message
        else:
            words = ngettext("%(number)s answer is kept.", "%(number)s answers are kept.", len(given))
            messages.success(request, words % {"number": len(given)})
            return redirect("registry:asked", enterprise_id)
    context = {
        "accept": files.ACCEPT, "enterprise": enterprise, "items": found, "may_answer": may_answer, "here": here, "wrong": wrong,
    }  # fmt: skip
    return render(request, "registry/asked/page.html", context, status=422 if wrong else 200)


@require_GET
@requires("enterprise.read")
def paper(request: HttpRequest, enterprise_id: UUID, paper_id: UUID) -> HttpResponse:
    """A file that an enterprise showed, to be saved. It may speak of people, so that it is noted who took it."""
    enterprise = enterprise_of(actor(request), enterprise_id)
    found, file = papers.of(enterprise.pk, paper_id)
    looked_at([enterprise.pk])
    return files.to_save(file, found.media_type)
