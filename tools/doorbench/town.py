"""The town that doors are measured in: the demo's, and in it one plant with as many workers as are asked for.

Each of the plant's workers is drawn from the demo's: their facts are copied under new random ids, their name is another
one's of the demo. So names, stories and intervals are spread as the scenario spreads them; ids are random.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

SEED = 2020
PASSWORD = "fugong-demo"
_PLANT = "91350182MA00BENC0"
_DRAW = """
SELECT setseed(0.2020);
CREATE TEMP TABLE source AS SELECT row_number() OVER (ORDER BY worker_id) AS n, worker_id, fact_id, workshop
  FROM (SELECT DISTINCT ON (worker_id) worker_id, fact_id, workshop FROM registry_employment WHERE active) AS e;
CREATE TEMP TABLE called AS SELECT row_number() OVER (ORDER BY random()) AS n, name, initials, phone_tail
  FROM registry_worker;
CREATE TEMP TABLE drawn AS
  SELECT p.n, uuidv7() AS id, uuidv7() AS fact, s.worker_id, s.fact_id, s.workshop, c.name, c.initials,
    lpad(floor(random() * 10000)::text, 4, '0') AS phone
  FROM generate_series(1, {workers}) AS p (n)
  JOIN source AS s ON s.n = 1 + p.n % (SELECT count(*) FROM source)
  JOIN called AS c ON c.n = 1 + p.n * 7 % (SELECT count(*) FROM called);
INSERT INTO ledger_subject SELECT id, 'worker' FROM drawn;
INSERT INTO registry_worker (subject_id, name, initials, phone_tail, address) SELECT id, name, initials, phone, '' FROM drawn;
INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active)
  SELECT uuidv7(), d.id, '{plant}', d.fact, d.workshop, '', 'P' || (10000 + d.n), e.start, true
  FROM drawn AS d JOIN registry_employment AS e ON e.fact_id = d.fact_id;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source, evidence)
  SELECT CASE f.id WHEN d.fact_id THEN d.fact ELSE uuidv7() END, d.id, f.kind, f.start, f."end",
    CASE f.kind WHEN 'employment' THEN f.values || '{{"employer": "{plant}"}}' ELSE f.values END, f.recorded_at, false, '',
    f.source, f.evidence
  FROM drawn AS d JOIN ledger_fact AS f ON f.subject_id = d.worker_id
  WHERE NOT f.withdrawn AND (f.kind <> 'employment' OR f.id = d.fact_id)
    AND NOT EXISTS (SELECT FROM ledger_fact AS newer WHERE newer.supersedes_id = f.id)
  ORDER BY f.recorded_at;
"""


@dataclass(frozen=True)
class Bench:
    """What is measured: the door of the plant, and the one-time codes that are still to be used by its devices."""

    door: UUID
    enterprise: UUID
    workers: int
    now: int


def made(folder: Path, superuser: str, workers: int) -> Bench:
    """The town in the database of this process; one that a folder was kept with is taken as it is."""
    from fugong.base import clock

    notes = folder / "bench.json"
    if notes.is_file():
        kept = json.loads(notes.read_text())
        bench = Bench(UUID(kept["door"]), UUID(kept["enterprise"]), kept["workers"], kept["now"])
        clock.start_at(bench.now)
        return bench
    bench = _filled(superuser, workers)
    notes.write_text(json.dumps({**asdict(bench), "door": str(bench.door), "enterprise": str(bench.enterprise)}))
    return bench


def _filled(superuser: str, workers: int) -> Bench:
    import psycopg
    from django.db.models import Max

    from fugong import scenario
    from fugong.base import access, clock, local
    from fugong.clearance import services as clearance
    from fugong.ledger.models import Fact

    begun = time.perf_counter()
    with access.acting(access.as_system("bench")):
        scenario.load("jinfeng", seed=SEED, password=PASSWORD)
        latest = Fact.objects.filter(kind="register").aggregate(latest=Max("start"))["latest"]
        now = local.at(local.day_of(latest), "18:00")
        clock.start_at(now)
        plant, door = _plant(now)
    with psycopg.connect(superuser) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute(_DRAW.format(workers=workers, plant=plant).encode())
        raw.execute("SELECT count(*) FROM drawn")
        raw.commit()
        raw.autocommit = True
        raw.execute("VACUUM ANALYZE")
    with access.acting(access.as_system("bench")):
        hired = [row[0] for row in _rows("SELECT worker_id FROM registry_employment WHERE enterprise_id = %s", plant)]
        clearance.renew(subjects=hired, now=now)
    with psycopg.connect(superuser, autocommit=True) as raw:
        raw.execute("VACUUM ANALYZE")
    say(f"the demo town and a plant of {len(hired)} workers: {time.perf_counter() - begun:.0f} s")
    return Bench(door, plant, len(hired), now)


def _plant(now: int) -> tuple[UUID, UUID]:
    """An enterprise that works, its site, and its door."""
    from stdnum.cn import uscc

    from fugong.ledger import services as ledger
    from fugong.ledger.services import NewFact
    from fugong.registry import services as registry
    from fugong.registry.models import Town

    body = _PLANT
    start = now - 30 * 86_400
    made = registry.add_enterprise(
        credit_code=body + uscc.calc_check_digit(body + "0"), name="金峰大化纤有限公司", key="bench", industry="industrial",
        division=Town.objects.get().division.code, now=start, source="bench",
    )  # fmt: skip
    resumed = NewFact(made.pk, "resumption", start, {"regime": "filing"})
    ledger.append(facts=[resumed], source="bench", evidence="a paper", now=start)
    site = registry.add_site(name="厂区", enterprise=made)
    return made.pk, registry.add_door(site=site, name="东门").pk


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def people(bench: Bench) -> list[tuple[UUID, str]]:
    """The plant's workers and their pseudonyms, in a random order that is always the same one."""
    import random

    from fugong.base import access
    from fugong.doors import pseudonyms

    with access.acting(access.as_system("bench")):
        hired = [
            row[0]
            for row in _rows(
                "SELECT worker_id FROM registry_employment WHERE enterprise_id = %s ORDER BY 1", bench.enterprise
            )
        ]
        found = sorted(pseudonyms.of(hired).items())
    random.Random(SEED).shuffle(found)
    return found


def say(text: str) -> None:
    """Tell whoever waits how far it has come."""
    import sys

    print(text, file=sys.stderr, flush=True)
