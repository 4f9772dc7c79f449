"""What the short way asks of the database: functions, so that it plans nothing anew."""

from __future__ import annotations

from fugong.base.access import narrowing, telling
from fugong.clearance.services import PROTOCOLS

_SETTINGS = "SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"

_TELLING = telling(
    scope="scope", scope_id="scope_id::text", actor="actor::text", role="role", purpose="purpose", origin="origin",
    now="now::text",
)  # fmt: skip

ASK = b"doors_asked", b"SELECT * FROM doors_asked($1, $2, $3, $4, $5, $6)"
NOTE = b"doors_note", b"SELECT doors_note($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
"""The two statements, each with the name under which a connection keeps it."""

_WHO = (
    "SELECT d.id, d.public_key, d.seen_at, u.id AS login, u.scope_id, u.role_name INTO who "
    "FROM doors_device AS d JOIN base_user AS u ON u.id = d.user_id "
    "WHERE d.enrolled_at IS NOT NULL AND d.revoked_at IS NULL AND u.is_active AND"
)

FUNCTIONS = (
    # What a function returns can't be replaced.
    "DROP FUNCTION IF EXISTS doors_asked(uuid, bytea, text, text, text, bigint, uuid, text, uuid, uuid[])",
    "DROP FUNCTION IF EXISTS doors_asked(uuid, bytea, uuid, text, uuid, uuid[])",
    "DROP FUNCTION IF EXISTS doors_note(uuid, int, text, uuid[], text[], text[], bigint, bigint, text, uuid, text)",
    # Who asks (as ``devices.by_signature`` and ``by_token`` read it), and everything that a decision rests on, of those alone
    # who are on the list of a door of the device's site; nothing where one of the ids is stored already. Before anything is
    # locked, written or told, the server holds the device's signature against its key.
    f"""
CREATE FUNCTION doors_asked(
  device uuid, token bytea, door uuid, called text, whom uuid, ids uuid[]
) RETURNS TABLE (
  asking uuid, public_key text, seen_at bigint, login uuid, scope_id uuid, role text,
  worker uuid, adoptions text, seen text, steps text
) LANGUAGE plpgsql SECURITY DEFINER {_SETTINGS} AS $$
DECLARE who record; one uuid;
BEGIN
  IF device IS NULL THEN
    {_WHO} d.token_digest = token;
  ELSE
    {_WHO} d.id = device;
  END IF;
  SELECT m.worker_id INTO one FROM registry_employment AS m
  WHERE m.worker_id = coalesce(whom, (SELECT p.worker_id FROM doors_pseudonym AS p WHERE p.value = called)) AND m.active
    AND m.enterprise_id = (SELECT s.enterprise_id FROM registry_site AS s WHERE s.subject_id = who.scope_id)
    AND EXISTS (SELECT FROM registry_door AS d WHERE d.id = door AND d.site_id = who.scope_id)
    AND NOT EXISTS (SELECT FROM ledger_fact AS f WHERE f.id = ANY(ids));
  IF one IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT who.id, who.public_key::text, who.seen_at, who.login, who.scope_id, who.role_name::text, one,
    (SELECT string_agg(a.id::text, ' ' ORDER BY a.id) FROM clearance_adoption AS a),
    string_agg(k.changed::text, ' ' ORDER BY k.permission),
    json_object_agg(k.permission, json_build_array(k.moments, k.failing))::text
  FROM clearance_clearance AS k WHERE k.worker_id = one AND k.moments IS NOT NULL;
END $$
""",
    # The locks of whoever states a fact about a worker (``ledger.lock_for``, ``clearance.Renewal``); whether all is still as
    # it was seen before: the protocols, of which there are only ever more, and in which transactions the worker's steps changed.
    f"""
CREATE OR REPLACE FUNCTION doors_held(whom uuid, adoptions int, seen text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER {_SETTINGS} AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({PROTOCOLS});
  PERFORM FROM ledger_subject AS s WHERE s.id = whom FOR UPDATE;
  RETURN adoptions = (SELECT count(*) FROM clearance_adoption) AND seen IS NOT DISTINCT FROM (
    SELECT string_agg(k.changed::text, ' ' ORDER BY k.permission) FROM clearance_clearance AS k
    WHERE k.worker_id = whom AND k.moments IS NOT NULL
  );
END $$
""",
    # From here on the transaction is the device's (``access.switch``). If all is as it was seen: the check's facts, through the
    # wall, which is narrowed to the worker; and whom the answer shows.
    f"""
CREATE OR REPLACE FUNCTION doors_note(
  scope text, scope_id uuid, role text, purpose text, origin text, whom uuid, adoptions int, seen text, ids uuid[],
  kinds text[], said jsonb, at bigint, now bigint, source text, actor uuid, evidence text
) RETURNS void LANGUAGE plpgsql {_SETTINGS} AS $$
BEGIN
  IF NOT doors_held(whom, adoptions, seen) THEN
    RAISE EXCEPTION 'changed meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
  PERFORM {_TELLING}, {narrowing("ARRAY[whom]")};
  INSERT INTO ledger_fact (
    id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source, actor_id, evidence
  ) SELECT ids[n], whom, kinds[n], at, at + 1, said->(n - 1), now, false, '', source, actor, evidence
  FROM generate_subscripts(ids, 1) AS n;
  INSERT INTO audit_entry (action, subjects) VALUES ('read', ARRAY[whom]);
END $$
""",
)
