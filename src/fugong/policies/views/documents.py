"""Documents for enterprises: the list, a new one, to whom one was handed, its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.choosing import matching
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_nobodys
from fugong.policies import forms, queries
from fugong.policies.models import LEVELS, PolicyDocument
from fugong.policies.services import documents as services
from fugong.registry.choosing import ENTERPRISE
from fugong.registry.models import Enterprise


@requires("town.read", "enterprise.read")
def listed(request: HttpRequest) -> HttpResponse:
    """All documents, the newest first."""
    text, level = request.GET.get("q", "").strip(), request.GET.get("level", "")
    page = page_of(request, queries.documents(text=text, level=level))
    counts = queries.receipts([one.pk for one in page], clock.now()) if actor(request).may("town.read") else {}
    rows = [(one, *counts.get(one.pk, (0, 0))) for one in page]
    context = {
        "page": page, "rows": rows, "levels": LEVELS, "text": text, "level": level,
        "may_write": actor(request).may("town.write"), "counted": actor(request).may("town.read"),
    }  # fmt: skip
    return render(request, "policies/documents.html", context)


@requires("town.write")
def new(request: HttpRequest) -> HttpResponse:
    """A new document, with its file."""
    wrong, status = "", 200
    if request.method == "POST":
        try:
            added = services.add(
                title=request.POST.get("title", ""), issuer=request.POST.get("issuer", ""),
                level=request.POST.get("level", ""), number=request.POST.get("number", ""),
                words=request.POST.get("words", ""), start=forms.day(request, "start"), end=forms.day(request, "end", 1),
                file=forms.file(request), now=clock.now(), actor=actor(request).pk,
            )  # fmt: skip
        except Fault as fault:
            wrong, status = fault.message, 422
        else:
            messages.success(request, _("The document is in the list. Hand it to the enterprises."))
            return redirect("policies:document", added.pk)
    context = {"wrong": wrong, "posted": request.POST, "levels": LEVELS}
    return render(request, "policies/new.html", context, status=status)


@requires("town.read")
def document(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """A document: its measures, which enterprises have it, and who said so."""
    found, now, wrong = queries.document_of(policy_id), clock.now(), ""
    if request.method == "POST":
        try:
            _hand(request, found, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect(request.get_full_path())
    text, only = request.GET.get("q", "").strip(), request.GET.get("receipt", "")
    page = page_of(request, _enterprises(text, only, found.pk), 50)
    handed = queries.handed(now, enterprises=[one.pk for one in page], documents=[found.pk])
    every, taken = queries.receipts([found.pk], now).get(found.pk, (0, 0))
    context: dict[str, Any] = {
        "document": found, "page": page, "rows": [(one, handed.get((one.pk, found.pk))) for one in page], "every": every,
        "taken": taken, "text": text, "receipt": only, "may_write": actor(request).may("town.write"),
        "measures": found.measures.filter(current=True).order_by("key"), "wrong": wrong,
        "ticked": request.POST.getlist("enterprise"),
    }  # fmt: skip
    return render(request, "policies/document.html", context, status=422 if wrong else 200)


def _enterprises(text: str, only: str, document: UUID) -> Any:
    rows = Enterprise.objects.filter(matching(text, ENTERPRISE)).order_by("name", "pk")
    if only == "missing":
        rows = rows.exclude(pk__in=queries.who_has(document, clock.now()))
    return rows


def _hand(request: HttpRequest, found: PolicyDocument, now: int) -> None:
    """Hand it to those who were ticked, or to every industrial and commercial enterprise that doesn't have it.

    Raises PolicyError.
    """
    if not actor(request).may("town.write"):
        raise Http404
    if "everybody" in request.POST:
        every = services.all_of_the_town(now)
        had = {one for one, _document in queries.handed(now, enterprises=every, documents=[found.pk])}
        chosen = [one for one in every if one not in had]
    else:
        typed = [identifier_or_nobodys(one) for one in request.POST.getlist("enterprise")]
        chosen = list(Enterprise.objects.filter(pk__in=typed).values_list("pk", flat=True))
    number = services.hand(
        document=found.pk, enterprises=chosen, now=now, actor=actor(request).pk, receipt=request.POST.get("receipt", ""),
    )  # fmt: skip
    words = ngettext("Handed to %(number)s enterprise.", "Handed to %(number)s enterprises.", number)
    messages.success(request, words % {"number": number})


@require_GET
@requires("town.read", "enterprise.read")
def file(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """The document's own file."""
    found = PolicyDocument.objects.filter(pk=policy_id).first()
    if found is None or found.content is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.media)
    ending = found.filename.rpartition(".")[2]
    answer["Content-Disposition"] = f'attachment; filename="policy.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
