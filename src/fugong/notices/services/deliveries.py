"""What people do with deliveries: send again what failed or is unknown, say that it arrived, open their own."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from fugong.notices.errors import NoticeError
from fugong.notices.models import BY_PERSON, DEAD, QUEUED, SENT, UNKNOWN, Delivery


@transaction.atomic
def send_again(*, deliveries: Iterable[UUID], actor: UUID, now: int) -> int:
    """A person decides that these go out again, knowing that what is unknown may then arrive twice. Returns how many.

    Raises NoticeError where none of them failed or is unknown.
    """
    rows = _said_by(deliveries).filter(state__in=[DEAD, UNKNOWN])
    done = rows.update(state=QUEUED, due_at=now, tries=0, again=BY_PERSON, again_by_id=actor, again_at=now)
    if not done:
        raise NoticeError("notices.not_again")
    return done


@transaction.atomic
def say_arrived(*, deliveries: Iterable[UUID], actor: UUID, now: int) -> int:
    """A person has found out that these did arrive: they are not sent again. Returns how many. Raises NoticeError for none."""
    rows = _said_by(deliveries).filter(state=UNKNOWN)
    done = rows.update(state=SENT, sent_at=now, error="", again=BY_PERSON, again_by_id=actor, again_at=now)
    if not done:
        raise NoticeError("notices.not_again")
    return done


def _said_by(deliveries: Iterable[UUID]) -> QuerySet[Delivery]:
    """The deliveries that are sent: for who shares an address, the one that is for both."""
    chosen = Delivery.objects.filter(pk__in=list(deliveries))
    return Delivery.objects.filter(pk__in=chosen.values_list(Coalesce("shares_id", "pk"), flat=True))


@transaction.atomic
def open_one(*, delivery: UUID, now: int) -> Delivery | None:
    """Somebody pressed the button of an address of their own. Returns the delivery, or None where there is none."""
    found = Delivery.objects.filter(pk=delivery).select_related("notice", "user").first()
    if found is not None and found.opened_at is None:
        _mark(found.notice_id, found.worker_id, found.user_id, now)
    return found


def _mark(notice: UUID, worker: UUID | None, user: UUID | None, now: int) -> None:
    """Whoever has read a notice has read it, by whatever channel it came."""
    rows = Delivery.objects.filter(notice=notice, opened_at=None)
    if worker or user:
        (rows.filter(worker=worker) if worker else rows.filter(user=user)).update(opened_at=now)


@transaction.atomic
def open_own(*, notice: UUID, worker: UUID | None, user: UUID | None, now: int) -> None:
    """Somebody who is signed in has pressed the button: they have read it."""
    _mark(notice, worker, user, now)
