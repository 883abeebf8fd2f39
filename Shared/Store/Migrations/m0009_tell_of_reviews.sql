-- How the desk reaches systems and people: what happened to cases that wait, for those outside who follow the queue, and
-- notices for the people whose cases they are.

-- What happened, committed with it and not yet told: a row lives about a second.
CREATE TABLE review_event (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id     uuid NOT NULL, -- of customs_case
  what        text NOT NULL,
  actor       text NOT NULL,
  at          timestamptz NOT NULL,
  data        json NOT NULL
);

-- Destinations of outcomes are those that there were.
ALTER TABLE destination ADD COLUMN carries text NOT NULL DEFAULT 'outcomes' CHECK (carries IN ('outcomes', 'reviews'));
ALTER TABLE delivery DROP CONSTRAINT delivery_subject_kind_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_subject_kind_check
  CHECK (subject_kind IN ('case', 'shipment', 'review')) NOT VALID;
ALTER TABLE delivery VALIDATE CONSTRAINT delivery_subject_kind_check;

-- News are forgotten after a while; outcomes are not.
CREATE INDEX delivery_review ON delivery (created_at) WHERE subject_kind = 'review';
CREATE POLICY forgets_reviews ON delivery AS RESTRICTIVE FOR DELETE TO pabean_review_desk
  USING (subject_kind = 'review');
GRANT DELETE ON delivery TO pabean_review_desk;

-- How a person wants to be told.
ALTER TABLE person ADD COLUMN notices text NOT NULL DEFAULT 'immediate'
  CHECK (notices IN ('immediate', 'digest', 'none'));
-- Of new cases, those from this risk on are told at once.
ALTER TABLE person ADD COLUMN notice_risk bigint NOT NULL DEFAULT 70 CHECK (notice_risk BETWEEN 0 AND 100);
-- In UTC: by default it is morning in Southeast Asia.
ALTER TABLE person ADD COLUMN digest_hour bigint NOT NULL DEFAULT 0 CHECK (digest_hour BETWEEN 0 AND 23);

-- One person is to be told of one event, once. Before a letter is handed to the mail server its notices are 'sending': if
-- the process dies then, nobody knows whether the letter left, and it is not sent again.
CREATE TABLE notice (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          uuid PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person,
  case_id     uuid NOT NULL, -- of customs_case
  what        text NOT NULL,
  happened_at timestamptz NOT NULL,
  is_digest   boolean NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'moot', 'refused', 'unknown')),
  due_at      timestamptz NOT NULL,
  attempts    bigint NOT NULL DEFAULT 0,
  last_error  text,
  -- Since when it is as it is, where it does not wait.
  settled_at  timestamptz
);
CREATE INDEX notice_due ON notice (due_at) WHERE state = 'waiting';
CREATE INDEX notice_sending ON notice (settled_at) WHERE state = 'sending';
CREATE INDEX notice_settled ON notice (settled_at);
CREATE INDEX notice_person ON notice (person_id);

-- As the browser asks.
ALTER TABLE person ALTER COLUMN language SET DEFAULT 'auto';

-- By what a person recognises their own sessions.
ALTER TABLE desk_session ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE desk_session ADD COLUMN agent text NOT NULL DEFAULT '';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['review_event', 'notice'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    -- The desk finds out across tenants for whom there is something to tell; it tells within the tenant.
    EXECUTE format('CREATE POLICY every_row_to_tell ON %I FOR SELECT TO pabean_review_desk
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
END $$;

GRANT INSERT ON review_event TO pabean_ingest, pabean_classifier, pabean_compliance_screening, pabean_document_generation,
  pabean_writeback;
-- UPDATE, to lock the rows that are told.
GRANT SELECT, INSERT, DELETE, UPDATE (what) ON review_event TO pabean_review_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice TO pabean_review_desk;
GRANT SELECT ON review_event, notice TO pabean_operator;
GRANT SELECT (tenant, environment, name, kind, config, dry_run, carries, disabled_at) ON destination TO pabean_review_desk;
GRANT SELECT (carries) ON destination TO pabean_operator;
GRANT INSERT ON delivery TO pabean_review_desk;
GRANT SELECT (notices, notice_risk, digest_hour) ON person TO pabean_review_desk, pabean_operator;
GRANT UPDATE (language, notices, notice_risk, digest_hour) ON person TO pabean_review_desk;
