"""The second wall: what the login that serves may do to each table, and which rows a transaction sees.

Every app has a room ``walls.py`` with ``WALLS``: one `Wall` a table. `apply` (after every migration, by the owner) gives
exactly those rights to the serving login, switches row-level security on and writes the policies. The owner of the tables
is not bound by them; the serving login owns nothing and cannot pass them by.

Policies read the settings that ``base.access.acting`` gives to each transaction:

- ``fugong_sees_all()``: the scope is the whole town's or the system's;
- ``fugong_scope()``, ``fugong_scope_id()``, ``fugong_actor()``: the kind of scope, its id, who acts;
- ``fugong_subjects()``: the workers, enterprises, sites and divisions in the scope (a set of ids).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

Privilege = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Wall:
    """What the serving login may do to a table, and to which rows.

    ``see`` is the condition (SQL over the table's columns) under which a row is visible, None for a table without
    anybody's data, which has no row-level security. ``write`` is the condition under which a row may be written, by
    default that under which it may be seen. ``change`` are the columns that may be updated, empty for all. ``audited`` is
    the column that says whose data a row holds: every statement that writes such rows leaves an entry in the audit.
    """

    table: str
    may: tuple[Privilege, ...]
    see: str | None
    write: str | None = None
    change: tuple[str, ...] = ()
    audited: str = ""


SUBJECT = "(SELECT fugong_sees_all()) OR {column} IN (SELECT fugong_subjects())"


def about(column: str) -> str:
    """The condition that the subject in a column lies in the scope."""
    return SUBJECT.format(column=column)


def readable(column: str) -> str:
    """The condition that the subject in a column may be read: it lies in the scope, or those in the scope refer to it."""
    return f"{ALL} OR {column} IN (SELECT fugong_readable())"


FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION fugong_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('fugong.scope', true), ''), 'none')
""",
    """
CREATE OR REPLACE FUNCTION fugong_scope_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('fugong.scope_id', true), '')::uuid
""",
    """
CREATE OR REPLACE FUNCTION fugong_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('fugong.actor', true), '')::uuid
""",
    """
CREATE OR REPLACE FUNCTION fugong_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('fugong.now', true), '')::bigint
""",
    """
CREATE OR REPLACE FUNCTION fugong_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN fugong_scope() IN ('town', 'system')
""",
)
"""What policies ask of a transaction's settings. Apps below add theirs (``FUNCTIONS`` in their walls)."""

_SIGNING_IN = "fugong_scope() = 'sign_in'"
_OWN = "user_id = (SELECT fugong_actor()) OR (SELECT fugong_scope() IN ('sign_in', 'system'))"
WALLS = [
    Wall(
        "base_user", ("SELECT", "INSERT", "UPDATE"),
        see=f"{about('scope_id')} OR id = (SELECT fugong_actor()) OR (SELECT fugong_scope() IN ('sign_in', 'audit'))",
        write=f"{about('scope_id')} OR id = (SELECT fugong_actor()) OR (SELECT {_SIGNING_IN})",
    ),
    Wall("base_usersession", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=_OWN),
    Wall(
        "base_entrycode", ("SELECT", "INSERT", "UPDATE"), see=f"{about('worker_id')} OR (SELECT {_SIGNING_IN})",
        change=("used_at", "cancelled_at"), audited="worker_id",
    ),
    Wall("base_cache", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=None),
    Wall("mfa_authenticator", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=_OWN),
    Wall("account_emailaddress", ("SELECT",), see=None),
    Wall("account_emailconfirmation", (), see=None),
    Wall("base_user_groups", (), see=None),
    Wall("base_user_user_permissions", (), see=None),
    Wall("auth_group", (), see=None),
    Wall("auth_group_permissions", (), see=None),
    Wall("auth_permission", ("SELECT",), see=None),
    Wall("django_content_type", ("SELECT",), see=None),
    Wall("django_migrations", ("SELECT",), see=None),
    Wall("django_session", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=None),
]  # fmt: skip


def _rooms() -> Iterator[ModuleType]:
    """The modules ``walls`` of every app, in the order in which the apps are installed."""
    for config in apps.get_app_configs():
        name = f"{config.name}.walls"
        if config.name.startswith("fugong.") and find_spec(name) is not None:
            yield import_module(name)


def declared() -> list[Wall]:
    """The walls of every app."""
    found: list[Wall] = []
    for config in apps.get_app_configs():
        if config.name.startswith("fugong.") and config.module is not None:
            try:
                module = import_module(f"{config.name}.walls")
            except ModuleNotFoundError as error:
                if error.name != f"{config.name}.walls":
                    raise
                continue
            found += module.WALLS
    return found


def apply(connection: BaseDatabaseWrapper, login: str) -> None:
    """Give the serving login its rights and write the policies: exactly those that are declared, nothing else."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(login)}, PUBLIC")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(login)}")
        for wall in declared():
            for statement in statements(wall, quote(login)):
                cursor.execute(statement)


def statements(wall: Wall, login: str) -> list[str]:
    """The SQL of one wall; it may be run again and again."""
    rights = [
        f"UPDATE ({', '.join(wall.change)})" if right == "UPDATE" and wall.change else right for right in wall.may
    ]
    made = [f"GRANT {', '.join(rights)} ON {wall.table} TO {login}"] if rights else []
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        made.append(f"DROP POLICY IF EXISTS wall_{right.lower()} ON {wall.table}")
    if wall.see is None:
        return [*made, f"ALTER TABLE {wall.table} DISABLE ROW LEVEL SECURITY"]
    made.append(f"ALTER TABLE {wall.table} ENABLE ROW LEVEL SECURITY")
    see, write = wall.see, wall.write or wall.see
    clauses = {
        "SELECT": f"USING ({see})", "INSERT": f"WITH CHECK ({write})", "UPDATE": f"USING ({see}) WITH CHECK ({write})",
        "DELETE": f"USING ({see})",
    }  # fmt: skip
    for right in wall.may:
        made.append(f"CREATE POLICY wall_{right.lower()} ON {wall.table} FOR {right} TO {login} {clauses[right]}")
    return made
