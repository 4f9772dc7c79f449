"""Read receipts: what DingTalk says of who got and who read a work notification."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fugong.base import access
from fugong.notices import reach
from fugong.notices.channels.dingtalk import Result, Work
from fugong.notices.models import ACCEPTED, DEAD, DINGTALK_WORK, SENT, Attempt, Delivery
from fugong.notices.sending import letters

ASKED_FOR = 86_400
"""So long after a notice was sent its receipts are asked for."""
PAUSE = 300
MOST = 50
"""At most so many tasks are asked about in one run."""


def collect(now: int) -> Mapping[str, int]:
    """Ask for the receipts of the last day's work notifications; returns how many people have read and didn't get them."""
    attempts = Attempt.objects.filter(channel__kind=DINGTALK_WORK, channel__active=True, outcome=ACCEPTED).exclude(
        ref=""
    )
    young = attempts.filter(asked_at__gt=now - ASKED_FOR).exclude(looked_at__gt=now - PAUSE)
    read = dead = 0
    for attempt in young.order_by("looked_at", "asked_at").select_related("channel")[:MOST]:
        result = Work().result(letters.way(attempt.channel, now), attempt.ref)
        Attempt.objects.filter(pk=attempt.pk).update(looked_at=now)
        if result is not None:
            more, fewer = _noted(attempt, result, now)
            read, dead = read + more, dead + fewer
        access.milestone()
    return {"read": read, "dead": dead}


def _noted(attempt: Attempt, result: Result, now: int) -> tuple[int, int]:
    rows = list(Delivery.objects.filter(attempt=attempt, state=SENT, shares=None))
    addresses = reach.addresses(DINGTALK_WORK, rows)
    of = {addresses[row.pk]: row for row in rows if row.pk in addresses}

    def ids(users: frozenset[str], again: bool | None = None) -> list[UUID]:
        found = [of[user] for user in users if user in of]
        return [row.pk for row in found if again is None or bool(row.again) == again]

    sent = Delivery.objects.filter(attempt=attempt, state=SENT)
    read = sent.filter(pk__in=ids(result.read), read_at=None).update(read_at=now)
    dead = sent.filter(pk__in=ids(result.invalid)).update(state=DEAD, error="unknown_address")
    dead += sent.filter(pk__in=ids(result.failed)).update(state=DEAD, error="failed")
    # What DingTalk dropped after it had been sent again was there already: it drops the same text on the same day.
    dead += sent.filter(pk__in=ids(result.forbidden, again=False)).update(state=DEAD, error="forbidden")
    sent.filter(pk__in=ids(result.forbidden, again=True)).update(error="had_it")
    return read, dead
