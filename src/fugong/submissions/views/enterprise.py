"""An enterprise's vacant posts: what is open, what was, and reporting them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_nobodys
from fugong.ledger.queries import about
from fugong.registry.models import Enterprise
from fugong.registry.queries import enterprise_of
from fugong.submissions.errors import SubmissionError
from fugong.submissions.services import vacancies as services


@requires("roster.write", "visits.write")
def vacancies(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What an enterprise seeks, and what it has sought."""
    user, now = actor(request), clock.now()
    place = enterprise_of(user, enterprise_id)
    wrong, status = "", 200
    if request.method == "POST":
        try:
            _act(request, place, now)
        except Fault as fault:
            wrong, status = fault.message, 422
        else:
            return redirect("submissions:vacancies_of", place.pk)
    facts = about([place.pk]).filter(kind="vacancy").order_by("-start", "-id")
    page = page_of(request, facts.filter(end__lte=now), 25)
    context = {
        "enterprise": place, "open": list(facts.filter(end__gt=now)[:200]), "page": page, "past": list(page), "now": now,
        "wrong": wrong, "posted": request.POST,
    }  # fmt: skip
    return render(request, "submissions/vacancies.html", context, status=status)


def _act(request: HttpRequest, place: Enterprise, now: int) -> None:
    user, post = actor(request), request.POST
    if "close" in post:
        services.close(
            vacancy=identifier_or_nobodys(post["close"]),
            enterprise=place.pk,
            reason=post.get("reason", ""),
            now=now,
            actor=user.pk,
        )
        messages.success(request, _("The post is no longer vacant."))
        return
    services.report(
        enterprise=place.pk, post=post.get("post", ""), number=_whole(post.get("number", "")), skill=post.get("skill", ""),
        monthly_yuan=_pay(post.get("pay", "")), since=_day(post.get("since", ""), now), now=now, actor=user.pk,
    )  # fmt: skip
    messages.success(request, _("The vacancy is reported."))


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0


def _pay(text: str) -> float | None:
    typed = text.strip().replace(",", "").rstrip("元")
    if not typed:
        return None
    try:
        value = float(typed)
    except ValueError:
        raise SubmissionError("vacancy.pay", field="pay") from None
    if not 0 <= value < 10**7:
        raise SubmissionError("vacancy.pay", field="pay")
    return value


def _day(text: str, now: int) -> int | None:
    """The beginning of the day that was typed; for today the moment itself, so that what is said now follows what was."""
    typed = text.strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise SubmissionError("vacancy.date", field="since") from None
    return None if day == local.day_of(now) else local.start_of_day(day)
