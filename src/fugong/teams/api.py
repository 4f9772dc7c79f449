"""What the visit sheet on a phone asks of the server: the day, and its rows and pictures taken in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from fugong.base import clock
from fugong.base.access import needs
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.teams.app.day import day
from fugong.teams.app.rows import identifier, read
from fugong.teams.errors import TeamError
from fugong.teams.services import pictures, sheets
from fugong.teams.services.pictures import Picture

router = Router()
MOST = 500
"""So many rows are taken in one request."""
_LONGEST = 11
"""Digits of a moment."""
_WHO = "Fugong-Member"
"""The header that says whose records these are: nobody sends another one's."""


@router.get("/visits/day", url_name="visits_day")
def the_day(request: HttpRequest) -> dict[str, Any]:
    """Today's visits of the team of whoever is signed in."""
    return day(_member(request), clock.now())


@router.post("/visits/rows", url_name="visits_rows")
def rows(request: HttpRequest) -> dict[str, Any]:
    """Rows of visit sheets, in their order: what became of each. Sent twice, each is stored once."""
    user = _member(request)
    try:
        sent = json.loads(request.body)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST:
        raise HttpError(422, TeamError("sheet.not_understood").message)
    return {"rows": [_answer(one, user) for one in sent]}


def _answer(sent: Any, user: User) -> dict[str, Any]:
    shown = str(sent.get("id", "")) if isinstance(sent, dict) else ""
    try:
        row = read(sent)
    except Fault as fault:
        return _refused(shown, fault)
    (said,) = sheets.take_in(rows=[row], now=clock.now(), actor=user.pk)
    return {"id": shown, "status": said.status} if said.fault is None else _refused(shown, said.fault)


def _refused(shown: str, fault: Fault) -> dict[str, Any]:
    return {"id": shown, "status": "refused", "problem": {"code": fault.code, "detail": fault.message}}


@router.post("/visits/pictures", url_name="visits_pictures")
def picture(request: HttpRequest) -> dict[str, Any]:
    """One picture as it is (JPEG or PNG) in the body; the address says its ``id``, of which ``visit``, what ``kind``, ``at``."""
    user, said = _member(request), request.GET
    try:
        if int(request.headers.get("Content-Length") or 0) > pictures.MOST_BYTES:
            raise TeamError("photo.too_large", limit=pictures.MOST_BYTES // 2**20)
        of = identifier(said["problem"]) if said.get("problem") else None
        key, visit, at = identifier(said.get("id")), identifier(said.get("visit")), said.get("at", "")
        if not at.isascii() or not at.isdigit() or len(at) > _LONGEST:
            raise TeamError("sheet.not_understood")
        sent = Picture(key, visit, said.get("kind", ""), int(at), request.body, of)
        stored = pictures.keep(picture=sent, now=clock.now(), actor=user.pk)
    except Fault as fault:
        return {"rows": [_refused(said.get("id", ""), fault)]}
    return {"rows": [{"id": str(key), "status": "stored" if stored else "already"}]}


def _member(request: HttpRequest) -> User:
    """Whoever is signed in: a team member, and the one who made the records. Raises PermissionDenied or HttpError."""
    user = needs(request, "visits.write")
    made_by = request.headers.get(_WHO)
    if made_by and made_by != str(user.pk):
        raise HttpError(409, TeamError("sheet.other_member").message)
    return user
