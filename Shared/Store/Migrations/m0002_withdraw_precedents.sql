-- A precedent ends with the decision it came from; it stays on record.
ALTER TABLE precedent ADD COLUMN withdrawn_at timestamptz;
GRANT UPDATE (withdrawn_at) ON precedent TO pabean_review_desk;

-- Cases that were decided and wait for a person again, because a delivery is dead or in conflict. Whoever reads the view
-- sees what the tables show them.
CREATE INDEX delivery_waiting ON delivery (tenant, environment) WHERE state IN ('dead', 'conflict');
CREATE VIEW undelivered_case WITH (security_invoker = true) AS
  SELECT DISTINCT ON (c.id) c.id AS case_id, c.market, c.sku,
    coalesce(nullif(r.content #>> '{titles,0,text}', ''), c.sku) AS title, coalesce(c.lane, 'manual') AS lane,
    -- What cleared by itself was routed to nobody; brokers correct it.
    CASE WHEN json_array_length(s.routing -> 'roles') > 0
      THEN ARRAY(SELECT json_array_elements_text(s.routing -> 'roles')) ELSE ARRAY['broker'] END AS roles,
    coalesce((s.content ->> 'riskScore')::integer, 0) AS risk_score,
    CASE c.state WHEN 'conflicted' THEN 'write-back conflict: ' ELSE 'could not be delivered: ' END
      || coalesce(d.last_error, 'no reason was given') AS reason,
    c.updated_at AS opened_at
  FROM delivery d JOIN customs_case c ON c.id = d.subject_id JOIN product_revision r ON r.id = c.product_revision_id
    LEFT JOIN LATERAL (SELECT content, routing FROM case_screening WHERE case_id = c.id
      ORDER BY case_version DESC LIMIT 1) s ON true
  WHERE d.state IN ('dead', 'conflict') AND d.subject_kind = 'case' AND c.state IN ('undeliverable', 'conflicted')
  ORDER BY c.id, ((d.state = 'conflict') = (c.state = 'conflicted')) DESC, d.created_at DESC;
GRANT SELECT ON undelivered_case TO pabean_review_desk, pabean_operator;
