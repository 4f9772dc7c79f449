"""A list may wait for a second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("waiting", "waiting"), ("done", "done")], default="open", max_length=8
            ),
        ),
    ]
