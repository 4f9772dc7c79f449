"""Of an act that is decided only numbers and kinds stay: the database itself clears what it was told, and its file."""

from django.db import migrations, models

SUMMARIES = """
UPDATE clearance_waitingact AS a SET summary = CASE a.act
  WHEN 'list' THEN jsonb_build_object('list', arguments->'kind', 'enterprise', arguments->'enterprise',
    'leavers', jsonb_array_length(arguments->'leavers'))
  WHEN 'facts' THEN jsonb_build_object('facts', jsonb_array_length(arguments->'facts'),
    'kinds', (SELECT jsonb_agg(DISTINCT one->'kind') FROM jsonb_array_elements(arguments->'facts') AS one))
  WHEN 'correct' THEN jsonb_build_object('reason', arguments->'reason',
    'kind', (SELECT kind FROM ledger_fact WHERE id = (arguments->>'fact')::uuid))
  WHEN 'protocol.adopt' THEN jsonb_build_object('effective_from', arguments->'effective_from', 'titles', '{}'::jsonb,
    'pack', substring(arguments->>'text' FROM '(?n)^pack: *(\\S+)'),
    'version', substring(arguments->>'text' FROM '(?n)^version: *"?([^"\\s]+)'))
  WHEN 'protocol.suspend' THEN (SELECT jsonb_build_object('effective_from', a.arguments->'effective_from',
    'pack', p.pack, 'version', p.version) FROM clearance_adoption AS p WHERE p.id = (a.arguments->>'adoption')::uuid)
END
"""
CLEARING = """
CREATE FUNCTION clearance_clear_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.arguments := '{}'; NEW.filename := ''; NEW.content := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER act_decided_is_cleared BEFORE INSERT OR UPDATE ON clearance_waitingact
  FOR EACH ROW WHEN (NEW.state NOT IN ('draft', 'waiting')) EXECUTE FUNCTION clearance_clear_decided();
UPDATE clearance_waitingact SET state = state WHERE state NOT IN ('draft', 'waiting');
"""
BACKWARD = """
DROP TRIGGER act_decided_is_cleared ON clearance_waitingact; DROP FUNCTION clearance_clear_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("clearance", "0004_measured_losses"), ("ledger", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="waitingact", name="summary", field=models.JSONField(default=dict), preserve_default=False
        ),
        migrations.RunSQL(SUMMARIES, migrations.RunSQL.noop),
        migrations.RunSQL(CLEARING, BACKWARD),
    ]
