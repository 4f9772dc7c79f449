"""The second wall of the teams: who serves which patch is no secret, though a team sees its own patch's only.

What is about an enterprise is seen by those in whose scope it lies: the town, its patch's teams, itself. Pictures are seen
by the town and the teams.
"""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_TEAM = "(SELECT fugong_scope()) = 'patch'"
_KEEP = f"{ALL} OR ({_TEAM} AND enterprise_id IN (SELECT fugong_subjects()))"
_OWN = f"{_KEEP} OR ((SELECT fugong_scope()) = 'enterprise' AND enterprise_id = (SELECT fugong_scope_id()))"

_PATCHS = f"({ANYBODY}) AND ((SELECT fugong_scope()) <> 'patch' OR patch_id = (SELECT fugong_scope_id()))"
_TEAMS = f"({ANYBODY}) AND team_id IN (SELECT t.subject_id FROM teams_serviceteam AS t)"

WALLS = [
    Wall("teams_serviceteam", ("SELECT", "INSERT"), see=_PATCHS, write=ALL),
    Wall(
        "teams_area", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL,
        change=("rings", "latitude", "longitude", "changed_at"),
    ),
    Wall(
        "teams_spot", ("SELECT", "INSERT", "UPDATE"), see=_OWN, write=_KEEP, change=('"end"',), audited="enterprise_id"
    ),
    Wall("teams_member", ("SELECT", "INSERT", "UPDATE"), see=_TEAMS, write=ALL, change=('"end"',)),
    Wall("teams_charge", ("SELECT", "INSERT", "UPDATE"), see=about("enterprise_id"), write=ALL, change=('"end"',)),
    Wall("teams_lead", ("SELECT", "INSERT", "UPDATE"), see=about("enterprise_id"), write=ALL, change=('"end"',)),
    Wall(
        "teams_visit", ("SELECT", "INSERT", "UPDATE"), see=_OWN, write=_KEEP,
        change=(
            "place", "arrives", "state", "begun_at", "ended_at", "met", "topics", "checks", "note", "fact_id", "actor_id",
            "changed_at",
        ), audited="enterprise_id",
    ),
    Wall(
        "teams_problem", ("SELECT", "INSERT", "UPDATE"), see=_OWN,
        change=("owner", "due_at", "state", "escalated_at", "closed_at", "word_of"), audited="enterprise_id",
    ),
    Wall("teams_problemevent", ("SELECT", "INSERT"), see=_OWN, audited="enterprise_id"),
    Wall("teams_attachment", ("SELECT", "INSERT"), see=_KEEP, audited="enterprise_id"),
]  # fmt: skip
