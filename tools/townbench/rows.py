"""Rows for the lists of the apps, as SQL by app; written past triggers and walls over the people of ``bench_access``.

An app that isn't named here is measured all the same, over whatever the town holds of it; its line says so.
"""

from __future__ import annotations

PREMISES = """
CREATE TEMP TABLE place AS SELECT f.n, f.id AS firm, gen_random_uuid() AS site FROM firm AS f;
INSERT INTO ledger_subject SELECT site, 'site' FROM place;
INSERT INTO registry_site (subject_id, enterprise_id, name) SELECT site, firm, '宿舍' FROM place;
CREATE TEMP TABLE room AS SELECT p.firm, p.site, s.n, gen_random_uuid() AS id
  FROM place AS p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.n = 2 THEN 900 ELSE 20 END) AS s (n);
INSERT INTO premises_room (id, site_id, enterprise_id, building, name, square_metres)
  SELECT id, site, firm, '', (100 + n)::text, 10 + n % 10 FROM room;
CREATE TEMP TABLE bed AS SELECT r.id AS room, r.site, r.firm, b.n, gen_random_uuid() AS id,
  row_number() OVER (PARTITION BY r.firm ORDER BY r.n, b.n) AS place FROM room AS r CROSS JOIN generate_series(1, 6) AS b (n);
INSERT INTO premises_bed (id, room_id, name) SELECT id, room, n::text FROM bed;
CREATE TEMP TABLE somebody AS SELECT id, firm, row_number() OVER (PARTITION BY firm ORDER BY n) AS place FROM person;
CREATE INDEX ON bed (firm, place);
INSERT INTO premises_lodging (id, bed_id, room_id, site_id, enterprise_id, worker_id, start, "end", fact_id, changed_at)
  SELECT gen_random_uuid(), b.id, b.room, b.site, b.firm, p.id, {early}, {never}, gen_random_uuid(), {early}
  FROM somebody AS p JOIN bed AS b ON b.firm = p.firm AND b.place = p.place WHERE p.place % 10 < 6;
INSERT INTO premises_absence (id, site_id, enterprise_id, worker_id, round_at, place, opened_at, looked_for_by, outcome, words)
  SELECT gen_random_uuid(), l.site_id, l.enterprise_id, l.worker_id, {day}, '101-1', {day}, '', '', ''
  FROM (SELECT *, row_number() OVER () AS n FROM premises_lodging) AS l WHERE l.n % 8 = 0;
CREATE TEMP TABLE duty AS SELECT p.site, p.firm, s.n, gen_random_uuid() AS id
  FROM place AS p CROSS JOIN generate_series(1, 8) AS s (n);
INSERT INTO premises_duty (id, site_id, enterprise_id, kind, name, responsible, since, last_at)
  SELECT id, site, firm, (ARRAY['workshop', 'canteen', 'toilet', 'lift', 'touched', 'entrance', 'office', 'dormitory'])[n],
    'place ' || n, 'somebody', {early}, {day} - n * 7200 FROM duty;
INSERT INTO premises_cleaning (id, duty_id, site_id, enterprise_id, fact_id, at, agent, mg_per_litre, minutes, who, recorded_at)
  SELECT gen_random_uuid(), d.id, d.site, d.firm, gen_random_uuid(), {day} - d.n * 7200 - t * 86400, '84', 500, 30, 'x', {day}
  FROM duty AS d CROSS JOIN generate_series(0, 5) AS t;
CREATE TEMP TABLE shelf AS SELECT p.site, p.firm, s.n, gen_random_uuid() AS id
  FROM place AS p CROSS JOIN generate_series(1, 5) AS s (n);
INSERT INTO premises_stock (id, site_id, enterprise_id, item, unit, on_hand, since)
  SELECT id, site, firm, 'item ' || n, '', n * 200, {early} FROM shelf;
INSERT INTO premises_use (stock_id, enterprise_id, day, number)
  SELECT s.id, s.firm, DATE '2020-03-09' - d, 20 + d FROM shelf AS s CROSS JOIN generate_series(0, 13) AS d;
INSERT INTO premises_movement (id, stock_id, enterprise_id, kind, number, worker_id, fact_id, words, at, day, recorded_at)
  SELECT gen_random_uuid(), s.id, p.firm, 'issue', -2, p.id, gen_random_uuid(), '', {day} - p.n, DATE '2020-03-09', {day}
  FROM person AS p JOIN shelf AS s ON s.firm = p.firm AND s.n = 1;
INSERT INTO premises_shortfall (id, site_id, enterprise_id, worker_id, fact_id, item, number, on_hand, at, noted_at, words)
  SELECT gen_random_uuid(), s.site, p.firm, p.id, gen_random_uuid(), 'item 9', 2, 0, {day}, {day}, ''
  FROM person AS p JOIN place AS s ON s.firm = p.firm WHERE p.n % 40 = 0;
CREATE TEMP TABLE meal AS SELECT p.site, p.firm, s.n, gen_random_uuid() AS id
  FROM place AS p CROSS JOIN generate_series(1, 4) AS s (n);
INSERT INTO premises_mealshift (id, site_id, enterprise_id, name, starts, ends, free_from)
  SELECT id, site, firm, 'meal ' || n, 600 + n * 40, 620 + n * 40, 630 + n * 40 FROM meal;
CREATE TEMP TABLE board AS SELECT p.site, p.firm, s.n, gen_random_uuid() AS id
  FROM place AS p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.n = 2 THEN 330 ELSE 12 END) AS s (n);
INSERT INTO premises_table (id, site_id, enterprise_id, name, seats, usable) SELECT id, site, firm, n::text, 8, 4 FROM board;
INSERT INTO premises_mealseat (id, shift_id, table_id, site_id, enterprise_id, worker_id, start, "end", fact_id, changed_at)
  SELECT gen_random_uuid(), m.id, b.id, b.site, p.firm, p.id, {early}, {never}, gen_random_uuid(), {early}
  FROM somebody AS p JOIN place AS s ON s.firm = p.firm AND s.n <> 2
  JOIN meal AS m ON m.firm = p.firm AND m.n = 1 + p.place % 4
  JOIN board AS b ON b.firm = p.firm AND b.n = 1 + (p.place / 4) % 12 WHERE p.place <= 48;
"""
RESUMPTION = """
INSERT INTO resumption_filing (id, enterprise_id, regime, state, starts, plan, commitments, signed_by, checklist, listed,
    filed_at, approved_at, changed_at)
  SELECT gen_random_uuid(), id, 'filing', CASE n % 3 WHEN 0 THEN 'waiting' ELSE 'in_force' END, {early}, 'plan', '[]', 'x',
    '[]', false, {early}, CASE n % 3 WHEN 0 THEN NULL ELSE {early} END, {early} FROM firm;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source, evidence)
  SELECT gen_random_uuid(), f.id, 'capacity', {day} - d * 86400, {day} - d * 86400 + 1,
    '{{"current_yuan": 80, "normal_yuan": 100}}', {day} - d * 86400, false, '', 'bench', ''
  FROM firm AS f CROSS JOIN generate_series(0, 13) AS d;
INSERT INTO resumption_report (fact_id, enterprise_id, at, current, normal, standing, recorded_at)
  SELECT id, subject_id, start, 80, 100, true, recorded_at FROM ledger_fact WHERE kind = 'capacity' AND source = 'bench';
"""
POLICIES = """
INSERT INTO policies_policydocument (id, title, issuer, number, level, words, filename, media, added_at)
  SELECT gen_random_uuid(), 'Document ' || n, 'office', n::text, 'district', '', '', '', {early} FROM generate_series(1, 60) AS n;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source, evidence)
  SELECT gen_random_uuid(), f.id, 'document_handed', {early}, {early} + 1,
    jsonb_build_object('document', d.id::text, 'receipt', 'x'), {early}, false, '', 'bench', ''
  FROM firm AS f CROSS JOIN (SELECT id FROM policies_policydocument LIMIT 10) AS d;
"""
SUBMISSIONS = """
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source, evidence)
  SELECT gen_random_uuid(), f.id, 'vacancy', {early}, {never}, jsonb_build_object('post', 'post ' || s.n, 'number', s.n),
    {early}, false, '', 'bench', '' FROM firm AS f CROSS JOIN generate_series(1, 5) AS s (n);
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source, evidence)
  SELECT gen_random_uuid(), id, 'household', {early}, {never}, '{{"division": "421100"}}', {early}, false, '', 'bench', ''
  FROM person WHERE n % 10 = 0;
INSERT INTO ledger_fact (id, subject_id, kind, start, "end", "values", recorded_at, withdrawn, reason, source, evidence)
  SELECT gen_random_uuid(), id, 'survey', {early} + 3600, {early} + 3601, '{{"whereabouts": "away", "well": true}}',
    {early} + 3600, false, '', 'bench', '' FROM person WHERE n % 10 = 0;
INSERT INTO submissions_submission (id, kind, version, office, note, as_of, known_at, rows, total, digest, signed_at, signed_by)
  SELECT gen_random_uuid(), 'not_returned', 1, 'office', '', {day}, {day}, count(*), count(*), repeat('0', 64), {day}, 'x'
  FROM person;
INSERT INTO submissions_submissionrow (submission_id, place, key, subject_id, "values")
  SELECT s.id, row_number() OVER (ORDER BY p.id), p.id::text, p.id, jsonb_build_object(
    'name', 'somebody ' || p.n, 'phone', '1234', 'enterprise', 'enterprise', 'credit_code', '91350100M000100Y43',
    'household', '421100', 'where', 'somewhere', 'since', '2020-01-20', 'evidence', '{{}}'::jsonb, 'result', '', 'missing', '')
  FROM person AS p CROSS JOIN submissions_submission AS s;
"""
TEAMS = """
CREATE TEMP TABLE crew AS SELECT p.id AS patch, p.n, gen_random_uuid() AS id FROM part AS p;
INSERT INTO ledger_subject SELECT id, 'team' FROM crew;
INSERT INTO teams_serviceteam (subject_id, name, patch_id) SELECT id, 'team ' || n, patch FROM crew;
INSERT INTO teams_charge (id, enterprise_id, team_id, start, "end")
  SELECT gen_random_uuid(), e.subject_id, c.id, {early}, {never}
  FROM registry_enterprise AS e JOIN crew AS c ON c.patch = e.patch_id;
INSERT INTO teams_lead (id, enterprise_id, name, post, start, "end")
  SELECT gen_random_uuid(), id, 'leader ' || n % 12, 'post', {early}, {never} FROM firm;
INSERT INTO teams_visit (id, enterprise_id, team_id, day, place, state, met, topics, checks, note, unplanned, changed_at)
  SELECT gen_random_uuid(), e.subject_id, c.id, {day} - 7 * 3600 + d * 86400, 0, 'planned', '', '[]', '{{}}', '', false, {early}
  FROM registry_enterprise AS e JOIN crew AS c ON c.patch = e.patch_id CROSS JOIN generate_series(0, 2) AS d;
INSERT INTO teams_problem (id, enterprise_id, kind, words, owner, opened_at, due_at, state, word_of)
  SELECT gen_random_uuid(), f.id, 'supplies', 'problem ' || s.n, 'somebody', {early}, {day} + (s.n - 3) * 86400, 'open', ''
  FROM firm AS f CROSS JOIN generate_series(1, 5) AS s (n);
"""
NOTICES = """
CREATE TEMP TABLE way AS SELECT gen_random_uuid() AS id;
INSERT INTO notices_channel (id, kind, name, base_url, settings, active, automatic, most, seconds, held_until, changed_at)
  SELECT id, 'sms', 'gateway', '', '{{}}', true, false, 20, 60, 0, {early} FROM way;
CREATE TEMP TABLE said AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 40) AS n;
INSERT INTO notices_notice (id, reason, title_zh, title_en, text_zh, text_en, "values", languages, audience, once, state, send_at,
    counted, made_at, confirmed_at, expanded_at)
  SELECT id, 'manual', 'title ' || n, '', 'text', '', '{{}}', 'zh', 'town', '', 'under_way', {early}, 1, {early} + n, {early},
    {early} FROM said;
INSERT INTO notices_delivery (id, notice_id, channel_id, worker_id, enterprise_id, address, state, due_at, tries, error, again)
  SELECT gen_random_uuid(), s.id, w.id, p.id, p.firm, decode(replace(p.id::text, '-', ''), 'hex'), 'queued', {early}, 0, '', ''
  FROM person AS p CROSS JOIN way AS w CROSS JOIN said AS s WHERE s.n = 1 OR p.n % 40 = s.n - 2;
"""
ROWS = {
    "premises": PREMISES, "resumption": RESUMPTION, "policies": POLICIES, "submissions": SUBMISSIONS, "teams": TEAMS,
    "notices": NOTICES,
}  # fmt: skip
"""By app. Each is written by itself: one that no longer fits the tables is said so, and leaves the others alone."""
