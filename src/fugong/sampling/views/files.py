"""Laboratories' files: upload, look at what would happen, take in; and the rows that were refused, to be settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base import background, clock, local
from fugong.base.access import actor, requires
from fugong.base.background import Progress
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.tables import TableError, template
from fugong.ledger.wording import CHOICES
from fugong.registry.models import Upload
from fugong.registry.uploads import services as uploads
from fugong.registry.uploads.preview import content_of
from fugong.registry.uploads.views import SHEET, rows_of, sent
from fugong.sampling import labs, queries
from fugong.sampling.forms import Settle
from fugong.sampling.models import LabFile, LabRow, TubeMember
from fugong.sampling.services import labfiles, results
from fugong.sampling.services.labfiles import Taken

MOST = 100
"""So many refused rows are shown in a preview; all of them are kept."""


@requires("sampling.write")
def new(request: HttpRequest) -> HttpResponse:
    """A laboratory's file, to be looked at first."""
    now, trouble = clock.now(), ""
    if request.method == "POST":
        try:
            filename, content = sent(request)
            kept = uploads.keep(
                kind=labs.KIND, enterprise=None, filename=filename, content=content, now=now, actor=actor(request).pk
            )
            return redirect("sampling:preview", kept.pk)
        except TableError as error:
            trouble = error.message
    context = {
        "trouble": trouble, "rows": request.POST.get("rows", ""), "files": queries.files()[:20],
        "limit": uploads.MAX_BYTES // 2**20,
    }  # fmt: skip
    return render(request, "sampling/results.html", context, status=422 if trouble else 200)


@require_GET
@requires("sampling.write")
def empty(request: HttpRequest) -> HttpResponse:
    """The template of such a file, in the user's language."""
    content = template(labs.spec(clock.now()), get_language() or "zh-hans")
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = 'attachment; filename="fugong-results.xlsx"'
    return response


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a file would do: tubes and people by result, known ones, refused rows."""

    results: list[tuple[Any, int]]
    stored: int
    people: int
    unchanged: int
    skipped: int
    held: int
    rows: int
    refused: list[tuple[labs.Refused, str]]
    more: int


@requires("sampling.write")
def preview(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """A file before it is taken in; a POST takes it in, once."""
    user, now = actor(request), clock.now()
    uploads.purge(now=now)
    kept = get_object_or_404(Upload, pk=upload_id, kind=labs.KIND, actor=user.pk)
    if (done := LabFile.objects.filter(upload=kept).first()) is not None:
        return redirect("sampling:file", done.pk)
    content, trouble, view = content_of(kept), "", None
    try:
        if content is None:
            raise TableError("upload.gone")
        if request.method == "POST":
            return _take_in(request, kept, content, now)
        view = _preview(labs.look(content, kept.filename, now), now)
    except Fault as fault:
        trouble = fault.message
    context = {"upload": kept, "view": view, "trouble": trouble, "words": CHOICES}
    return render(request, "sampling/preview.html", context, status=422 if trouble else 200)


def _take_in(request: HttpRequest, kept: Upload, content: bytes, now: int) -> HttpResponseBase:
    """Take the file in; of many rows a bar says how far it is."""
    user = actor(request)

    def work(progress: Progress) -> Taken:
        taken = labfiles.take_in(
            content=content, filename=kept.filename, now=now, actor=user.pk, upload=kept.pk, progress=progress
        )  # fmt: skip
        uploads.forget(upload=kept)
        return taken

    def said(taken: Taken) -> str:
        return (
            _("This very file was taken in before; nothing was stored again.")
            if taken.again
            else _("The file is taken in.")
        )

    return background.worked(
        request, rows_of(request), work, heading=_("Laboratory results"), said=said,
        back=reverse("sampling:preview", args=[kept.pk]), to=lambda taken: reverse("sampling:file", args=[taken.file.pk]),
    )  # fmt: skip


def _preview(found: labs.Read, now: int) -> _Preview:
    stored: list[results.Reported] = []
    unchanged = 0
    outcomes = results.foreseen([one for _row, one in found.told], now)
    for (row, one), outcome in zip(found.told, outcomes, strict=True):
        if isinstance(outcome, Fault):
            found.refuse(row, outcome)
        elif outcome == "stored":
            stored.append(one)
        else:
            unchanged += 1
    tubes = {one.tube: one.result for one in stored}
    members = list(TubeMember.objects.filter(tube__in=tubes, void=False).values_list("tube", flat=True))
    sizes = Counter(members)
    counted = Counter(tubes.values())
    refused = [(one, one.fault.message) for one in sorted(found.refused, key=lambda one: (one.sheet, one.row))]
    held = sum(sizes[tube] for tube, result in tubes.items() if result != "negative")
    return _Preview(
        [(CHOICES[name], number) for name, number in counted.most_common()], len(tubes), len(members), unchanged,
        len(found.parsed.skipped), held, found.parsed.total, refused[:MOST], len(refused[MOST:]),
    )  # fmt: skip


@require_GET
@requires("sampling.write")
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """What came of a file."""
    found = get_object_or_404(LabFile, pk=file_id)
    rows = found.rows.defer("cells_encrypted").order_by("sheet", "row")
    return render(request, "sampling/file.html", {"file": found, "rows": _said(page_of(request, rows, 50))})


@require_GET
@requires("sampling.write")
def refused(request: HttpRequest) -> HttpResponse:
    """Rows that wait for a person, or that were settled."""
    state = request.GET.get("state", LabRow.OPEN)
    state = state if state in dict(LabRow.STATES) else LabRow.OPEN
    context = {
        "rows": _said(page_of(request, queries.refused(state), 50)), "state": state, "states": LabRow.STATES,
        "words": CHOICES,
    }  # fmt: skip
    return render(request, "sampling/refused.html", context)


def _said(page: Any) -> Any:
    """Each row with its reason in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    for row in page:
        row.said = row.why.get(language, "")
    return page


@requires("sampling.write")
def settle(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """A refused row: match it to a tube, or dismiss it with a reason."""
    found = get_object_or_404(LabRow.objects.select_related("file", "tube", "settled_by"), pk=row_id)
    initial: dict[str, Any] = {"barcode": found.barcode, "result": found.result}
    if found.reported_at is not None:
        initial["reported_at"] = f"{local.to_datetime(found.reported_at):%Y-%m-%dT%H:%M}"
    matching = request.method == "POST" and request.POST.get("do") != "dismiss"
    form, wrong = Settle(request.POST if matching else None, initial=initial), ""
    if request.method == "POST" and (not matching or form.is_valid()):
        try:
            _settled(request, found, form)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("sampling:refused")
    (found,) = _said([found])
    context = {"row": found, "form": form, "wrong": wrong, "cells": labfiles.cells(found), "words": CHOICES}
    return render(request, "sampling/settle.html", context, status=422 if wrong or form.errors else 200)


def _settled(request: HttpRequest, found: LabRow, form: Settle) -> None:
    now, user = clock.now(), actor(request).pk
    if request.POST.get("do") == "dismiss":
        labfiles.dismiss(row=found.pk, reason=request.POST.get("reason", ""), now=now, actor=user)
        messages.success(request, _("The row is dismissed."))
        return
    said = form.cleaned_data
    labfiles.match(
        row=found.pk,
        barcode=said["barcode"],
        result=said["result"],
        reported_at=said["reported_at"],
        now=now,
        actor=user,
    )
    messages.success(request, _("The result is stored."))
