"""Layouts that offices want: the list, a new one, its workbook."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier
from fugong.submissions import queries
from fugong.submissions.lists import kinds
from fugong.submissions.models import KINDS, Layout
from fugong.submissions.services import layouts as services
from fugong.submissions.services.layouts import MOST, OF_LIST, OF_ROW
from fugong.submissions.views.signed import TYPE


@requires("town.write")
def layouts(request: HttpRequest) -> HttpResponse:
    """The layouts of both lists, and which placeholders there are."""
    wrong, status = "", 200
    if request.method == "POST" and "drop" in request.POST:
        services.drop(layout=identifier(request.POST["drop"]))
        messages.success(request, _("The layout is used no longer."))
        return redirect("submissions:layouts")
    if request.method == "POST":
        sent = request.FILES.get("file")
        content = sent.read(MOST + 1) if sent else b""
        kind = request.POST.get("kind", "")
        try:
            services.add(
                kind=kind if kind in dict(KINDS) else KINDS[0][0], name=request.POST.get("name", ""), content=content,
                now=clock.now(), actor=actor(request).pk,
            )  # fmt: skip
        except Fault as fault:
            wrong, status = fault.message, 422
        else:
            messages.success(request, _("The layout can be chosen on every list of its kind."))
            return redirect("submissions:layouts")
    context = {
        "kinds": [
            (one, queries.layouts(name), [(c.name, c.title) for c in one.columns]) for name, one in kinds().items()
        ],
        "of_list": OF_LIST, "of_row": OF_ROW, "wrong": wrong, "posted": request.POST, "choices": KINDS,
    }  # fmt: skip
    return render(request, "submissions/layouts.html", context, status=status)


@require_GET
@requires("town.write")
def file(request: HttpRequest, layout_id: UUID) -> HttpResponse:
    """A layout's own workbook."""
    found = Layout.objects.filter(pk=layout_id).first()
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=TYPE)
    answer["Content-Disposition"] = 'attachment; filename="layout.xlsx"'
    return answer
