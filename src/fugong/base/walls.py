"""The second wall: what the login that serves may do to each table, and which rows a transaction sees.

Every app has a room ``walls.py`` with ``WALLS``: one `Wall` a table. `apply` (after every migration, by the owner) gives
exactly those rights to the serving login, switches row-level security on and writes the policies. The owner of the tables
is not bound by them; the serving login owns nothing and cannot pass them by.

Policies read the settings that ``base.access.acting`` gives to each transaction:

- ``fugong_sees_all()``: the scope is the whole town's or the system's;
- ``fugong_scope()``, ``fugong_scope_id()``, ``fugong_actor()``, ``fugong_role()``: the kind of scope, its id, who acts
  and under which role;
- ``fugong_few()``: the people to whom the transaction is `narrowed` for a moment, NULL for everybody in the scope;
- ``fugong_subjects()``: the workers, enterprises and sites in the scope (a set of ids), of the workers those few;
- ``fugong_readable()``: these, and the divisions and places that facts about them refer to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Literal, get_args

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from fugong.base.roles import ROLES, given_by

Privilege = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Wall:
    """What the serving login may do to a table, and to which rows.

    ``see`` is the condition (SQL over the table's columns) under which a row is visible, None for a table without
    anybody's data, which has no row-level security. ``write`` is the condition under which a row may be written or deleted, by
    default that under which it may be seen; ``add`` is the one for new rows, where it is another. ``change`` are the
    columns that may be updated, empty for all. ``audited`` is the column that says whose data a row holds: every statement
    that writes such rows leaves an entry in the audit.
    """

    table: str
    may: tuple[Privilege, ...]
    see: str | None
    write: str | None = None
    add: str | None = None
    change: tuple[str, ...] = ()
    audited: str = ""


ALL = "(SELECT fugong_sees_all())"
"""Only for the whole town's and the system's scope."""
ANYBODY = "(SELECT fugong_scope() <> 'none')"
"""For whoever has any scope at all: what is no secret among those who work with Fugong."""


def about(column: str) -> str:
    """The condition that the subject in a column lies in the scope."""
    return f"{ALL} OR {column} IN (SELECT fugong_subjects())"


def readable(column: str) -> str:
    """The condition that the subject in a column may be read: it lies in the scope, or those in the scope refer to it."""
    return f"{ALL} OR {column} IN (SELECT fugong_readable())"


_ASKED = (
    ("fugong_scope", "text", "coalesce(nullif(current_setting('fugong.scope', true), ''), 'none')"),
    ("fugong_scope_id", "uuid", "nullif(current_setting('fugong.scope_id', true), '')::uuid"),
    ("fugong_actor", "uuid", "nullif(current_setting('fugong.actor', true), '')::uuid"),
    ("fugong_role", "text", "coalesce(current_setting('fugong.role', true), '')"),
    ("fugong_now", "bigint", "nullif(current_setting('fugong.now', true), '')::bigint"),
    ("fugong_few", "uuid[]", "nullif(current_setting('fugong.few', true), '')::uuid[]"),
    ("fugong_sees_all", "boolean", "coalesce(current_setting('fugong.scope', true), '') IN ('town', 'system')"),
)


def asking(name: str, returns: str, expression: str) -> str:
    """SQL of a function without arguments that policies ask.

    In PL/pgSQL, which keeps what it has compiled: a function in SQL is written into every statement anew and planned with it,
    which costs more than calling it.
    """
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS {returns} LANGUAGE plpgsql STABLE PARALLEL SAFE "
        f"AS $$ BEGIN RETURN {expression}; END $$"
    )


ASKED = {name: expression for name, _returns, expression in _ASKED}
"""What each of these functions says, to stand in the place of a call."""

FUNCTIONS = (
    *(asking(*one) for one in _ASKED),
    # Until it is known who signs in, nothing of a login changes but how its password is kept (Django's newer digests).
    """
CREATE OR REPLACE FUNCTION fugong_signing_in() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF public.fugong_scope() = 'sign_in' AND to_jsonb(NEW) - 'password' <> to_jsonb(OLD) - 'password' THEN
    RAISE EXCEPTION 'who is about to sign in changes no login' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER login_of_who_signs_in BEFORE UPDATE ON base_user
  FOR EACH ROW EXECUTE FUNCTION fugong_signing_in()
""",
    # Statistics are gathered by whoever owns a table: for the serving login ANALYZE does nothing, in silence.
    """
CREATE OR REPLACE FUNCTION fugong_gather_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE one regclass;
BEGIN
  IF fugong_scope() <> 'system' THEN RAISE insufficient_privilege; END IF;
  FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ANALYZE %s', one);
  END LOOP;
END $$
""",
)
"""What policies ask of a transaction's settings, and what keeps logins as they are. Apps below add theirs (``FUNCTIONS`` in
their walls). `apply` makes them again and again."""

_SIGNING_IN = "(SELECT fugong_scope() = 'sign_in')"
_SYSTEM = "(SELECT fugong_scope() = 'system')"
_ME = "(SELECT fugong_actor())"
_OWN = f"user_id = {_ME} OR {_SYSTEM}"


def _given() -> str:
    """The condition that whoever acts may give the login of a row: its role is one that theirs gives, within their scope."""
    ways = [_SYSTEM]
    for role in ROLES.values():
        if not (given := given_by(role)):
            continue
        acting = f"(SELECT fugong_role() = '{role.name}' AND fugong_scope() = '{role.scope}')"
        names = ", ".join(f"'{one.name}'" for one in given)
        within = "" if role.scope == "town" else " AND scope_id IN (SELECT fugong_subjects())"
        ways.append(f"({acting} AND role_name IN ({names}){within})")
    return " OR ".join(ways)


_GIVEN = _given()
_HAND_OUT = " OR ".join(
    (_SYSTEM, *(f"(SELECT fugong_role() = '{role.name}')" for role in ROLES.values() if "login.write" in role.rights))
)
"""Who hands out codes to sign in: whoever gives logins."""
WALLS = [
    # No role and no scope can be changed. Digests of passwords stand in these rows: who signs nobody in and gives no logins
    # sees none but their own; who signs in sees all, and writes nothing but a digest (`FUNCTIONS`).
    Wall(
        "base_user", ("SELECT", "INSERT", "UPDATE"),
        see=f"{ALL} OR id = {_ME} OR {_SIGNING_IN}"
        " OR ((SELECT fugong_scope()) = 'enterprise' AND scope_id IN (SELECT fugong_subjects()))",
        write=f"id = {_ME} OR {_SIGNING_IN} OR {_GIVEN}", add=_GIVEN,
        change=(
            "password", "password_to_change", "is_active", "sessions_ended", "signed_in_at", "given_by", "given_at",
        ), audited="scope_id",
    ),
    Wall("base_usersession", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=_OWN),
    Wall(
        "base_entrycode", ("SELECT", "INSERT", "UPDATE"), see=f"{about('worker_id')} OR {_SIGNING_IN}",
        add=f"({about('worker_id')}) AND ({_HAND_OUT})", write=f"(({about('worker_id')}) AND ({_HAND_OUT})) OR {_SIGNING_IN}",
        change=("used_at", "cancelled_at"), audited="worker_id",
    ),
    Wall("base_cache", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=None),
    Wall("mfa_authenticator", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=f"{_OWN} OR {_SIGNING_IN}"),
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
    return [wall for room in _rooms() for wall in room.WALLS]


def apply(connection: BaseDatabaseWrapper, login: str) -> None:
    """Give the serving login its rights and write the policies: exactly those that are declared, nothing else.

    ``connection`` is the owner's. To be run after every migration; running it again changes nothing.
    """
    serving = connection.ops.quote_name(login)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {serving}, PUBLIC")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {serving}")
        for room in _rooms():
            for function in getattr(room, "FUNCTIONS", ()):
                cursor.execute(function)
        for wall in declared():
            for statement in statements(wall, serving):
                cursor.execute(statement)


def statements(wall: Wall, login: str) -> list[str]:
    """The SQL of one wall; it may be run again and again."""
    rights = [
        f"UPDATE ({', '.join(wall.change)})" if right == "UPDATE" and wall.change else right for right in wall.may
    ]
    made = [f"GRANT {', '.join(rights)} ON {wall.table} TO {login}"] if rights else []
    made += [f"DROP POLICY IF EXISTS wall_{right.lower()} ON {wall.table}" for right in get_args(Privilege)]
    made += audit_triggers(wall)
    if wall.see is None:
        return [*made, f"ALTER TABLE {wall.table} DISABLE ROW LEVEL SECURITY"]
    made.append(f"ALTER TABLE {wall.table} ENABLE ROW LEVEL SECURITY")
    see, write = wall.see, wall.write or wall.see
    clauses = {
        "SELECT": f"USING ({see})", "INSERT": f"WITH CHECK ({wall.add or write})", "DELETE": f"USING ({write})",
        "UPDATE": f"USING ({see}) WITH CHECK ({write})",
    }  # fmt: skip
    for right in wall.may:
        made.append(f"CREATE POLICY wall_{right.lower()} ON {wall.table} FOR {right} TO {login} {clauses[right]}")
    return made


_TRANSITIONS = {
    "INSERT": "REFERENCING NEW TABLE AS written",
    "UPDATE": "REFERENCING NEW TABLE AS written OLD TABLE AS replaced",
    "DELETE": "REFERENCING OLD TABLE AS written",
    "TRUNCATE": "",
}


def audit_triggers(wall: Wall) -> list[str]:
    """The SQL by which every statement that writes an audited table leaves one entry, whoever sends it (app ``audit``)."""
    made = []
    for event, tables in _TRANSITIONS.items():
        name = f"audit_{event.lower()}"
        made.append(f"DROP TRIGGER IF EXISTS {name} ON {wall.table}")
        if wall.audited:
            made.append(
                f"CREATE TRIGGER {name} AFTER {event} ON {wall.table} {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION audit_note_write('{wall.audited}')"
            )
    return made
