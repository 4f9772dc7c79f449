"""The second wall around the audit: nobody but auditors and the system reads entries; everybody who acts writes them."""

from __future__ import annotations

from fugong.base.walls import ANYBODY, Wall

FUNCTIONS = (
    # Auditors see no row of anybody's login, where digests of passwords stand: what logins are called is told here.
    """
CREATE OR REPLACE FUNCTION audit_logins(wanted uuid[]) RETURNS TABLE (id uuid, username text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.username::text, btrim(u.first_name || ' ' || u.last_name) FROM base_user AS u
  WHERE u.id = ANY(wanted) AND fugong_scope() IN ('audit', 'system')
$$
""",
    """
CREATE OR REPLACE FUNCTION audit_login_called(called text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id FROM base_user AS u WHERE lower(u.username) = lower(called) AND fugong_scope() IN ('audit', 'system')
$$
""",
)

WALLS = [
    Wall(
        "audit_entry", ("SELECT", "INSERT"), see="(SELECT fugong_scope()) IN ('audit', 'system')",
        write="fugong_scope() <> 'none'",
    ),
    Wall("audit_batch", ("SELECT", "INSERT"), see=ANYBODY, write="fugong_scope() = 'system'"),
    Wall("audit_seal", ("SELECT", "INSERT"), see=ANYBODY, write="fugong_scope() = 'system'"),
]  # fmt: skip
