"""The second wall of lists upward: they are the town's; a row is also seen by those who answer for whom it is about."""

from __future__ import annotations

from fugong.base.walls import ALL, Wall, about

WALLS = [
    Wall(
        "submissions_submission", ("SELECT", "INSERT", "UPDATE"), see=ALL,
        change=("rows", "total", "digest", "signed_at", "signed_by"),
    ),
    Wall(
        "submissions_submissionrow", ("SELECT", "INSERT"), see=about("subject_id"), write=ALL, audited="subject_id"
    ),
    Wall("submissions_layout", ("SELECT", "INSERT", "UPDATE"), see=ALL, change=("used",)),
]  # fmt: skip
