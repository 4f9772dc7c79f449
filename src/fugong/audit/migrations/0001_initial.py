"""The audit's tables, made by hand: the database stamps every entry itself and refuses to change one.

Nothing here is read by name from another schema: functions that run with the owner's rights fix their search path.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TABLES = """
CREATE TABLE audit_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  server bigint NOT NULL,
  transaction bigint NOT NULL,
  started timestamptz NOT NULL,
  written_at timestamptz NOT NULL,
  at bigint NOT NULL,
  actor uuid,
  role text NOT NULL,
  scope text NOT NULL,
  scope_id uuid,
  purpose text NOT NULL,
  origin text NOT NULL,
  action text NOT NULL CHECK (action ~ '^[a-z_.]{1,40}$'),
  relation text NOT NULL DEFAULT '',
  row_count bigint NOT NULL DEFAULT 0,
  subjects uuid[] NOT NULL DEFAULT '{}',
  reason text NOT NULL DEFAULT '',
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_by_transaction ON audit_entry (server, transaction, id);
CREATE INDEX audit_entry_by_moment ON audit_entry (at, id);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, at) WHERE actor IS NOT NULL;
CREATE INDEX audit_entry_by_subject ON audit_entry USING gin (subjects) WHERE cardinality(subjects) <= 1000;
CREATE INDEX audit_entry_about_many ON audit_entry (at) WHERE cardinality(subjects) > 1000;

CREATE TABLE audit_batch (
  number bigint PRIMARY KEY,
  sealed_at timestamptz NOT NULL,
  server bigint NOT NULL,
  horizon bigint NOT NULL,
  following bigint NOT NULL,
  first bigint NOT NULL,
  entries bigint NOT NULL,
  hash bytea NOT NULL
);
CREATE TABLE audit_seal (
  number bigint PRIMARY KEY,
  entry_id bigint NOT NULL UNIQUE,
  hash bytea NOT NULL
);
"""

STAMP = """
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  -- The transaction gets its number first, so that an entry is never older than its transaction's number.
  NEW.transaction := pg_current_xact_id()::text::bigint;
  NEW.server := (SELECT system_identifier FROM pg_control_system());
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
CREATE TRIGGER entry_is_stamped BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stamp();

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER batch_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_batch
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER seal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

WRITES = """
CREATE FUNCTION audit_note_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  how_many bigint := 0;
  whose uuid[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format(
      'SELECT (SELECT count(*) FROM written), array_agg(whom ORDER BY whom) FILTER (WHERE whom IS NOT NULL) '
      'FROM (SELECT %1$I FROM written UNION SELECT %1$I FROM replaced) AS both_ways (whom)', TG_ARGV[0]
    ) INTO how_many, whose;
  ELSIF TG_OP <> 'TRUNCATE' THEN
    EXECUTE format(
      'SELECT count(*), array_agg(DISTINCT %1$I ORDER BY %1$I) FILTER (WHERE %1$I IS NOT NULL) FROM written', TG_ARGV[0]
    ) INTO how_many, whose;
  END IF;
  IF how_many > 0 OR TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit_entry (action, relation, row_count, subjects)
    VALUES (lower(TG_OP), TG_TABLE_NAME, how_many, coalesce(whose, '{}'));
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_note_write() FROM PUBLIC;
"""

LOOKS = """
CREATE FUNCTION audit_may_ask_about(whom uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT CASE current_setting('fugong.scope', true)
    WHEN 'worker' THEN nullif(current_setting('fugong.scope_id', true), '')::uuid = whom
    ELSE current_setting('fugong.scope', true) IN ('system', 'town', 'audit')
  END;
$$;
CREATE FUNCTION audit_looks_at(whom uuid, skipped bigint, wanted bigint)
RETURNS TABLE (id bigint, at bigint, actor uuid, role text, scope text, scope_id uuid, purpose text, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF audit_may_ask_about(whom) THEN
    RETURN QUERY
    SELECT e.id, e.at, e.actor, e.role, e.scope, e.scope_id, e.purpose, e.reason FROM audit_entry e
    WHERE e.action IN ('read', 'reveal', 'export', 'search') AND e.id IN (
      SELECT few.id FROM audit_entry few WHERE few.subjects @> ARRAY[whom] AND cardinality(few.subjects) <= 1000
      UNION ALL
      SELECT many.id FROM audit_entry many WHERE cardinality(many.subjects) > 1000 AND many.subjects @> ARRAY[whom]
    )
    ORDER BY e.at DESC, e.id DESC OFFSET skipped LIMIT wanted;
  END IF;
END $$;
CREATE FUNCTION audit_entries_about(whom uuid) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF audit_may_ask_about(whom) AND current_setting('fugong.scope', true) IN ('system', 'audit') THEN
    RETURN QUERY
    SELECT few.id FROM audit_entry few WHERE few.subjects @> ARRAY[whom] AND cardinality(few.subjects) <= 1000
    UNION ALL
    SELECT many.id FROM audit_entry many WHERE cardinality(many.subjects) > 1000 AND many.subjects @> ARRAY[whom];
  END IF;
END $$;
CREATE FUNCTION audit_count_looks_at(whom uuid) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT coalesce(audit_may_ask_about(whom), false) THEN
    RETURN 0;
  END IF;
  RETURN (
    SELECT count(*) FROM audit_entry e WHERE e.action IN ('read', 'reveal', 'export', 'search') AND e.id IN (
      SELECT few.id FROM audit_entry few WHERE few.subjects @> ARRAY[whom] AND cardinality(few.subjects) <= 1000
      UNION ALL
      SELECT many.id FROM audit_entry many WHERE cardinality(many.subjects) > 1000 AND many.subjects @> ARRAY[whom]
    )
  );
END $$;
"""

BACKWARD = """
DROP FUNCTION audit_count_looks_at(uuid); DROP FUNCTION audit_entries_about(uuid);
DROP FUNCTION audit_looks_at(uuid, bigint, bigint); DROP FUNCTION audit_may_ask_about(uuid);
DROP FUNCTION audit_note_write() CASCADE;
DROP TABLE audit_seal; DROP TABLE audit_batch; DROP TABLE audit_entry;
DROP FUNCTION audit_refuse_change(); DROP FUNCTION audit_stamp();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TABLES + STAMP + WRITES + LOOKS, BACKWARD),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("server", models.BigIntegerField()),
                ("transaction", models.BigIntegerField()),
                ("started", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("at", models.BigIntegerField()),
                ("actor", models.UUIDField(null=True)),
                ("role", models.TextField()),
                ("scope", models.TextField()),
                ("scope_id", models.UUIDField(null=True)),
                ("purpose", models.TextField()),
                ("origin", models.TextField()),
                ("action", models.TextField()),
                ("relation", models.TextField()),
                ("row_count", models.BigIntegerField()),
                ("subjects", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("reason", models.TextField()),
                ("details", models.JSONField()),
            ],
            options={"db_table": "audit_entry", "managed": False},
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("server", models.BigIntegerField()),
                ("horizon", models.BigIntegerField()),
                ("following", models.BigIntegerField()),
                ("first", models.BigIntegerField()),
                ("entries", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_batch", "managed": False},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING,
                                               related_name="seal", to="audit.entry")),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_seal", "managed": False},
        ),
    ]
