"""The trigger that keeps the audit looks nothing up outside PostgreSQL's own names."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION audit_refuse_change() SET search_path = pg_catalog",
            "ALTER FUNCTION audit_refuse_change() RESET search_path",
        )
    ]
