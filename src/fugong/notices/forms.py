"""What the pages of notices read from their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest

from fugong.base import local
from fugong.base.typed import identifier_or_none
from fugong.notices.errors import NoticeError
from fugong.notices.services.compose import Draft, File, with_words


@dataclass(slots=True)
class Posted:
    """A form as it was typed, with what is wrong with it, by field."""

    values: dict[str, str] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    wrong: str = ""
    where: str = ""


def ids(given: list[str]) -> list[UUID]:
    """The ids among some texts; what is none is left out."""
    return [one for one in map(identifier_or_none, given) if one]


def recipients(given: Mapping[str, str]) -> tuple[str, UUID | None]:
    """To whom: an audience and the thing ``of`` that was chosen, in a form, or in an address also as ``to=name:id``."""
    audience, _colon, of = given.get("to", "").partition(":")
    return audience, identifier_or_none(given.get("of", "") or of)


def moment(text: str) -> int | None:
    """The moment of a date and time; None for nothing. Raises NoticeError for what is none."""
    if not text.strip():
        return None
    try:
        return local.parse(text.strip())
    except ValueError as error:
        raise NoticeError("notices.past", field="send_at") from error


def draft(request: HttpRequest) -> Draft:
    """What somebody wrote. Raises NoticeError."""
    post = request.POST
    audience, of = recipients(post)
    if not audience:
        raise NoticeError("notices.no_audience", field="to")
    files = [File(one.name or "", one.read()) for one in request.FILES.getlist("files")]
    return Draft(
        with_words(*(post.get(name, "")[:2_000] for name in ("title_zh", "title_en", "text_zh", "text_en"))),
        post.get("languages", "zh") if post.get("languages") in ("zh", "en", "zh en") else "zh",
        audience, of, ids(post.getlist("channels")), moment(post.get("send_at", "")), files,
    )  # fmt: skip
