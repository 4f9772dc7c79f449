"""A claim takes no step back and leaves none out, and what was approved stays as it was approved."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION policies_check_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.state IN ('paid', 'refused', 'withdrawn') THEN
    RAISE EXCEPTION 'the claim is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_over_is_over';
  END IF;
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
  IF NEW.state = 'paid' AND NOT EXISTS (SELECT 1 FROM policies_payment AS p WHERE p.claim_id = NEW.id) THEN
    RAISE EXCEPTION 'nothing was paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_paid_by_a_payment';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION policies_check_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.state IN ('paid', 'refused', 'withdrawn') THEN
    RAISE EXCEPTION 'the claim is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_over_is_over';
  END IF;
  IF NEW.state = 'paid' AND NOT EXISTS (SELECT 1 FROM policies_payment AS p WHERE p.claim_id = NEW.id) THEN
    RAISE EXCEPTION 'nothing was paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_paid_by_a_payment';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_four_eyes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
