"""The second wall of observation sites: rooms are no secret; who stays there is seen by those who answer for them.

Whoever has a bed kept for them, or has left less than a day ago, is in the scope of the site too
(``fugong_observed_at`` in the registry's walls): its medic has to check them in, and to hand out their certificate.
"""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_HERE = "(SELECT fugong_scope()) = 'site' AND site_id = (SELECT fugong_scope_id())"
_KEEP = f"{ALL} OR ({_HERE})"
_ROOMS = "room_id IN (SELECT r.id FROM observation_room AS r)"
_MY_ROOMS = f"{ALL} OR room_id IN (SELECT r.id FROM observation_room AS r WHERE {_HERE})"
_STAYS = f"{about('worker_id')} OR ({_HERE})"

WALLS = [
    Wall(
        "observation_room", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=_KEEP,
        change=('"order"', "floor", "zone", "medical", "sex", "people", "households", "opens", "closes", "fact_id"),
    ),
    Wall("observation_bed", ("SELECT", "INSERT"), see=f"{ANYBODY} AND {_ROOMS}", write=_MY_ROOMS),
    Wall(
        "observation_stay", ("SELECT", "INSERT", "UPDATE"), see=_STAYS, write=_KEEP,
        change=(
            "bed_id", "start", '"end"', "free_from", "since", "state", "how", "reason", "cohort", "household", "fact_id",
            "actor_id", "changed_at",
        ), audited="worker_id",
    ),
    Wall(
        "observation_staff", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=('"end"',), audited="site_id",
    ),
    Wall("observation_entry", ("SELECT", "INSERT"), see=_KEEP, audited="site_id"),
]  # fmt: skip
