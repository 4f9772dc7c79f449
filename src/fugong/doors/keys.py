"""The server's key store: by what passes and snapshots are signed. Private halves leave this module only to sign.

One key an algorithm is in use; a rotation retires it. A retired key signs no more passes, and verifies while one of them is
good: a phone pass until it has expired, a printed badge until it is revoked or the key is removed by name. Snapshots
are signed by the key in use and by every retired one, because a device that was away knows only an older key, and learns
the newer from the snapshot; what it has learned, it holds instead of what it had.

Keys are nobody's data: they are read past the second wall, in the middle of whoever's request.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cwt import COSEKey
from cwt.cose_key_interface import COSEKeyInterface
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.access import elevated, note
from fugong.base.faults import Fault, declare
from fugong.doors.algorithms import ALGORITHMS, DEFAULT, Algorithm, from_base64url
from fugong.doors.models import Pass, SigningKey

declare(
    {
        "key.unknown": _("There is no signing key “%(kid)s”."),
        "key.in_use": _("The signing key “%(kid)s” is in use. Rotate first; then it can be removed."),
        "key.algorithm": _("No algorithm is called “%(algorithm)s”."),
    }
)


class KeyStoreError(Fault):
    """A key that can't be rotated to, or removed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its private half: held only as long as something is being signed. ``kid`` has eight hexadecimal digits."""

    kid: str
    algorithm: Algorithm
    private: bytes = field(repr=False)
    public: dict[str, str]

    def sign(self, message: bytes) -> bytes:
        """The raw signature."""
        return self.algorithm.sign(self.private, message)

    def as_cose(self) -> COSEKeyInterface:
        """The same for the COSE library."""
        return cose_key(self.kid, self.algorithm, self.public, self.private)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the operator is told of a key: nothing secret. ``badges`` counts printed badges that still need it."""

    kid: str
    algorithm: str
    created_at: int
    retired_at: int | None
    verifies: bool
    badges: int


def sign_es256(message: bytes, *, now: int) -> tuple[str, bytes]:
    """Sign with the ES256 key in use, made when there is none: its kid, and the 64 bytes r‖s."""
    key = in_use(now=now, algorithm="ES256")
    return key.kid, key.sign(message)


def signatures(message: bytes, *, now: int) -> list[tuple[str, bytes]]:
    """Sign a snapshot: by the ES256 key in use, then by retired ones, the newest first (kid, r‖s)."""
    in_use(now=now, algorithm="ES256")
    with transaction.atomic(), elevated("signing keys"):
        rows = list(_there().filter(algorithm="ES256").order_by("-retired_at", "-created_at"))
    rows.sort(key=lambda row: row.retired_at is not None)  # stable: who signs now stands first
    return [(row.kid, _opened(row).sign(message)) for row in rows]


def in_use(*, now: int, algorithm: str = DEFAULT) -> Key:
    """The key that signs, made when there is none. Two that make it at once agree on one. Raises KeyStoreError."""
    if algorithm not in ALGORITHMS:
        raise KeyStoreError("key.algorithm", algorithm=algorithm)
    with transaction.atomic(), elevated("signing keys"):
        current = _there().filter(algorithm=algorithm, retired_at__isnull=True)
        row = current.first()
        if row is None:
            # Who comes second waits here for the first one's commit, adds nothing, and reads that one's key.
            SigningKey.objects.bulk_create([_made(algorithm, now)], ignore_conflicts=True)
            row = current.get()
    return _opened(row)


def public_keys(*, now: int) -> list[dict[str, Any]]:
    """The public half of every key that still verifies, as a snapshot has it; the one in use first.

    ``use`` says what for: ``pass`` for all, ``snapshot`` only for the one in use (the retired ones' signatures are for
    devices that know nothing newer).
    """
    in_use(now=now)
    with transaction.atomic(), elevated("signing keys"):
        rows = list(_verifying(now).order_by("-created_at", "kid"))
    rows.sort(key=lambda row: row.retired_at is not None)
    return [
        {"kid": row.kid, "alg": row.algorithm, **row.public,
         "use": ["pass"] if row.retired_at is not None or row.algorithm != "ES256" else ["pass", "snapshot"]}
        for row in rows
    ]  # fmt: skip


def known_key(kid: str) -> COSEKeyInterface | None:
    """The public half of a key that isn't removed; None for any other.

    Also of one of which no pass is good any more: so its passes are said to be expired or revoked, not to be forged.
    """
    with transaction.atomic(), elevated("signing keys"):
        row = _there().filter(pk=kid).first()
    return None if row is None else cose_key(row.kid, ALGORITHMS[row.algorithm], row.public)


def rotate(*, now: int, algorithm: str = DEFAULT) -> str:
    """Make a new key and retire the one in use, which goes on verifying what it has signed. Returns the new kid."""
    if algorithm not in ALGORITHMS:
        raise KeyStoreError("key.algorithm", algorithm=algorithm)
    with transaction.atomic(), elevated("signing keys"):
        with connection.cursor() as cursor:  # two rotations at once follow one another
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('signing keys'))")
        _there().filter(algorithm=algorithm, retired_at__isnull=True).update(retired_at=now)
        made = _made(algorithm, now)
        made.save(force_insert=True)
        note("key.rotated", kid=made.kid, algorithm=algorithm)
    return made.kid


def remove(kid: str, *, now: int) -> None:
    """Let a retired key verify nothing any more: badges that it signed are void. Its private half is gone for good.

    Raises KeyStoreError for a key that isn't there, or is in use.
    """
    with transaction.atomic(), elevated("signing keys"):
        row = _there().filter(pk=kid).select_for_update().first()
        if row is None:
            raise KeyStoreError("key.unknown", kid=kid)
        if row.retired_at is None:
            raise KeyStoreError("key.in_use", kid=kid)
        row.removed_at, row.private_encrypted = now, personal.encrypt_bytes(b"")
        row.save(update_fields=["removed_at", "private_encrypted"])
        note("key.removed", kid=kid)


def listed(*, now: int) -> list[Listed]:
    """Every key that isn't removed, the newest first."""
    with transaction.atomic(), elevated("signing keys"):
        verifying = set(_verifying(now).values_list("kid", flat=True))
        return [
            Listed(row.kid, row.algorithm, row.created_at, row.retired_at, row.kid in verifying,
                   Pass.objects.filter(key=row, kind=Pass.BADGE, revoked_at__isnull=True).count())
            for row in _there().order_by("-created_at", "kid")
        ]  # fmt: skip


