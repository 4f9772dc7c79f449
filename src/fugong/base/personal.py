"""Personal data at rest: encryption, keyed digests for search, and masking. The only module that knows how.

Identity and phone numbers are encrypted with AES-256-GCM (NIST SP 800-38D) under a key derived from the master key by
HKDF-SHA256 (RFC 5869); a keyed digest (HMAC-SHA256) of the normalised number finds it again without decrypting.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fugong.base import environment

_VERSION = b"\x01"
_NONCE = 12


def derive_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, derived from the master key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(environment.master_key())


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    return AESGCM(derive_key("personal data, version 1"))


@lru_cache(maxsize=1)
def _digest_key() -> bytes:
    return derive_key("personal digests, version 1")


def encrypt(plain: str) -> bytes:
    """Encrypt a number; the result is never the same twice."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + _cipher().encrypt(nonce, plain.encode(), _VERSION)


def decrypt(stored: bytes) -> str:
    """The number again. Raises ``cryptography.exceptions.InvalidTag`` when it was changed or the key is another."""
    blob = bytes(stored)
    return _cipher().decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], blob[:1]).decode()


def encrypt_bytes(plain: bytes) -> bytes:
    """Encrypt a file; the result is never the same twice."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + _cipher().encrypt(nonce, plain, _VERSION)


def decrypt_bytes(stored: bytes) -> bytes:
    """The file again. Raises ``cryptography.exceptions.InvalidTag`` when it was changed or the key is another."""
    blob = bytes(stored)
    return _cipher().decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], blob[:1])


def digest(kind: str, plain: str) -> bytes:
    """A keyed digest for equality search; ``kind`` keeps equal numbers of different kinds apart."""
    return hmac.digest(_digest_key(), f"{kind}\0{plain}".encode(), "sha256")[:16]


def tail(plain: str) -> str:
    """What may be shown of a number: its last four characters (domain convention; never the division prefix)."""
    return plain[-4:]


def masked(last_four: str) -> str:
    """A masked number as pages show it."""
    return f"····{last_four}" if last_four else ""


def masked_name(name: str) -> str:
    """A name as a door shows it before a queue: the first and the last character, the rest hidden."""
    if len(name) <= 1:
        return name
    return f"{name[0]} * {name[-1]}" if len(name) > 2 else f"{name[0]} *"
