"""The second wall of resumption: an enterprise's filings and figures lie in its scope; what the town decides, it writes."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_HERE = "(SELECT fugong_scope()) = 'enterprise' AND enterprise_id = (SELECT fugong_scope_id())"
_OWN = f"{ALL} OR ({_HERE} AND state IN ('waiting', 'returned', 'taken_back'))"
"""The town; an enterprise what is not decided: in force, refused or suspended is nobody by their own word."""
_SEEN = about("enterprise_id")

WALLS = [
    Wall("resumption_rule", ("SELECT", "INSERT"), see=ANYBODY, write=ALL),
    Wall(
        "resumption_filing", ("SELECT", "INSERT", "UPDATE"), see=_SEEN, write=_OWN,
        change=(
            "state", "starts", "plan", "commitments", "signed_by", "checklist", "filed_by_id", "approved_at", "approved_by_id",
            "checked_at", "changed_at",
        ), audited="enterprise_id",
    ),
    Wall(
        "resumption_step", ("SELECT", "INSERT"), see=_SEEN, write=f"{ALL} OR ({_HERE})", audited="enterprise_id",
    ),
    Wall(
        "resumption_condition", ("SELECT", "INSERT", "UPDATE"), see=_SEEN, write=ALL, change=("met_at", "met_words"),
        audited="enterprise_id",
    ),
    # Kept from facts, in their transaction: whoever states a figure, or explains it, writes its row.
    Wall("resumption_report", ("SELECT", "INSERT", "UPDATE"), see=_SEEN, change=("standing",)),
    Wall("resumption_question", ("SELECT", "INSERT", "UPDATE"), see=_SEEN, change=("answered_at", "answer")),
]  # fmt: skip
