"""What must never be: a list that changes after it was signed, one that gains rows, one that is never signed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION submissions_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a list that was signed stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_list_stays BEFORE UPDATE OR DELETE ON submissions_submission
  FOR EACH ROW EXECUTE FUNCTION submissions_keep();

CREATE FUNCTION submissions_keep_row() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a row of a signed list stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_row_stays';
END $$;
CREATE TRIGGER signed_row_stays BEFORE UPDATE OR DELETE ON submissions_submissionrow
  FOR EACH ROW EXECUTE FUNCTION submissions_keep_row();

CREATE FUNCTION submissions_no_more_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added AS a JOIN submissions_submission AS s ON s.id = a.submission_id
             WHERE s.signed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a signed list gains no rows' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_is_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER signed_list_is_whole AFTER INSERT ON submissions_submissionrow REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION submissions_no_more_rows();

CREATE FUNCTION submissions_is_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM submissions_submission AS s WHERE s.id = NEW.id AND s.signed_at IS NULL) THEN
    RAISE EXCEPTION 'a list is signed or it is not there' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_signed';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER list_is_signed AFTER INSERT ON submissions_submission DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION submissions_is_signed();
"""
BACKWARD = """
DROP TRIGGER list_is_signed ON submissions_submission; DROP FUNCTION submissions_is_signed();
DROP TRIGGER signed_list_is_whole ON submissions_submissionrow; DROP FUNCTION submissions_no_more_rows();
DROP TRIGGER signed_row_stays ON submissions_submissionrow; DROP FUNCTION submissions_keep_row();
DROP TRIGGER signed_list_stays ON submissions_submission; DROP FUNCTION submissions_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
