"""What a seal is: a hash over the one before it and over the bytes of an entry, or of the batch that it closes.

SHA-256 (FIPS 180-4). The bytes of an entry are made from its columns here and not by a function that the database
stores: whoever may change the entries could change that function too.
"""

from __future__ import annotations

from hashlib import sha256

BEGINNING = sha256(b"fugong audit, version 1").digest()
"""What stands before the first entry."""


def microseconds(column: str) -> str:
    """SQL: a time of the database's clock as whole microseconds since the Unix epoch, whatever the session's time zone."""
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


CONTENT = (
    "json_build_array(e.server, e.transaction, "
    f"{microseconds('e.started')}, {microseconds('e.written_at')}, e.at, e.actor, e.role, e.scope, e.scope_id, e.purpose, "
    "e.origin, e.action, e.relation, e.row_count, e.subjects, e.reason, e.details)::text"
)
"""SQL: everything that an entry ``e`` says but its id, as JSON: no two different entries have the same text."""


def link(before: bytes, entry: int, content: str) -> bytes:
    """The seal over an entry."""
    return sha256(b"%b%d:%b" % (before, entry, content.encode())).digest()


def close(before: bytes, number: int, sealed_at: int, server: int, horizon: int, following: int, first: int,
          entries: int) -> bytes:  # fmt: skip
    """The hash that closes a batch (``sealed_at`` in microseconds); the next batch goes on from it."""
    told = f"batch:{number}:{sealed_at}:{server}:{horizon}:{following}:{first}:{entries}"
    return sha256(before + told.encode()).digest()
