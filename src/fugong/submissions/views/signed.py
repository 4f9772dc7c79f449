"""A signed list: its rows, how it differs from the version before, and the workbook."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base.access import actor, looked_at, requires
from fugong.base.paging import Some, page_of
from fugong.base.typed import identifier
from fugong.submissions import export, queries
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.models import NOT_RETURNED, Layout, Submission
from fugong.submissions.queries import CHANGES, Change
from fugong.submissions.views.shown import shown

SIZE = 50
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@requires("town.read")
def signed(request: HttpRequest, signed_id: UUID) -> HttpResponse:
    """A version: all of it, or what was added, is gone and has changed since the one before."""
    found = queries.signed(signed_id)
    kind, counts = kinds()[found.kind], queries.counts(found)
    words = {"added": _("added"), "gone": _("no longer on it"), "changed": _("said otherwise")}
    chosen: Change | None = next((one for one in CHANGES if one == request.GET.get("change")), None)
    page: Page[Any]
    asked = Asked(found.as_of, found.known_at)
    if chosen is None:
        page = page_of(request, queries.rows(found), SIZE)
        rows = shown(kind, [(one.values, one.subject_id, None) for one in page], asked)
    else:
        page = page_of(request, Some(counts[chosen], partial(queries.differences, found, chosen)), SIZE)
        rows = shown(kind, [(one.values, one.subject, one.before) for one in page], asked)
    if found.kind == NOT_RETURNED:
        looked_at(one.subject for one in rows)
    context = {
        "signed": found, "may_export": actor(request).may("town.write"), "list": kind, "page": page, "rows": rows,
        "change": chosen or "",
        "changes": [(one, words[one], counts[one]) for one in CHANGES], "layouts": queries.layouts(found.kind),
        "titles": [str(one.title) for one in kind.columns if one.kind != "document"],
    }  # fmt: skip
    return render(request, "submissions/signed.html", context)


@require_GET
@requires("town.write")
def workbook(request: HttpRequest, signed_id: UUID) -> FileResponse:
    """The list as a workbook, in a layout of the office's or ours."""
    found = queries.signed(signed_id)
    layout = _layout(found, request.GET.get("layout", ""))
    target = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    export.write(found, target, layout)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, content_type=TYPE, filename=f"{found.kind}-{found.version}.xlsx"
    )  # fmt: skip


def _layout(found: Submission, which: str) -> Layout | None:
    if not which:
        return None
    layout = Layout.objects.filter(pk=identifier(which), kind=found.kind).first()
    if layout is None:
        raise Http404
    return layout
