"""What must never be, whoever writes and however many at once.

Ranges of one id stand in for equality, so that no extension is needed (``uuidrange(id, id, '[]')``). Whoever writes a stay
locks its room first: two who count the people of one room at the same time would both find place.
"""

from django.db import migrations

FORWARD = """
DO $$ BEGIN CREATE TYPE uuidrange AS RANGE (subtype = uuid); EXCEPTION WHEN duplicate_object THEN NULL; END $$;

ALTER TABLE observation_stay
  ADD CONSTRAINT bed_has_one_stay_at_a_time EXCLUDE USING gist
    (uuidrange(bed_id, bed_id, '[]') WITH &&, int8range(start, free_from) WITH &&) WHERE (state <> 'cancelled'),
  ADD CONSTRAINT person_has_one_bed_at_a_time EXCLUDE USING gist
    (uuidrange(worker_id, worker_id, '[]') WITH &&, int8range(start, "end") WITH &&) WHERE (state <> 'cancelled');

CREATE FUNCTION observation_check_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE the_room observation_room; most int;
BEGIN
  SELECT r.* INTO STRICT the_room FROM observation_room AS r JOIN observation_bed AS b ON b.room_id = r.id
    WHERE b.id = NEW.bed_id FOR NO KEY UPDATE OF r;
  NEW.room_id := the_room.id;
  NEW.site_id := the_room.site_id;
  IF NEW.state = 'cancelled' THEN RETURN NEW; END IF;
  IF NEW.start < the_room.opens OR NEW."end" > the_room.closes THEN
    RAISE EXCEPTION 'the room is not offered then' USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_while_room_is_offered';
  END IF;
  WITH others AS (
    SELECT s.start, s."end", s.household FROM observation_stay AS s
    WHERE s.room_id = the_room.id AND s.id <> NEW.id AND s.state <> 'cancelled'
      AND s.start < NEW."end" AND s."end" > NEW.start
  ), moments AS (SELECT NEW.start AS at UNION SELECT start FROM others WHERE start > NEW.start)
  SELECT max(n) INTO most FROM (
    SELECT count(*) + 1 AS n FROM moments JOIN others ON others.start <= moments.at AND others."end" > moments.at
    GROUP BY moments.at HAVING NOT (the_room.households AND coalesce(bool_and(others.household = NEW.household), false))
  ) AS counted;
  IF most > the_room.people THEN
    RAISE EXCEPTION 'more people than may share the room' USING ERRCODE = 'check_violation', CONSTRAINT = 'room_holds_so_many';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stay_fits_its_room BEFORE INSERT OR UPDATE ON observation_stay
  FOR EACH ROW EXECUTE FUNCTION observation_check_stay();

CREATE FUNCTION observation_check_room() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM observation_stay AS s WHERE s.room_id = NEW.id AND s.state <> 'cancelled'
             AND (s.start < NEW.opens OR s."end" > NEW.closes)) THEN
    RAISE EXCEPTION 'somebody stays there then' USING ERRCODE = 'check_violation', CONSTRAINT = 'room_offered_while_in_use';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER room_stays_offered BEFORE UPDATE OF opens, closes ON observation_room
  FOR EACH ROW WHEN (NEW.opens > OLD.opens OR NEW.closes < OLD.closes) EXECUTE FUNCTION observation_check_room();
"""
BACKWARD = """
DROP TRIGGER room_stays_offered ON observation_room; DROP FUNCTION observation_check_room();
DROP TRIGGER stay_fits_its_room ON observation_stay; DROP FUNCTION observation_check_stay();
ALTER TABLE observation_stay DROP CONSTRAINT person_has_one_bed_at_a_time, DROP CONSTRAINT bed_has_one_stay_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies = [("observation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
