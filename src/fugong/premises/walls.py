"""The second wall of premises: what belongs to an enterprise's sites is seen by whoever answers for the enterprise, and by the
town. Who lives or eats where sees their own line too. What the database computes by itself (what is on hand, what was used,
when a place was disinfected last) nobody may set."""

from __future__ import annotations

from fugong.base.walls import Wall, about

_KEEP = about("enterprise_id")
_MINE = "((SELECT fugong_scope()) = 'worker' AND worker_id = (SELECT fugong_scope_id()))"
_MY_ROOMS = "room_id IN (SELECT r.id FROM premises_room AS r)"

WALLS = [
    Wall(
        "premises_room", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("square_metres", "closed_at"),
    ),
    Wall("premises_bed", ("SELECT", "INSERT"), see=_MY_ROOMS, add=_MY_ROOMS),
    Wall(
        "premises_lodging", ("SELECT", "INSERT", "UPDATE"), see=f"{_KEEP} OR {_MINE}", write=_KEEP,
        change=('"end"', "fact_id", "actor_id", "changed_at"), audited="worker_id",
    ),
    Wall(
        "premises_absence", ("SELECT", "INSERT", "UPDATE"), see=_KEEP,
        change=("looked_for_by", "outcome", "words", "actor_id", "closed_at"), audited="worker_id",
    ),
    Wall("premises_duty", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("responsible", "ended_at")),
    Wall("premises_cleaning", ("SELECT", "INSERT"), see=_KEEP),
    Wall("premises_photo", ("SELECT", "INSERT"), see=_KEEP),
    Wall("premises_mealshift", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("ended_at",)),
    Wall("premises_table", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("usable", "ended_at")),
    Wall(
        "premises_mealseat", ("SELECT", "INSERT", "UPDATE"), see=f"{_KEEP} OR {_MINE}", write=_KEEP,
        change=('"end"', "fact_id", "actor_id", "changed_at"), audited="worker_id",
    ),
    Wall("premises_stock", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("unit",)),
    Wall("premises_movement", ("SELECT", "INSERT"), see=_KEEP, audited="worker_id"),
    Wall("premises_use", ("SELECT",), see=_KEEP),
    Wall(
        "premises_shortfall", ("SELECT", "INSERT", "UPDATE"), see=_KEEP, change=("settled_at", "words", "actor_id"),
        audited="worker_id",
    ),
]  # fmt: skip
