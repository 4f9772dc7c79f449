"""The second wall: what the serving login may, and which rows it sees, whatever the application asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

import builders
import databases
from fugong.base import access, walls
from fugong.base.access import Acting
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from fugong.project import logins
from walls import world
from walls.world import Side, World

WITHOUT_ROWS_OF_ANYBODY = {
    "base_cache", "account_emailaddress", "account_emailconfirmation", "base_user_groups",
    "base_user_user_permissions", "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "django_migrations", "django_session",
}  # fmt: skip
"""The tables of Django and allauth that hold no file: permissions nobody uses, counters, signed sessions by random keys."""

APPEND_ONLY = {"ledger_fact", "clearance_adoption", "audit_entry", "audit_batch", "audit_seal"}
CLOSED_COLUMNS = {
    "ledger_subject": {"kind"},
    "clearance_clearance": {"starts", "ends", "adoption_id", "rests_on"},
}  # fmt: skip
"""What may be updated where less than the whole row may be; the policies of these let no serving scope do it."""


# -- what the login may -------------------------------------------------------------------------------------------------


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


# -- which rows it sees -------------------------------------------------------------------------------------------------

SUBJECTS = {
    "enterprise": {"a", "a.site", "a1", "a2", "a3"},
    "patch": {"a", "a.site", "a.team", "a1", "a2", "a3"},
    "plant": {"a", "a.site", "a1", "a2", "a3"},
    "hotel": {"a.hotel", "a3"},
    "worker": {"a1"},
}
"""Whom each scope of the first side is about."""
EVERYBODY = {f"{side}{what}" for side in "ab" for what in ("", ".site", ".hotel", ".team", ".patch", "1", "2", "3")} | {
    "division"
}
NOBODYS = ("audit", "operations", "sign_in")
EMPTY: set[str] = set()


def of(scope: str) -> set[str]:
    """The subjects of a scope."""
    return EVERYBODY if scope in ("town", "system") else SUBJECTS.get(scope, EMPTY)


def readable(scope: str) -> set[str]:
    """Those, and whom facts about them refer to: divisions, the town's own sites, a worker's own enterprise and its sites."""
    found = of(scope)
    if scope == "worker":
        found = found | {"a", "a.site"}
    return found | {"division", "a.hotel", "b.hotel"} if found else found


PUBLIC: Callable[[str], set[str]] = lambda scope: EVERYBODY  # noqa: E731 - a row of the table below
TOWN: Callable[[str], set[str]] = lambda scope: EVERYBODY if scope in ("town", "system") else EMPTY  # noqa: E731


def enterprises(scope: str) -> set[str]:
    """At an observation site nobody sees employers."""
    return EMPTY if scope == "hotel" else readable(scope) & {"a", "b"}


def employments(scope: str) -> set[str]:
    """By worker: the site of an enterprise sees all of its people, an observation site no employments."""
    return EMPTY if scope == "hotel" else of(scope)


def sites(scope: str) -> set[str]:
    """Observation sites are the town's: whoever is in any scope knows them by name."""
    return (readable(scope) & {"a.site", "b.site"}) | {"a.hotel", "b.hotel"}


def entry_codes(scope: str) -> set[str]:
    return EVERYBODY if scope == "sign_in" else of(scope)


def requests(scope: str) -> set[str]:
    """A person's own; a clerk's, whom they filed it for; nobody else's."""
    return {"town": EVERYBODY, "system": EVERYBODY, "worker": {"a1"}, "enterprise": {"a2"}}.get(scope, EMPTY)


def acts(scope: str) -> set[str]:
    return {"a"} if scope == "enterprise" else TOWN(scope)


def own(scope: str) -> set[str]:
    """Sessions of the one who asks; the acting enterprise clerk has one."""
    return {"enterprise": {"a"}, "sign_in": EVERYBODY, "system": EVERYBODY}.get(scope, EMPTY)


def users(scope: str) -> set[str]:
    """By the label of what a login is over; one's own login is added by the test."""
    if scope in ("sign_in", "audit", "town", "system"):
        return EVERYBODY | {"town's"}
    return of(scope)


