"""The database itself keeps the ledger append-only, and a correction to its own subject and kind."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a fact is never changed or removed: supersede it' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE OR DELETE ON ledger_fact
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION ledger_check_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_fact AS earlier WHERE earlier.id = NEW.supersedes_id
                 AND earlier.subject_id = NEW.subject_id AND earlier.kind = NEW.kind
                 AND earlier.recorded_at <= NEW.recorded_at) THEN
    RAISE EXCEPTION 'a correction keeps subject and kind and comes later' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fact_correction_fits BEFORE INSERT ON ledger_fact
  FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL) EXECUTE FUNCTION ledger_check_correction();

CREATE INDEX fact_employer ON ledger_fact ((values->>'employer')) WHERE kind = 'employment';
CREATE INDEX fact_dormitory_site ON ledger_fact ((values->>'site')) WHERE kind = 'dormitory';
CREATE INDEX fact_stay_division ON ledger_fact ((values->>'division') text_pattern_ops) WHERE kind = 'stay';
"""
BACKWARD = """
DROP INDEX fact_stay_division; DROP INDEX fact_dormitory_site; DROP INDEX fact_employer;
DROP TRIGGER fact_correction_fits ON ledger_fact; DROP FUNCTION ledger_check_correction();
DROP TRIGGER fact_is_never_changed ON ledger_fact; DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
