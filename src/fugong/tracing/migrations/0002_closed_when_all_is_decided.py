"""A closed case has nobody who waits for a review and no place that waits for its disinfection, however many write at once.

Whoever adds to a case, or puts something of it back, locks its row first: closing it at the same time waits, and then sees it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION tracing_check_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE its_state text;
BEGIN
  SELECT c.state INTO STRICT its_state FROM tracing_case AS c WHERE c.id = NEW.case_id FOR NO KEY UPDATE;
  IF its_state = 'closed' THEN
    RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_closed_when_all_is_decided';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contact_of_an_open_case BEFORE INSERT OR UPDATE ON tracing_casecontact
  FOR EACH ROW WHEN (NEW.state = 'proposed') EXECUTE FUNCTION tracing_check_part();
CREATE TRIGGER task_of_an_open_case BEFORE INSERT OR UPDATE ON tracing_cleaningtask
  FOR EACH ROW WHEN (NEW.state = 'open') EXECUTE FUNCTION tracing_check_part();

CREATE FUNCTION tracing_check_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM tracing_casecontact AS c WHERE c.case_id = NEW.id AND c.state = 'proposed')
     OR EXISTS (SELECT 1 FROM tracing_cleaningtask AS t WHERE t.case_id = NEW.id AND t.state = 'open') THEN
    RAISE EXCEPTION 'something of the case is undecided'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'case_closed_when_all_is_decided';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_is_decided BEFORE INSERT OR UPDATE ON tracing_case
  FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION tracing_check_closing();
"""
BACKWARD = """
DROP TRIGGER case_is_decided ON tracing_case; DROP FUNCTION tracing_check_closing();
DROP TRIGGER task_of_an_open_case ON tracing_cleaningtask; DROP TRIGGER contact_of_an_open_case ON tracing_casecontact;
DROP FUNCTION tracing_check_part();
"""


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_cases_contacts_tasks")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
