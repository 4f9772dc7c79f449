"""What must never be, whatever the application does: a delivery that is sent again in silence, or sent without an attempt."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION notices_delivery_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state = NEW.state THEN RETURN NEW; END IF;
  IF OLD.state IN ('unknown', 'sending', 'sent', 'dead') AND NEW.state = 'queued'
    AND NOT (OLD.state = 'sending' AND NEW.error <> '')
    AND (NEW.again = '' OR NEW.again_at IS NOT DISTINCT FROM OLD.again_at)
  THEN
    RAISE EXCEPTION 'nothing is sent again in silence' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'sent_again_by_key_or_person';
  END IF;
  IF NEW.state = 'sending' AND (OLD.state <> 'queued' OR NEW.attempt_id IS NOT DISTINCT FROM OLD.attempt_id) THEN
    RAISE EXCEPTION 'each attempt is noted first' USING ERRCODE = 'check_violation', CONSTRAINT = 'attempt_noted_first';
  END IF;
  IF NEW.state IN ('sent', 'unknown') AND OLD.state NOT IN ('sending', 'unknown') THEN
    RAISE EXCEPTION 'what was not being sent was not sent' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'sent_after_an_attempt';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_moves BEFORE UPDATE ON notices_delivery
  FOR EACH ROW EXECUTE FUNCTION notices_delivery_moves();

CREATE FUNCTION notices_words_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state NOT IN ('draft', 'waiting') AND
    (NEW.title_zh, NEW.title_en, NEW.text_zh, NEW.text_en, NEW.audience, NEW.of)
    IS DISTINCT FROM (OLD.title_zh, OLD.title_en, OLD.text_zh, OLD.text_en, OLD.audience, OLD.of)
  THEN
    RAISE EXCEPTION 'what was said stays as it was said' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER words_stay BEFORE UPDATE ON notices_notice FOR EACH ROW EXECUTE FUNCTION notices_words_stay();

CREATE FUNCTION notices_answered_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.outcome NOT IN ('asked', 'unknown') AND NEW.outcome <> OLD.outcome THEN
    RAISE EXCEPTION 'an attempt is answered once' USING ERRCODE = 'check_violation', CONSTRAINT = 'answered_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE ON notices_attempt FOR EACH ROW EXECUTE FUNCTION notices_answered_once();
"""
BACKWARD = """
DROP TRIGGER answered_once ON notices_attempt; DROP FUNCTION notices_answered_once();
DROP TRIGGER words_stay ON notices_notice; DROP FUNCTION notices_words_stay();
DROP TRIGGER delivery_moves ON notices_delivery; DROP FUNCTION notices_delivery_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
