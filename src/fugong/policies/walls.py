"""The second wall of policies: documents and measures are no secret; a claim is its enterprise's and the town's."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_THEIRS = "state IN ('drafted', 'checked', 'submitted', 'withdrawn')"
"""What an enterprise says of a claim itself; that it is approved, refused or paid says the town."""
_EMPLOYER = (
    f"{ALL} OR ((SELECT fugong_scope()) = 'enterprise' AND enterprise_id = (SELECT fugong_scope_id()) AND {_THEIRS} "
    "AND approved IS NULL)"
)
_CLAIMS = "claim_id IN (SELECT c.id FROM policies_claim AS c)"
_MY_CLAIMS = f"{ALL} OR ((SELECT fugong_scope()) = 'enterprise' AND {_CLAIMS})"

WALLS = [
    Wall("policies_policydocument", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL, change=('"end"', "words")),
    Wall("policies_measure", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL, change=("current",)),
    Wall(
        "policies_claim", ("SELECT", "INSERT", "UPDATE"), see=about("enterprise_id"), write=_EMPLOYER,
        change=("state", "claimed", "approved", "public_from", "public_until", "changed_at"), audited="enterprise_id",
    ),
    Wall(
        "policies_claimline", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), write=_MY_CLAIMS,
        change=("counted",), audited="worker_id",
    ),
    Wall("policies_payment", ("SELECT", "INSERT"), see=_CLAIMS, write=ALL),
    Wall("policies_claimstep", ("SELECT", "INSERT"), see=_CLAIMS, write=f"({_MY_CLAIMS}) AND ({ALL} OR {_THEIRS})"),
]  # fmt: skip
