"""Which line of history a database follows, and how far it has come: what numbers of snapshots mean.

A number is a transaction id: everything of earlier transactions is over. It means something only within one database of
one server and one timeline, so a restored copy, which counts from elsewhere, has another lineage.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from django.db import connection

_HERE = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, s.system_identifier, d.oid::bigint, c.timeline_id "
    "FROM pg_control_system() AS s, pg_control_checkpoint() AS c, pg_database AS d WHERE d.datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Here:
    """The database's lineage, and the number before which every transaction is over: what is read after it has them all."""

    lineage: str
    number: int


def here() -> Here:
    """Where the database stands. To be asked before that of which the number shall speak is read."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        number, *line = cursor.fetchone()
    digest = hashlib.sha256(":".join(map(str, line)).encode()).digest()
    return Here(urlsafe_b64encode(digest[:9]).decode(), number)
