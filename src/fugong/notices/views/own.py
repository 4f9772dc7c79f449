"""One's own notices, on the phone: the list, one with its button, and the address that needs no signing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import access, clock
from fugong.base.access import actor, looked_at
from fugong.base.paging import page_of
from fugong.notices import links, queries, variables
from fugong.notices.models import Delivery
from fugong.notices.sending.letters import values_for
from fugong.notices.services import deliveries
from fugong.notices.services.queueing import spoken, words_of


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Notices to whoever is signed in, the newest first."""
    user, now = actor(request), clock.now()
    worker = user.scope_id if user.role.scope == "worker" else None
    page = page_of(request, queries.for_worker(worker, now) if worker else queries.for_login(user.pk, now))
    own = queries.own_deliveries([one.pk for one in page], user, now)
    rows = [(one, own.get(one.pk)) for one in page]
    return render(request, "notices/mine.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """One notice to whoever is signed in. The button says that it was read; opening the page doesn't."""
    user, now = actor(request), clock.now()
    found = queries.own_delivery(notice_id, user, now)
    if found is None:
        raise Http404
    if request.method == "POST":
        worker = user.scope_id if user.role.scope == "worker" else None
        deliveries.open_own(notice=notice_id, worker=worker, user=None if worker else user.pk, now=now)
        return redirect("notices:read", notice_id)
    return render(request, "notices/read.html", {"delivery": found, "said": said(found), "own": True})


def said(delivery: Delivery) -> dict[str, Any]:
    """What a notice says to one person: title and text."""
    values = values_for(delivery.notice, delivery)
    title, text = spoken(words_of(delivery.notice), delivery.notice.languages)
    return {"title": variables.filled(title, values), "text": variables.filled(text, values)}


@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """An address of one's own, without signing in: a button, and behind it the notice. Opening the address does nothing."""
    delivery = links.delivery_of(token)
    if request.method == "GET" or delivery is None:
        wrong = request.method == "POST"
        return render(request, "notices/open.html", {"wrong": wrong}, status=404 if wrong else 200)
    with access.elevated("a notice, by an address of one's own"):
        found = deliveries.open_one(delivery=delivery, now=clock.now())
        if found is None:
            raise Http404
        looked_at([found.worker_id] if found.worker_id else [])
        context = {"delivery": found, "said": said(found), "own": False}
    return render(request, "notices/read.html", context)
