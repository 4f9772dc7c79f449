"""What must never be, whoever asks: one person on two trips at once, more people than places, a check-in before disinfection.

A booking carries what its constraints need to know of its trip; composite references keep it equal to the trip's row, and a
trip that changes takes its bookings with it or is refused.
"""

from __future__ import annotations

from django.db import migrations

# Exclusion constraints compare ranges; of one person's id a range is made. Another app may have made the type already.
TYPE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'uuidrange' AND typnamespace = 'public'::regnamespace) THEN
    CREATE TYPE public.uuidrange AS RANGE (subtype = uuid);
  END IF;
END $$;
"""
TRIP = """
ALTER TABLE journeys_trip ADD CONSTRAINT trip_as_bookings_carry_it
  UNIQUE (id, departs, arrives, places, last_row, columns, disinfected_at);
ALTER TABLE journeys_booking ADD CONSTRAINT booking_carries_its_trip
  FOREIGN KEY (trip_id, departs, arrives, places, last_row, columns, disinfected_at)
  REFERENCES journeys_trip (id, departs, arrives, places, last_row, columns, disinfected_at) ON UPDATE CASCADE;
ALTER TABLE journeys_booking ADD CONSTRAINT booking_of_one_person_at_one_time
  EXCLUDE USING gist (uuidrange(worker_id, worker_id, '[]') WITH &&, int8range(departs, arrives) WITH &&)
  WHERE (state IN ('booked', 'boarded', 'arrived', 'extra'));
"""
BACK = """
ALTER TABLE journeys_booking DROP CONSTRAINT booking_of_one_person_at_one_time;
ALTER TABLE journeys_booking DROP CONSTRAINT booking_carries_its_trip;
ALTER TABLE journeys_trip DROP CONSTRAINT trip_as_bookings_carry_it;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_trips_and_campaigns")]

    operations = [migrations.RunSQL(TYPE, migrations.RunSQL.noop), migrations.RunSQL(TRIP, BACK)]
