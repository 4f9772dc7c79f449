"""The text of a pass: ``FG1:`` and base45 (RFC 9285) of a COSE_Sign1 (RFC 9052) with the claims of a CWT (RFC 8392).

No name and no health data stand in it: whose it is says a pseudonym, and what they may is in the snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import base45
import cbor2
from cwt import COSE
from cwt.cose_key_interface import COSEKeyInterface

from fugong.doors.algorithms import base64url, from_base64url
from fugong.doors.keys import Key

PREFIX = "FG1:"
LONGEST = 1_000
"""No pass is longer: what is scanned beyond this is not even looked at (characters)."""
_SIGN1 = 18
_ISSUER, _EXPIRES, _ISSUED, _ID, _WHO = 1, 4, 6, 7, -70001
_ALGORITHM, _KID = 1, 4


class UnreadableError(ValueError):
    """A text that is no pass at all."""


class ForgedError(ValueError):
    """A pass that no key of ours has signed so."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What stands in a pass. ``id`` and ``who`` (the pseudonym) are eight bytes as base64url; moments in epoch seconds."""

    issuer: str
    id: str
    who: str
    issued_at: int
    expires_at: int | None


def encode(claims: Claims, key: Key) -> str:
    """The signed text."""
    body: dict[int, Any] = {_ISSUER: claims.issuer}
    if claims.expires_at is not None:
        body[_EXPIRES] = claims.expires_at
    body |= {_ISSUED: claims.issued_at, _ID: from_base64url(claims.id), _WHO: from_base64url(claims.who)}
    made = COSE.new().encode_and_sign(
        cbor2.dumps(body), key.as_cose(), protected={_ALGORITHM: key.algorithm.cose},
        unprotected={_KID: bytes.fromhex(key.kid)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return f"{PREFIX}{base45.b45encode(made).decode()}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A pass that was taken apart, and not yet believed."""

    data: bytes
    kid: str
    algorithm: int
    payload: bytes

    def opened(self, key: COSEKeyInterface) -> Claims:
        """The claims, if the key has signed them. Raises ForgedError; UnreadableError for claims that are no pass's."""
        if self.algorithm != key.alg:
            raise ForgedError
        try:
            payload = COSE.new().decode(self.data, key)
        except Exception:  # whatever the library finds wrong with it, our key did not sign this
            raise ForgedError from None
        return _claims(payload)


def taken_apart(text: str) -> Envelope:
    """What was scanned, taken apart. Raises UnreadableError."""
    typed = text.strip()
    if not typed.startswith(PREFIX) or len(typed) > LONGEST:
        raise UnreadableError
    try:
        data = base45.b45decode(typed.removeprefix(PREFIX))
        tag = cbor2.loads(data)
        protected, unprotected, payload, signature = tag.value
        kid, algorithm = unprotected[_KID], cbor2.loads(protected)[_ALGORITHM]
    except Exception:  # no base45, no CBOR, cut short, or another shape
        raise UnreadableError from None
    parts = (kid, payload, signature)
    if tag.tag != _SIGN1 or not all(isinstance(part, bytes) for part in parts) or not isinstance(algorithm, int):
        raise UnreadableError
    return Envelope(data, kid.hex(), algorithm, payload)


def _claims(payload: bytes) -> Claims:
    try:
        body = cbor2.loads(payload)
        expires = body.get(_EXPIRES)
        claims = Claims(body[_ISSUER], base64url(body[_ID]), base64url(body[_WHO]), body[_ISSUED], expires)
        numbers = [claims.issued_at] if expires is None else [claims.issued_at, expires]
        if not all(type(one) is int for one in numbers) or not isinstance(claims.issuer, str):
            raise UnreadableError
    except Exception:  # signed by us, and yet no pass: a later format
        raise UnreadableError from None
    return claims
