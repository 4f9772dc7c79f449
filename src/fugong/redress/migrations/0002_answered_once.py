"""Whatever the application does: the town answers, once, and an answer stays as it was given."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION redress_answered_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state <> 'open' AND
    (NEW.state, NEW.answer, NEW.answered_by_id, NEW.answered_at, NEW.result_id, NEW.disclosed, NEW.escalated_at)
    IS DISTINCT FROM
    (OLD.state, OLD.answer, OLD.answered_by_id, OLD.answered_at, OLD.result_id, OLD.disclosed, OLD.escalated_at)
  THEN
    RAISE EXCEPTION 'request_is_closed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'open' AND NEW.state IN ('granted', 'refused')
    AND coalesce(current_setting('fugong.scope', true), '') NOT IN ('town', 'system')
  THEN
    RAISE EXCEPTION 'request_is_answered_by_the_town' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER request_is_answered_once BEFORE UPDATE ON redress_request
  FOR EACH ROW EXECUTE FUNCTION redress_answered_once();
"""
BACKWARD = "DROP TRIGGER request_is_answered_once ON redress_request; DROP FUNCTION redress_answered_once();"


class Migration(migrations.Migration):
    dependencies = [("redress", "0001_requests")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
