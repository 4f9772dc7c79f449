"""The only writes of passes: one for a phone, badges to print, and revoking."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.doors import keys, pseudonyms
from fugong.doors.algorithms import base64url
from fugong.doors.keys import Key
from fugong.doors.models import Pass
from fugong.doors.passes import tokens
from fugong.doors.passes.tokens import Claims
from fugong.registry.models import Town

PHONE_SECONDS = 86_400
"""So long a pass on a phone is good."""
RENEW_SECONDS = 6 * 3_600
"""With less than this left, another one is issued when it is shown."""
MOST = 1_000
"""So many badges are printed at once."""
LONGEST_REASON = 200

declare(
    {
        "pass.unknown": _("There is no such pass."),
        "pass.reason": _("Say why the pass is revoked, in at most %(number)s characters."),
        "pass.too_many": _("At most %(number)s badges at once: choose a workshop, or those without a badge."),
        "pass.nobody": _("Nobody is chosen: choose others, or print new badges for those who have one."),
    }
)


class PassError(Fault):
    """A pass that can't be issued or revoked."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A pass and its text, as the QR code holds it."""

    id: str
    worker: UUID
    text: str
    issued_at: int
    expires_at: int | None


@transaction.atomic
def phone_pass(*, worker: UUID, now: int, actor: UUID | None) -> Issued:
    """The worker's pass for a phone: the one they have while six hours of it remain, else a new one for a day."""
    key = keys.in_use(now=now)
    held = (
        Pass.objects.filter(
            worker=worker, kind=Pass.PHONE, key=key.kid, revoked_at__isnull=True, issued_at__lte=now,
            expires_at__gte=now + RENEW_SECONDS,
        ).order_by("-expires_at", "id").first()
    )  # fmt: skip
    if held is None:
        held = _row(worker, Pass.PHONE, key, now, actor, now + PHONE_SECONDS)
        held.save(force_insert=True)
    return _texts([held], key)[0]


@transaction.atomic
def badges(*, workers: Sequence[UUID], now: int, actor: UUID | None, instead: bool = False) -> list[Issued]:
    """New badges for these workers, in their order; each is good until it is revoked. Raises PassError.

    With ``instead``, the printed badges that they have are revoked: the new ones replace them.
    """
    if not workers:
        raise PassError("pass.nobody")
    if len(workers) > MOST:
        raise PassError("pass.too_many", number=MOST)
    if instead:
        Pass.objects.filter(worker__in=workers, kind=Pass.BADGE, revoked_at__isnull=True).update(
            revoked_at=now, revoked_by=actor, reason=REPLACED
        )
    key = keys.in_use(now=now)
    return _texts(Pass.objects.bulk_create([_row(one, Pass.BADGE, key, now, actor, None) for one in workers]), key)


def again(*, passes: Sequence[Pass], now: int) -> list[Issued]:
    """The texts of passes that were issued, to print them once more; those whose key no longer signs are left out."""
    key = keys.in_use(now=now)
    return _texts([one for one in passes if one.key_id == key.kid], key)


@transaction.atomic
def revoke(*, id: str, reason: str, now: int, actor: UUID) -> Pass:
    """Revoke a pass for good. Of one that is revoked already, the first reason stands. Raises PassError."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise PassError("pass.reason", field="reason", number=LONGEST_REASON)
    found = Pass.objects.select_for_update().filter(pk=id).first()
    if found is None:
        raise PassError("pass.unknown")
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_id, found.reason = now, actor, said
        found.save(update_fields=["revoked_at", "revoked_by", "reason"])
    return found


REASONS = {
    "lost": _("lost"),
    "damaged": _("damaged"),
    "wrong": _("wrong person or wrong details"),
    "left": _("no longer works here"),
}
"""Usual reasons to revoke a badge."""
REPLACED = "replaced"
"""The reason of badges that a new one replaces; others are in people's own words, or one of ``REASONS``."""


def _row(worker: UUID, kind: str, key: Key, now: int, actor: UUID | None, expires_at: int | None) -> Pass:
    return Pass(
        id=base64url(secrets.token_bytes(8)), worker_id=worker, kind=kind, key_id=key.kid, issued_at=now, issued_by_id=actor,
        expires_at=expires_at,
    )  # fmt: skip


def _texts(rows: Sequence[Pass], key: Key) -> list[Issued]:
    """Sign them (again: a text is kept nowhere)."""
    names = pseudonyms.of(row.worker_id for row in rows)
    issuer = Town.objects.values_list("division__code", flat=True).first() or ""
    made = []
    for row in rows:
        claims = Claims(issuer, row.pk, names[row.worker_id], row.issued_at, row.expires_at)
        made.append(Issued(row.pk, row.worker_id, tokens.encode(claims, key), row.issued_at, row.expires_at))
    return made
