"""The snapshot for devices that decide by themselves."""

from __future__ import annotations

import gzip
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja import Query, Router, Schema

from fugong.base import clock
from fugong.base.access import looked_at, needs
from fugong.doors import queries
from fugong.doors.authentication import device_of
from fugong.doors.snapshot.making import Held, Snapshot, snapshot

router = Router()
_LEVEL = 6


class SnapshotIn(Schema):
    """Which permission; and the number and lineage of what the device holds, to be told only what has changed."""

    permission: Literal["enter", "board"] = "enter"
    since: int | None = None
    lineage: str | None = None


@router.get("/doors/{door}/snapshot", summary="What a device needs to decide by itself, whole or what has changed")
def of_door(request: HttpRequest, door: UUID, asked: Query[SnapshotIn]) -> HttpResponse:
    """JSON as ``docs/doors.md`` describes it, signed in the header ``Fugong-Signature`` (ES256 over the body's bytes)."""
    place = queries.door_of(needs(request, "door.check"), door)
    held = None if asked.since is None or asked.lineage is None else Held(asked.since, asked.lineage)
    now = clock.now()
    made = snapshot(place, asked.permission, now=now, held=held, for_device=device_of(request) is not None)
    tag = f'W/"{made.tag}"'
    if tag in (one.strip() for one in request.headers.get("If-None-Match", "").split(",")):
        answer = HttpResponse(status=304)
    else:
        answer = _answer(request, made, now)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache, private"
    patch_vary_headers(answer, ["Authorization", "Accept-Encoding"])
    return answer


def _answer(request: HttpRequest, made: Snapshot, now: int) -> HttpResponse:
    looked_at(made.workers)  # one entry for all of them; nobody is shown, and none is written, where nothing changed
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    body = gzip.compress(made.body, _LEVEL, mtime=0) if packed else made.body
    answer = HttpResponse(body, content_type="application/json")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Fugong-Signature"] = made.signature(now)
    return answer
