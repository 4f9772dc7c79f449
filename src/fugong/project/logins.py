"""The two database logins: the owner, who migrates, and the one that serves (``sql/roles.sql``)."""

from __future__ import annotations

from importlib.resources import files

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OWNER, SERVING = "fugong_owner", "fugong_app"
ROLES = files("fugong.project").joinpath("sql/roles.sql")


def make(superuser: str) -> tuple[str, str]:
    """Make both logins in the database of a superuser's connection string; returns those of the serving login and the owner.

    For servers that this machine's user may enter without a password: the embedded one, and the suite's.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(ROLES.read_text().encode())
    return as_login(superuser, SERVING), as_login(superuser, OWNER)


def as_login(address: str, login: str) -> str:
    """The same database, entered by another login, as a ``postgresql:`` address."""
    given = {name: value for name, value in conninfo_to_dict(address).items() if name not in ("user", "password")}
    return make_conninfo("", **given, user=login)
