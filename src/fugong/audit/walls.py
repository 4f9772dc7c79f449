"""The second wall around the audit: nobody but auditors and the system reads entries; everybody who acts writes them."""

from __future__ import annotations

from fugong.base.walls import ANYBODY, Wall

WALLS = [
    Wall(
        "audit_entry", ("SELECT", "INSERT"), see="(SELECT fugong_scope()) IN ('audit', 'system')",
        write="fugong_scope() <> 'none'",
    ),
    Wall("audit_batch", ("SELECT", "INSERT"), see=ANYBODY, write="fugong_scope() = 'system'"),
    Wall("audit_seal", ("SELECT", "INSERT"), see=ANYBODY, write="fugong_scope() = 'system'"),
]  # fmt: skip
