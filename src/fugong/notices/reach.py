"""Where people can be reached: which of them have an address for a channel, and, at the moment of sending, the address itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fugong.base import personal
from fugong.base.models import User
from fugong.notices.models import DINGTALK_WORK, GROUPS, MAIL, PAGE, SMS, WECOM_APP, Address, Delivery
from fugong.registry.models import Worker
from fugong.registry.reveal.queries import phones_for

KIND_OF = {DINGTALK_WORK: "dingtalk", WECOM_APP: "wecom", MAIL: "mail"}
"""Which kind of address a channel needs; an SMS goes to the telephone in the registry."""
PURPOSE = "notices"
MOST = 5_000
"""So many ids stand in one query."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody who can be reached: a worker or a login, and the digest of the address."""

    worker: UUID | None
    user: UUID | None
    digest: bytes


def reachable(channel: str, workers: Sequence[UUID], users: Sequence[UUID]) -> Iterator[Reach]:
    """Who of these has an address for a kind of channel."""
    if channel == PAGE:
        yield from (Reach(one, None, one.bytes) for one in workers)
        yield from (Reach(None, one, one.bytes) for one in users)
    elif channel == SMS:
        for few in _few(workers):
            people = Worker.objects.filter(pk__in=few, phone_digest__isnull=False).order_by("pk")
            for worker, digest in people.values_list("pk", "phone_digest"):
                yield Reach(worker, None, bytes(digest or b""))
    else:
        rows = Address.objects.filter(kind=KIND_OF[channel])
        for few in _few(workers):
            found = rows.filter(worker__in=few).order_by("worker")
            yield from (Reach(worker, None, bytes(one)) for worker, one in found.values_list("worker", "digest"))
        for few in _few(users):
            found = rows.filter(user__in=few).order_by("user")
            yield from (Reach(None, user, bytes(one)) for user, one in found.values_list("user", "digest"))


def _few(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), MOST):
        yield list(ids[start : start + MOST])


def addresses(channel: str, deliveries: Iterable[Delivery]) -> Mapping[UUID, str]:
    """The addresses of some deliveries, by delivery, as they are now; noted for the audit with the purpose of sending.

    Who has none any more is left out.
    """
    rows = list(deliveries)
    if channel == PAGE:
        return {row.pk: "" for row in rows}
    workers = [row.worker_id for row in rows if row.worker_id]
    if channel == SMS:
        phones = phones_for(PURPOSE, workers)
        return {row.pk: phones[row.worker_id] for row in rows if row.worker_id in phones}
    stored = Address.objects.filter(kind=KIND_OF[channel])
    of_workers = dict(stored.filter(worker__in=workers).values_list("worker", "encrypted"))
    of_users = dict(
        stored.filter(user__in=[row.user_id for row in rows if row.user_id]).values_list("user", "encrypted")
    )
    found = {}
    for row in rows:
        kept = of_workers.get(row.worker_id) if row.worker_id else row.user_id and of_users.get(row.user_id)
        if kept:
            found[row.pk] = personal.decrypt(bytes(kept))
    return found


def counted(channel: str, workers: QuerySet[Worker], logins: QuerySet[User]) -> int:
    """How many of an audience a kind of channel reaches; one for a group."""
    if channel in GROUPS:
        return 1
    if channel == PAGE:
        return workers.count() + logins.count()
    if channel == SMS:
        return workers.filter(phone_digest__isnull=False).count()
    kept = Address.objects.filter(kind=KIND_OF[channel])
    return kept.filter(worker__in=workers.values("pk")).count() + kept.filter(user__in=logins.values("pk")).count()
