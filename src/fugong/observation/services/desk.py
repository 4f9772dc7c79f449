"""What the desk of a site writes down: who came and what was brought, and who works there."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.observation.errors import ObservationError
from fugong.observation.models import GROUPS, Entry, Staff, Stay

MOST_WHO, MOST_WORDS = 64, 200
"""So many characters a name and a line of the day book may have."""


@transaction.atomic
def write_down(
    *, site: UUID, kind: str, who: str, words: str, at: int, now: int, actor: UUID | None, stay: UUID | None = None,
    id: UUID | None = None,
) -> Entry:  # fmt: skip
    """A line of the day book: a visitor or a delivery, to whom. Who came is kept encrypted. Raises ObservationError."""
    if kind not in (Entry.VISITOR, Entry.DELIVERY):
        raise ObservationError("day_book.kind", field="kind")
    if not who.strip():
        raise ObservationError("day_book.who", field="who")
    if len(who) > MOST_WHO or len(words) > MOST_WORDS:
        raise ObservationError("day_book.long", field="words")
    if at > now:
        raise ObservationError("stay.future", field="at")
    to = Stay.objects.filter(pk=stay, site=site).first() if stay else None
    if stay and to is None:
        raise ObservationError("stay.unknown", field="stay")
    return Entry.objects.create(
        id=id or uuid7(), site_id=site, stay=to, kind=kind, who_encrypted=personal.encrypt(who.strip()),
        words=words.strip(), at=at, actor_id=actor, recorded_at=now,
    )  # fmt: skip


@transaction.atomic
def add_staff(*, site: UUID, group: str, name: str, phone: str = "", leads: bool = False, at: int) -> Staff:
    """Somebody works at the site from a moment on, in one of its five groups. Raises ObservationError."""
    if group not in dict(GROUPS):
        raise ObservationError("staff.group", field="group")
    if not name.strip() or len(name) > MOST_WHO:
        raise ObservationError("staff.name", field="name")
    digits = "".join(phone.split())
    return Staff.objects.create(
        site_id=site, group=group, name=name.strip(), leads=leads, start=at, phone_tail=personal.tail(digits),
        phone_encrypted=personal.encrypt(digits) if digits else None,
    )  # fmt: skip


@transaction.atomic
def end_staff(*, site: UUID, staff: UUID, at: int) -> None:
    """Somebody works there no more. Doing so twice changes nothing."""
    Staff.objects.filter(pk=staff, site=site, end=None, start__lte=at).update(end=at)