ROWS: dict[str, tuple[str, str, Callable[[str], set[str]]]] = {
    "base_user": ("id", "scope_id", users),
    "base_usersession": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = user_id)", own),
    "base_entrycode": ("id", "worker_id", entry_codes),
    "mfa_authenticator": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = user_id)", own),
    "ledger_subject": ("id", "id", readable),
    "ledger_fact": ("id", "subject_id", readable),
    "registry_division": ("subject_id", "subject_id", PUBLIC),
    "registry_town": ('"only"', "division_id", PUBLIC),
    "registry_patch": ("id", "id", PUBLIC),
    "teams_serviceteam": ("subject_id", "subject_id", PUBLIC),
    "registry_enterprise": ("subject_id", "subject_id", enterprises),
    "registry_site": ("subject_id", "subject_id", sites),
    "registry_door": ("id", "site_id", lambda scope: readable(scope) & {"a.site", "b.site"}),
    "registry_worker": ("subject_id", "subject_id", of),
    "registry_document": ("id", "worker_id", of),
    "registry_employment": ("id", "worker_id", employments),
    "registry_upload": ("id", "enterprise_id", acts),
    "clearance_adoption": ("id", "'{division}'::uuid", PUBLIC),
    "clearance_clearance": ("worker_id, permission", "worker_id", of),
    "clearance_waitingact": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = proposer_id)", acts),
    "clearance_loss": ("id", "workers[1]", lambda scope: EVERYBODY if scope == "system" else EMPTY),
    "clearance_review": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = actor_id)", TOWN),
    "clearance_deputation": ("id", "'{division}'::uuid", TOWN),
    "clearance_verification": (
        "id", "'{division}'::uuid", lambda scope: EVERYBODY if scope == "operations" else TOWN(scope),
    ),
    "redress_request": ("id", "worker_id", requests),
    "redress_evidence": ("id", "worker_id", requests),
    "audit_entry": ("id", "'{division}'::uuid", lambda scope: EVERYBODY if scope in ("audit", "system") else EMPTY),
    "audit_batch": ("number", "'{division}'::uuid", PUBLIC),
    "audit_seal": ("number", "'{division}'::uuid", PUBLIC),
    "project_taskrun": ("name", "'{division}'::uuid", PUBLIC),
}  # fmt: skip
"""For every table: its key, whose each row is (by the label of the `World`), and whose rows each scope sees."""


def who(two: World, scope: str) -> Acting:
    """Somebody of the first side, or of the town, under a scope."""
    side = two.a
    given: dict[str, tuple[str, UUID | None, str]] = {
        "enterprise": ("enterprise", side.enterprise.pk, "enterprise_clerk"),
        "patch": ("patch", side.patch, "service_team_member"),
        "plant": ("site", side.site, "door_device"),
        "hotel": ("site", side.hotel, "observation_medic"),
        "worker": ("worker", side.workers[0], "worker"),
        "town": ("town", None, "bureau_reader"),
        "audit": ("audit", None, "auditor"),
        "operations": ("operations", None, "system_operator"),
    }
    if scope not in given:
        return Acting(scope)  # type: ignore[arg-type]
    kind, over, role = given[scope]
    user = side.users.get(role) or two.town[role]
    return Acting(kind, over, user.pk, role)  # type: ignore[arg-type]


SCOPES = (*SUBJECTS, "town", "system", *NOBODYS, "none")


def labelled(two: World) -> dict[str, dict[tuple[object, ...], str]]:
    """Every row of every table, with whose it is: seen by the superuser, past all walls."""
    found: dict[str, dict[tuple[object, ...], str]] = {}
    with databases.superuser() as raw:
        for table, (key, whose, _seen) in ROWS.items():
            rows = raw.execute(f"SELECT {whose.format(division=two.division)}, {key} FROM {table}".encode())
            found[table] = {tuple(rest): two.labels.get(owner, "town's") for owner, *rest in rows}
    return found


def seen(table: str) -> set[tuple[object, ...]]:
    """The keys of the rows that a query without any filter returns to the present scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROWS[table][0]} FROM {table}")
        return set(cursor.fetchall())


@pytest.fixture
def committed(transactional_db: None) -> World:
    """The two enterprises, committed, so that a superuser sees them too."""
    return world.make()


def test_the_table_of_this_module_names_every_secured_table(db):
    assert set(ROWS) == tables() - WITHOUT_ROWS_OF_ANYBODY


def test_a_query_without_a_filter_sees_its_scope_and_nothing_else(committed: World):
    truth = labelled(committed)
    assert {label for rows in truth.values() for label in rows.values()} >= EVERYBODY  # there is something to see
    assert all(truth[table] for table in ROWS if table not in ("audit_batch", "audit_seal", "project_taskrun"))
    for scope in SCOPES:
        acting = who(committed, scope)
        with access.acting(acting):
            for table, (_key, _whose, labels) in ROWS.items():
                mine = EMPTY if scope == "none" else labels(scope)
                expected = {key for key, label in truth[table].items() if label in mine}
                if table == "base_user" and acting.actor is not None:
                    expected.add((acting.actor,))
                assert seen(table) == expected, (scope, table)


def serving() -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the serving login's own, as the server opens one."""
    name = connections["default"].settings_dict["NAME"]
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=name, autocommit=True)


