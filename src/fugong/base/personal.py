"""Personal data at rest: encryption, keyed digests for search, and masking. The only module that knows how.

Identity and phone numbers are encrypted with AES-256-GCM (NIST SP 800-38D) under a key derived from the master key by
HKDF-SHA256 (RFC 5869); a keyed digest (HMAC-SHA256) of the normalised number finds it again without decrypting.

What is encrypted begins with the version of the master key. All that one database holds stands under one version: that
of its digests, too (``base.holdings`` says how it changes). Whoever has only another version can read nothing of it.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fugong.base import environment

_NONCE = 12
_chosen: ContextVar[int | None] = ContextVar("version of the master key", default=None)


def derive_key(purpose: str, version: int | None = None) -> bytes:
    """A 32-byte key for one purpose, derived from a version of the master key: by default the newest."""
    keys = versions()
    master = keys[max(keys) if version is None else version]
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


@lru_cache(maxsize=1)
def versions() -> dict[int, bytes]:
    """Every version of the master key that is there."""
    return environment.master_keys()


@lru_cache(maxsize=1)
def _stored() -> int:
    from fugong.base import holdings  # it needs the database, which settings must not

    return holdings.stored_version() or max(versions())


def current_version() -> int:
    """Under which version of the master key this database's data stand.

    Where there are several, the data themselves say it: so it changes in the very transaction that changes them.
    """
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    return _stored() if len(versions()) > 1 else next(iter(versions()))


@contextmanager
def under(version: int) -> Iterator[None]:
    """Encrypt and digest under a version of one's choice: while everything moves to it."""
    token = _chosen.set(version)
    try:
        yield
    finally:
        _chosen.reset(token)


def keys_have_changed() -> None:
    """Forget what is remembered of keys."""
    for remembered in (versions, _stored, _cipher, _digest_key):
        remembered.cache_clear()


@lru_cache(maxsize=8)
def _cipher(version: int) -> AESGCM:
    return AESGCM(derive_key("personal data, version 1", version))


@lru_cache(maxsize=8)
def _digest_key(version: int) -> bytes:
    return derive_key("personal digests, version 1", version)


def encrypt(plain: str) -> bytes:
    """Encrypt a number; the result is never the same twice."""
    return encrypt_bytes(plain.encode())


def decrypt(stored: bytes) -> str:
    """The number again. Raises ``cryptography.exceptions.InvalidTag`` when it was changed or the key is another."""
    return decrypt_bytes(stored).decode()


def encrypt_bytes(plain: bytes) -> bytes:
    """Encrypt a file; the result is never the same twice."""
    version = current_version()
    nonce, head = os.urandom(_NONCE), bytes([version])
    return head + nonce + _cipher(version).encrypt(nonce, plain, head)


def decrypt_bytes(stored: bytes) -> bytes:
    """The file again. Raises ``cryptography.exceptions.InvalidTag`` when it was changed or the key is another."""
    blob = bytes(stored)
    version = version_of(blob)
    if version not in versions():
        raise InvalidTag
    return _cipher(version).decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], blob[:1])


def version_of(stored: bytes) -> int:
    """Under which version of the master key something was encrypted; 0 for what is too short to be so."""
    return stored[0] if len(stored) > _NONCE else 0


def digest(kind: str, plain: str) -> bytes:
    """A keyed digest for equality search; ``kind`` keeps equal numbers of different kinds apart."""
    return hmac.digest(_digest_key(current_version()), f"{kind}\0{plain}".encode(), "sha256")[:16]


def tail(plain: str) -> str:
    """What may be shown of a number: its last four characters (domain convention; never the division prefix)."""
    return plain[-4:]


def masked(last_four: str) -> str:
    """A masked number as pages show it."""
    return f"····{last_four}" if last_four else ""


_L = "A-Za-zＡ-Ｚａ-ｚ"
_DATE = (
    r"(?<!\d)(?:1[89]|20)\d\d[-./年](?:0?[1-9]|1[0-2])[-./月](?:[12]\d|3[01]|0?[1-9])(?!\d|[-.]\d)日?"
    r"(?:[ T]*\d{1,2}[:时]\d{2}(?::\d{2})?)?"
)
_BETWEEN = r"[\s\-‐‑‒–—―－.·()（）+_]{0,3}"
_TOKEN = rf"[{_L}]*\d[{_L}\d]*"
_NUMBER = rf"(?<![{_L}\d])(?:[{_L}]{{1,3}}{_BETWEEN})?{_TOKEN}(?:{_BETWEEN}{_TOKEN})*(?:{_BETWEEN}[{_L}](?![{_L}\d]))?"
_DATE_OR_NUMBER = re.compile(f"(?P<date>{_DATE})|{_NUMBER}")
_NO_CHARACTER_OF_A_NUMBER = re.compile(rf"[^{_L}\d]")


def number_masked(text: str) -> str:
    """What is known to be a number (of a document, a telephone), masked but for its last four characters.

    A text without any digit is no number, and four characters may be shown as they are.
    """
    plain = _NO_CHARACTER_OF_A_NUMBER.sub("", text)
    if len(plain) <= 4 or not any(character.isdigit() for character in plain):
        return text
    return masked(tail(plain))


def numbers_masked(text: str, least: int = 6) -> str:
    """A text in which nothing that looks like somebody's number can be read: of each only the last four characters.

    Such a number has at least so many characters, letters and digits, of which at most three are letters, however
    spaces, hyphens, dots and brackets divide it. Dates that are written with separators stay.
    """

    def hidden(found: re.Match[str]) -> str:
        plain = _NO_CHARACTER_OF_A_NUMBER.sub("", found[0])
        digits = sum(character.isdigit() for character in plain)
        if found["date"] is not None or len(plain) < least or digits < least - 3:
            return found[0]
        return masked(tail(plain))

    return _DATE_OR_NUMBER.sub(hidden, text)


def masked_name(name: str) -> str:
    """A name as a door shows it before a queue: the first and the last character, the rest hidden."""
    if len(name) <= 1:
        return name
    return f"{name[0]} * {name[-1]}" if len(name) > 2 else f"{name[0]} *"
