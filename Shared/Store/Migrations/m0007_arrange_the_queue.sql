-- The queue of what waits for a person: one table for all of it, in one order, searchable; the views that people keep of
-- it; decisions that can still be undone; and word to the desks of whatever changes.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- One queue -------------------------------------------------------------------------------------------------------------

-- All rows are converted here, whoever owns the tables.
ALTER TABLE review_task NO FORCE ROW LEVEL SECURITY;
ALTER TABLE customs_case NO FORCE ROW LEVEL SECURITY;
ALTER TABLE product_revision NO FORCE ROW LEVEL SECURITY;
ALTER TABLE case_screening NO FORCE ROW LEVEL SECURITY;
ALTER TABLE delivery NO FORCE ROW LEVEL SECURITY;

ALTER TABLE review_task
  ADD COLUMN state text NOT NULL DEFAULT 'awaiting-decision'
    CHECK (state IN ('awaiting-decision', 'awaiting-information', 'undeliverable', 'conflicted')),
  -- Of the reasons why the case was held.
  ADD COLUMN kinds text[] NOT NULL DEFAULT '{}',
  -- What is proposed, or was decided.
  ADD COLUMN code text,
  ADD COLUMN chapter text GENERATED ALWAYS AS (left(code, 2)) STORED,
  -- What can be looked for, in lower case.
  ADD COLUMN needle text NOT NULL DEFAULT '',
  -- When the time is over within which the case is to be decided.
  ADD COLUMN due_at timestamptz,
  -- The order of the queue.
  ADD COLUMN urgent_at timestamptz,
  -- Since when it waits for the supplier: its time stands still.
  ADD COLUMN paused_at timestamptz;