def blind(raw: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether no row of any secured table is seen."""
    counts = [raw.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in ROWS]
    return counts == [(0,)] * len(ROWS)


def test_a_transaction_without_a_scope_sees_nothing_also_on_a_used_connection(committed: World):
    clerk = who(committed, "enterprise")
    with serving() as raw:
        assert blind(raw)
        with raw.transaction():
            raw.execute(
                "SELECT set_config('fugong.scope', 'enterprise', true), set_config('fugong.scope_id', %s, true), "
                "set_config('fugong.actor', %s, true)",
                [str(clerk.scope_id), str(clerk.actor)],
            )
            assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (3,)
        assert blind(raw)
        with pytest.raises(ZeroDivisionError), raw.transaction():
            raw.execute("SELECT set_config('fugong.scope', 'town', true)")
            assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (6,)
            raise ZeroDivisionError
        assert blind(raw)


def settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('fugong.' || s, true), '') "
            "FROM unnest(ARRAY['scope', 'scope_id', 'actor', 'role', 'purpose', 'origin', 'now']) AS s"
        )
        return [row[0] for row in cursor.fetchall()]


def test_who_acts_ends_with_the_transaction(committed: World):
    before = settings()
    with access.acting(who(committed, "enterprise")):
        assert settings()[0] == "enterprise"
        with access.elevated("test"):
            assert settings()[:2] == ["system", ""]
        assert settings()[0] == "enterprise"
    assert settings() == before
    with pytest.raises(ZeroDivisionError), access.acting(who(committed, "worker")):
        raise ZeroDivisionError
    assert settings() == before
    assert access.current() == access.NOBODY


def test_nonsense_settings_open_nothing(committed: World):
    with serving() as raw:
        for scope in ("", "TOWN", "system ", "nobody", "enterprise", "worker", "patch", "site"):
            with raw.transaction():
                raw.execute("SELECT set_config('fugong.scope', %s, true)", [scope])
                assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (0,), scope
                assert raw.execute("SELECT count(*) FROM ledger_fact").fetchone() == (0,), scope


# -- what it writes -----------------------------------------------------------------------------------------------------

Write = tuple[str, list[object]]
FACT = (
    'INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source) '
    "VALUES (%s, %s, %s, 1, 2, '{}', 1, false, '', 'test')"
)

LOGIN = (
    "INSERT INTO base_user (id, username, role_name, scope_id, password, is_superuser, first_name, last_name, email, "
    "is_staff, is_active, date_joined, sessions_ended, password_to_change) "
    "VALUES (%s, %s, %s, %s, '', false, '', '', '', false, true, now(), 0, false)"
)


def writes_about(side: Side, two: World) -> dict[str, Write]:
    """Writes that somebody of the other side tries."""
    stranger = side.workers[0]
    other = two.a if side is two.b else two.b
    return {
        "a fact about a stranger": (FACT, [uuid4(), stranger, "test"]),
        "a fact about another enterprise": (FACT, [uuid4(), side.enterprise.pk, "resumption"]),
        "a fact about another site": (FACT, [uuid4(), side.site, "room"]),
        "a division's level of risk": (FACT, [uuid4(), two.division, "division_risk"]),
        "employing somebody who is employed elsewhere": (
            "INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active) "
            "VALUES (%s, %s, %s, %s, '', '', '', 1, true)",
            [uuid4(), stranger, other.enterprise.pk, uuid4()],
        ),
        "employing somebody in another's name": (
            "INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active) "
            "VALUES (%s, %s, %s, %s, '', '', '', 1, true)",
            [uuid4(), other.workers[0], side.enterprise.pk, uuid4()],
        ),
        "a document of a stranger": (
            "INSERT INTO registry_document (id, worker_id, type, encrypted, digest, tail) VALUES (%s, %s, 'other', '', %s, '1')",
            [uuid4(), stranger, b"digest"],
        ),
        "a door at another's site": (
            "INSERT INTO registry_door (id, site_id, name) VALUES (%s, %s, 'x')", [uuid4(), side.site],
        ),
        "an enterprise": (
            "INSERT INTO registry_enterprise (subject_id, credit_code, name, key) VALUES (%s, 'x', 'x', 'x')", [uuid4()],
        ),
        "a stored clearance": (
            "INSERT INTO clearance_clearance (worker_id, permission, starts, ends, rests_on) VALUES (%s, 'test', '{}', '{}', 1)",
            [other.workers[0]],
        ),
        "a protocol": (
            "INSERT INTO clearance_adoption (id, pack, version, digest, text, effective_from, recorded_at, first) "
            "VALUES (%s, 'p', '1', 'd', '', 9, 9, true)",
            [uuid4()],
        ),
        "a login for the town": (
            "INSERT INTO base_user SELECT (jsonb_populate_record(u, %s::jsonb)).* FROM base_user AS u WHERE u.id = %s",
            [f'{{"id": "{uuid4()}", "username": "mayor", "role_name": "town_administrator"}}', two.a.users["guard"].pk],
        ),
        "a login of the town's": (LOGIN, [uuid4(), "x1", "town_administrator", None]),
        "a login as an equal": (LOGIN, [uuid4(), "x2", "enterprise_clerk", other.enterprise.pk]),
        "a login at another enterprise": (LOGIN, [uuid4(), "x3", "guard", side.enterprise.pk]),
        "a seal": ("INSERT INTO audit_seal (number, entry_id, hash) VALUES (1, 1, '')", []),
    }  # fmt: skip


FORBIDDEN = "42501"
"""PostgreSQL's code for what a policy or a missing right refuses."""
WITHOUT_EFFECT = {
    "a stranger's name": ("UPDATE registry_worker SET name = 'x' WHERE subject_id = %s", "worker"),
    "a stranger's document": ("UPDATE registry_document SET digest = 'x' WHERE worker_id = %s", "worker"),
    "a stranger's employment": ("UPDATE registry_employment SET active = false WHERE worker_id = %s", "worker"),
    "another's upload": ("UPDATE registry_upload SET content = NULL WHERE enterprise_id = %s", "enterprise"),
    "another's login": ("UPDATE base_user SET is_active = false WHERE scope_id = %s", "enterprise"),
    "another's session": ("DELETE FROM base_usersession WHERE id = %s", "session"),
    "another's act": ("UPDATE clearance_waitingact SET state = 'approved' WHERE id = %s", "act"),
    "another's request": ("UPDATE redress_request SET state = 'withdrawn' WHERE id = %s", "request"),
    "a stored clearance": ("UPDATE clearance_clearance SET starts = '{}' WHERE worker_id = %s", "worker"),
}
"""Changes of what the scope doesn't see: they find nothing to change."""


def test_writes_beyond_the_scope_are_refused_by_the_database(two: World):
    clerk = two.a.users["enterprise_clerk"]
    for what, (statement, values) in writes_about(two.b, two).items():
        with access.acting(access.as_user(clerk)):
            with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
            assert getattr(refused.value.__cause__, "sqlstate", "") == FORBIDDEN, what


def test_what_a_scope_does_not_see_it_cannot_change(two: World):
    clerk = two.a.users["enterprise_clerk"]
    ids = two.b.in_addresses()
    for what, (statement, named) in WITHOUT_EFFECT.items():
        with access.acting(access.as_user(clerk)), connection.cursor() as cursor:
            cursor.execute(statement, [ids[named]])
            assert cursor.rowcount == 0, what


def test_those_same_writes_go_through_where_they_belong(two: World):
    """The statements above are right: only whom they are about is not."""
    with access.acting(access.as_user(two.b.users["enterprise_clerk"])), connection.cursor() as cursor:
        for what in ("a fact about a stranger", "a fact about another enterprise", "a fact about another site"):
            cursor.execute(*writes_about(two.b, two)[what])
            assert cursor.rowcount == 1, what
        cursor.execute(LOGIN, [uuid4(), "x4", "guard", two.b.enterprise.pk])
        for what in ("a stranger's name", "another's upload", "another's login"):
            statement, named = WITHOUT_EFFECT[what]
            cursor.execute(statement, [two.b.in_addresses()[named]])
            assert cursor.rowcount >= 1, what


def test_nobody_who_serves_writes_a_clearance_or_changes_a_subject(two: World):
    worker = two.a.workers[0]
    for scope in ("enterprise", "patch", "plant", "hotel", "worker", "town"):
        with access.acting(who(two, scope)):
            assert changed("UPDATE clearance_clearance SET starts = '{}' WHERE worker_id = %s", worker) in (0, None), (
                scope
            )
            if scope != "town":
                assert changed("UPDATE ledger_subject SET kind = 'team' WHERE id = %s", worker) in (0, None), scope


def changed(statement: str, *values: object) -> int | None:
    """How many rows a statement changed; None where the database refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    except ProgrammingError:
        return None


def test_the_ledger_says_that_whom_one_does_not_see_does_not_exist(two: World):
    facts = [
        NewFact(worker, "temperature", builders.NOW - 5, {"celsius": 36.5}, id=uuid7())
        for worker in (two.b.workers[0], uuid4())
    ]
    said = []
    for fact in facts:
        with access.acting(access.as_user(two.a.users["enterprise_clerk"])), pytest.raises(FactError) as refused:
            ledger.append(facts=[fact], source="page", evidence="a paper", now=builders.NOW)
        said.append((refused.value.code, refused.value.message))
    assert said[0] == said[1]
