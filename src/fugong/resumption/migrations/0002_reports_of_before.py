"""Reports that the ledger held before there was a table for them."""

from django.db import migrations

FORWARD = """
INSERT INTO resumption_report (fact_id, enterprise_id, at, current, normal, standing, recorded_at)
SELECT f.id, f.subject_id, f.start, (f.values->>'current_yuan')::float, (f.values->>'normal_yuan')::float,
  NOT EXISTS (SELECT 1 FROM ledger_fact AS n WHERE n.supersedes_id = f.id), f.recorded_at
FROM ledger_fact AS f JOIN registry_enterprise AS e ON e.subject_id = f.subject_id
WHERE f.kind = 'capacity' AND NOT f.withdrawn;
"""


class Migration(migrations.Migration):
    dependencies = [("resumption", "0001_filings_and_output"), ("ledger", "0004_search_path")]
    operations = [migrations.RunSQL(FORWARD, "DELETE FROM resumption_question; DELETE FROM resumption_report;")]
