"""The relations that figures are made of: SQL over the ledger, as of a moment, as known at a moment.

Each is a common table expression, by name. They speak of ``%(as_of)s``, ``%(known_at)s``, ``%(day)s`` (the beginning of
the local day of ``as_of``), ``%(town)s`` (the town's division code), ``%(prefecture)s`` (its first four digits) and the
thresholds of ``registry.size``. Which other relations one needs is read from its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fugong.ledger.queries import STANDING

_HOLDS = f'f.start <= %(as_of)s AND f."end" > %(as_of)s AND {STANDING}'
_HAPPENED = f"f.start <= %(as_of)s AND {STANDING}"
_TODAY = f"f.start BETWEEN %(day)s AND %(as_of)s AND {STANDING}"
_LATEST = "ORDER BY f.subject_id, f.start DESC, f.recorded_at DESC, f.id DESC"

SOURCES: dict[str, str] = {
    "enterprises": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS enterprise, f.values->>'industry' AS industry
        FROM ledger_fact AS f WHERE f.kind = 'establishment' AND f.values->>'division' LIKE %(town)s || '%%'
        AND {_HOLDS} {_LATEST}""",
    "turnovers": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS enterprise, f.values->>'trade' AS trade,
        (f.values->>'yuan')::numeric AS yuan, coalesce((f.values->>'employees')::int, 0) AS employees
        FROM ledger_fact AS f WHERE f.kind = 'turnover' AND {_HOLDS} {_LATEST}""",
    "above_size": """
        SELECT enterprise, industry FROM enterprises JOIN turnovers USING (enterprise)
        JOIN unnest(%(trades)s::text[], %(yuan)s::bigint[], %(employees)s::int[]) AS least (trade, yuan, employees)
        USING (trade) WHERE turnovers.yuan >= least.yuan OR turnovers.employees >= least.employees""",
    "resumed": f"""
        SELECT f.subject_id AS enterprise, min(f.start) AS since FROM ledger_fact AS f
        WHERE f.kind = 'resumption' AND {_HOLDS} GROUP BY f.subject_id""",
    "employed": f"""
        SELECT f.subject_id AS worker, (f.values->>'employer')::uuid AS enterprise
        FROM ledger_fact AS f JOIN enterprises ON enterprises.enterprise = (f.values->>'employer')::uuid
        WHERE f.kind = 'employment' AND {_HOLDS}""",
    "workers": """
        SELECT worker, bool_or(resumed.enterprise IS NOT NULL) AS resumed
        FROM employed LEFT JOIN resumed USING (enterprise) GROUP BY worker""",
    "surveyed": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS worker, f.start AS at,
        f.values->>'whereabouts' AS whereabouts, (f.values->>'test_required')::boolean AS test_required
        FROM ledger_fact AS f WHERE f.kind = 'survey' AND {_HAPPENED} {_LATEST}""",
    "arrived": f"""
        SELECT f.subject_id AS worker, max(f.start) AS at FROM ledger_fact AS f
        WHERE f.kind = 'arrival' AND {_HAPPENED} GROUP BY f.subject_id""",
    "present": """
        SELECT worker, coalesce(surveyed.test_required, false) AS test_required, arrived.at AS arrived_at
        FROM surveyed FULL JOIN arrived USING (worker)
        WHERE surveyed.worker IS NULL OR surveyed.whereabouts IN ('local', 'returned') OR arrived.at >= surveyed.at""",
    "away": """
        SELECT worker, surveyed.at FROM workers JOIN surveyed USING (worker) LEFT JOIN present USING (worker)
        WHERE surveyed.whereabouts = 'away' AND present.worker IS NULL""",
    "tested": f"""
        SELECT f.subject_id AS worker, max((f.values->>'sampled_at')::bigint) AS sampled_at
        FROM ledger_fact AS f WHERE f.kind = 'test' AND f.values->>'result' <> 'inconclusive'
        AND coalesce(f.values->>'method', 'nucleic_acid') = 'nucleic_acid'
        AND (f.values->>'reported_at')::bigint <= %(as_of)s AND {_HAPPENED} GROUP BY f.subject_id""",
    "returned": f"""
        SELECT f.subject_id AS worker, max(f.start) AS at, array_agg(DISTINCT f.values->>'trip') AS trips,
        array_agg(DISTINCT f.values->>'trip') FILTER (WHERE f.values->>'mode' = 'bus') AS buses
        FROM ledger_fact AS f WHERE f.kind = 'arrival'
        AND f.values->>'mode' IN ('bus', 'charter_plane', 'charter_train')
        AND coalesce(f.values->>'from_division', '') NOT LIKE %(prefecture)s || '%%' AND {_HAPPENED}
        GROUP BY f.subject_id""",
    "households_away": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS worker, f.values->>'division' AS division, away.at
        FROM ledger_fact AS f JOIN away ON away.worker = f.subject_id
        WHERE f.kind = 'household' AND {_HOLDS} {_LATEST}""",
    "open_sites": f"""
        SELECT DISTINCT f.subject_id AS site FROM ledger_fact AS f
        WHERE f.kind = 'site_open' AND f.values->>'purpose' = 'observation' AND {_HOLDS}""",
    "rooms": f"""
        SELECT DISTINCT f.subject_id AS site, f.values->>'room' AS room
        FROM ledger_fact AS f JOIN open_sites ON open_sites.site = f.subject_id WHERE f.kind = 'room' AND {_HOLDS}""",
    "observed": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS worker, f.start AS since,
        (f.values->>'site')::uuid AS site, f.values->>'room' AS room
        FROM ledger_fact AS f WHERE f.kind = 'observation' AND {_HOLDS} {_LATEST}""",
    "vacancies": f"""
        SELECT f.subject_id AS enterprise, f.start AS since, f.values->>'post' AS post,
        (f.values->>'number')::int AS number
        FROM ledger_fact AS f JOIN enterprises ON enterprises.enterprise = f.subject_id
        WHERE f.kind = 'vacancy' AND {_HOLDS}""",
    "capacities": f"""
        SELECT DISTINCT ON (f.subject_id) f.subject_id AS enterprise, f.start AS at,
        f.id AS fact, (f.values->>'current_yuan')::numeric AS current, (f.values->>'normal_yuan')::numeric AS normal
        FROM ledger_fact AS f JOIN enterprises ON enterprises.enterprise = f.subject_id
        WHERE f.kind = 'capacity' AND {_HAPPENED} {_LATEST}""",
    "questioned": """
        SELECT DISTINCT q.report_id AS fact FROM resumption_question AS q
        WHERE q.raised_at <= %(known_at)s AND (q.answered_at IS NULL OR q.answered_at > %(known_at)s)""",
    "service_teams": f"""
        SELECT f.subject_id AS team, min(f.start) AS since, array_agg(DISTINCT f.values->>'patch') AS patches
        FROM ledger_fact AS f WHERE f.kind = 'service_team' AND {_HOLDS} GROUP BY f.subject_id""",
    "visited": f"""
        SELECT f.subject_id AS enterprise, max(f.start) AS at FROM ledger_fact AS f
        WHERE f.kind = 'visit' AND {_HAPPENED} GROUP BY f.subject_id""",
    "handed": f"""
        SELECT f.subject_id AS enterprise, max(f.start) AS at, count(DISTINCT f.values->>'document') AS documents
        FROM ledger_fact AS f WHERE f.kind = 'document_handed' AND {_HAPPENED} GROUP BY f.subject_id""",
    "screened_today": f"""
        SELECT f.subject_id AS worker, max(f.start) AS at FROM ledger_fact AS f
        WHERE f.kind = 'temperature' AND f.values->>'place' = 'door' AND {_TODAY} GROUP BY f.subject_id""",
    "fevers_today": f"""
        SELECT f.subject_id AS worker, max(f.start) AS at, max((f.values->>'celsius')::numeric) AS celsius
        FROM ledger_fact AS f WHERE f.kind = 'temperature' AND (f.values->>'celsius')::numeric >= %(fever)s
        AND {_TODAY} GROUP BY f.subject_id""",
    "registered_today": f"""
        SELECT DISTINCT f.subject_id AS worker FROM ledger_fact AS f WHERE f.kind = 'register' AND {_TODAY}""",
}

_NAME = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")


def needed(texts: Iterable[str]) -> list[str]:
    """The relations that these texts speak of, and those that these speak of, each after those that it needs."""
    ordered: list[str] = []

    def add(text: str) -> None:
        for name in _NAME.findall(text):
            if name in SOURCES and name not in ordered:
                add(SOURCES[name])
                ordered.append(name)

    for text in texts:
        add(text)
    return ordered


def with_clause(texts: Iterable[str]) -> str:
    """The ``WITH`` part of a query over these texts."""
    return ",\n".join(f"{name} AS MATERIALIZED ({SOURCES[name]})" for name in needed(texts))
