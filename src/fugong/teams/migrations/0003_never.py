"""What must never be, whoever writes and however many at once: two teams, two leaders, two memberships at one time.

Ranges of one id stand in for equality, so that no extension is needed (``uuidrange(id, id, '[]')``).
"""

from django.db import migrations

FORWARD = """
DO $$ BEGIN CREATE TYPE uuidrange AS RANGE (subtype = uuid); EXCEPTION WHEN duplicate_object THEN NULL; END $$;

ALTER TABLE teams_member
  ADD CONSTRAINT member_of_one_team_at_a_time EXCLUDE USING gist
    (uuidrange(user_id, user_id, '[]') WITH &&, int8range(start, "end") WITH &&),
  ADD CONSTRAINT team_has_one_leader_at_a_time EXCLUDE USING gist
    (uuidrange(team_id, team_id, '[]') WITH &&, int8range(start, "end") WITH &&) WHERE (leads);
ALTER TABLE teams_charge
  ADD CONSTRAINT enterprise_has_one_team_at_a_time EXCLUDE USING gist
    (uuidrange(enterprise_id, enterprise_id, '[]') WITH &&, int8range(start, "end") WITH &&);
ALTER TABLE teams_lead
  ADD CONSTRAINT enterprise_has_one_town_leader_at_a_time EXCLUDE USING gist
    (uuidrange(enterprise_id, enterprise_id, '[]') WITH &&, int8range(start, "end") WITH &&);
"""
BACKWARD = """
ALTER TABLE teams_lead DROP CONSTRAINT enterprise_has_one_town_leader_at_a_time;
ALTER TABLE teams_charge DROP CONSTRAINT enterprise_has_one_team_at_a_time;
ALTER TABLE teams_member DROP CONSTRAINT team_has_one_leader_at_a_time, DROP CONSTRAINT member_of_one_team_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0002_visits")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
