"""The second wall of contact tracing: who is a case, and whose contact somebody is, the town alone sees.

The contact reads of it by the fact about themselves. What has to be disinfected is seen where it is: it names nobody.
"""

from __future__ import annotations

from fugong.base.walls import ALL, Wall, about

WALLS = [
    Wall(
        "tracing_case", ("SELECT", "INSERT", "UPDATE"), see=ALL, audited="worker_id",
        change=("since", "until", "state", "words", "searched_at", "closed_at"),
    ),
    Wall(
        "tracing_casecontact", ("SELECT", "INSERT", "UPDATE"), see=ALL, audited="worker_id",
        change=("rules", "place", "last_at", "state", "reason", "decided_by_id", "decided_at", "fact_id"),
    ),
    Wall(
        "tracing_cleaningtask", ("SELECT", "INSERT", "UPDATE"), see=about("site_id"), add=ALL, audited="site_id",
        change=(
            "state", "reason", "agent", "mg_per_litre", "minutes", "done_by", "done_at", "fact_id", "actor_id",
        ),
    ),
]  # fmt: skip
