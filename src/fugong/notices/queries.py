"""Reads of notices: those in somebody's scope, how each stands, what is in trouble, and what is for oneself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.functional import Promise

from fugong.base.access import filtering
from fugong.base.models import User
from fugong.notices import audiences, reach
from fugong.notices.models import (
    CANCELLED,
    DEAD,
    DELIVERY_STATES,
    QUEUED,
    SENDING,
    SENT,
    UNKNOWN,
    Channel,
    Delivery,
    Notice,
)

STATES = (SENT, SENDING, QUEUED, UNKNOWN, DEAD, CANCELLED)


def notices_in(user: User) -> QuerySet[Notice]:
    """The town's notices for its office; an enterprise's own for whoever writes them; else those that one made oneself."""
    rows = Notice.objects.order_by("-made_at", "-pk")
    if user.role.scope == "town" or not filtering():
        return rows
    mine = Q(made_by=user.pk)
    writes = user.role.scope == "enterprise" and user.may("notice.write")
    return rows.filter(mine | Q(enterprise=user.scope_id)) if writes else rows.filter(mine)


@dataclass(slots=True)
class Standing:
    """How a notice stands at one channel: how many deliveries are in which state, how many were read and opened."""

    channel: Channel
    states: dict[str, int] = field(default_factory=dict)
    read: int = 0
    opened: int = 0

    @property
    def whole(self) -> int:
        """All deliveries."""
        return sum(self.states.values())

    @property
    def cells(self) -> list[tuple[str | Promise, int]]:
        """The states in words and their numbers, in the order of ``STATES``."""
        titles = dict(DELIVERY_STATES)
        return [(titles[one], self.states.get(one, 0)) for one in STATES]


def standing(notice: Notice) -> list[Standing]:
    """How a notice stands, channel by channel."""
    found = {one.pk: Standing(one) for one in notice.channels.order_by("name")}
    rows = Delivery.objects.filter(notice=notice).values("channel", "state")
    for row in rows.annotate(number=Count("pk"), read=Count("read_at"), opened=Count("opened_at")):
        one = found.get(row["channel"])
        if one is not None:
            one.states[row["state"]] = row["number"]
            one.read += row["read"]
            one.opened += row["opened"]
    return list(found.values())


def sums(notices: Iterable[Notice]) -> dict[UUID, dict[str, int]]:
    """Of each of some notices: how many deliveries there are, how many were sent, are in trouble, and were opened."""
    rows = Delivery.objects.filter(notice__in=[one.pk for one in notices]).values("notice")
    made = rows.annotate(
        whole=Count("pk"), sent=Count("pk", filter=Q(state=SENT)),
        trouble=Count("pk", filter=Q(state__in=[DEAD, UNKNOWN])),
        opened=Count("pk", filter=Q(opened_at__isnull=False) | Q(read_at__isnull=False)),
    )  # fmt: skip
    return {row["notice"]: {name: row[name] for name in ("whole", "sent", "trouble", "opened")} for row in made}


def reached(notice: Notice, user: User | None, at: int) -> list[tuple[Channel, int]]:
    """How many of a draft's audience each of its channels reaches."""
    workers, logins = audiences.resolved(notice.audience, notice.of, maker=user, at=at)
    return [(way, reach.counted(way.kind, workers, logins)) for way in notice.channels.order_by("name")]


def deliveries(notice: Notice, state: str = "") -> QuerySet[Delivery]:
    """A notice's deliveries, those in trouble first."""
    rows = Delivery.objects.filter(notice=notice).select_related("channel", "worker", "user", "attempt")
    last = Case(When(state__in=[DEAD, UNKNOWN], then=0), default=1)
    return (rows.filter(state=state) if state in STATES else rows).order_by(last, "pk")


def in_trouble(user: User) -> QuerySet[Delivery]:
    """Dead letters, and those of which nobody knows, newest first, of the notices in somebody's scope."""
    rows = Delivery.objects.filter(state__in=[DEAD, UNKNOWN]).select_related(
        "notice", "channel", "worker", "user", "attempt"
    )
    if user.role.scope != "town":
        rows = rows.filter(notice__in=notices_in(user))
    return rows.order_by("-pk")


def for_worker(worker: UUID, now: int) -> QuerySet[Notice]:
    """The notices that have come to a worker."""
    mine = Delivery.objects.filter(worker=worker, due_at__lte=now).exclude(state=CANCELLED)
    return Notice.objects.filter(pk__in=mine.values("notice")).order_by("-send_at", "-pk")


def for_login(user: UUID, now: int) -> QuerySet[Notice]:
    """The notices that have come to a login."""
    mine = Delivery.objects.filter(user=user, due_at__lte=now).exclude(state=CANCELLED)
    return Notice.objects.filter(pk__in=mine.values("notice")).order_by("-send_at", "-pk")


def own_deliveries(notices: Iterable[UUID], user: User, now: int) -> dict[UUID, Delivery]:
    """One's own delivery of each of some notices: of several the one that holds more."""
    rows = (
        Delivery.objects.filter(notice__in=list(notices), due_at__lte=now)
        .exclude(state=CANCELLED)
        .select_related("notice", "user")
    )
    mine = rows.filter(worker=user.scope_id) if user.role.scope == "worker" else rows.filter(user=user.pk)
    return {one.notice_id: one for one in mine.order_by("notice", "opened_at", "pk").distinct("notice")}


def own_delivery(notice: UUID, user: User, now: int) -> Delivery | None:
    """One's own delivery of a notice; None for whoever it is not for."""
    return own_deliveries([notice], user, now).get(notice)


def unread(worker: UUID, now: int) -> int:
    """How many notices a worker has not opened."""
    return _unread(Q(worker=worker), now)


def unread_by(user: User, now: int) -> int:
    """How many notices to a login it has not opened. A worker's stand on their own page instead."""
    return 0 if user.role.scope == "worker" else _unread(Q(user=user.pk), now)


def _unread(whose: Q, now: int) -> int:
    rows = Delivery.objects.filter(whose, due_at__lte=now, opened_at=None).exclude(state=CANCELLED)
    return rows.values("notice").distinct().count()
