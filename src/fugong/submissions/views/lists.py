"""The lists as they are now, and signing them off."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import Some, page_of
from fugong.submissions import queries
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.models import Submission
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
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """A list as it is now, a page at a time; whoever runs the town signs it off here."""
    user, now = actor(request), clock.now()
    one, asked = kinds()[kind], Asked(now)
    wrong, status = "", 200
    if request.method == "POST":
        if not user.may("town.write"):
            raise Http404
        try:
            made = _sign(request, kind, user, now)
        except Fault as fault:
            wrong, status = fault.message, 422
        else:
            messages.success(request, _("The list is signed. Nobody can change it any more."))
            return redirect("submissions:signed", made.pk)
    number, total = one.count(asked)
    page = page_of(request, Some(number, partial(one.page, asked)), SIZE)
    context = {
        "list": one, "page": page, "rows": shown(one, [(row.values, row.subject) for row in page]), "number": number,
        "total": total, "versions": queries.versions(kind)[:20], "may_sign": user.may("town.write"), "wrong": wrong,
        "posted": request.POST, "now": now, "titles": [str(c.title) for c in one.columns if c.kind != "document"],
    }  # fmt: skip
    return render(request, "submissions/list.html", context, status=status)


def _sign(request: HttpRequest, kind: str, user: User, now: int) -> Submission:
    expected = request.POST.get("expected", "")
    return signing.sign(
        kind=kind, office=request.POST.get("office", ""), note=request.POST.get("note", ""), now=now, actor=user.pk,
        signed_by=user.get_full_name() or user.username, expected=int(expected) if expected.isdecimal() else None,
    )  # fmt: skip
