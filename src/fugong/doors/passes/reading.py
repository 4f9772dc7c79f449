"""What a scanned pass is: whose, and why it isn't good, if it isn't. The app says the same (``tests/doors/vectors``).

What the codes mean to people is said where every reason of a door is (``decisions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from fugong.base.access import elevated
from fugong.doors import keys
from fugong.doors.models import Pass, Pseudonym
from fugong.doors.passes import tokens
from fugong.doors.passes.tokens import Claims, ForgedError, UnreadableError

Code = Literal["door.pass_revoked", "door.pass_expired", "door.pass_forged", "door.pass_unreadable"]
REVOKED: Final = "door.pass_revoked"
EXPIRED: Final = "door.pass_expired"
FORGED: Final = "door.pass_forged"
UNREADABLE: Final = "door.pass_unreadable"


@dataclass(frozen=True, slots=True)
class PassRead:
    """A pass that was read. ``code`` is None for a good one, else why it isn't; the rest is known as far as it was signed.

    ``who`` is the pseudonym. ``worker`` is None where nobody has it any more. Whether the worker may come to this door is
    another question: the reader asks it within its own scope.
    """

    code: Code | None
    id: str | None = None
    who: str | None = None
    worker: UUID | None = None
    issued_at: int | None = None
    expires_at: int | None = None

    @property
    def good(self) -> bool:
        """Whether the pass may be used."""
        return self.code is None


def read(text: str, *, now: int) -> PassRead:
    """What a scanned text is, in this order: unreadable, forged, revoked, expired, good. It raises nothing."""
    try:
        envelope = tokens.taken_apart(text)
        key = keys.known_key(envelope.kid)
        if key is None:
            return PassRead(FORGED)
        claims = envelope.opened(key)
    except UnreadableError:
        return PassRead(UNREADABLE)
    except ForgedError:
        return PassRead(FORGED)
    return _known(claims, now)


def whose(text: str, now: int) -> UUID | None:
    """The worker whose good pass a scanned text is; None for any other text."""
    found = read(text, now=now)
    return found.worker if found.good else None


def _known(claims: Claims, now: int) -> PassRead:
    # Whosever pass it is: that it was revoked must not depend on who reads it.
    with transaction.atomic(), elevated("whether a pass was revoked"):
        worker = Pseudonym.objects.filter(value=claims.who).values_list("worker_id", flat=True).first()
        revoked = Pass.objects.filter(pk=claims.id, revoked_at__isnull=False).exists()
    expired = claims.expires_at is not None and claims.expires_at <= now
    code: Code | None = REVOKED if revoked else EXPIRED if expired else None
    return PassRead(code, claims.id, claims.who, worker, claims.issued_at, claims.expires_at)
