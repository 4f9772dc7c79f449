"""The sender: takes what is due, notes the attempt and commits it, asks the channel, notes the answer and commits that.

One sender at a time works a channel (an advisory lock of its connection), so an attempt without an answer that it finds is one
whose sender died in the middle: then nobody knows, and it says so. A batch is one attempt, and shares its fate.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from threading import Event
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Exists, F, OuterRef, Q

from fugong.base import access, clock
from fugong.notices.channels.common import Answer
from fugong.notices.channels.registry import ADAPTERS
from fugong.notices.models import (
    ACCEPTED,
    ASKED,
    BY_KEY,
    BY_PERSON,
    CANCELLED,
    DEAD,
    LATER,
    QUEUED,
    SENDING,
    SENT,
    UNKNOWN,
    Attempt,
    Channel,
    Delivery,
    Notice,
)
from fugong.notices.sending import letters
from fugong.notices.services.queueing import expand

BUDGET = 4
"""Seconds that one run of the steward's task works at most: a steward that is stopped waits about as long for it."""
MOST_TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = 30, 3_600
"""Seconds between tries: each pause twice the one before."""
_LOCK = 0x6E_6F_74
_NAP = 0.1

_wait = Event()
log = logging.getLogger(__name__)


def run(now: int) -> Mapping[str, int]:
    """The steward's task: whatever is due goes out, for a few seconds."""
    return work(budget=BUDGET, started=now)


def work(*, budget: int, started: int, patient: bool = False) -> Counter[str]:
    """Send what is due until nothing is, or until ``budget`` seconds are over.

    ``patient``: wait for limits to pass instead of stopping. Returns what happened, counted by people. As the system.
    """
    done: Counter[str] = Counter()
    refused: set[UUID] = set()
    while clock.now() < started + budget:
        done["notices"] += _expand(clock.now())
        moved = False
        for channel in _with_work(clock.now()):
            if channel.pk in refused:
                continue
            if not _take(channel.pk):
                refused.add(channel.pk)  # another sender has it
                continue
            try:
                moved = _step(channel, done) or moved
            finally:
                _leave(channel.pk)
        if not moved:
            if not patient or not _more(clock.now(), started + budget):
                break
            _wait.wait(_NAP)
    return done


def _expand(now: int) -> int:
    """Make the deliveries of notices whose moment has come."""
    due = list(
        Notice.objects.filter(state=QUEUED, send_at__lte=now).order_by("send_at", "pk").values_list("pk", flat=True)
    )
    for notice in due:
        expand(notice_id=notice, now=now)
        access.milestone()
    return len(due)


def _with_work(now: int) -> list[Channel]:
    due = Delivery.objects.filter(channel=OuterRef("pk"), state=QUEUED, due_at__lte=now, shares=None)
    lost = Attempt.objects.filter(channel=OuterRef("pk"), outcome__in=[ASKED, UNKNOWN])
    return list(Channel.objects.filter(Exists(due) | Exists(lost), active=True, held_until__lte=now).order_by("pk"))


def _more(now: int, until: int) -> bool:
    """Whether anything will be due by then."""
    held = Q(channel__held_until__lte=until, channel__active=True)
    return (
        Delivery.objects.filter(held, state=QUEUED, due_at__lte=until, shares=None).exists()
        or Notice.objects.filter(state=QUEUED, send_at__lte=until).exists()
    )


def _take(channel: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, str(channel)])
        return bool(cursor.fetchone()[0])


def _leave(channel: UUID) -> None:
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCK, str(channel)])


def _step(channel: Channel, done: Counter[str]) -> bool:
    """One call to a channel, if it may be made now; whether one was made."""
    now = clock.now()
    done["unknown"] += settle_lost(channel, now)
    access.milestone()
    if _used(channel, now) >= channel.most:
        return False
    letter = letters.repeat(channel, now) or letters.next_due(channel, now)
    if letter is None:
        return False
    if not letter.to_send:
        access.milestone()
        return True
    attempt = note(channel, letter, now)
    access.milestone()
    answer = _asked(channel, letter, now)
    done.update(record(attempt, letter, answer, clock.now()))
    access.milestone()
    return True


