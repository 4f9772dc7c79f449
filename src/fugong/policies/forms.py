"""What the pages of policies send, read leniently: what is missing is said by the services."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from fugong.base import files, local
from fugong.base.files import File
from fugong.policies.errors import PolicyError
from fugong.policies.wording import fen, yuan


def day(request: HttpRequest, name: str, later: int = 0) -> int | None:
    """The beginning of a day that was typed (or of the one so many days later); None for nothing. Raises PolicyError."""
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    try:
        return local.start_of_day(local.day_after(date.fromisoformat(typed), later))
    except (ValueError, OverflowError):
        raise PolicyError("policy.times", field=name) from None


def amount(request: HttpRequest, most: int) -> int:
    """An amount in fen that was typed in yuan. Raises PolicyError."""
    found = fen(request.POST.get("amount", ""))
    if found is None:
        raise PolicyError("claim.amount", field="amount", most=yuan(most))
    return found


def file(request: HttpRequest) -> File | None:
    """The file that was chosen, if any."""
    return files.sent(request.FILES.get("file"))
