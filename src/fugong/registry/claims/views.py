"""The town compares two files with one document, and says whose it is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.ledger.acts import Waits
from fugong.registry import acts
from fugong.registry.claims import queries, services


@requires("town.write")
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Every pair of files that waits, side by side."""
    page = page_of(request, queries.open_claims(), 20)
    return render(request, "registry/claims/list.html", {"page": page, "claims": queries.claims(list(page))})


@requires("town.write")
@require_POST
def settle(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One person, or two. What is decided is decided once."""
    try:
        if request.POST.get("said") == "same":
            _join(request, document_id)
        elif request.POST.get("said") == "other":
            services.refuse(document_id=document_id)
            messages.success(request, _("The number stays with the first file. The enterprise is asked to correct it."))
        else:
            messages.error(request, _("Say whether the two files are of one person or of two."))
    except Fault as error:
        messages.error(request, error.message)
    return redirect("claims:claims")


def _join(request: HttpRequest, document_id: UUID) -> None:
    done = acts.join_files(document=document_id, now=clock.now(), actor=actor(request).pk)
    if isinstance(done, Waits):
        messages.warning(
            request,
            _(
                "Within a day this would take a permission from more people than one may alone."
                " It waits until a second person agrees."
            ),
        )
    else:
        messages.success(request, _("The two files are one now: %(name)s.") % {"name": done.result.name})
