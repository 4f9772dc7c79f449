"""Local time at the edges: what people read and type, in the zone where they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from fugong.core.time import MINUS_INF, PLUS_INF

DAY = 86_400


def zone() -> ZoneInfo:
    """The zone of the town."""
    return ZoneInfo(settings.TIME_ZONE)


def to_datetime(moment: int) -> datetime:
    """The local date and time of a moment (seconds since the epoch)."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone())


def from_datetime(when: datetime) -> int:
    """The moment of a date and time; a naive one is local."""
    return int((when if when.tzinfo else when.replace(tzinfo=zone())).timestamp())


def start_of_day(day: date) -> int:
    """The moment at which a local calendar day begins."""
    return from_datetime(datetime.combine(day, time.min))


def day_of(moment: int) -> date:
    """The local calendar day of a moment."""
    return to_datetime(moment).date()


def at(day: date, clock: str) -> int:
    """The moment of a local clock time (``"07:30"``) on a day."""
    return from_datetime(datetime.combine(day, time.fromisoformat(clock)))


def day_after(day: date, days: int = 1) -> date:
    """The calendar day that comes ``days`` later."""
    return day + timedelta(days=days)


def parse(text: str) -> int:
    """A moment from RFC 3339 or ISO 8601 text (naive means local), or from whole epoch seconds.

    Raises ValueError when the text is neither, or when the moment lies beyond minus or plus infinity (2³⁵ seconds).
    """
    stripped = text.strip()
    if stripped.lstrip("-").isdigit() and len(stripped) >= 9:
        moment = int(stripped)
    else:
        try:
            moment = from_datetime(datetime.fromisoformat(stripped))
        except OverflowError:
            raise ValueError(stripped) from None
    if not MINUS_INF < moment < PLUS_INF:
        raise ValueError(stripped)
    return moment


def rfc3339(moment: int) -> str:
    """A moment as RFC 3339 text with the town's offset."""
    return to_datetime(moment).isoformat()