def cose_key(kid: str, algorithm: Algorithm, public: dict[str, str], private: bytes | None = None) -> COSEKeyInterface:
    """A key for the COSE library, by its public half or by both."""
    return COSEKey.new({**algorithm.as_cose(public, private), 2: bytes.fromhex(kid)})


def _there() -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(removed_at__isnull=True)


def _verifying(now: int) -> QuerySet[SigningKey]:
    good = Pass.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), key=OuterRef("pk"), revoked_at__isnull=True
    )
    return _there().filter(Q(retired_at__isnull=True) | Exists(good))


def _made(algorithm: str, now: int) -> SigningKey:
    """A new key. Its name is the beginning of a digest of its public half."""
    how = ALGORITHMS[algorithm]
    private = how.generate()
    public = how.public(private)
    return SigningKey(
        kid=kid_of(public), algorithm=algorithm, private_encrypted=personal.encrypt_bytes(private), public=public,
        created_at=now,
    )  # fmt: skip


def kid_of(public: dict[str, str]) -> str:
    """A key's name: the first four bytes of the SHA-256 of its public half, as hexadecimal digits."""
    return hashlib.sha256(b"".join(from_base64url(public[part]) for part in sorted(public))).hexdigest()[:8]


def _opened(row: SigningKey) -> Key:
    return Key(row.kid, ALGORITHMS[row.algorithm], personal.decrypt_bytes(bytes(row.private_encrypted)), row.public)
