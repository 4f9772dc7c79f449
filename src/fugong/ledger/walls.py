"""The second wall of the ledger: facts are added by those who state them, and read, never changed."""

from __future__ import annotations

from collections.abc import Iterable

from fugong.base.roles import ROLES
from fugong.base.walls import ALL, Wall, about, asking, readable
from fugong.ledger.kinds import KINDS


def _array(kinds: Iterable[str]) -> str:
    quoted = ", ".join(f"'{kind}'" for kind in kinds)
    return f"ARRAY[{quoted}]::text[]"


def _stated() -> str:
    """The function that says which kinds of facts the transaction's role states, from the closed list of kinds.

    A role counts in its own kind of scope and where it looks past the wall (``base.access.elevated``). Whoever has the
    command line, and the steward, state every kind; what is no kind, nobody.
    """
    every = f"WHEN public.fugong_scope() = 'system' THEN {_array(KINDS)}"
    cases = [f"WHEN '{role}' THEN CASE {every} END" for role in ("", "system")]
    for role in ROLES.values():
        kinds = [name for name, kind in KINDS.items() if kind.may_be_stated_by(role.name)]
        if kinds:
            where = f"public.fugong_scope() IN ('{role.scope}', 'system')"
            cases.append(f"WHEN '{role.name}' THEN CASE WHEN {where} THEN {_array(kinds)} END")
    # The role is asked for once, not by each of the cases.
    return asking("fugong_stated", "text[]", f"coalesce(CASE public.fugong_role() {' '.join(cases)} END, {_array(())})")


FUNCTIONS = (_stated(),)
_STATED = "kind = ANY ((SELECT fugong_stated())::text[])"

WALLS = [
    # UPDATE is for locking only (``SELECT … FOR UPDATE`` asks for it): the policy lets no change through.
    Wall(
        "ledger_subject", ("SELECT", "INSERT", "UPDATE"), see=readable("id"), change=("kind",),
        write=f"{ALL} OR ((SELECT fugong_scope()) = 'enterprise' AND kind IN ('worker', 'site'))",
    ),
    Wall(
        "ledger_fact", ("SELECT", "INSERT"), see=readable("subject_id"),
        write=f"({about('subject_id')}) AND {_STATED}", audited="subject_id",
    ),
]  # fmt: skip
