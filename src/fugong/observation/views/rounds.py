"""The nurse's round: on the tablet, with or without a network, or on paper and typed in afterwards in the same order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.typed import identifier_or_none
from fugong.ledger.symptoms import SYMPTOMS
from fugong.observation import forms, printing
from fugong.observation.board import Board, board, fever_limit
from fugong.observation.errors import ObservationError
from fugong.observation.services import rounds
from fugong.observation.services.rounds import Measured, Said
from fugong.observation.views.reach import by_page, site_of

KEYS = tuple(f"{tenths / 10:.1f}" for tenths in range(360, 373))
"""The temperatures that have a key of their own: 36.0 to 37.2 ℃."""
MOST = 500
"""So many entries are taken in one request."""


@require_GET
@requires("site.health")
def page(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """All rooms on one page, one at a time: what was entered is kept on the tablet until the server has it."""
    site, now = site_of(request, place_id), clock.now()
    shown = board(site.pk, now, with_health=True)
    context = {
        "site": site, "board": shown, "tiles": [tile for tile in shown.tiles if tile.guest], "keys": KEYS,
        "symptoms": SYMPTOMS, "fever": fever_limit(now), "now": now,
    }  # fmt: skip
    return render(request, "observation/round.html", context)


@require_GET
@requires("site.health")
def worker(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The service worker of a site's round: its scope is this site's round and nothing else."""
    site_of(request, place_id)
    found = finders.find("observation/round-worker.js")
    assert isinstance(found, str)
    response = HttpResponse(Path(found).read_bytes(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_POST
@requires("site.health")
def entries(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Entries that a tablet sends: for each what became of it. Sent twice, each is stored once."""
    site = site_of(request, place_id)
    try:
        sent = json.loads(request.body)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST:
        return JsonResponse({"error": ObservationError("round.not_understood").message}, status=422)
    return JsonResponse({"entries": [_answer(site.pk, one, request) for one in sent]})


def _answer(site: UUID, sent: Any, request: HttpRequest) -> dict[str, str]:
    shown = str(sent.get("id", "")) if isinstance(sent, dict) else ""
    try:
        entry = forms.measured(sent)
    except Fault as fault:
        return {"id": shown, "status": "refused", "message": fault.message}
    (said,) = rounds.record(site=site, entries=[entry], by=by_page(request))
    return {"id": shown, "status": said.status, "message": said.fault.message if said.fault else ""}


@require_GET
@requires("site.health")
def sheet(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The round on paper: rooms in walking order with room to write, as PDF."""
    site, now = site_of(request, place_id), clock.now()
    made = printing.sheet(site, board(site.pk, now, with_health=True), now)
    return HttpResponse(made, content_type="application/pdf")


@require_http_methods(["GET", "POST"])
@requires("site.health")
def paper(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Typing a sheet in: one line a bed, in the same order. What is left empty wasn't measured."""
    site, now = site_of(request, place_id), clock.now()
    shown = board(site.pk, now, with_health=True)
    wrong: dict[UUID, str] = {}
    at = now
    if request.method == "POST":
        try:
            at = forms.moment(request.POST.get("at"), now)
        except Fault as fault:
            messages.error(request, fault.message)
        else:
            stored = _typed_in(request, site.pk, shown, at, wrong)
            if stored:
                text = ngettext("%(number)s entry is stored.", "%(number)s entries are stored.", stored)
                messages.success(request, text % {"number": stored})
            if not wrong and stored:
                return redirect("observation:board", site.pk)
            if not wrong:
                messages.error(request, _("Nothing was typed."))
            shown = board(site.pk, now, with_health=True)
    lines = [_line(request, tile.guest, tile, wrong) for tile in shown.tiles if tile.guest]
    context = {"site": site, "lines": lines, "at": at, "now": now, "symptoms": SYMPTOMS, "batch": _batch(request)}
    return render(request, "observation/paper.html", context, status=422 if wrong else 200)


def _batch(request: HttpRequest) -> UUID:
    """The id of the sheet that is being typed in: sending the form twice stores each line once."""
    return identifier_or_none(request.POST.get("batch")) or uuid7()


def _line(request: HttpRequest, guest: Any, tile: Any, wrong: dict[UUID, str]) -> dict[str, Any]:
    kept = guest.stay in wrong
    return {
        "tile": tile, "guest": guest, "wrong": wrong.get(guest.stay, ""),
        "celsius": request.POST.get(f"celsius-{guest.stay}", "") if kept else "",
        "chosen": request.POST.getlist(f"symptoms-{guest.stay}") if kept else guest.symptoms,
        "absent": kept and f"absent-{guest.stay}" in request.POST,
    }  # fmt: skip


def _typed_in(request: HttpRequest, site: UUID, shown: Board, at: int, wrong: dict[UUID, str]) -> int:
    """Store the lines in which something was typed; returns how many, and puts what was refused into ``wrong``."""
    batch, by, stored = _batch(request), by_page(request), 0
    for guest in shown.guests:
        posted = request.POST
        try:
            value = forms.celsius(posted.get(f"celsius-{guest.stay}"))
        except Fault as fault:
            wrong[guest.stay] = fault.message
            continue
        symptoms, absent = tuple(posted.getlist(f"symptoms-{guest.stay}")), f"absent-{guest.stay}" in posted
        listed = f"listed-{guest.stay}" in posted
        changed = listed and set(symptoms) != set(guest.symptoms)
        if value is None and not changed and not absent:
            continue
        entry = Measured(rounds.line_id(batch, guest.stay), guest.stay, at, value, symptoms if listed else None, absent)
        (said,) = rounds.record(site=site, entries=[entry], by=by)
        stored += _counted(said, guest.stay, wrong)
    return stored


def _counted(said: Said, stay: UUID, wrong: dict[UUID, str]) -> int:
    if said.fault is not None:
        wrong[stay] = said.fault.message
        return 0
    return 1
