"""Checks of the database server: version, tables, the login that serves, its walls, its log and its clock."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from fugong.base import clock, local, walls
from fugong.project.checks.findings import Finding

OLDEST = 15
"""The oldest major version of PostgreSQL that will do."""
_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_QUIET = {
    "log_statement": "none", "log_min_error_statement": "panic", "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
}  # fmt: skip
_DRIFT_SAID, _DRIFT_WRONG = 2, 60  # seconds between our clock and the database's


def version(now: int) -> Iterator[Finding]:
    """The server answers and is new enough."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version')")
        major, full = cursor.fetchone()
    if major < OLDEST:
        yield Finding(
            "database", "error", _("PostgreSQL %(version)s is too old.") % {"version": full},
            _("Use PostgreSQL %(oldest)s or newer.") % {"oldest": OLDEST},
        )  # fmt: skip
    else:
        yield Finding("database", "ok", _("PostgreSQL %(version)s answers.") % {"version": full})


def migrations(now: int) -> Iterator[Finding]:
    """The tables are those of this version, neither older nor newer."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = [key for key in executor.loader.applied_migrations if key not in executor.loader.disk_migrations]
    if missing:
        yield Finding(
            "tables", "error", _("The tables are older than the program: %(count)s steps are missing.") % {"count": len(missing)},
            _("Run “fugong upgrade”."),
        )  # fmt: skip
    elif unknown:
        yield Finding(
            "tables", "error",
            _("The tables are newer than the program: it does not know %(count)s steps.") % {"count": len(unknown)},
            _("Install the version of Fugong with which the tables were made, or a newer one."),
        )  # fmt: skip
    else:
        yield Finding("tables", "ok", _("The tables are those of this version."))


def login(now: int) -> Iterator[Finding]:
    """The login that serves owns nothing and cannot pass the walls by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
            "EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "        AND pg_has_role(current_user, relowner, 'MEMBER')) FROM pg_roles WHERE rolname = current_user"
        )
        name, *powers = cursor.fetchone()
    words = (
        _("is a superuser"), _("may pass row-level security by"), _("may make logins"), _("may make databases"),
        _("owns tables, or may act as their owner"),
    )  # fmt: skip
    wrong = [word for word, has in zip(words, powers, strict=True) if has]
    if wrong:
        yield Finding(
            "login", "error", _("The login %(name)s, which serves, %(powers)s.") % {"name": name, "powers": _(", ").join(wrong)},
            _("Make the two logins with docs/deploy/roles.sql and let DATABASE_URL name fugong_app."),
        )  # fmt: skip
    else:
        yield Finding(
            "login", "ok", _("The login %(name)s owns nothing and cannot pass the walls by.") % {"name": name}
        )


def walls_stand(now: int) -> Iterator[Finding]:
    """Every table with somebody's data has row-level security on, and the login has the declared rights and no others."""
    declared = {wall.table: wall for wall in walls.declared()}
    wrong = []
    for table, secured, policies, held in _tables():
        wall = declared.get(table)
        may = set(wall.may) if wall else set()
        if wall is not None and wall.see is not None and not (secured and may <= policies):
            wrong.append(_("%(table)s has no wall") % {"table": table})
        if not held <= may:
            wrong.append(_("%(table)s may be used for more than is declared") % {"table": table})
    if wrong:
        yield Finding(
            "walls", "error", _("; ").join(wrong) + _("."), _("Run “fugong upgrade”: it writes the walls again.")
        )
    else:
        count = sum(wall.see is not None for wall in declared.values())
        yield Finding("walls", "ok", _("%(count)s tables of people's data have their wall.") % {"count": count})


def _tables() -> list[tuple[str, bool, set[str], set[str]]]:
    """Of each table: whether row-level security is on, for what there are policies, and what the login may do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, "
            "ARRAY(SELECT upper(p.cmd) FROM pg_policies AS p WHERE p.schemaname = 'public' AND p.tablename = c.relname "
            "      AND current_user = ANY(p.roles)), "
            "ARRAY(SELECT right_name FROM unnest(%s::text[]) AS right_name WHERE has_table_privilege(c.oid, right_name) "
            "      OR (right_name = 'UPDATE' AND has_any_column_privilege(c.oid, 'UPDATE'))) "
            "FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1",
            [list(_PRIVILEGES)],
        )
        return [(name, secured, set(policies), set(held)) for name, secured, policies, held in cursor.fetchall()]


def log_without_values(now: int) -> Iterator[Finding]:
    """The server writes no statements and no values of ours into its log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_QUIET)])
        loud = sorted(name for name, setting in cursor.fetchall() if setting != _QUIET[name])
    if loud:
        yield Finding(
            "database_log", "error",
            _("The database may write people's data into its log: %(settings)s.") % {"settings": _(", ").join(loud)},
            _("Run docs/deploy/roles.sql again: it sets them for both logins."),
        )  # fmt: skip
    else:
        yield Finding("database_log", "ok", _("The database writes no values into its log."))


def clocks(now: int) -> Iterator[Finding]:
    """Our clock and the database's agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::bigint")
        theirs = cursor.fetchone()[0]
    drift = abs(clock.now_milliseconds() // 1_000 - theirs)
    if drift <= _DRIFT_SAID:
        yield Finding("clock", "ok", _("This machine and the database have the same time."))
        return
    yield Finding(
        "clock", "error" if drift > _DRIFT_WRONG else "warning",
        _("This machine and the database are %(seconds)s seconds apart.") % {"seconds": drift},
        _("Let both follow the same time server (NTP)."),
    )  # fmt: skip


def time_zone(now: int) -> Iterator[Finding]:
    """The town's time zone is known to the database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s)", [settings.TIME_ZONE])
        known = cursor.fetchone()[0]
    told = {"zone": settings.TIME_ZONE, "moment": local.rfc3339(now)}
    if known:
        yield Finding("time_zone", "ok", _("%(zone)s; it is %(moment)s.") % told)
    else:
        yield Finding(
            "time_zone", "error", _("The database does not know the time zone %(zone)s.") % told,
            _("Set FUGONG_TIME_ZONE to a name such as Asia/Shanghai."),
        )  # fmt: skip
