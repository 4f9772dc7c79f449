"""What the second wall costs: ``make bench-access``.

A town of 1,066 enterprises, 100,000 workers and two million facts, under a shipped protocol with everybody's clearances.
Printed: medians of the enterprise's and the town's list pages, through the whole stack of middleware, and of one fact of
one worker with the renewal of their clearance, as the clerk of 50 workers and as the town. Each is asked with the second
wall and without it, in turns in one run: without it by a login that row-level security does not bind, and no transaction is
told who acts. Pages and renewed clearances are compared: they are the same. The goal is at most 1.3 times the time.
The database is embedded, in a folder that goes away.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from benching import prepare

GOAL = 1.3
WARM = 3
"""So often everything is asked before it is measured."""


# -- the town -----------------------------------------------------------------------------------------------------------

ENTERPRISES = """
CREATE TEMP TABLE firm AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {enterprises}) AS n;
INSERT INTO ledger_subject SELECT id, 'enterprise' FROM firm;
INSERT INTO registry_enterprise (subject_id, credit_code, name, key)
  SELECT id, 'TEST' || lpad(n::text, 14, '0'), 'Enterprise ' || n, 'f' || n FROM firm;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source)
  SELECT gen_random_uuid(), id, 'resumption', {early}, {never}, '{{"regime": "filing"}}', {early}, false, '', 'bench' FROM firm;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source)
  SELECT gen_random_uuid(), id, 'establishment', {early}, {never}, '{{"industry": "industrial"}}', {early}, false, '',
    'bench' FROM firm;
"""
# Who works where is said by ``firm``: by default the first enterprise has 50 workers, the others share the rest evenly.
WORKERS = """
CREATE TEMP TABLE person AS
  SELECT p.n, gen_random_uuid() AS id, gen_random_uuid() AS employment, f.id AS firm
  FROM generate_series(1, {workers}) AS p (n)
  JOIN firm AS f ON f.n = {firm};
INSERT INTO ledger_subject SELECT id, 'worker' FROM person;
INSERT INTO registry_worker (subject_id, name, initials, phone_tail, address)
  SELECT id, chr(20000 + n % 900) || chr(21000 + n / 900), 'ab', lpad((n % 10000)::text, 4, '0'), '' FROM person;
INSERT INTO registry_document (id, worker_id, type, encrypted, digest, tail, standing)
  SELECT gen_random_uuid(), id, 'resident', '', sha256(id::text::bytea), lpad((n % 10000)::text, 4, '0'), 'held' FROM person;
INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active)
  SELECT gen_random_uuid(), id, firm, employment, (n % 4)::text, '', 'B' || n, {early}, true FROM person;
"""
# Twenty facts about each worker: employed, surveyed, 14 daily registers, two temperatures, a test, a check at a door.
FACTS = """
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source)
SELECT CASE f.kind WHEN 'employment' THEN p.employment ELSE gen_random_uuid() END, p.id, f.kind, f.start,
  CASE f.kind WHEN 'employment' THEN {never} ELSE f.start + 1 END,
  CASE f.kind WHEN 'employment' THEN jsonb_build_object('employer', p.firm::text, 'workshop', '1') ELSE f.said END,
  f.start, false, '', 'bench'
