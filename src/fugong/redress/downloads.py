"""Downloading one's own file, as PDF and as JSON."""

from __future__ import annotations

import json
import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock, fonts, local
from fugong.base.access import requires
from fugong.redress import printing
from fugong.redress.export import person_file
from fugong.redress.views import own_worker

MADE = "fugong-made"
"""The cookie that tells the page that a download has come."""


@require_GET
@requires("self.read")
def page(request: HttpRequest) -> HttpResponse:
    """Both downloads, and which characters of the name the PDF can't print."""
    worker = own_worker(request)
    return render(request, "redress/download.html", {"worker": worker, "missing": fonts.unprintable(worker.name)})


@require_GET
@requires("self.read")
def as_json(request: HttpRequest) -> HttpResponse:
    """One's own file as data."""
    data = person_file(own_worker(request), clock.now())
    body = json.dumps(data, ensure_ascii=False, indent=1)
    return _to_save(request, HttpResponse(body, content_type="application/json"), "json")


@require_GET
@requires("self.read")
def as_pdf(request: HttpRequest) -> HttpResponse:
    """One's own file on paper."""
    made = printing.pdf(person_file(own_worker(request), clock.now()))
    return _to_save(request, HttpResponse(made, content_type="application/pdf"), "pdf")


def _to_save(request: HttpRequest, response: HttpResponse, ending: str) -> HttpResponse:
    """To be saved under a name without anybody's data; told to the page by a cookie."""
    response["Content-Disposition"] = f'attachment; filename="fugong-{local.day_of(clock.now()):%Y%m%d}.{ending}"'
    token = request.GET.get("made", "")
    if re.fullmatch(r"[a-z0-9]{1,24}", token):
        response.set_cookie(MADE, token, max_age=60, samesite="Lax", secure=request.is_secure())
    return response
