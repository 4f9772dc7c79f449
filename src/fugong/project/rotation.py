"""The master key's rotation: everything that is encrypted moves to a new version, all of it or nothing.

The new version is in the key file before anything is written under it, and the old ones stay there until `forget`: so
wherever a rotation stops, the database can be read, and the rotation repeated.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from django.db import connections, transaction

from fugong.base import access, environment, holdings, keyring, personal
from fugong.project.serving import OWNER, demand_owner


class RotationError(RuntimeError):
    """A rotation that is refused; ``code`` says why: ``connected``, ``no_newer``, ``in_use``, ``elsewhere``, ``last``."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code)
        self.code, self.number = code, number


def kept_in_file() -> bool:
    """Whether the master key is in the key file, where this program may change it."""
    return not os.environ.get("FUGONG_MASTER_KEY")


def target() -> int:
    """The version to move to: a newer one that is there already, or else a new one, written into the key file first.

    Raises RotationError where ``FUGONG_MASTER_KEY`` holds none that is newer, or no number is left.
    """
    keys, stored = personal.versions(), holdings.version_in(connections[OWNER])
    if stored is not None and max(keys) > stored:
        return max(keys)
    if not kept_in_file():
        raise RotationError("no_newer", max(keys) + 1)
    version = max(keys) + 1
    if version > keyring.GREATEST:
        raise RotationError("last")
    keyring.write(environment.key_file(), {**keys, version: keyring.fresh()})
    personal.keys_have_changed()
    return version


def refuse_company() -> None:
    """Raises RotationError while any other process of ours is connected to the database: it would write under the old key."""
    own = [
        one.connection.info.backend_pid for one in connections.all(initialized_only=True) if one.connection is not None
    ]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE 'fugong%%' AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)",
            [own],
        )
        others = int(cursor.fetchone()[0])
    if others:
        raise RotationError("connected", others)


def total() -> int:
    """How many values a rotation has before it."""
    demand_owner()
    return holdings.count(connections[OWNER])


def rotate(progress: Callable[[int], None] = lambda done: None) -> int:
    """Move everything to a new version of the master key, in one transaction; returns the version.

    Raises RotationError, and NoOwnerError where only the login that serves is known.
    """
    demand_owner()
    refuse_company()
    version = target()
    with transaction.atomic(using=OWNER):
        access.tell_owner(access.as_system("fugong key rotate"), connections[OWNER])
        for done in holdings.rewrite(connections[OWNER], version):
            progress(done)
        refuse_company()
    personal.keys_have_changed()
    return version


def forget() -> list[int]:
    """Drop from the key file every version under which nothing stands any more; returns them.

    Raises RotationError where the key isn't kept in the file, and while an older version is still in use.
    """
    demand_owner()
    if not kept_in_file():
        raise RotationError("elsewhere")
    keys, used = personal.versions(), holdings.versions_in(connections[OWNER])
    newest = max(used, default=max(keys))
    if used - {newest}:
        raise RotationError("in_use")
    dropped = sorted(set(keys) - {newest})
    if dropped:
        keyring.write(environment.key_file(), {newest: keys[newest]})
        personal.keys_have_changed()
    return dropped
