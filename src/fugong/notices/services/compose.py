"""Writing a notice by hand: a draft, shown with how many would get it, confirmed, and agreed to by a second person for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from fugong.base import personal
from fugong.base.hands import same_hands
from fugong.base.models import User
from fugong.core.text import Text
from fugong.notices import audiences, variables
from fugong.notices.errors import NoticeError
from fugong.notices.models import (
    CANCELLED,
    DRAFT,
    QUEUED,
    WAITING,
    Attachment,
    Channel,
    Delivery,
    Notice,
)
from fugong.notices.services.queueing import check_words, owner_of, page_channel, words_of
from fugong.notices.wording import Words

MOST_FILES, MOST_BYTES = 3, 5 * 2**20
APART = 7 * 86_400
"""Two logins whose password was handed from one to the other are not two people for so long."""
_MEDIA = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_VALUES_OF_ALL = {"town", "date"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a notice."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote: the words, to whom, by which channels, when (None: as soon as it is confirmed)."""

    words: Words
    languages: str
    audience: str
    of: UUID | None
    channels: Sequence[UUID]
    send_at: int | None = None
    files: Sequence[File] = ()


@transaction.atomic
def draft(*, given: Draft, actor: User, now: int, notice_id: UUID | None = None) -> Notice:
    """Keep a draft, or change one of one's own; nothing is sent. Raises NoticeError."""
    audience = audiences.named(given.audience)
    if audience not in audiences.offered(actor):
        raise NoticeError("notices.unknown_audience", field="audience")
    _known_thing(audience, given.of, actor, now)
    ways = _ways(given.channels)
    check_words(given.words, ways, given.languages, {})
    _only_known(given.words)
    if given.send_at is not None and given.send_at < now - 60:
        raise NoticeError("notices.past", field="send_at")
    notice = _own_draft(notice_id, actor) if notice_id else Notice(
        enterprise=owner_of(actor), made_by=actor, made_at=now, state=DRAFT
    )  # fmt: skip
    says = {
        "title_zh": given.words.title.zh, "title_en": given.words.title.en, "text_zh": given.words.text.zh,
        "text_en": given.words.text.en, "languages": given.languages, "audience": given.audience, "of": given.of,
        "send_at": notice.made_at if given.send_at is None else given.send_at,  # when it was begun: as soon as it is confirmed
    }  # fmt: skip
    for name, value in says.items():
        setattr(notice, name, value)
    notice.save(force_insert=notice_id is None, update_fields=list(says) if notice_id else None)
    notice.channels.set(ways)
    _attach(notice, given.files)
    return notice


def _known_thing(audience: audiences.Audience, of: UUID | None, actor: User, now: int) -> None:
    if (audience.choices is None) != (of is None):
        raise NoticeError("notices.no_audience", field="of")
    if audience.choices is not None and (of is None or not audience.choices(actor, now).has(of)):
        raise NoticeError("notices.no_audience", field="of")


def _ways(chosen: Sequence[UUID]) -> list[Channel]:
    ways = [page_channel(), *Channel.objects.filter(pk__in=list(chosen), active=True)]
    return list({one.pk: one for one in ways}.values())


def _only_known(words: Words) -> None:
    """What is written by hand uses only what is known of everybody: a trip's seat has no value here."""
    for name in variables.used(words.title.zh, words.title.en, words.text.zh, words.text.en):
        if name not in {*_VALUES_OF_ALL, "name", "enterprise", "link"}:
            raise NoticeError("notices.no_value", field="text_zh", name=name)


def _own_draft(notice_id: UUID, actor: User) -> Notice:
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.state != DRAFT or notice.made_by_id != actor.pk:
        raise NoticeError("notices.not_draft")
    return notice


