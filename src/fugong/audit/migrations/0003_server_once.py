"""An entry's server is asked for once a session, which ends with the server: it was read from a file for every entry."""

from django.db import migrations

_STAMP = """
CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  -- The transaction gets its number first, so that an entry is never older than its transaction's number.
  NEW.transaction := pg_current_xact_id()::text::bigint;
  NEW.server := {server};
  NEW.started := transaction_timestamp();
  NEW.written_at := clock_timestamp();
  NEW.at := coalesce(nullif(current_setting('fugong.now', true), '')::bigint, floor(extract(epoch FROM NEW.written_at)));
  NEW.actor := nullif(current_setting('fugong.actor', true), '');
  NEW.role := coalesce(current_setting('fugong.role', true), '');
  NEW.scope := coalesce(nullif(current_setting('fugong.scope', true), ''), 'none');
  NEW.scope_id := nullif(current_setting('fugong.scope_id', true), '')::uuid;
  NEW.purpose := coalesce(current_setting('fugong.purpose', true), '');
  NEW.origin := coalesce(current_setting('fugong.origin', true), '');
  RETURN NEW;
END $$;
"""

# Immutable, so that its value is put in its place when a session first plans the trigger.
_SERVER = """
CREATE FUNCTION audit_server() RETURNS bigint LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
BEGIN RETURN (SELECT system_identifier FROM pg_control_system()); END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_search_path")]
    operations = [
        migrations.RunSQL(
            _SERVER + _STAMP.format(server="public.audit_server()"),
            _STAMP.format(server="(SELECT system_identifier FROM pg_control_system())") + "DROP FUNCTION audit_server();",
        )
    ]
