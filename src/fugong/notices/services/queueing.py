"""Queueing: what any app calls, in the transaction of what the notice speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import access, personal
from fugong.base.models import User
from fugong.core.text import Text
from fugong.notices import audiences, reach, variables, wording
from fugong.notices.errors import NoticeError
from fugong.notices.models import CANCELLED, PAGE, QUEUED, UNDER_WAY, Channel, Delivery, Notice
from fugong.registry.models import Enterprise

BATCH = 2_000
Values = Mapping[str, str]


def queue(
    *, now: int, actor: UUID | None, template: str = "", words: wording.Words | None = None,
    workers: Iterable[UUID] = (), users: Iterable[UUID] = (), audience: str = "", of: UUID | None = None,
    values: Values | None = None, each: Mapping[UUID, Values] | None = None, channels: Sequence[UUID] | None = None,
    send_at: int | None = None, reason: str = "", once: str = "", enterprise: UUID | None = None, languages: str = "zh",
) -> Notice:  # fmt: skip
    """Queue a notice, in the caller's transaction: it is sent if that is committed, and only then.

    What it says: ``template`` (a name in ``wording``) or ``words``, with ``values`` for everybody and ``each`` for each worker
    or login by id (a person's name and employer are known). To whom: ``workers`` and ``users``, or an ``audience`` with its
    thing ``of``, which is resolved when it is sent. By which ``channels``: by default people's own page and every
    channel that is set to be automatic. ``once`` names what must be said once (``"register:2020-03-09"``): when it was queued
    before, those who have it already are left alone, and the others get it. Raises NoticeError.
    """
    say = words or wording.words(template)
    ways = _ways(channels)
    check_words(say, ways, languages, values or {})
    notice = _kept(once) or _made(
        Notice(
            reason=reason or template or "manual", enterprise_id=enterprise, title_zh=say.title.zh, title_en=say.title.en,
            text_zh=say.text.zh, text_en=say.text.en, values=dict(values or {}), languages=languages, audience=audience,
            of=of, once=once, state=QUEUED if audience else UNDER_WAY, send_at=now if send_at is None else send_at,
            made_by_id=actor, made_at=now, confirmed_at=now, expanded_at=None if audience else now,
        ), ways,
    )  # fmt: skip
    if audience:
        audiences.named(audience)
    elif notice.state != CANCELLED:  # said before, and stopped since: nobody else is told
        made = deliver(notice, ways, list(workers), list(users), each or {})
        Notice.objects.filter(pk=notice.pk).update(counted=made)
    return notice


def check_words(say: wording.Words, ways: Iterable[Channel], languages: str, values: Values) -> None:
    """Raises NoticeError for words that are missing, too long, with unknown variables, or too personal for a channel."""
    if not say.title.zh.strip() or not say.text.zh.strip():
        raise NoticeError("notices.no_words", field="text_zh")
    if "en" in languages.split() and not (say.title.en.strip() and say.text.en.strip()):
        raise NoticeError("notices.no_english", field="text_en")
    texts = [say.title.zh, say.text.zh, say.title.en, say.text.en]
    length = sum(map(len, spoken(say, languages)))
    if length > variables.MOST_CHARACTERS:
        raise NoticeError("notices.too_long", field="text_zh", length=length, limit=variables.MOST_CHARACTERS)
    variables.used(*texts)
    for way in ways:
        if way.is_group:
            variables.fit_for_group(way.name, [*texts, *values.values()])


def spoken(say: wording.Words, languages: str) -> tuple[str, str]:
    """Title and text as they go out: in Chinese, in English, or in one after the other."""
    both = languages.split()
    pick = [("zh", say.title.zh, say.text.zh), ("en", say.title.en, say.text.en)]
    chosen = [(title, text) for language, title, text in pick if language in both]
    return " / ".join(title for title, _text in chosen), "\n\n".join(text for _title, text in chosen)


def words_of(notice: Notice) -> wording.Words:
    """What a notice says."""
    return wording.Words(Text(notice.title_zh, notice.title_en), Text(notice.text_zh, notice.text_en))


def _ways(channels: Sequence[UUID] | None) -> list[Channel]:
    own = page_channel()
    if channels is None:
        return [own, *Channel.objects.filter(active=True, automatic=True).exclude(pk=own.pk)]
    return list(Channel.objects.filter(pk__in=channels, active=True))


def page_channel() -> Channel:
    """People's own page, the channel that always is there."""
    found = Channel.objects.filter(kind=PAGE).first()
    if found is not None:
        return found
    with access.elevated("people's own page as a channel"):
        made, _new = Channel.objects.get_or_create(
            kind=PAGE, defaults={"name": PAGE, "most": 1_000, "seconds": 1, "changed_at": 0}
        )
    return made


def _kept(once: str) -> Notice | None:
    return Notice.objects.filter(once=once).first() if once else None


def _made(notice: Notice, ways: Iterable[Channel]) -> Notice:
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
            notice.channels.set(ways)
    except IntegrityError:
        found = _kept(notice.once)
        if found is None:
            raise
        return found
    return notice


def deliver(
    notice: Notice, ways: Iterable[Channel], workers: Sequence[UUID], users: Sequence[UUID], each: Mapping[UUID, Values]
) -> int:  # fmt: skip
    """Make the deliveries of a notice: one an address and channel. Returns to how many people it goes by now.

    Who has no address for a channel has none there. Two with one address (a family's telephone) get one message if it says the
    same to both, and each their own if it says something of each. A second call adds only those who weren't there.
    """
    alone = is_personal(notice)
    for way in ways:
        if way.is_group:
            rows = [
                Delivery(notice=notice, channel=way, address=b"", due_at=notice.send_at, enterprise=notice.enterprise)
            ]
        else:
            rows = [
                _row(notice, way, found, each.get(found.worker or found.user or notice.pk), alone)
                for found in reach.reachable(way.kind, workers, users)
            ]
            there = _have_one(notice, way)
            rows = [row for row in rows if (row.worker_id or row.user_id) not in there]
        first = {row.address: row for row in reversed(rows)}
        chosen = [row for row in rows if first[row.address] is row]
        Delivery.objects.bulk_create(chosen, batch_size=BATCH, ignore_conflicts=True)
        if not way.is_group and way.kind != PAGE:
            _share(notice, way, rows)
    people = Delivery.objects.filter(notice=notice).exclude(worker=None, user=None).values("worker", "user")
    return people.distinct().count()


def _have_one(notice: Notice, way: Channel) -> set[UUID | None]:
    """Whose deliveries are there."""
    kept = Delivery.objects.filter(notice=notice, channel=way)
    return {worker or user for worker, user in kept.values_list("worker", "user")}


def _share(notice: Notice, way: Channel, rows: Iterable[Delivery]) -> None:
    """Who has no delivery because somebody with the same address has one: that one is theirs too."""
    there, kept = _have_one(notice, way), Delivery.objects.filter(notice=notice, channel=way, shares=None)
    whose = {bytes(address): pk for address, pk in kept.values_list("address", "pk")}
    left = [row for row in rows if (row.worker_id or row.user_id) not in there and bytes(row.address) in whose]
    for row in left:
        row.shares_id = whose[bytes(row.address)]
    Delivery.objects.bulk_create(left, batch_size=BATCH, ignore_conflicts=True)


def is_personal(notice: Notice) -> bool:
    """Whether a notice's text says something of each who gets it."""
    texts = (notice.title_zh, notice.text_zh, notice.title_en, notice.text_en)
    return bool(variables.personal_ones(variables.used(*texts)))


def _row(notice: Notice, way: Channel, found: reach.Reach, values: Values | None, alone: bool) -> Delivery:
    """``alone``: what the text says is this person's; so it is where they have values of their own."""
    whose = found.worker or found.user
    own = whose.bytes if whose and (alone or values) and way.kind != PAGE else b""
    return Delivery(
        notice=notice, channel=way, enterprise_id=notice.enterprise_id, worker_id=found.worker, user_id=found.user,
        address=found.digest + own, due_at=notice.send_at,
        values_encrypted=personal.encrypt(json.dumps(dict(values), ensure_ascii=False)) if values else None,
    )  # fmt: skip


def expand(*, notice_id: UUID, now: int) -> int:
    """Resolve a notice's audience and make its deliveries; returns to how many people it goes. For the sender, as the system."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=notice_id)
    if notice.state != QUEUED:
        return 0
    found = audiences.resolved(notice.audience, notice.of, maker=notice.made_by, at=now)
    workers, users = (list(one.order_by("pk").values_list("pk", flat=True)) for one in found)
    made = deliver(notice, notice.channels.filter(active=True), workers, users, {})
    Notice.objects.filter(pk=notice.pk).update(state=UNDER_WAY, expanded_at=now, counted=made)
    return made


def owner_of(user: User | None) -> Enterprise | None:
    """Whose a notice is that somebody writes: their enterprise's; None for the town's."""
    if user is None or user.role.scope != "enterprise":
        return None
    return Enterprise.objects.filter(pk=user.scope_id).first()
