"""What the pages of resumption send, read leniently: what is missing is said by the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fugong.base import files, local
from fugong.base.faults import declare
from fugong.resumption.errors import ResumptionError
from fugong.resumption.services.filings import Said
from fugong.resumption.services.review import Asked

declare(
    {
        "resumption.day": _("Choose a day, for example 2020-03-09."),
        "resumption.yuan": _("“%(value)s” is no amount: type yuan a day, for example 800000."),
    }
)
_WAN = 10_000


def day(text: Any, field: str, otherwise: int | None = None) -> int:
    """The beginning of a local day, as ``<input type="date">`` sends it. Raises ResumptionError."""
    typed = str(text or "").strip()
    if not typed and otherwise is not None:
        return otherwise
    try:
        return local.start_of_day(date.fromisoformat(typed))
    except (ValueError, OverflowError):
        raise ResumptionError("resumption.day", field=field) from None


def yuan(text: Any, field: str, least: float) -> float:
    """An amount as people type it: ``800000``, ``800,000``, ``80万``. Raises ResumptionError."""
    typed = str(text or "").replace(",", "").replace("，", "").strip().removesuffix("元")
    times = _WAN if typed.endswith("万") else 1
    try:
        value = float(typed.removesuffix("万")) * times
    except ValueError:
        value = -1
    if not least <= value <= 1e13:
        raise ResumptionError("resumption.yuan", field=field, value=str(text or "")[:20])
    return int(value) if value.is_integer() else value


def said(posted: QueryDict, plan_file: UploadedFile[Any] | None = None) -> Said:
    """A filing. Raises ResumptionError."""
    return Said(
        day(posted.get("starts"), "starts"), str(posted.get("plan", "")), posted.getlist("commitment"),
        str(posted.get("signed_by", "")), files.sent(plan_file),
    )  # fmt: skip


def conditions(posted: QueryDict) -> list[Asked]:
    """Conditions, one a line, with one term for all of them. Raises ResumptionError."""
    lines = [line.strip() for line in str(posted.get("conditions", "")).splitlines() if line.strip()]
    typed = posted.get("due")
    due = local.start_of_day(local.day_after(local.day_of(day(typed, "due")))) - 1 if lines and typed else None
    return [Asked(line, due) for line in lines[:20]]
