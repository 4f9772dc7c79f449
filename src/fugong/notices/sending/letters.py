"""What goes out next by a channel: which deliveries together, with which words, to which addresses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from fugong.base import clock, personal
from fugong.notices import links, reach, variables
from fugong.notices.channels.common import Letter, Way
from fugong.notices.channels.registry import ADAPTERS, repeatable
from fugong.notices.errors import NoticeError
from fugong.notices.models import (
    CANCELLED,
    DEAD,
    MAIL,
    PAGE,
    QUEUED,
    UNKNOWN,
    Attempt,
    Channel,
    Delivery,
    Notice,
    Secret,
)
from fugong.notices.services.queueing import is_personal, spoken, words_of
from fugong.registry.models import Employment, Town, Worker

MARGIN = 600
"""So many seconds before a channel forgets what it has had, nothing is repeated any more."""
PAUSE = 30
"""Seconds before something is repeated by its key."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter with whom it is for. ``repeats`` is the attempt that it repeats; ``payload`` a digest of all that is sent."""

    letter: Letter
    to_send: Sequence[Delivery]
    addresses: Mapping[UUID, str]
    payload: bytes
    repeats: UUID | None = None


NOTHING = Sending(Letter("", "", ""), (), {}, b"")


def next_due(channel: Channel, now: int) -> Sending | None:
    """The next letter that is due; one without anybody where all who were due have no address any more.

    What says the same to everybody goes to as many as the channel takes in one call; else to one.
    """
    due = Delivery.objects.filter(channel=channel, state=QUEUED, due_at__lte=now, shares=None)
    first = due.order_by("due_at", "pk").select_related("notice").first()
    if first is None:
        return None
    alone = channel.is_group or (
        channel.kind != PAGE and (first.values_encrypted is not None or is_personal(first.notice))
    )  # a page is filled in when it is read
    batch = 1 if alone else ADAPTERS[channel.kind].batch
    if channel.kind != PAGE and not alone:
        due = due.filter(values_encrypted=None)
    rows = list(
        due.filter(notice=first.notice)
        .order_by("due_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:batch]
    )
    return written(channel, first.notice, rows, now)


def repeat(channel: Channel, now: int) -> Sending | None:
    """What nobody knows of, again to the letter, where the channel itself drops what it has had already; else None."""
    seconds = repeatable(channel.kind, channel.settings)
    if not seconds:
        return None
    lost = Attempt.objects.filter(
        ~stopped("notice"), channel=channel, outcome=UNKNOWN, looked_at=None,
        asked_at__gt=now - seconds + min(MARGIN, seconds // 2), asked_at__lte=now - PAUSE,
    )  # fmt: skip
    for attempt in lost.order_by("asked_at").select_related("notice"):
        rows = Delivery.objects.filter(pk__in=attempt.people, attempt=attempt, state=UNKNOWN).select_for_update(
            of=("self",)
        )
        order = {one: place for place, one in enumerate(attempt.people)}
        again = written(channel, attempt.notice, sorted(rows, key=lambda one: order[one.pk]), now)
        if again.to_send and again.payload == bytes(attempt.payload):
            return Sending(again.letter, again.to_send, again.addresses, again.payload, attempt.pk)
        Attempt.objects.filter(pk=attempt.pk).update(looked_at=now)  # it would be another one: a person decides
    return None


def stopped(notice: str) -> Exists:
    """Whether somebody has stopped the notice of a row while it went out; ``notice`` is the row's field."""
    return Exists(Delivery.objects.filter(notice=OuterRef(notice), state=CANCELLED))


def written(channel: Channel, notice: Notice, rows: Sequence[Delivery], now: int) -> Sending:
    """A letter to these; who has no address any more is a dead letter."""
    addresses = {} if channel.is_group else reach.addresses(channel.kind, rows)
    if not channel.is_group:
        gone = [row.pk for row in rows if row.pk not in addresses]
        Delivery.objects.filter(pk__in=gone, state=QUEUED).update(state=DEAD, error="no_address")
        rows = [row for row in rows if row.pk in addresses]
    if not rows:
        return NOTHING
    title, text = spoken(words_of(notice), notice.languages)
    try:
        values = values_for(notice, rows[0])
        if channel.is_group:
            variables.fit_for_group(channel.name, [title, text, *map(str, notice.values.values())])
        title, text = variables.filled(title, values), variables.filled(text, values)
    except NoticeError as fault:
        Delivery.objects.filter(pk__in=[row.pk for row in rows], state=QUEUED).update(state=DEAD, error=fault.code[:64])
        return NOTHING
    to = [addresses[row.pk] for row in rows] if not channel.is_group else []
    files = _files(notice) if channel.kind == MAIL else ()
    letter = Letter(str(rows[0].pk), title, text, to, common_link(notice), files)
    said = json.dumps([letter.key, title, text, list(to), letter.link], ensure_ascii=False)
    return Sending(letter, rows, addresses, hashlib.sha256(said.encode()).digest())


def values_for(notice: Notice, row: Delivery) -> dict[str, str]:
    """Everything that a notice's variables stand for, to whom a delivery goes. What depends on time depends on the notice's."""
    town = Town.objects.select_related("division").first()
    values = {"town": town.division.name if town else "", "date": variables.day_said(notice.send_at), **notice.values}
    if row.worker_id:
        values |= _of_worker(row.worker_id)
    elif row.user_id and row.user is not None:
        values["name"] = row.user.get_full_name() or row.user.username
    if row.values_encrypted is not None:
        values |= json.loads(personal.decrypt(bytes(row.values_encrypted)))
    values["link"] = links.address(row.pk)
    return {name: str(value) for name, value in values.items()}


def _of_worker(worker: UUID) -> dict[str, str]:
    name = Worker.objects.filter(pk=worker).values_list("name", flat=True).first()
    employer = Employment.objects.filter(worker=worker, active=True).values_list("enterprise__name", flat=True).first()
    return {"name": name or "", "enterprise": employer or ""}


def common_link(notice: Notice) -> str:
    """Where the notice can be read by whoever signs in; empty where no phone reaches the server."""
    base = settings.FUGONG_ADDRESS
    return f"{base}{reverse('notices:read', args=[notice.pk])}" if base else ""


def _files(notice: Notice) -> list[tuple[str, str, bytes]]:
    return [
        (one.filename, one.media_type, personal.decrypt_bytes(bytes(one.encrypted))) for one in notice.attachments.all()
    ]


def way(channel: Channel, now: int) -> Way:
    """A channel as its adapter sees it, with its secrets."""
    kept = Secret.objects.filter(channel=channel).first()
    secret = json.loads(personal.decrypt(bytes(kept.encrypted))) if kept else {}
    alive = kept and kept.token_encrypted is not None and (kept.token_until or 0) > now
    token = personal.decrypt(bytes(kept.token_encrypted or b"")) if kept and alive else ""

    def keep(new: str, until: int) -> None:
        Secret.objects.filter(channel=channel).update(token_encrypted=personal.encrypt(new), token_until=until)

    base = channel.base_url or ADAPTERS[channel.kind].default_url
    return Way(base, channel.settings, secret, now, clock.now_milliseconds(), token, keep)
