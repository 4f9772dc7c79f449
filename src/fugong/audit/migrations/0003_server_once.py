"""An entry's server is asked for once a session, which ends with the server: it was read from a file for every entry.

The trigger stays as it was but for that.
"""

from django.db import migrations

# Immutable, so that its value is put in its place when a session first plans the trigger.
_SERVER = """
CREATE FUNCTION audit_server() RETURNS bigint LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
BEGIN RETURN (SELECT system_identifier FROM pg_control_system()); END $$;
"""
_READ, _ASKED = "(SELECT system_identifier FROM pg_control_system())", "public.audit_server()"


def _instead(before: str, after: str) -> str:
    """SQL that puts one expression of the trigger's function in the place of another."""
    return f"""
DO $do$
DECLARE stamp text := pg_get_functiondef('public.audit_stamp'::regproc);
BEGIN
  IF strpos(stamp, '{before}') = 0 THEN RAISE EXCEPTION 'audit_stamp is not as it should be'; END IF;
  EXECUTE replace(stamp, '{before}', '{after}');
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_search_path")]
    operations = [
        migrations.RunSQL(_SERVER + _instead(_READ, _ASKED), _instead(_ASKED, _READ) + "DROP FUNCTION audit_server();")
    ]
