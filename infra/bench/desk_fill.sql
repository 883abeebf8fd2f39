-- Makes of the few cases that the pipeline has decided a great many, for the desk to be measured over: :copies copies of
-- every product, shipment and case of the seed tenant, with all that was made of them, spread over the last ninety days. The
-- first four of five copies are the seed tenant's own, the others two smaller tenants'. What waits in the seed waits in the
-- newest quarter of the copies; in the older ones a person has approved it. `bench.copies` says how many; rows are copied in
-- the order of time, as they would have been written.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';

CREATE SCHEMA bench;
CREATE TABLE bench.copy AS SELECT k, (ARRAY['demo', 'selat', 'kebun'])[CASE WHEN k % 20 < 16 THEN 1 WHEN k % 20 < 19 THEN 2 ELSE 3 END] AS tenant,
    now() - interval '90 days' * (1 - k::float8 / n) AS at, k::float8 / n AS age, n
  FROM (SELECT current_setting('bench.copies')::int AS n) AS size, generate_series(1, n) AS k;
CREATE TABLE bench.seed_case AS SELECT c.id, c.product_revision_id, c.sku, c.market, c.state, c.version, c.lane, c.decision_id,
    coalesce(t.code, d.code) AS code, coalesce(d.sequence, 1) AS sequence, coalesce(r.content #>> '{titles,0,text}', c.sku) AS title
  FROM customs_case c JOIN product_revision r ON r.id = c.product_revision_id LEFT JOIN review_task t ON t.case_id = c.id
    LEFT JOIN decision d ON d.id = c.decision_id
  WHERE c.tenant = 'demo' AND c.state IN ('awaiting-decision', 'written-back');
CREATE TABLE bench.seed_audit AS SELECT a.* FROM audit_entry a JOIN bench.seed_case c ON c.id = a.subject_id;
CREATE FUNCTION bench.id(of uuid, k int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(of::text || k)::uuid $$;
-- A number below `under` that says nothing of the order of the copies.
CREATE FUNCTION bench.lot(of uuid, k int, under int) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT (hashint4extended(k, ('x' || left(of::text, 8))::bit(32)::int) & 1073741823)::int % under $$;

-- The other tenants have what the first has been given, under their own names.
INSERT INTO tenant (tenant, display_name, created_at)
  SELECT t, initcap(t) || ' Trading', now() - interval '90 days' FROM unnest(ARRAY['selat', 'kebun']) AS t;
UPDATE tenant SET created_at = now() - interval '90 days';
INSERT INTO policy_version (tenant, environment, version, content, created_by, created_at)
  SELECT t.tenant, p.environment, p.version, p.content, p.created_by, p.created_at FROM policy_version p
  CROSS JOIN (VALUES ('selat'), ('kebun')) AS t (tenant) WHERE p.tenant = 'demo';
INSERT INTO policy_activation (tenant, environment, version, reason, activated_by, activated_at)
  SELECT t.tenant, p.environment, p.version, p.reason, p.activated_by, p.activated_at FROM policy_activation p
  CROSS JOIN (VALUES ('selat'), ('kebun')) AS t (tenant) WHERE p.tenant = 'demo';

CREATE TABLE bench.made AS
SELECT bench.id(c.id, k.k) AS id, c.id AS seed, k.k, k.tenant, bench.id(c.product_revision_id, k.k) AS revision_id,
  c.sku || '-' || k.k AS sku, c.market, c.lane, c.code, c.title, c.sequence,
  k.at + interval '1 second' * bench.lot(c.id, k.k, (90 * 86400 / k.n)::int + 1) AS at,
  CASE
    WHEN c.state = 'awaiting-decision' AND k.age > 0.75 THEN
      CASE WHEN bench.lot(c.id, k.k, 1000) < 60 THEN 'awaiting-information' ELSE 'awaiting-decision' END
    WHEN bench.lot(c.id, k.k, 1000) < 8 THEN 'undeliverable'
    WHEN bench.lot(c.id, k.k, 1000) < 11 THEN 'conflicted'
    WHEN bench.lot(c.id, k.k, 1000) < 40 THEN 'superseded'
    ELSE 'written-back' END AS state,
  c.state = 'awaiting-decision' AS was_held, coalesce(bench.id(c.decision_id, k.k), bench.id(c.id, -k.k)) AS decision_id
FROM bench.copy k CROSS JOIN bench.seed_case c ORDER BY k.k;
ANALYZE bench.made;

INSERT INTO product (tenant, environment, sku, latest_revision, submitted_at)
  SELECT k.tenant, p.environment, p.sku || '-' || k.k, 1, k.at FROM bench.copy k CROSS JOIN product p WHERE p.tenant = 'demo'
    AND p.latest_revision > 0 ORDER BY k.k;
INSERT INTO product_revision (tenant, environment, id, sku, revision, content_hash, content, received_at)
  SELECT k.tenant, r.environment, bench.id(r.id, k.k), r.sku || '-' || k.k, 1, sha256((r.sku || k.k)::bytea),
    replace(replace(r.content::text, '"sku":"' || r.sku || '"', '"sku":"' || r.sku || '-' || k.k || '"'),
      s.title, s.title || ', model ' || k.k)::json, k.at
  FROM bench.copy k CROSS JOIN product_revision r
    CROSS JOIN LATERAL (SELECT r.content #>> '{titles,0,text}' AS title) AS s WHERE r.tenant = 'demo' ORDER BY k.k;
INSERT INTO customs_case (tenant, environment, id, product_revision_id, sku, market, state, version, lane, decision_id,
    opened_at, updated_at)
  SELECT tenant, 'live', id, revision_id, sku, market, state, CASE WHEN state LIKE 'awaiting%' THEN 3 ELSE 6 END, lane,
    CASE WHEN state NOT LIKE 'awaiting%' AND code IS NOT NULL THEN decision_id END, at, at FROM bench.made ORDER BY k;
INSERT INTO case_classification (tenant, environment, case_id, case_version, content, at)
  SELECT m.tenant, 'live', m.id, l.case_version, l.content, m.at
  FROM bench.made m JOIN case_classification l ON l.case_id = m.seed ORDER BY m.k;
INSERT INTO case_screening (tenant, environment, case_id, case_version, content, routing, at)
  SELECT m.tenant, 'live', m.id, l.case_version, l.content, l.routing, m.at
  FROM bench.made m JOIN case_screening l ON l.case_id = m.seed ORDER BY m.k;
INSERT INTO decision (tenant, environment, id, case_id, sequence, kind, code, reason, decided_by, decided_at)
  SELECT tenant, 'live', decision_id, id, sequence, CASE WHEN was_held THEN 'approved' ELSE 'auto-cleared' END, code, NULL,
    CASE WHEN was_held THEN 'person:reviewer-' || bench.lot(seed, k, 50) || '@' || tenant || '.example' ELSE 'system:router' END,
    at + CASE WHEN was_held THEN interval '1 minute' * bench.lot(seed, k, 3000) ELSE interval '0' END
  FROM bench.made WHERE state NOT LIKE 'awaiting%' AND state <> 'superseded' AND code IS NOT NULL ORDER BY k;
INSERT INTO precedent (tenant, environment, id, market, title, code, outcome, decided_at)
  SELECT m.tenant, 'live', m.decision_id, m.market, m.title || ', model ' || m.k, m.code, 'approved', m.at
  FROM bench.made m JOIN decision d ON d.id = m.decision_id WHERE m.was_held ORDER BY m.k;
INSERT INTO delivery (tenant, environment, id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts,
    last_status, last_error, created_at, delivered_at)
  SELECT m.tenant, 'live', bench.id(m.id, 0), 'archive', 'case', m.id, m.market || '/' || m.sku, 1001, '\x7b7d',
    CASE m.state WHEN 'undeliverable' THEN 'dead' WHEN 'conflicted' THEN 'conflict' ELSE 'delivered' END, 1, 200,
    CASE m.state WHEN 'undeliverable' THEN '410 Gone' WHEN 'conflicted' THEN 'the ERP holds another code' END, m.at,
    CASE WHEN m.state = 'written-back' THEN m.at + interval '2 seconds' END
  FROM bench.made m WHERE m.state IN ('written-back', 'undeliverable', 'conflicted') ORDER BY m.k;
INSERT INTO document (tenant, environment, id, subject_id, kind, name, media_type, sha256, bytes, created_at)
  SELECT m.tenant, 'live', bench.id(m.id, 1), m.id, 'decision-record', m.sku || '.pdf', 'application/pdf', sha256(m.sku::bytea),
    '\x25504446', m.at
  FROM bench.made m WHERE m.state IN ('written-back', 'undeliverable', 'conflicted') ORDER BY m.k;
INSERT INTO audit_entry (tenant, environment, subject_id, content, leaf_hash)
  SELECT m.tenant, 'live', m.id, a.content, a.leaf_hash FROM bench.made m JOIN bench.seed_audit a ON a.subject_id = m.seed
  ORDER BY m.k, a.seq;

INSERT INTO review_task (tenant, environment, case_id, market, sku, title, lane, roles, risk_score, reason, opened_at, state,
    kinds, code, needle, due_at, urgent_at, paused_at)
  SELECT m.tenant, 'live', m.id, m.market, m.sku, m.title || ', model ' || m.k, w.lane, w.roles, w.risk, w.reason, m.at, m.state,
    w.kinds, m.code, lower(concat_ws(' ', m.sku, m.title || ', model ' || m.k, m.code, w.brand)), m.at + interval '24 hours',
    review_urgency(m.at, m.at + interval '24 hours', w.risk), CASE WHEN m.state = 'awaiting-information' THEN m.at END
  FROM bench.made m LEFT JOIN review_task t ON t.case_id = m.seed
    CROSS JOIN LATERAL (SELECT coalesce(t.lane, m.lane) AS lane, coalesce(t.roles, '{broker}') AS roles,
      least(greatest(coalesce(t.risk_score, 10) + bench.lot(m.id, m.k, 21) - 10, 0), 100) AS risk,
      coalesce(t.reason, 'could not be delivered: 410 Gone') AS reason, coalesce(t.kinds, '{}') AS kinds,
      split_part(t.needle, ' ', -1) AS brand) AS w
  WHERE m.state LIKE 'awaiting%' OR m.state IN ('undeliverable', 'conflicted') ORDER BY m.k;
INSERT INTO case_arrangement (tenant, environment, case_id, assigned_to, assigned_name, snoozed_until)
  SELECT tenant, 'live', case_id, CASE WHEN lot < 20 THEN 'person:reviewer-' || lot || '@' || tenant || '.example' END,
    CASE WHEN lot < 20 THEN 'Reviewer ' || lot END, CASE WHEN lot >= 20 THEN now() + interval '1 day' END
  FROM (SELECT tenant, case_id, bench.lot(case_id, 7, 1000) AS lot FROM review_task) AS t WHERE lot < 30;

INSERT INTO shipment (tenant, environment, id, reference, market, content_hash, content, state, outcome_sequence, hold_reason,
    received_at, updated_at)
  SELECT k.tenant, 'live', bench.id(s.id, k.k), s.reference || '-' || k.k, s.market, s.content_hash, s.content, s.state,
    s.outcome_sequence, s.hold_reason, k.at, k.at FROM bench.copy k CROSS JOIN shipment s WHERE s.tenant = 'demo' ORDER BY k.k;
INSERT INTO shipment_line (tenant, environment, shipment_id, number, sku, market, case_id, status)
  SELECT k.tenant, 'live', bench.id(l.shipment_id, k.k), l.number, l.sku || '-' || k.k, l.market, bench.id(l.case_id, k.k), l.status
  FROM bench.copy k CROSS JOIN shipment_line l WHERE l.tenant = 'demo' ORDER BY k.k;

DROP SCHEMA bench CASCADE;
SET session_replication_role = origin;
