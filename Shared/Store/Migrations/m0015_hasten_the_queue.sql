-- The queue in its order by each thing that it is filtered by, so that a page and a count read what they show and not what
-- they leave out, however many cases wait.

CREATE INDEX review_task_lane ON review_task (tenant, environment, lane, urgent_at, case_id);
DROP INDEX review_task_undelivered;
CREATE INDEX review_task_state ON review_task (tenant, environment, state, urgent_at, case_id);
-- Of those that have waited for long there may be few.
CREATE INDEX review_task_opened ON review_task (tenant, environment, opened_at, market);
CREATE INDEX review_task_broker ON review_task (tenant, environment, urgent_at, case_id) WHERE 'broker' = ANY (roles);
DO $$
DECLARE kind text;
BEGIN
  FOREACH kind IN ARRAY ARRAY['tooVague', 'noCandidate', 'lowConfidence', 'belowAutoClear', 'finding', 'trigger', 'missingField',
    'screeningIncomplete', 'dutyUnknown', 'fourEyes']
  LOOP
    EXECUTE format('CREATE INDEX %I ON review_task (tenant, environment, urgent_at, case_id) WHERE %L = ANY (kinds)',
      'review_task_kind_' || lower(kind), kind);
  END LOOP;
END $$;

-- What the dashboard counts, from the index alone.
CREATE INDEX review_task_waiting ON review_task (tenant, environment, state, market) INCLUDE (opened_at);
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (tenant, environment, state, created_at, subject_kind, subject_id)
  WHERE state IN ('dead', 'conflict');

-- Planned for the words that are looked for: of frequent ones enough are met without the index on parts of words, which would
-- first gather them all.
CREATE OR REPLACE FUNCTION find_waiting(first text, second text, third text, most bigint) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY EXECUTE 'SELECT case_id FROM review_task WHERE tenant = $1 AND environment = $2 AND needle LIKE $3
    AND needle LIKE $4 AND needle LIKE $5 LIMIT $6'
    USING current_setting('app.tenant'), current_setting('app.environment'), first, second, third, most;
END $$;
