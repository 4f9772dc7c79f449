"""Nobody approves what they drafted or checked themselves."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_check_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM policies_claimstep AS s
             WHERE s.claim_id = NEW.claim_id AND s.actor_id = NEW.actor_id AND s.state IN ('drafted', 'checked')) THEN
    RAISE EXCEPTION 'drafted or checked by whoever approves it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_approved_by_another';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approved_by_another BEFORE INSERT ON policies_claimstep
  FOR EACH ROW WHEN (NEW.state = 'approved') EXECUTE FUNCTION policies_check_step();
"""
BACKWARD = """
DROP TRIGGER approved_by_another ON policies_claimstep; DROP FUNCTION policies_check_step();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_never")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
