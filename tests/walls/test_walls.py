"""The second wall: what the login that serves may do, and what not, whatever the application asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

import databases
from fugong.base import walls
from fugong.project import logins

WITHOUT_ROWS_OF_ANYBODY = {
    "base_cache", "account_emailaddress", "account_emailconfirmation", "base_user_groups",
    "base_user_user_permissions", "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "django_migrations", "django_session",
}  # fmt: skip
"""The tables of Django and allauth that hold no file: permissions nobody uses, counters, signed sessions by random keys."""

APPEND_ONLY = {"ledger_fact", "clearance_adoption", "audit_entry", "audit_batch", "audit_seal"}
CLOSED_COLUMNS = {
    "ledger_subject": {"kind"},
    "clearance_clearance": {"starts", "ends", "moments", "failing", "changed", "adoption_id", "rests_on"},
}  # fmt: skip
"""What may be updated where less than the whole row may be; the policies of these let no serving scope do it."""


def tables() -> set[str]:
    """Every table of the database, whoever made it."""
    with databases.superuser() as raw:
        return {row[0] for row in raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_every_table_has_exactly_one_wall(db):
    named = [wall.table for wall in walls.declared()]
    assert sorted(named) == sorted(tables())


def test_every_table_that_holds_anybodys_data_has_row_level_security(db):
    with databases.superuser() as raw:
        secured = {
            row[0]
            for row in raw.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
            )
        }
    assert secured == tables() - WITHOUT_ROWS_OF_ANYBODY


def test_the_serving_login_is_nobody_special(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (logins.SERVING, logins.SERVING)
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = %s",
            [logins.SERVING],
        )
        assert cursor.fetchone() == (False,) * 5
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [logins.SERVING])
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE relowner = %(me)s::regrole AND relpersistence <> 't') "
            "+ (SELECT count(*) FROM pg_proc WHERE proowner = %(me)s::regrole) "
            "+ (SELECT count(*) FROM pg_namespace WHERE nspowner = %(me)s::regrole AND nspname NOT LIKE 'pg\\_%%temp\\_%%') "
            "+ (SELECT count(*) FROM pg_database WHERE datdba = %(me)s::regrole)",
            {"me": logins.SERVING},
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE')"
        )
        assert cursor.fetchone() == (False, False)


def rights(table: str) -> set[str]:
    """What the serving login may do to a table, in whole or in part."""
    wanted = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r FROM unnest(%s::text[]) AS r WHERE has_table_privilege(%s, r) OR "
            "(r IN ('SELECT', 'INSERT', 'UPDATE') AND has_any_column_privilege(%s, r))",
            [list(wanted), table, table],
        )
        return {row[0] for row in cursor.fetchall()}


def test_nobody_serves_with_more_rights_than_are_declared(db):
    for wall in walls.declared():
        assert rights(wall.table) == set(wall.may), wall.table


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_facts_protocols_and_the_audit_are_never_changed(table, db):
    assert rights(table) == {"SELECT", "INSERT"}
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("table", sorted(CLOSED_COLUMNS))
def test_only_some_columns_can_be_written_over(table, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND has_column_privilege(attrelid, attnum, 'UPDATE')",
            [table],
        )
        assert {row[0] for row in cursor.fetchall()} == CLOSED_COLUMNS[table]


def test_the_serving_login_makes_nothing_and_becomes_nobody(db):
    for statement in (
        "CREATE TABLE public.mine (id int)",
        "ALTER TABLE ledger_fact DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON ledger_fact USING (true)",
        "ALTER TABLE ledger_fact DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        f"SET ROLE {logins.OWNER}",
        "CREATE OR REPLACE FUNCTION fugong_sees_all() RETURNS boolean LANGUAGE sql RETURN true",
        "COPY registry_worker TO PROGRAM 'cat'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_whatever_runs_with_the_owners_rights_or_by_a_trigger_says_where_it_looks_names_up(db):
    """A temporary table of a name that such a function uses must not come before the owner's."""
    with databases.superuser() as raw:
        found = raw.execute(
            "SELECT p.oid::regprocedure::text, s.setting FROM pg_proc AS p "
            "LEFT JOIN LATERAL (SELECT c AS setting FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=%') AS s ON true "
            "WHERE p.pronamespace = 'public'::regnamespace AND (p.prosecdef OR p.prorettype = 'trigger'::regtype)"
        ).fetchall()
    assert {"fugong_subjects()", "ledger_check_correction()", "audit_logins(uuid[])"} <= {name for name, _path in found}
    for name, setting in found:
        path = (setting or "").removeprefix("search_path=").replace(" ", "").split(",")
        assert path == ["pg_catalog"] or path[-2:] == ["public", "pg_temp"], (name, setting)


def test_the_serving_login_compiles_no_statement(db):
    """Where a server can: under these policies it would do so for statements that take a hundredth of the time."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
