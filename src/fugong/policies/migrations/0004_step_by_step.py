"""A claim takes no step back and leaves none out, and what was approved stays as it was approved."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_check_claim_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('drafted', 'checked'), ('checked', 'submitted'), ('submitted', 'approved'), ('approved', 'paid'),
    ('checked', 'refused'), ('submitted', 'refused'),
    ('drafted', 'withdrawn'), ('checked', 'withdrawn'), ('submitted', 'withdrawn')
  ) THEN
    RAISE EXCEPTION 'no step of a claim' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_step_by_step';
  END IF;
  IF OLD.state = 'approved' AND NEW.approved IS DISTINCT FROM OLD.approved THEN
    RAISE EXCEPTION 'it was approved' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_approval_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_step_by_step BEFORE UPDATE ON policies_claim
  FOR EACH ROW EXECUTE FUNCTION policies_check_claim_step();
"""
BACKWARD = """
DROP TRIGGER claim_step_by_step ON policies_claim; DROP FUNCTION policies_check_claim_step();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_four_eyes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
