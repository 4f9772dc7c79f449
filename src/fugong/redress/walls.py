"""Who sees requests: the town all of them, a person their own, and whoever filed one for somebody else that one,
as long as they answer for that person."""

from __future__ import annotations

from fugong.base.walls import ALL, Wall

_OWN = (
    f"{ALL} OR ((SELECT fugong_scope()) = 'worker' AND {{worker}} = (SELECT fugong_scope_id())) "
    "OR ({filer} = (SELECT fugong_actor()) AND {worker} IN (SELECT fugong_subjects()))"
)
_ANSWER = (
    "state", "answer", "answered_by_id", "answered_at", "escalated_at", "result_id", "disclosed", "seen_at",
)  # fmt: skip

WALLS = [
    Wall(
        "redress_request",
        ("SELECT", "INSERT", "UPDATE"),
        _OWN.format(worker="worker_id", filer="filed_by_id"),
        change=_ANSWER,
        audited="worker_id",
    ),
    Wall(
        "redress_evidence",
        ("SELECT", "INSERT"),
        # the wall of the request stands before this one: what its reader doesn't see isn't found
        f"{ALL} OR EXISTS (SELECT 1 FROM redress_request AS r WHERE r.id = request_id)",
        audited="worker_id",
    ),
]
