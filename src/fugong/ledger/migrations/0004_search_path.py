"""What the ledger's triggers call by name is what the owner made, whatever temporary tables there are."""

from django.db import migrations

FORWARD = """
ALTER FUNCTION ledger_refuse_change() SET search_path = pg_catalog;
ALTER FUNCTION ledger_check_correction() SET search_path = public, pg_temp;
"""
BACKWARD = """
ALTER FUNCTION ledger_check_correction() RESET search_path;
ALTER FUNCTION ledger_refuse_change() RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_evidence")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
