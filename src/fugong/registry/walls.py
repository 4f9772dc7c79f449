"""The second wall of the registry: who lies in whose scope."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, ASKED, Wall, about, readable

_HERE = "(SELECT fugong_scope()) = 'enterprise'"
_MINE = "(SELECT fugong_scope_id())"
_WITH_A_BED = (
    "s.site_id = mine AND (s.state = 'present' OR (s.state = 'planned' AND s.\"end\" > fugong_now()) "
    "OR (s.state = 'ended' AND s.how <> 'moved' AND s.\"end\" > fugong_now() - 86400))"
)
"""SQL: somebody has a bed at the site ``mine``, kept or taken, or has left it within a day."""

FUNCTIONS = (
    # Whoever is in medical observation at a site now is in the scope of those who work there; so is whoever has a bed there
    # (``_WITH_A_BED``): somebody has to check them in, and to hand out their certificate.
    """
CREATE OR REPLACE FUNCTION fugong_observed_at(site uuid) RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = public, pg_temp AS $$
  SELECT f.subject_id FROM ledger_fact AS f
  WHERE f.kind = 'observation' AND f.values->>'site' = site::text AND f.start <= fugong_now() AND f."end" > fugong_now()
    AND NOT f.withdrawn AND NOT EXISTS (SELECT 1 FROM ledger_fact AS n WHERE n.supersedes_id = f.id)
  UNION
  SELECT s.worker_id FROM observation_stay AS s WHERE """
    + _WITH_A_BED.replace("mine", "site")
    + """
$$
""",
    # Planned once: for an array of unknown length PostgreSQL would plan anew with every statement, which takes four times as
    # long as asking. Where a transaction is `narrowed`, those few of the scope are looked up instead of everybody being listed.
    # The settings are read in place: each function that is called instead would cost as much as a row.
    f"""
CREATE OR REPLACE FUNCTION fugong_subjects() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
ROWS 200 SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  scope text := {ASKED["fugong_scope"]}; mine uuid := {ASKED["fugong_scope_id"]};
  few uuid[] := {ASKED["fugong_few"]}; enterprises uuid[]; one uuid;
BEGIN
  IF scope = 'enterprise' THEN enterprises := ARRAY[mine];
  ELSIF scope = 'patch' THEN
    enterprises := ARRAY(SELECT subject_id FROM registry_enterprise WHERE patch_id = mine);
    RETURN QUERY SELECT t.subject_id FROM teams_serviceteam AS t WHERE t.patch_id = mine;
  ELSIF scope = 'site' THEN
    enterprises := ARRAY(SELECT s.enterprise_id FROM registry_site AS s
      WHERE s.subject_id = mine AND s.enterprise_id IS NOT NULL);
    RETURN NEXT mine;
  ELSIF scope = 'worker' THEN
    IF few IS NULL OR mine = ANY(few) THEN RETURN NEXT mine; END IF;
    RETURN;
  ELSE RETURN;
  END IF;
  FOREACH one IN ARRAY enterprises LOOP RETURN NEXT one; END LOOP;
  RETURN QUERY SELECT s.subject_id FROM registry_site AS s WHERE s.enterprise_id = ANY(enterprises);
  IF few IS NULL THEN
    RETURN QUERY SELECT e.worker_id FROM registry_employment AS e WHERE e.enterprise_id = ANY(enterprises) AND e.active;
    IF scope = 'site' THEN RETURN QUERY SELECT fugong_observed_at(mine); END IF;
    RETURN;
  END IF;
  FOR one IN SELECT e.worker_id FROM registry_employment AS e
    WHERE e.worker_id = ANY(few) AND e.enterprise_id = ANY(enterprises) AND e.active
  LOOP RETURN NEXT one; few := array_remove(few, one); END LOOP;
  IF scope = 'site' AND few <> '{{}}' THEN
    RETURN QUERY SELECT f.subject_id FROM ledger_fact AS f
      WHERE f.subject_id = ANY(few) AND f.kind = 'observation' AND f.values->>'site' = mine::text
        AND f.start <= fugong_now() AND f."end" > fugong_now()
        AND NOT f.withdrawn AND NOT EXISTS (SELECT 1 FROM ledger_fact AS n WHERE n.supersedes_id = f.id)
      UNION SELECT s.worker_id FROM observation_stay AS s WHERE s.worker_id = ANY(few) AND """
    + _WITH_A_BED
    + """;
  END IF;
