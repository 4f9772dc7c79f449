"""Clearances are a cache: its references are verified as a whole (``fugong clearance verify``), not row by row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clearance", "0001_initial"), ("registry", "0001_initial")]
    operations = [
        migrations.AlterField(
            "clearance",
            "adoption",
            models.ForeignKey(
                db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="clearance.adoption",
            ),
        ),
        migrations.AlterField(
            "clearance",
            "worker",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="clearances", to="registry.worker",
            ),
        ),
    ]
