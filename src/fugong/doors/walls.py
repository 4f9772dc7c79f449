"""The second wall of the doors: devices and passes lie in the scope of their site or worker; keys in nobody's."""

from __future__ import annotations

from fugong.base.walls import ALL, Wall, about, readable
from fugong.doors.short import sql as short

_SYSTEM = "(SELECT fugong_scope() = 'system')"
_SIGNING_IN = "(SELECT fugong_scope() = 'sign_in')"
_ME = "(SELECT fugong_actor())"
_DOORS = "door_id IN (SELECT d.id FROM registry_door AS d)"  # the wall of the doors stands before this one
_DEVICES = "device_id IN (SELECT d.id FROM doors_device AS d JOIN registry_door AS r ON r.id = d.door_id)"

FUNCTIONS = (
    *short.FUNCTIONS,
    # Only ids come out; who of them lies in the scope is asked of the wall for those few (``pseudonyms.workers_of``).
    """
CREATE OR REPLACE FUNCTION doors_called(names text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.worker_id FROM doors_pseudonym AS p WHERE p.value = ANY(names) AND fugong_scope() <> 'none'
$$
""",
)

WALLS = [
    Wall("doors_pseudonym", ("SELECT", "INSERT"), see=about("worker_id"), audited="worker_id"),
    # A device that asks is known by its row before anybody acts; it changes nothing but by its one-time code.
    Wall(
        "doors_device", ("SELECT", "INSERT", "UPDATE"), see=f"{ALL} OR {_SIGNING_IN} OR {_DOORS}",
        add=ALL, write=f"{ALL} OR {_SIGNING_IN} OR user_id = {_ME}",
        change=(
            "name", "code_digest", "public_key", "token_digest", "enrolled_at", "revoked_at", "revoked_by_id", "seen_at",
        ), audited="door_id",
    ),
    Wall(
        "doors_signingkey", ("SELECT", "INSERT", "UPDATE"), see=_SYSTEM,
        change=("private_encrypted", "retired_at", "removed_at"),
    ),
    Wall(
        "doors_pass", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"),
        change=("revoked_at", "revoked_by_id", "reason"), audited="worker_id",
    ),
    Wall(
        "doors_guardpin", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=f"user_id = {_ME} OR {_SYSTEM}",
        change=("salt", "iterations", "digest", "set_at"), audited="user_id",
    ),
    Wall("doors_arrangement", ("SELECT", "INSERT", "UPDATE"), see=readable("site_id"), write=about("site_id"),
         change=("place", "call", "phone")),
    Wall(
        "doors_visit", ("SELECT", "INSERT", "UPDATE"), see=about("site_id"), change=("left_at",), audited="site_id",
    ),
    Wall("doors_told", ("SELECT", "INSERT"), see=about("worker_id"), audited="worker_id"),
    Wall("doors_remark", ("SELECT", "INSERT"), see=about("worker_id"), audited="worker_id"),
    Wall(
        "doors_shift", ("SELECT", "INSERT"),
        see=f"{ALL} OR {_DEVICES}", audited="guard_id",
    ),
    Wall("doors_snapshotpart", ("SELECT", "INSERT", "UPDATE"), see=f"{ALL} OR {_DOORS}", change=("digest", "changed")),
]  # fmt: skip
