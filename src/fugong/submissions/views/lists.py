"""The lists as they are now, and signing them off."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base import background, clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import Some, page_of
from fugong.submissions import queries, unknown
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.models import NOT_RETURNED, Submission
from fugong.submissions.services import signing
from fugong.submissions.views.shown import shown

SIZE = 50


@requires("town.read")
def start(request: HttpRequest) -> HttpResponse:
    """Both lists: how many are on each now, and the versions that went out."""
    asked = Asked(clock.now())
    lists = [(one, *one.count(asked), signing.latest(name)) for name, one in kinds().items()]
    return render(request, "submissions/start.html", {"lists": lists})


@requires("town.read")
def listed(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A list as it is now, a page at a time; whoever runs the town signs it off here."""
    user, now = actor(request), clock.now()
    one, asked = kinds()[kind], Asked(now)
    wrong, status = "", 200
    if request.method == "POST":
        if not user.may("town.write"):
            raise Http404
        try:
            return _sign(request, kind, user, now)
        except Fault as fault:
            wrong, status = fault.message, 422
    number, total = one.count(asked)
    page = page_of(request, Some(number, partial(one.page, asked)), SIZE)
    # Who has to be asked takes a look at everybody: it is fetched after the page (`hx-trigger="load"`), or when it is clicked.
    asking = unknown.in_town(now) if kind == NOT_RETURNED and "unknown" in request.GET else None
    context = {
        "unknown": asking, "unknown_people": sum(row.people for row in asking or ()),
        "list": one, "page": page, "rows": shown(one, [(row.values, row.subject, None) for row in page], asked), "number": number,
        "total": total, "versions": queries.versions(kind)[:20], "may_sign": user.may("town.write"), "wrong": wrong,
        "posted": request.POST, "now": now, "titles": [str(c.title) for c in one.columns if c.kind != "document"],
    }  # fmt: skip
    return render(request, "submissions/list.html", context, status=status)


def _sign(request: HttpRequest, kind: str, user: User, now: int) -> HttpResponseBase:
    """Sign it; of a long list a bar says how many rows are written. Raises SubmissionError."""
    typed = request.POST.get("expected", "")
    expected = int(typed) if typed.isdecimal() else None
    work = partial(
        signing.sign, kind=kind, office=request.POST.get("office", ""), note=request.POST.get("note", ""), now=now,
        actor=user.pk, signed_by=user.get_full_name() or user.username, expected=expected,
    )  # fmt: skip

    def signed(made: Submission) -> str:
        return _("The list is signed. Nobody can change it any more.")

    return background.worked(
        request, expected or 0, lambda progress: work(progress=progress), heading=str(kinds()[kind].title), said=signed,
        back=request.path, to=lambda made: reverse("submissions:signed", args=[made.pk]),
    )  # fmt: skip