END $$
""",
    """
CREATE OR REPLACE FUNCTION fugong_readable() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
ROWS 200 SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF fugong_scope() NOT IN ('patch', 'enterprise', 'site', 'worker') OR fugong_scope_id() IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT fugong_subjects();
  RETURN QUERY SELECT subject_id FROM registry_division;
  RETURN QUERY SELECT s.subject_id FROM registry_site AS s WHERE s.enterprise_id IS NULL;
  IF fugong_scope() = 'worker' THEN
    RETURN QUERY SELECT e.enterprise_id FROM registry_employment AS e WHERE e.worker_id = fugong_scope_id() AND e.active;
    RETURN QUERY SELECT s.subject_id FROM registry_employment AS e JOIN registry_site AS s USING (enterprise_id)
      WHERE e.worker_id = fugong_scope_id() AND e.active;
  END IF;
END $$
""",
    # A worker whom nobody employs or employed: just added. Of whoever has an employment it says nothing, whoever asks: one
    # of the enterprise's own who left is hired again with the whole truth (`registry.roster`).
    """
CREATE OR REPLACE FUNCTION fugong_nobody_elses(worker uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM registry_employment AS e WHERE e.worker_id = worker)
$$
""",
)

_OWN_WORKERS = f"{about('worker_id')} OR ({_HERE} AND fugong_nobody_elses(worker_id))"

WALLS = [
    Wall("registry_division", ("SELECT", "INSERT"), see=ANYBODY, write=ALL),
    Wall("registry_town", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL),
    Wall("registry_patch", ("SELECT", "INSERT"), see=ANYBODY, write=ALL),
    Wall("registry_enterprise", ("SELECT", "INSERT"), see=readable("subject_id"), write=ALL),
    Wall(
        "registry_site", ("SELECT", "INSERT"), see=f"({ANYBODY} AND enterprise_id IS NULL) OR {readable('subject_id')}",
        write=f"{ALL} OR ({_HERE} AND enterprise_id = {_MINE})",
    ),
    Wall("registry_door", ("SELECT", "INSERT"), see=readable("site_id"), write=about("site_id")),
    Wall(
        "registry_worker", ("SELECT", "INSERT", "UPDATE"), see=about("subject_id"), write=f"{ALL} OR {_HERE}",
        change=("name", "initials", "phone_encrypted", "phone_digest", "phone_tail", "address"), audited="subject_id",
    ),
    Wall(
        "registry_document", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), write=_OWN_WORKERS,
        change=("encrypted", "digest", "standing"), audited="worker_id",
    ),
    Wall(
        "registry_employment", ("SELECT", "INSERT", "UPDATE"),
        see=f"{about('enterprise_id')} OR ((SELECT fugong_scope()) = 'worker' AND worker_id = {_MINE})",
        write=f"{ALL} OR ({_HERE} AND enterprise_id = {_MINE} AND ({_OWN_WORKERS}))",
        change=("fact_id", "workshop", "post", "badge", "start", "active"), audited="worker_id",
    ),
    Wall(
        "registry_upload", ("SELECT", "INSERT", "UPDATE"),
        see=f"{ALL} OR actor_id = (SELECT fugong_actor()) OR ({_HERE} AND enterprise_id = {_MINE})",
        write=f"{ALL} OR actor_id = (SELECT fugong_actor()) OR ({_HERE} AND enterprise_id = {_MINE})",
        change=("overrides", "state", "result", "applied_at", "content"), audited="enterprise_id",
    ),
    Wall("registry_paper", ("SELECT", "INSERT"), see=about("enterprise_id"), audited="enterprise_id"),
]  # fmt: skip
