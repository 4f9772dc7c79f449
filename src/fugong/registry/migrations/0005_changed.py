"""In which transaction a worker's file or an employment last changed: for doors, who hold copies of them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION registry_note_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.changed := pg_current_xact_id();
  RETURN NEW;
END $$;
ALTER TABLE registry_worker ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE registry_employment ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE TRIGGER note_change BEFORE UPDATE ON registry_worker
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION registry_note_change();
CREATE TRIGGER note_change BEFORE UPDATE ON registry_employment
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION registry_note_change();
"""
BACKWARD = """
DROP TRIGGER note_change ON registry_employment;
DROP TRIGGER note_change ON registry_worker;
ALTER TABLE registry_employment DROP COLUMN changed;
ALTER TABLE registry_worker DROP COLUMN changed;
DROP FUNCTION registry_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_claims")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
