"""A movement moves its stock when it is stored, and not before.

A trigger BEFORE INSERT runs for a row that ``ON CONFLICT DO NOTHING`` then leaves out, too: a delivery that was sent twice
with one id stood there once, and was on the shelf twice. What is taken back is exactly what was handed out.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION premises_of_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  SELECT enterprise_id INTO STRICT NEW.enterprise_id FROM premises_stock WHERE id = NEW.stock_id;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION premises_move_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE used int; of_day date := NEW.day;
BEGIN
  UPDATE premises_stock SET on_hand = on_hand + NEW.number WHERE id = NEW.stock_id;
  IF NEW.kind = 'issue' THEN used := -NEW.number;
  ELSIF NEW.kind = 'back' THEN
    SELECT m.number, m.day INTO used, of_day FROM premises_movement AS m
      WHERE m.id = NEW.undoes_id AND m.kind = 'issue' AND m.stock_id = NEW.stock_id AND m.number = -NEW.number;
    IF used IS NULL THEN
      RAISE EXCEPTION 'not what was handed out' USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_undoes_what_was_issued';
    END IF;
  END IF;
  IF used IS NOT NULL THEN
    INSERT INTO premises_use (stock_id, enterprise_id, day, number)
      VALUES (NEW.stock_id, NEW.enterprise_id, of_day, used)
      ON CONFLICT (stock_id, day) DO UPDATE SET number = premises_use.number + excluded.number;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER movement_moves_the_stock ON premises_movement;
CREATE TRIGGER movement_of_its_stock BEFORE INSERT ON premises_movement
  FOR EACH ROW EXECUTE FUNCTION premises_of_stock();
CREATE TRIGGER movement_moves_the_stock AFTER INSERT ON premises_movement
  FOR EACH ROW EXECUTE FUNCTION premises_move_stock();
"""
BACKWARD = """
DROP TRIGGER movement_moves_the_stock ON premises_movement;
DROP TRIGGER movement_of_its_stock ON premises_movement;
DROP FUNCTION premises_of_stock();
CREATE OR REPLACE FUNCTION premises_move_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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


class Migration(migrations.Migration):
    dependencies = [("premises", "0002_never")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
