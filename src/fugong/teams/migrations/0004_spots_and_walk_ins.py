"""Where an enterprise lies is dated like everything that somebody says of it; a visit may begin without a plan."""

import django.db.models.deletion
from django.db import migrations, models

import fugong.base.ids
import fugong.core.time

DATED = """
ALTER TABLE teams_spot DROP CONSTRAINT teams_spot_pkey;
ALTER TABLE teams_spot ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE teams_spot ALTER COLUMN id DROP DEFAULT;
ALTER TABLE teams_spot ADD PRIMARY KEY (id);
ALTER TABLE teams_spot RENAME COLUMN changed_at TO start;
ALTER TABLE teams_spot ADD COLUMN "end" bigint NOT NULL DEFAULT 34359738368;
ALTER TABLE teams_spot ALTER COLUMN "end" DROP DEFAULT;
CREATE INDEX teams_spot_enterprise_id ON teams_spot (enterprise_id);
ALTER TABLE teams_spot
  ADD CONSTRAINT enterprise_lies_in_one_place_at_a_time EXCLUDE USING gist
    (uuidrange(enterprise_id, enterprise_id, '[]') WITH &&, int8range(start, "end") WITH &&);
"""
UNDATED = """
ALTER TABLE teams_spot DROP CONSTRAINT enterprise_lies_in_one_place_at_a_time;
DELETE FROM teams_spot WHERE "end" < 34359738368;
DROP INDEX teams_spot_enterprise_id;
ALTER TABLE teams_spot DROP COLUMN "end";
ALTER TABLE teams_spot RENAME COLUMN start TO changed_at;
ALTER TABLE teams_spot DROP CONSTRAINT teams_spot_pkey, DROP COLUMN id;
ALTER TABLE teams_spot ADD PRIMARY KEY (enterprise_id);
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_never")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DATED, UNDATED)],
            state_operations=[
                migrations.AlterField(
                    "spot", "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spots", to="registry.enterprise"
                    ),
                ),
                migrations.AddField(
                    "spot", "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                migrations.RenameField("spot", "changed_at", "start"),
                migrations.AddField("spot", "end", models.BigIntegerField(default=fugong.core.time.PLUS_INF)),
            ],
        ),
        migrations.AddConstraint(
            "spot",
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="spot_for_some_time"),
        ),
        migrations.AddField("visit", "unplanned", models.BooleanField(default=False)),
        migrations.RemoveConstraint("visit", "one_planned_visit_a_day"),
        migrations.AddConstraint(
            "visit",
            models.UniqueConstraint(
                condition=models.Q(state="planned", unplanned=False), fields=["enterprise", "day"],
                name="one_planned_visit_a_day",
            ),
        ),
    ]  # fmt: skip
