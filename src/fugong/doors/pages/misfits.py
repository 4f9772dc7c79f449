"""What did not fit at a site, kind by kind; and a check with what the door knew, what was true, and what came before."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.paging import page_of
from fugong.doors import chronicle, misfits, presence, remarks
from fugong.doors.misfits import KINDS
from fugong.doors.remarks import RemarkError

DAY = 86_400
SPANS = (1, 7, 31)
"""Over how many days the list may go."""


@requires("roster.write")
def listed(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """What did not fit in the last days, by kind; what was looked at already is hidden unless asked for."""
    now = clock.now()
    site = presence.site_of(actor(request), site_id)
    days = next((days for days in SPANS if str(days) == request.GET.get("days")), 7)
    kind = request.GET.get("kind", "")
    titles = misfits.kinds()
    kind = kind if kind in titles else ""
    everything = request.GET.get("show") == "all"
    found = {one: misfits.found(one, [site.pk], now - days * DAY, now + 1) for one in titles}
    every = [one for rows in found.values() for one in rows]
    done = misfits.seen(every)
    kept = {
        name: [one for one in rows if everything or (one.check, one.kind) not in done] for name, rows in found.items()
    }
    chosen = kept[kind] if kind else sorted((one for rows in kept.values() for one in rows), key=lambda one: -one.at)
    page = page_of(request, chosen)
    context = {
        "site": site, "days": days, "spans": SPANS, "kind": kind, "everything": everything, "page": page,
        "lines": misfits.lines(list(page)),
        "hidden": 0 if everything else len(every) - sum(map(len, kept.values())), "all": sum(map(len, kept.values())),
        "kinds": [(name, title, len(kept[name])) for name, title in titles.items()],
    }  # fmt: skip
    return render(request, "doors/sites/misfits.html", context)


@requires("roster.write")
def check(request: HttpRequest, site_id: UUID, check_id: UUID) -> HttpResponse:
    """A check at one of the site's doors; a POST says that somebody looked at what did not fit about it, and what it was."""
    user, now = actor(request), clock.now()
    site = presence.site_of(user, site_id)
    told = chronicle.of(site, check_id)
    if told is None:
        raise Http404
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            remarks.look_at(
                site=site, check=check_id, kind=request.POST.get("kind", ""), words=request.POST.get("words", ""), now=now,
                actor=user.pk,
            )  # fmt: skip
        except RemarkError as error:
            errors[error.field or "words"] = error.message
        else:
            messages.success(request, _("Kept: this line is looked at."))
            return redirect("doors:site_check", site.pk, check_id)
    done = {one.kind for one in told.remarks}
    kinds = {name: title for name, title in KINDS.items() if name not in done}
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    context = {
        "site": site, "told": told, "errors": errors, "most": remarks.MOST_WORDS, "kinds": kinds,
        "remarks": [(one, KINDS.get(one.kind, "")) for one in told.remarks],
        "unfitting": [(name, title) for name, title in KINDS.items() if name in told.misfits],
        "kind": asked if asked in kinds else next(iter(told.misfits & kinds.keys()), ""), "words": request.POST.get("words", ""),
    }  # fmt: skip
    return render(request, "doors/sites/check.html", context, status=422 if errors else 200)
