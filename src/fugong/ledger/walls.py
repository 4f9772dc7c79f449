"""The second wall of the ledger: facts are added and read, never changed."""

from __future__ import annotations

from fugong.base.walls import ALL, Wall, about, readable

WALLS = [
    # UPDATE is for locking only (``SELECT … FOR UPDATE`` asks for it): the policy lets no change through.
    Wall(
        "ledger_subject", ("SELECT", "INSERT", "UPDATE"), see=readable("id"), change=("kind",),
        write=f"{ALL} OR ((SELECT fugong_scope()) = 'enterprise' AND kind IN ('worker', 'site'))",
    ),
    Wall("ledger_fact", ("SELECT", "INSERT"), see=readable("subject_id"), write=about("subject_id"), audited="subject_id"),
]  # fmt: skip