FROM person AS p CROSS JOIN (
  SELECT 'employment', {early}::bigint, '{{}}'::jsonb
  UNION ALL SELECT 'survey', {early}, '{{"whereabouts": "local", "test_required": false, "well": true}}'
  UNION ALL SELECT 'register', {day} - d * 86400, '{{"well": true}}' FROM generate_series(0, 13) AS d
  UNION ALL SELECT 'temperature', {day} + 60 * d, '{{"celsius": 36.5, "place": "door"}}' FROM generate_series(1, 2) AS d
  UNION ALL SELECT 'test', {early}, jsonb_build_object('result', 'negative', 'sampled_at', {early}, 'reported_at', {early})
  UNION ALL SELECT 'door_check', {day} + 180, '{{"door": "x", "direction": "in", "outcome": "passed"}}'
) AS f (kind, start, said) ORDER BY p.n, f.start;
"""


EVENLY = "CASE WHEN p.n <= 50 THEN 1 ELSE 2 + p.n % ({enterprises} - 1) END"


def fill(superuser: str, enterprises: int, workers: int, firm: str = EVENLY) -> None:
    """The town, written past triggers and walls; then a protocol is adopted, which evaluates everybody.

    ``firm`` is SQL: the number of the enterprise of the worker ``p.n``.
    """
    import psycopg

    import builders
    from fugong.base import access, clock, local
    from fugong.core.time import PLUS_INF

    clock.start_at(builders.NOW)
    with access.acting(access.as_system("bench")):
        builders.town()
    day = local.start_of_day(local.day_of(builders.NOW)) + 7 * 3600
    known = {"enterprises": enterprises, "workers": workers, "early": builders.EARLY, "never": PLUS_INF, "day": day,
             "firm": firm.format(enterprises=enterprises)}  # fmt: skip
    with psycopg.connect(superuser) as raw:
        raw.execute("SET session_replication_role = replica")
        for script in (ENTERPRISES, WORKERS, FACTS):
            raw.execute(script.format(**known).encode())
        raw.commit()
        raw.autocommit = True
        raw.execute("VACUUM ANALYZE")
    with access.acting(access.as_system("bench")):
        builders.adopt()
    with psycopg.connect(superuser, autocommit=True) as raw:
        raw.execute("VACUUM ANALYZE")


# -- the wall, up and down ----------------------------------------------------------------------------------------------


def both_ways(superuser: str) -> dict[bool, Any]:
    """Two connections: that of the serving login, and one with the same rights that no row-level security binds."""
    import psycopg
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    from fugong.project import logins

    with psycopg.connect(superuser, autocommit=True) as raw:
        raw.execute(f"CREATE ROLE fugong_bench LOGIN BYPASSRLS INHERIT IN ROLE {logins.SERVING}".encode())
    serving = connections["default"]
    bypassing = DatabaseWrapper({**serving.settings_dict, "USER": "fugong_bench"}, "default")
    return {True: serving, False: bypassing}


@contextmanager
def untold() -> Iterator[None]:
    """No transaction is told who acts: without the wall nobody reads it."""
    from fugong.base import access

    with (
        patch.object(access, "_tell", lambda who: None),
        patch.object(access, "_instead", lambda who, names=(): nullcontext()),
    ):
        yield


# -- what is measured ---------------------------------------------------------------------------------------------------

Ask = Callable[[], object]


def page(client: Any, address: str) -> Ask:
    """A page; what is compared is its text without the tokens of its forms."""

    def ask() -> str:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        return re.sub(
            r'(csrfmiddlewaretoken" value="|X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]+', "", answer.content.decode()
        )

    return ask


def renewal(user: Any, worker: UUID) -> Ask:
    """One fact of one worker with the renewal that follows, undone; what is compared are the clearances that it stored."""
    import builders
    from fugong.base import access
    from fugong.clearance.models import Clearance
    from fugong.ledger import services as ledger
    from fugong.ledger.services import NewFact

    def ask() -> object:
        with access.acting(access.as_user(user)):
            fact = NewFact(worker, "register", builders.NOW - 5, {"well": True})
            ledger.append(facts=[fact], source="page", evidence="a paper", now=builders.NOW, actor=user.pk)
            stored = list(
                Clearance.objects.filter(worker=worker)
                .order_by("permission")
                .values_list("permission", "starts", "ends")
            )
            access.transaction.set_rollback(True)
        return stored

    return ask


def measured() -> dict[str, Ask]:
    """Everything that is measured, by its name."""
    from django.test import Client

    import builders
    from fugong.base import access
    from fugong.registry.models import Employment, Enterprise

    with access.acting(access.as_system("bench")):
        enterprise = Enterprise.objects.get(key="f1").pk
        worker = Employment.objects.filter(enterprise=enterprise).order_by("badge").values_list("worker", flat=True)[0]
        clerk, town = builders.user("enterprise_clerk", enterprise), builders.user("town_administrator")
    of_clerk, of_town = Client(), Client()
    for client, user in ((of_clerk, clerk), (of_town, town)):
        with access.acting(access.as_system("bench")):
            client.force_login(user)
    return {
        "clerk: the enterprise's page": page(of_clerk, f"/enterprises/{enterprise}/"),
        "clerk: list of workers": page(of_clerk, "/workers/"),
        "clerk: one clearance renewed": renewal(clerk, worker),
        "town: list of enterprises": page(of_town, "/enterprises/"),
        "town: list of workers": page(of_town, "/workers/"),
        "town: an enterprise's page": page(of_town, f"/enterprises/{enterprise}/"),
        "town: one clearance renewed": renewal(town, worker),
    }


def measure(superuser: str, rounds: int) -> dict[str, dict[str, Any]]:
    """Medians with and without the wall, in turns, and whether both gave the same."""
    from django.db import connections

    asked, ways = measured(), both_ways(superuser)
    times: dict[tuple[str, bool], list[float]] = {(name, up): [] for name in asked for up in ways}
    answers: dict[tuple[str, bool], object] = {}
    for name, ask in asked.items():
        for turn in range(WARM + rounds):
            for up in (True, False) if turn % 2 else (False, True):
                connections["default"] = ways[up]
                with nullcontext() if up else untold():
                    begun = time.perf_counter()
                    answers[name, up] = ask()
                    taken = (time.perf_counter() - begun) * 1000
                if turn >= WARM:
                    times[name, up].append(taken)
    found = {}
    for name in asked:
        with_ms, without_ms = (statistics.median(times[name, up]) for up in (True, False))
        found[name] = {
            "with_ms": round(with_ms, 1), "without_ms": round(without_ms, 1), "ratio": round(with_ms / without_ms, 2),
            "same": answers[name, True] == answers[name, False],
        }  # fmt: skip
    return found


def main() -> int:
    """Print the figures; 1 when a ratio is above the goal or two answers differ."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--enterprises", type=int, default=1_066)
    options.add_argument("--workers", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=40)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
        superuser = prepare(Path(folder))
        begun = time.perf_counter()
        fill(superuser, given.enterprises, given.workers)
        print(
            f"{given.enterprises} enterprises, {given.workers} workers, {time.perf_counter() - begun:.0f} s",
            file=sys.stderr,
        )
        figures = measure(superuser, given.rounds)
    print(json.dumps(figures, indent=2))
    fine = all(one["same"] and one["ratio"] <= GOAL for one in figures.values())
    print(f"every ratio at most {GOAL}, all answers the same: {'yes' if fine else 'no'}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
