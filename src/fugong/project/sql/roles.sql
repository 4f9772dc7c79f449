-- The two database logins of Fugong. Run by a superuser, in the database that Fugong is to use; running it again is harmless.
--
-- fugong_owner  owns the tables and migrates; nothing serves with it
-- fugong_app    serves requests, commands and tasks; owns nothing, and row-level security binds it
--
-- Passwords are not in this file: set them afterwards with \password fugong_owner and \password fugong_app.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fugong_owner') THEN CREATE ROLE fugong_owner; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fugong_app') THEN CREATE ROLE fugong_app; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- somebody else made them at the same moment
END $$;
ALTER ROLE fugong_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE fugong_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;

-- What PostgreSQL writes into its own log must hold nobody's name or number: no statements, parameters or details.
DO $$
DECLARE login text; setting text;
BEGIN
  FOREACH login IN ARRAY ARRAY['fugong_owner', 'fugong_app'] LOOP
    FOREACH setting IN ARRAY ARRAY[
      'log_min_messages = fatal', 'log_min_error_statement = panic', 'log_error_verbosity = terse', 'log_statement = none',
      'log_min_duration_statement = -1', 'log_min_duration_sample = -1', 'log_parameter_max_length = 0',
      'log_parameter_max_length_on_error = 0', 'log_lock_waits = off', 'debug_print_parse = off'
    ] LOOP
      EXECUTE format('ALTER ROLE %I SET %s', login, setting);
    END LOOP;
  END LOOP;
END $$;

-- Row-level security makes plans look dear; compiling them takes longer than the short statements that they are for.
ALTER ROLE fugong_owner SET jit = off;
ALTER ROLE fugong_app SET jit = off;

-- What a town asks for lies in memory or on a solid-state disk. With the default of 4, which is for disks that turn, each of a
-- door's questions reads tables of a few pages whole where an index gives the one row.
ALTER ROLE fugong_owner SET random_page_cost = 1.1;
ALTER ROLE fugong_app SET random_page_cost = 1.1;

DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO fugong_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO fugong_app', current_database());
END $$;
ALTER SCHEMA public OWNER TO fugong_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fugong_app;

-- Tables, sequences and functions of an older version, which one login owned and served with.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v')
      AND c.relowner <> 'fugong_owner'::regrole
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO fugong_owner', CASE one.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, one.name);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc AS p
    WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> 'fugong_owner'::regrole
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO fugong_owner', one.name);
  END LOOP;
END $$;
