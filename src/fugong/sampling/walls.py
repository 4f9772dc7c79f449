"""The second wall of sampling: orders, appointments and swabs lie in their worker's scope; tubes and files are the town's."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_ORDERING = f"{ALL} OR ((SELECT fugong_scope()) = 'enterprise' AND worker_id IN (SELECT fugong_subjects()))"
"""The town, those who act for it, and an enterprise for its own people."""

FUNCTIONS = (
    # Which places of some slots are taken: whoever books must not meet a place that they can't see. It says nothing of whom.
    """
CREATE OR REPLACE FUNCTION sampling_taken(slots uuid[]) RETURNS TABLE (slot uuid, place integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.slot_id, a.place::integer FROM sampling_appointment AS a
  WHERE a.slot_id = ANY(slots) AND fugong_scope() <> 'none'
$$
""",
)

WALLS = [
    Wall(
        "sampling_slotoffer", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=ANYBODY, write=ALL,
        change=("minutes", "places"),
    ),
    Wall(
        "sampling_order", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), write=_ORDERING,
        change=(
            "why", "requirement", "single", "urgent", "not_before", "deadline", "state", "reason", "pool_id", "replaces",
            "changed_at",
        ), audited="worker_id",
    ),
    Wall(
        "sampling_appointment", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=about("worker_id"), write=_ORDERING,
        change=("slot_id", "places", "place", "booked_at"), audited="worker_id",
    ),
    Wall(
        "sampling_tube", ("SELECT", "INSERT", "UPDATE"),
        see=f"{ALL} OR id IN (SELECT m.tube_id FROM sampling_tubemember AS m)", write=ALL,
        change=(
            "state", "sampled_at", "laboratory", "method", "result", "reported_at", "recorded_at", "reason",
        ),
    ),
    Wall(
        "sampling_tubemember", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=about("worker_id"), write=ALL,
        change=("void",), audited="worker_id",
    ),
    Wall("sampling_labfile", ("SELECT", "INSERT", "UPDATE"), see=ALL, change=("counts",)),
    Wall(
        "sampling_labrow", ("SELECT", "INSERT", "UPDATE"), see=ALL,
        change=("state", "tube_id", "reason", "settled_at", "settled_by_id", "cells_encrypted"),
    ),
    Wall("sampling_slotplan", ("SELECT", "INSERT", "UPDATE"), see=ALL, change=("state", "decided_at", "plan")),
]  # fmt: skip
