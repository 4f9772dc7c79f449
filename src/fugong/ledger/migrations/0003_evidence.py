"""What facts rest on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="evidence",
            field=models.TextField(db_default="", default=""),
        ),
    ]
