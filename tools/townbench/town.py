"""The town: 1,066 enterprises and 100,000 workers of ``bench_access``, with rows in the lists of the apps."""

from __future__ import annotations

import sys

import bench_access

from townbench.rows import ROWS

SMALL, BIG = 50, 5_000
"""Workers of the first and of the second enterprise: a clerk's ordinary one, and the largest one for bulk work."""


def fill(superuser: str, enterprises: int, workers: int) -> set[str]:
    """Make the town; returns the apps whose rows were written."""
    import psycopg
    from django.db import connections

    import builders
    from fugong.base import local
    from fugong.core.time import PLUS_INF

    big = min(BIG, workers // 2)
    firm = f"CASE WHEN p.n <= {SMALL} THEN 1 WHEN p.n <= {SMALL + big} THEN 2 ELSE 3 + p.n % ({{enterprises}} - 2) END"
    bench_access.fill(superuser, enterprises, workers, firm)
    day = local.start_of_day(local.day_of(builders.NOW)) + 7 * 3600
    known = {"early": builders.EARLY, "never": PLUS_INF, "day": day}
    done = set()
    with psycopg.connect(superuser) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute(_PEOPLE)
        raw.commit()
        for app, script in ROWS.items():
            try:
                raw.execute(script.format(**known).encode())
            except psycopg.Error as error:
                raw.rollback()
                print(f"rows of {app} could not be written: {error}".splitlines()[0], file=sys.stderr)
            else:
                raw.commit()
                done.add(app)
        raw.autocommit = True
        raw.execute("VACUUM ANALYZE")
    connections.close_all()
    return done


_PEOPLE = """
CREATE TEMP TABLE part AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, 12) AS n;
INSERT INTO registry_patch (id, name) SELECT id, 'patch ' || n FROM part;
UPDATE registry_enterprise AS e SET patch_id = p.id FROM part AS p
  WHERE key ~ '^f[0-9]+$' AND p.n = 1 + (hashtext(e.key) & 1023) % 12;
CREATE TEMP TABLE firm ON COMMIT PRESERVE ROWS AS
  SELECT substr(key, 2)::int AS n, subject_id AS id FROM registry_enterprise WHERE key ~ '^f[0-9]+$';
CREATE TEMP TABLE person ON COMMIT PRESERVE ROWS AS
  SELECT substr(badge, 2)::int AS n, worker_id AS id, enterprise_id AS firm FROM registry_employment;
"""