def _asked(channel: Channel, letter: letters.Sending, now: int) -> Answer:
    """What the channel says. An adapter never raises; what a library under it raises must not stop the other channels."""
    way = letters.way(channel, now)
    try:
        return ADAPTERS[channel.kind].send(way, letter.letter)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("channel %s", channel.kind)
        return Answer(UNKNOWN, "adapter_failed", type(error).__name__)


def _used(channel: Channel, now: int) -> int:
    """How many calls were made within the limit's time; the second that has only begun counts in whole."""
    return Attempt.objects.filter(channel=channel, asked_at__gte=now - channel.seconds).count()


def settle_lost(channel: Channel, now: int) -> int:
    """Attempts without an answer whose sender is gone: nobody knows what became of them. Returns how many people's.

    Called by who holds the channel, so that no sender can still be waiting for the answer.
    """
    people = 0
    for attempt in Attempt.objects.filter(channel=channel, outcome=ASKED):
        Attempt.objects.filter(pk=attempt.pk).update(outcome=UNKNOWN, answered_at=now, code="sender_died")
        lost = Delivery.objects.filter(attempt=attempt, state=SENDING)
        people += lost.update(state=UNKNOWN, error="sender_died")
    return people


def note(channel: Channel, letter: letters.Sending, now: int) -> Attempt:
    """Write down that the channel is about to be asked, before it is."""
    ids = [one.pk for one in letter.to_send]
    attempt = Attempt.objects.create(
        channel=channel, notice_id=letter.to_send[0].notice_id, people=ids, asked_at=now, payload=letter.payload
    )
    rows = Delivery.objects.filter(pk__in=ids)
    if letter.repeats:
        rows.filter(state=UNKNOWN).update(state=QUEUED, again=BY_KEY, again_at=now)
        Attempt.objects.filter(pk=letter.repeats).update(looked_at=now)
    rows.filter(state=QUEUED).update(state=SENDING, attempt=attempt, tries=F("tries") + 1, error="")
    return attempt


def record(attempt: Attempt, sending: letters.Sending, answer: Answer, now: int) -> Counter[str]:
    """Write down what came of an attempt; counted by people."""
    outcome = {
        "outcome": answer.outcome,
        "answered_at": now,
        "code": answer.code[:64],
        "words": answer.words,
        "ref": answer.ref,
    }
    Attempt.objects.filter(pk=attempt.pk).update(**outcome)
    if answer.hold:
        Channel.objects.filter(pk=attempt.channel_id).update(held_until=now + answer.hold)
    rows = Delivery.objects.filter(attempt=attempt, state=SENDING)
    code = answer.code[:64]
    if answer.outcome == ACCEPTED:
        bad = [one.pk for one in sending.to_send if sending.addresses.get(one.pk) in answer.bad]
        dead = rows.filter(pk__in=bad).update(state=DEAD, error="unknown_address")
        return Counter(sent=rows.update(state=SENT, sent_at=now, error=""), dead=dead)
    if answer.outcome == UNKNOWN:
        return Counter(unknown=rows.update(state=UNKNOWN, error=code))
    if answer.outcome == LATER:
        return _later(attempt, answer, now)
    return Counter(dead=rows.update(state=DEAD, error=code))


def _later(attempt: Attempt, answer: Answer, now: int) -> Counter[str]:
    """Back into the queue: as it was where the channel is held, else after a pause, and after many tries a dead letter.

    Not what somebody has stopped in the meantime, unless a person has sent it again since.
    """
    sent = Delivery.objects.filter(attempt=attempt, state=SENDING)
    code = answer.code[:64] or LATER
    stopped = sent.filter(letters.stopped("notice")).exclude(again=BY_PERSON).update(state=CANCELLED, error=code)
    if answer.hold:
        return Counter(stopped=stopped, later=sent.update(state=QUEUED, tries=F("tries") - 1, error=code))
    dead = sent.filter(tries__gte=MOST_TRIES).update(state=DEAD, error=code)
    later = 0
    for tries in range(1, MOST_TRIES):
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1))
        later += sent.filter(tries=tries).update(state=QUEUED, due_at=now + pause, error=code)
    return Counter(stopped=stopped, later=later, dead=dead)
