"""The second wall of clearance: protocols are added, never changed; stored clearances are written by the system alone."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

DECISIONS = ("clearance_waitingact", "clearance_adoption", "clearance_deputation", "clearance_review")
"""Tables of who decided what over many: each row that is written leaves an entry of the audit that says what was done."""

FUNCTIONS = (
    # By the database itself, whoever writes the row and by whichever way. What is told is nobody's health: numbers, the kind
    # of an act, a protocol's name and digest, the login of a deputy.
    """
CREATE OR REPLACE FUNCTION clearance_note_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  one jsonb; before jsonb; done text; told jsonb;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit_entry (action, relation) VALUES ('truncate', TG_TABLE_NAME);
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN one := to_jsonb(NEW); END IF;
  IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
  one := coalesce(one, before);
  IF TG_TABLE_NAME = 'clearance_waitingact' THEN
    done := CASE
      WHEN TG_OP = 'DELETE' THEN 'act.removed'
      WHEN TG_OP = 'INSERT' AND one->>'state' = 'draft' THEN 'act.drafted'
      WHEN TG_OP = 'INSERT' AND one->>'state' = 'waiting' THEN 'act.proposed'
      WHEN TG_OP = 'UPDATE' AND one->'state' = before->'state' THEN CASE
        WHEN one->'escalated_at' <> before->'escalated_at' THEN 'act.escalated'
        WHEN one->'effect' <> before->'effect' OR one->'counted_at' <> before->'counted_at' THEN 'act.counted'
        ELSE 'act.changed' END
      WHEN one->>'state' = 'waiting' THEN 'act.sent'
      ELSE 'act.' || (one->>'state') END;
    told := jsonb_build_object('id', one->'id', 'act', one->'act', 'losing', one->'effect'->'losing');
  ELSIF TG_TABLE_NAME = 'clearance_adoption' THEN
    done := CASE
      WHEN TG_OP <> 'INSERT' THEN 'protocol.changed'
      WHEN one->>'suspends_id' IS NULL THEN 'protocol.adopted' ELSE 'protocol.suspended' END;
    told := jsonb_build_object('id', one->'id', 'protocol', concat_ws(' ', one->>'pack', one->>'version'),
      'digest', one->'digest', 'from', one->'effective_from', 'first', one->'first');
  ELSIF TG_TABLE_NAME = 'clearance_deputation' THEN
    done := CASE TG_OP WHEN 'INSERT' THEN 'deputy.named' WHEN 'DELETE' THEN 'deputy.removed' ELSE 'deputy.changed' END;
    told := jsonb_build_object('id', one->'id', 'role', 'deputy', 'from', one->'start', 'until', one->'end',
      'username', (SELECT username FROM base_user WHERE id = (one->>'deputy_id')::uuid));
  ELSE
    done := CASE
      WHEN TG_OP = 'INSERT' THEN 'review.opened'
      WHEN TG_OP = 'DELETE' THEN 'review.removed'
      WHEN one->'reviewed_at' <> before->'reviewed_at' THEN 'review.looked_at'
      WHEN one->'escalated_at' <> before->'escalated_at' THEN 'review.escalated'
      ELSE 'review.changed' END;
    told := jsonb_build_object('id', one->'id', 'losing', one->'effect'->'losing');
  END IF;
  INSERT INTO audit_entry (action, relation, row_count, details) VALUES (done, TG_TABLE_NAME, 1, told);
  RETURN NULL;
END $$
""",
    "REVOKE ALL ON FUNCTION clearance_note_decision() FROM PUBLIC",
    *(
        f"CREATE OR REPLACE TRIGGER decision_is_noted AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION clearance_note_decision()"
        for table in DECISIONS
    ),
    *(
        f"CREATE OR REPLACE TRIGGER emptying_is_noted AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION clearance_note_decision()"
        for table in DECISIONS
    ),
)

WALLS = [
    Wall("clearance_adoption", ("SELECT", "INSERT"), see=ANYBODY, write=ALL),
    Wall(
        "clearance_clearance", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"),
        write="(SELECT fugong_scope()) = 'system'",
        change=("starts", "ends", "moments", "failing", "changed", "adoption_id", "rests_on"),
    ),
    Wall(
        "clearance_waitingact", ("SELECT", "INSERT", "UPDATE"),
        see=f"{ALL} OR proposer_id = (SELECT fugong_actor())",
        change=(
            "state", "created_at", "effect", "counted_at", "escalated_at", "decided_at", "decided_by_id", "reason",
        ),
    ),
    Wall("clearance_loss", ("SELECT", "INSERT"), see="(SELECT fugong_scope()) = 'system'"),
    Wall(
        "clearance_measuredloss", ("SELECT", "INSERT", "UPDATE"), see="(SELECT fugong_scope()) = 'system'",
        change=("review_id",),
    ),
    Wall(
        "clearance_review", ("SELECT", "INSERT", "UPDATE"), see=ALL,
        change=("escalated_at", "reviewed_at", "reviewed_by_id", "note"),
    ),
    Wall("clearance_deputation", ("SELECT", "INSERT"), see=ALL),
    Wall(
        "clearance_verification", ("SELECT", "INSERT"), see=f"{ALL} OR (SELECT fugong_scope()) = 'operations'",
        write="(SELECT fugong_scope()) = 'system'",
    ),
]  # fmt: skip