def _attach(notice: Notice, files: Sequence[File]) -> None:
    if len(files) + notice.attachments.count() > MOST_FILES:
        raise NoticeError("notices.files_many", field="files", limit=MOST_FILES)
    for one in files:
        if len(one.content) > MOST_BYTES:
            raise NoticeError("notices.file_large", field="files", name=one.name, limit=MOST_BYTES // 2**20)
        media = next((media for begin, media in _MEDIA.items() if one.content.startswith(begin)), None)
        if media is None:
            raise NoticeError("notices.file_kind", field="files", name=one.name)
        Attachment.objects.create(
            notice=notice, filename=one.name[-120:], media_type=media, size=len(one.content),
            encrypted=personal.encrypt_bytes(one.content),
        )  # fmt: skip


def takes_two(notice: Notice, people: int) -> bool:
    """Whether a second person has to agree: to the whole town always, else beyond ``FUGONG_NOTICE_LIMIT`` people."""
    audience = audiences.AUDIENCES.get(notice.audience)
    return bool(audience and audience.whole) or people > settings.FUGONG_NOTICE_LIMIT


@transaction.atomic
def confirm(*, notice_id: UUID, shown: int, sure: bool, actor: User, now: int) -> Notice:
    """The second click: queue one's own draft for as many people as were shown.

    Raises NoticeError where by now there are others, nobody, or the box isn't ticked. Where it takes two, the notice waits.
    """
    notice = _own_draft(notice_id, actor)
    people = counted(notice, now)
    if not people:
        raise NoticeError("notices.nobody")
    if people != shown:
        raise NoticeError("notices.recounted", now=people, before=shown)
    if not sure:
        raise NoticeError("notices.not_sure", field="sure")
    check_words(words_of(notice), notice.channels.all(), notice.languages, {})
    state = WAITING if takes_two(notice, people) else QUEUED
    send_at = max(notice.send_at, now)
    Notice.objects.filter(pk=notice.pk).update(state=state, counted=people, confirmed_at=now, send_at=send_at)
    notice.refresh_from_db()
    return notice


def counted(notice: Notice, now: int) -> int:
    """To how many people a notice would go now, robots' groups apart."""
    people = audiences.counted(notice.audience, notice.of, maker=notice.made_by, at=now)
    return people or int(any(way.is_group for way in notice.channels.all()))


@transaction.atomic
def approve(*, notice_id: UUID, actor: User, now: int) -> Notice:
    """A second person agrees, and it is queued. Raises NoticeError for whoever made it, or may hold that login too."""
    notice = _waiting(notice_id)
    if notice.made_by_id == actor.pk:
        raise NoticeError("notices.own")
    if notice.made_by_id in same_hands(actor.pk, since=now - APART):
        raise NoticeError("notices.same_hands")
    Notice.objects.filter(pk=notice.pk).update(
        state=QUEUED, approved_by_id=actor.pk, approved_at=now, send_at=max(notice.send_at, now)
    )
    notice.refresh_from_db()
    return notice


def _waiting(notice_id: UUID) -> Notice:
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.state != WAITING:
        raise NoticeError("notices.not_waiting")
    return notice


@transaction.atomic
def cancel(*, notice_id: UUID, now: int) -> int:
    """Stop a notice: a draft, one that waits, and of one under way what hasn't been tried. Returns how many deliveries.

    Raises NoticeError where nothing can be stopped any more.
    """
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    left: QuerySet[Delivery] = Delivery.objects.filter(notice=notice, state=QUEUED)
    if notice.state in (DRAFT, WAITING, QUEUED):
        Notice.objects.filter(pk=notice.pk).update(state=CANCELLED)
        return 0
    stopped = left.update(state=CANCELLED)
    if not stopped:
        raise NoticeError("notices.gone")
    if not Delivery.objects.filter(notice=notice).exclude(state=CANCELLED).exists():
        Notice.objects.filter(pk=notice.pk).update(state=CANCELLED)
    return stopped


def with_words(title_zh: str, title_en: str, text_zh: str, text_en: str) -> Words:
    """The words of a form."""
    return Words(Text(title_zh.strip(), title_en.strip()), Text(text_zh.strip(), text_en.strip()))
