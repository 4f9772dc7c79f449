"""The second wall of clearance: protocols are added, never changed; stored clearances are written by the system alone."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

WALLS = [
    Wall("clearance_adoption", ("SELECT", "INSERT"), see=ANYBODY, write=ALL),
    Wall(
        "clearance_clearance", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"),
        write="(SELECT fugong_scope()) = 'system'",
        change=("starts", "ends", "moments", "failing", "changed", "adoption_id", "rests_on"),
    ),
    Wall(
        "clearance_waitingact", ("SELECT", "INSERT", "UPDATE"),
        see=f"{ALL} OR proposer_id = (SELECT fugong_actor())",
        change=(
            "state", "created_at", "effect", "counted_at", "escalated_at", "decided_at", "decided_by_id", "reason",
        ),
    ),
    Wall("clearance_loss", ("SELECT", "INSERT"), see="(SELECT fugong_scope()) = 'system'"),
    Wall(
        "clearance_measuredloss", ("SELECT", "INSERT", "UPDATE"), see="(SELECT fugong_scope()) = 'system'",
        change=("review_id",),
    ),
    Wall(
        "clearance_review", ("SELECT", "INSERT", "UPDATE"), see=ALL, change=("reviewed_at", "reviewed_by_id", "note"),
    ),
    Wall("clearance_deputation", ("SELECT", "INSERT"), see=ALL),
    Wall(
        "clearance_verification", ("SELECT", "INSERT"), see=f"{ALL} OR (SELECT fugong_scope()) = 'operations'",
        write="(SELECT fugong_scope()) = 'system'",
    ),
]  # fmt: skip