-- From the policy in force. Hours, not days: they are as long on every day.
CREATE FUNCTION review_time() RETURNS interval LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT make_interval(hours => coalesce((SELECT (v.content #>> '{review,hours}')::integer
    FROM policy_activation a JOIN policy_version v ON v.tenant = a.tenant AND v.environment = a.environment
      AND v.version = a.version ORDER BY a.id DESC LIMIT 1), 24))
$$;
-- Risk (what is at stake times how unsure it is) times the share of its time that a case has waited orders the queue. What
-- is written here is the moment at which that product is one: at the end of its time for a case without risk, after a tenth
-- of it at the highest. So the order does not change while time goes by, and an index keeps it.
CREATE FUNCTION review_urgency(opened_at timestamptz, due_at timestamptz, risk_score bigint) RETURNS timestamptz
  LANGUAGE sql STABLE AS 'SELECT opened_at + (due_at - opened_at) / (1 + 0.09 * risk_score)';

UPDATE review_task SET needle = lower(sku || ' ' || title), due_at = opened_at + interval '24 hours',
  urgent_at = review_urgency(opened_at, opened_at + interval '24 hours', risk_score);
ALTER TABLE review_task ALTER COLUMN due_at SET NOT NULL, ALTER COLUMN urgent_at SET NOT NULL;

DROP INDEX review_task_order;
CREATE INDEX review_task_order ON review_task (tenant, environment, urgent_at, case_id);
CREATE INDEX review_task_market ON review_task (tenant, environment, market, urgent_at, case_id);
CREATE INDEX review_task_chapter ON review_task (tenant, environment, chapter, urgent_at, case_id);
CREATE INDEX review_task_undelivered ON review_task (tenant, environment, urgent_at, case_id)
  WHERE state IN ('undeliverable', 'conflicted');
-- Those whom few cases are for would otherwise go through everybody else's.
CREATE INDEX review_task_compliance ON review_task (tenant, environment, urgent_at, case_id) WHERE 'compliance' = ANY (roles);
CREATE INDEX review_task_lead ON review_task (tenant, environment, urgent_at, case_id) WHERE 'compliance-lead' = ANY (roles);
CREATE INDEX review_task_finance ON review_task (tenant, environment, urgent_at, case_id) WHERE 'finance' = ANY (roles);
CREATE INDEX review_task_logistics ON review_task (tenant, environment, urgent_at, case_id) WHERE 'logistics' = ANY (roles);
CREATE INDEX review_task_legal ON review_task (tenant, environment, urgent_at, case_id) WHERE 'legal' = ANY (roles);
CREATE INDEX review_task_needle ON review_task USING gin (needle gin_trgm_ops);

-- Cases whose outcome did not arrive, or met another value there, wait in the queue too, whatever moved them.
CREATE FUNCTION queue_undelivered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.state IN ('undeliverable', 'conflicted') THEN DELETE FROM review_task WHERE case_id = NEW.id; END IF;
  IF NEW.state IN ('undeliverable', 'conflicted') THEN
    INSERT INTO review_task (tenant, environment, case_id, market, sku, title, lane, roles, risk_score, reason, opened_at,
      state, code, needle, due_at, urgent_at)
    SELECT NEW.tenant, NEW.environment, NEW.id, NEW.market, NEW.sku, w.title, coalesce(NEW.lane, 'manual'),
      -- What cleared by itself was routed to nobody; brokers correct it.
      CASE WHEN json_array_length(s.routing -> 'roles') > 0
        THEN ARRAY(SELECT json_array_elements_text(s.routing -> 'roles')) ELSE ARRAY['broker'] END,
      w.risk, left(CASE NEW.state WHEN 'conflicted' THEN 'write-back conflict: ' ELSE 'could not be delivered: ' END
        || coalesce(d.last_error, 'no reason was given'), 300), NEW.updated_at,
      NEW.state, n.code, lower(concat_ws(' ', NEW.sku, w.title, n.code)), NEW.updated_at + t.time,
      review_urgency(NEW.updated_at, NEW.updated_at + t.time, w.risk)
    FROM product_revision r
      LEFT JOIN LATERAL (SELECT content, routing FROM case_screening WHERE case_id = NEW.id
        ORDER BY case_version DESC LIMIT 1) s ON true
      LEFT JOIN LATERAL (SELECT last_error FROM delivery WHERE subject_id = NEW.id AND state IN ('dead', 'conflict')
        ORDER BY ((state = 'conflict') = (NEW.state = 'conflicted')) DESC, created_at DESC LIMIT 1) d ON true
      LEFT JOIN LATERAL (SELECT code FROM decision WHERE case_id = NEW.id ORDER BY sequence DESC LIMIT 1) n ON true
      CROSS JOIN LATERAL (SELECT coalesce(nullif(r.content #>> '{titles,0,text}', ''), NEW.sku) AS title,
        coalesce((s.content ->> 'riskScore')::integer, 0) AS risk) w
      CROSS JOIN (SELECT review_time() AS time) t
    WHERE r.id = NEW.product_revision_id
    ON CONFLICT (case_id) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_undelivered AFTER UPDATE OF state ON customs_case FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state
    AND (OLD.state IN ('undeliverable', 'conflicted') OR NEW.state IN ('undeliverable', 'conflicted')))
  EXECUTE FUNCTION queue_undelivered();

INSERT INTO review_task (tenant, environment, case_id, market, sku, title, lane, roles, risk_score, reason, opened_at, state,
  needle, due_at, urgent_at)
SELECT c.tenant, c.environment, c.id, c.market, c.sku, u.title, u.lane, u.roles, u.risk_score, left(u.reason, 300),
  u.opened_at, c.state, lower(c.sku || ' ' || u.title), u.opened_at + interval '24 hours',
  review_urgency(u.opened_at, u.opened_at + interval '24 hours', u.risk_score)
FROM undelivered_case u JOIN customs_case c ON c.id = u.case_id
ON CONFLICT (case_id) DO NOTHING;
DROP VIEW undelivered_case;
DROP INDEX delivery_waiting;
ALTER TABLE review_task FORCE ROW LEVEL SECURITY;
ALTER TABLE customs_case FORCE ROW LEVEL SECURITY;
ALTER TABLE product_revision FORCE ROW LEVEL SECURITY;
ALTER TABLE case_screening FORCE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;

GRANT UPDATE (state, due_at, urgent_at, paused_at) ON review_task TO pabean_review_desk;
GRANT UPDATE (kinds, urgent_at) ON review_task TO pabean_compliance_screening;

-- Row level security keeps an index on parts of words from being used, because comparing them could tell of rows that are
-- hidden. So they are compared in here, with the tenant's own rows; what is found is read under the policies as ever.
CREATE FUNCTION find_waiting(first text, second text, third text, most bigint) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT case_id FROM review_task WHERE tenant = current_setting('app.tenant')
    AND environment = current_setting('app.environment') AND needle LIKE first AND needle LIKE second AND needle LIKE third
    LIMIT most
$$;

-- Views -----------------------------------------------------------------------------------------------------------------

-- What a person looks at again and again, as the query of its page.
CREATE TABLE queue_view (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  person      text NOT NULL,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  query       text NOT NULL CHECK (length(query) <= 2000),
  -- Shown to its owner where no view is named.
  is_default  boolean NOT NULL DEFAULT false,
  PRIMARY KEY (person, name, tenant, environment)
);
CREATE UNIQUE INDEX queue_view_default ON queue_view (person, tenant, environment) WHERE is_default;

-- Second thoughts -------------------------------------------------------------------------------------------------------

-- What a person decided and may still undo. Nothing of it has happened yet: when its time has come it is judged again and
-- carried out, by whichever desk is there.
CREATE TABLE pending_decision (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid PRIMARY KEY REFERENCES customs_case,
  person      text NOT NULL,
  person_name text NOT NULL,
  -- As they were when the decision was given; no markets mean all.
  roles       text[] NOT NULL,
  markets     text[] NOT NULL,
  request     json NOT NULL,
  traceparent text NOT NULL,
  given_at    timestamptz NOT NULL,
  takes_effect_at timestamptz NOT NULL
);
CREATE INDEX pending_decision_due ON pending_decision (takes_effect_at);
CREATE INDEX pending_decision_person ON pending_decision (person);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['queue_view', 'pending_decision'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
  -- Forced row level security would hide the rows from the functions' owner unless it is a superuser.
  FOREACH name IN ARRAY ARRAY['review_task', 'pending_decision'] LOOP
    EXECUTE format('CREATE POLICY every_row_to_find ON %I FOR SELECT TO %I USING (true)', name, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_view, pending_decision TO pabean_review_desk;
GRANT SELECT ON queue_view, pending_decision TO pabean_operator;

-- Whose time has come, and whose they are: looked for before any tenant is entered.
CREATE FUNCTION due_decisions(at timestamptz, most bigint) RETURNS TABLE (tenant text, case_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant, d.case_id FROM pending_decision d
  WHERE d.environment = current_setting('app.environment') AND d.takes_effect_at <= at ORDER BY d.takes_effect_at LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION find_waiting, due_decisions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_waiting TO pabean_review_desk, pabean_operator;
GRANT EXECUTE ON FUNCTION due_decisions TO pabean_review_desk;

-- Word to the desks -----------------------------------------------------------------------------------------------------

-- 'tenant environment market what case'; without a case when there are many. A hint to look, and nothing more.
CREATE FUNCTION announce_tasks() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM changed LIMIT 21) AS few) <= 20 THEN
    PERFORM pg_notify('pabean_review', concat_ws(' ', tenant, environment, market, TG_ARGV[0], case_id)) FROM changed;
  ELSE
    PERFORM pg_notify('pabean_review', concat_ws(' ', tenant, environment, market, TG_ARGV[0]))
      FROM (SELECT DISTINCT tenant, environment, market FROM changed) AS markets;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER announce_opened AFTER INSERT ON review_task REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION announce_tasks('opened');
CREATE TRIGGER announce_changed AFTER UPDATE ON review_task REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION announce_tasks('changed');
CREATE TRIGGER announce_closed AFTER DELETE ON review_task REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION announce_tasks('closed');

CREATE FUNCTION announce_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  claim case_claim := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('pabean_review', concat_ws(' ', claim.tenant, claim.environment, c.market, TG_ARGV[0], c.id))
    FROM customs_case c WHERE c.id = claim.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER announce_taken AFTER INSERT ON case_claim FOR EACH ROW EXECUTE FUNCTION announce_claim('claimed');
CREATE TRIGGER announce_taken_over AFTER UPDATE ON case_claim FOR EACH ROW WHEN (OLD.claimed_at <> NEW.claimed_at)
  EXECUTE FUNCTION announce_claim('claimed');
CREATE TRIGGER announce_released AFTER DELETE ON case_claim FOR EACH ROW EXECUTE FUNCTION announce_claim('released');
