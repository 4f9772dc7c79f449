"""What the database itself keeps: no place beyond a slot's, no swab beyond a tube's size or in a tube that is closed."""

from django.db import migrations

FORWARD = """
ALTER TABLE sampling_appointment ADD CONSTRAINT appointment_within_its_slot
  FOREIGN KEY (slot_id, places) REFERENCES sampling_slotoffer (id, places) ON UPDATE CASCADE;
ALTER TABLE sampling_appointment ADD CONSTRAINT appointment_of_the_orders_worker
  FOREIGN KEY (order_id, worker_id) REFERENCES sampling_order (id, worker_id);
ALTER TABLE sampling_tubemember ADD CONSTRAINT member_within_the_tube
  FOREIGN KEY (tube_id, size) REFERENCES sampling_tube (id, size);
ALTER TABLE sampling_tubemember ADD CONSTRAINT member_of_the_orders_worker
  FOREIGN KEY (order_id, worker_id) REFERENCES sampling_order (id, worker_id);

CREATE FUNCTION sampling_only_into_an_open_tube() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.sampling_tube AS t WHERE t.id = NEW.tube_id AND t.state = 'open' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no swab goes into a tube that is closed' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'only_into_an_open_tube';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_into_an_open_tube BEFORE INSERT ON sampling_tubemember
  FOR EACH ROW EXECUTE FUNCTION sampling_only_into_an_open_tube();

CREATE SEQUENCE sampling_barcode MINVALUE 1;
"""
BACKWARD = """
DROP SEQUENCE sampling_barcode;
DROP TRIGGER only_into_an_open_tube ON sampling_tubemember; DROP FUNCTION sampling_only_into_an_open_tube();
ALTER TABLE sampling_tubemember DROP CONSTRAINT member_of_the_orders_worker, DROP CONSTRAINT member_within_the_tube;
ALTER TABLE sampling_appointment DROP CONSTRAINT appointment_of_the_orders_worker,
  DROP CONSTRAINT appointment_within_its_slot;
"""


class Migration(migrations.Migration):
    dependencies = [("sampling", "0001_slots_orders_tubes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
