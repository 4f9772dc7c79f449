"""What doors read: a step function for each worker and permission, and in which transaction a row last changed.

Rows that are there have none until everybody is renewed, which ``fugong up`` and ``fugong upgrade`` do.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

CHANGED = "ALTER TABLE clearance_clearance ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id()"


class Migration(migrations.Migration):
    dependencies = [("clearance", "0005_decided_acts")]
    operations = [
        migrations.AddField(
            "clearance",
            "moments",
            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
        migrations.AddField(
            "clearance",
            "failing",
            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
        migrations.AddConstraint(
            "clearance",
            models.CheckConstraint(
                condition=models.Q(("moments__len", models.F("failing__len"))),
                name="clearance_as_many_moments_as_masks",
            ),
        ),
        migrations.RunSQL(CHANGED, "ALTER TABLE clearance_clearance DROP COLUMN changed"),
    ]
