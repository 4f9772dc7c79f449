"""What must never be: more paid than approved, an approval that changes after the payment, a history that changes."""

from django.db import migrations

FORWARD = """
ALTER TABLE policies_payment ADD CONSTRAINT payment_of_what_was_approved
  FOREIGN KEY (claim_id, approved) REFERENCES policies_claim (id, approved);

CREATE FUNCTION policies_check_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
CREATE TRIGGER claim_goes_forward BEFORE UPDATE ON policies_claim
  FOR EACH ROW EXECUTE FUNCTION policies_check_claim();

CREATE FUNCTION policies_never_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'what happened to a claim stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_history_stays';
END $$;
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON policies_claimstep
  FOR EACH ROW EXECUTE FUNCTION policies_never_changes();
CREATE TRIGGER payment_stays BEFORE UPDATE OR DELETE ON policies_payment
  FOR EACH ROW EXECUTE FUNCTION policies_never_changes();
"""
BACKWARD = """
DROP TRIGGER payment_stays ON policies_payment; DROP TRIGGER step_stays ON policies_claimstep;
DROP FUNCTION policies_never_changes();
DROP TRIGGER claim_goes_forward ON policies_claim; DROP FUNCTION policies_check_claim();
ALTER TABLE policies_payment DROP CONSTRAINT payment_of_what_was_approved;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
