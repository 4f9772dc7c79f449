"""How the server signs: a small registry of algorithms, so that another one is one entry more.

Signatures are raw, as COSE (RFC 9053) and WebCrypto have them: r‖s for ES256. Keys of the public half are base64url
without padding, as in a JWK (RFC 7518, RFC 8037).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Public = dict[str, str]
_PART = 32
_SHA256 = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A way of signing. A private half is bytes; ``cose`` is the number in a COSE header, ``parts`` of the public half."""

    name: str
    cose: int
    parts: tuple[str, ...]
    generate: Callable[[], bytes]
    public: Callable[[bytes], Public]
    sign: Callable[[bytes, bytes], bytes]
    verify: Callable[[Public, bytes, bytes], bool]
    as_cose: Callable[[Public, bytes | None], dict[int, Any]]
    """The key as a COSE_Key (RFC 9052): the public half, with the private one where it is given."""


def base64url(plain: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes again. Raises ValueError for what is no base64url."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _es256_key(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())


def _es256_generate() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(_PART, "big")


def _es256_public(private: bytes) -> Public:
    point = _es256_key(private).public_key().public_numbers()
    return {"x": base64url(point.x.to_bytes(_PART, "big")), "y": base64url(point.y.to_bytes(_PART, "big"))}


def _es256_sign(private: bytes, message: bytes) -> bytes:
    r, s = decode_dss_signature(_es256_key(private).sign(message, _SHA256))
    return r.to_bytes(_PART, "big") + s.to_bytes(_PART, "big")


@lru_cache(maxsize=4096)
def _es256_public_key(x: str, y: str) -> ec.EllipticCurvePublicKey:
    """Devices ask again and again: that a point lies on the curve is found out once. Raises ValueError for one that doesn't."""
    across, up = (int.from_bytes(from_base64url(part), "big") for part in (x, y))
    return ec.EllipticCurvePublicNumbers(across, up, ec.SECP256R1()).public_key()


def _es256_verify(public: Public, message: bytes, signature: bytes) -> bool:
    if len(signature) != 2 * _PART:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:_PART], signature[_PART:]))
    try:
        key = _es256_public_key(public["x"], public["y"])
        key.verify(encode_dss_signature(r, s), message, _SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _es256_cose(public: Public, private: bytes | None) -> dict[int, Any]:
    key = {1: 2, 3: -7, -1: 1, -2: from_base64url(public["x"]), -3: from_base64url(public["y"])}
    return key if private is None else {**key, -4: private}


def _eddsa_key(private: bytes) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(private)


def _eddsa_verify(public: Public, message: bytes, signature: bytes) -> bool:
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(from_base64url(public["x"])).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _eddsa_cose(public: Public, private: bytes | None) -> dict[int, Any]:
    key = {1: 1, 3: -8, -1: 6, -2: from_base64url(public["x"])}
    return key if private is None else {**key, -4: private}


ES256 = Algorithm(
    "ES256", -7, ("x", "y"), _es256_generate, _es256_public, _es256_sign, _es256_verify, _es256_cose
)  # fmt: skip
EDDSA = Algorithm(
    "EdDSA", -8, ("x",),
    lambda: ed25519.Ed25519PrivateKey.generate().private_bytes_raw(),
    lambda private: {"x": base64url(_eddsa_key(private).public_key().public_bytes_raw())},
    lambda private, message: _eddsa_key(private).sign(message),
    _eddsa_verify, _eddsa_cose,
)  # fmt: skip
"""WebCrypto has Ed25519 only since Chrome 137: registered, but not what is issued by default."""

ALGORITHMS = {one.name: one for one in (ES256, EDDSA)}
"""Every algorithm by its name, as the column ``algorithm`` and ``alg`` in a snapshot have it."""
DEFAULT = ES256.name
