"""What must never be, whoever writes and however many at once; and what follows from a row by itself.

Ranges of one id stand in for equality, so that no extension is needed (``uuidrange(id, id, '[]')``). Whoever adds to a table
of the canteen or takes from a shelf waits for its row: two who count at the same time would both find place.
"""

from django.db import migrations

_OF_SITE = """
CREATE FUNCTION premises_of_site() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT enterprise_id INTO STRICT NEW.enterprise_id FROM registry_site WHERE subject_id = NEW.site_id;
  RETURN NEW;
END $$;
"""
_SITED = ("room", "absence", "duty", "mealshift", "table", "stock", "shortfall")
FORWARD = (
    """
DO $$ BEGIN CREATE TYPE uuidrange AS RANGE (subtype = uuid); EXCEPTION WHEN duplicate_object THEN NULL; END $$;

ALTER TABLE premises_lodging
  ADD CONSTRAINT dormitory_bed_has_one_person_at_a_time EXCLUDE USING gist
    (uuidrange(bed_id, bed_id, '[]') WITH &&, int8range(start, "end") WITH &&),
  ADD CONSTRAINT person_has_one_dormitory_bed_at_a_time EXCLUDE USING gist
    (uuidrange(worker_id, worker_id, '[]') WITH &&, int8range(start, "end") WITH &&);
ALTER TABLE premises_mealshift
  ADD CONSTRAINT canteen_has_one_shift_at_a_time EXCLUDE USING gist
    (uuidrange(site_id, site_id, '[]') WITH &&, int4range(starts, free_from) WITH &&) WHERE (ended_at IS NULL);
ALTER TABLE premises_mealseat
  ADD CONSTRAINT person_has_one_meal_seat_at_a_time EXCLUDE USING gist
    (uuidrange(worker_id, worker_id, '[]') WITH &&, int8range(start, "end") WITH &&);
"""
    + _OF_SITE
    + "".join(
        f"CREATE TRIGGER of_its_site BEFORE INSERT OR UPDATE OF site_id ON premises_{table} "
        "FOR EACH ROW EXECUTE FUNCTION premises_of_site();\n"
        for table in _SITED
    )
    + """
CREATE FUNCTION premises_check_lodging() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE closed bigint;
BEGIN
  SELECT r.id, r.site_id, r.enterprise_id, r.closed_at INTO STRICT NEW.room_id, NEW.site_id, NEW.enterprise_id, closed
    FROM premises_room AS r JOIN premises_bed AS b ON b.room_id = r.id WHERE b.id = NEW.bed_id FOR SHARE OF r;
  IF closed IS NOT NULL AND NEW."end" > closed AND NEW."end" > NEW.start THEN
    RAISE EXCEPTION 'the room is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'lodging_in_an_open_room';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lodging_fits_its_room BEFORE INSERT OR UPDATE ON premises_lodging
  FOR EACH ROW EXECUTE FUNCTION premises_check_lodging();

CREATE FUNCTION premises_check_room() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM premises_lodging AS l WHERE l.room_id = NEW.id AND l."end" > NEW.closed_at AND l."end" > l.start) THEN
    RAISE EXCEPTION 'somebody sleeps there then' USING ERRCODE = 'check_violation', CONSTRAINT = 'dormitory_room_closed_empty';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dormitory_room_stays_open BEFORE UPDATE OF closed_at ON premises_room
  FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION premises_check_room();

CREATE FUNCTION premises_check_seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE places int; shift_site uuid; most int;
BEGIN
  SELECT t.usable, t.site_id, t.enterprise_id INTO STRICT places, NEW.site_id, NEW.enterprise_id
    FROM premises_table AS t WHERE t.id = NEW.table_id FOR NO KEY UPDATE;
  SELECT s.site_id INTO STRICT shift_site FROM premises_mealshift AS s WHERE s.id = NEW.shift_id;
  IF shift_site <> NEW.site_id THEN
    RAISE EXCEPTION 'a table of another site' USING ERRCODE = 'check_violation', CONSTRAINT = 'meal_seat_at_its_site';
  END IF;
  WITH others AS (
    SELECT m.start, m."end" FROM premises_mealseat AS m
    WHERE m.table_id = NEW.table_id AND m.shift_id = NEW.shift_id AND m.id <> NEW.id
      AND m.start < NEW."end" AND m."end" > NEW.start
  ), moments AS (SELECT NEW.start AS at UNION SELECT start FROM others WHERE start > NEW.start)
  SELECT max(n) INTO most FROM (
    SELECT count(*) + 1 AS n FROM moments JOIN others ON others.start <= moments.at AND others."end" > moments.at
    GROUP BY moments.at
  ) AS counted;
  IF most > places THEN
    RAISE EXCEPTION 'more people than seats to be used' USING ERRCODE = 'check_violation', CONSTRAINT = 'table_seats_so_many';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meal_seat_fits_its_table BEFORE INSERT OR UPDATE OF table_id, shift_id, start, "end" ON premises_mealseat
  FOR EACH ROW EXECUTE FUNCTION premises_check_seat();

CREATE FUNCTION premises_of_duty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE premises_duty SET last_at = greatest(last_at, NEW.at) WHERE id = NEW.duty_id
    RETURNING site_id, enterprise_id INTO STRICT NEW.site_id, NEW.enterprise_id;
  RETURN NEW;
END $$;
CREATE TRIGGER cleaning_of_its_duty BEFORE INSERT ON premises_cleaning FOR EACH ROW EXECUTE FUNCTION premises_of_duty();

CREATE FUNCTION premises_of_cleaning() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  SELECT enterprise_id INTO STRICT NEW.enterprise_id FROM premises_cleaning WHERE id = NEW.cleaning_id;
  RETURN NEW;
END $$;
CREATE TRIGGER photo_of_its_cleaning BEFORE INSERT ON premises_photo FOR EACH ROW EXECUTE FUNCTION premises_of_cleaning();

CREATE FUNCTION premises_move_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE used int; of_day date := NEW.day;
BEGIN
  UPDATE premises_stock SET on_hand = on_hand + NEW.number WHERE id = NEW.stock_id
    RETURNING enterprise_id INTO STRICT NEW.enterprise_id;
  IF NEW.kind = 'issue' THEN used := -NEW.number;
  ELSIF NEW.kind = 'back' THEN
    SELECT m.number, m.day INTO used, of_day FROM premises_movement AS m WHERE m.id = NEW.undoes_id AND m.kind = 'issue';
  END IF;
  IF used IS NOT NULL THEN
    INSERT INTO premises_use (stock_id, enterprise_id, day, number)
      VALUES (NEW.stock_id, NEW.enterprise_id, of_day, used)
      ON CONFLICT (stock_id, day) DO UPDATE SET number = premises_use.number + excluded.number;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER movement_moves_the_stock BEFORE INSERT ON premises_movement
  FOR EACH ROW EXECUTE FUNCTION premises_move_stock();
"""
)
BACKWARD = (
    """
DROP TRIGGER movement_moves_the_stock ON premises_movement; DROP FUNCTION premises_move_stock();
DROP TRIGGER photo_of_its_cleaning ON premises_photo; DROP FUNCTION premises_of_cleaning();
DROP TRIGGER cleaning_of_its_duty ON premises_cleaning; DROP FUNCTION premises_of_duty();
DROP TRIGGER meal_seat_fits_its_table ON premises_mealseat; DROP FUNCTION premises_check_seat();
DROP TRIGGER dormitory_room_stays_open ON premises_room; DROP FUNCTION premises_check_room();
DROP TRIGGER lodging_fits_its_room ON premises_lodging; DROP FUNCTION premises_check_lodging();
"""
    + "".join(f"DROP TRIGGER of_its_site ON premises_{table};\n" for table in _SITED)
    + """
DROP FUNCTION premises_of_site();
ALTER TABLE premises_mealseat DROP CONSTRAINT person_has_one_meal_seat_at_a_time;
ALTER TABLE premises_mealshift DROP CONSTRAINT canteen_has_one_shift_at_a_time;
ALTER TABLE premises_lodging DROP CONSTRAINT person_has_one_dormitory_bed_at_a_time,
  DROP CONSTRAINT dormitory_bed_has_one_person_at_a_time;
"""
)


class Migration(migrations.Migration):
    dependencies = [("premises", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
