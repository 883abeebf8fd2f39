-- Beside what the tenant's own people decided stand what became of earlier submissions and what authorities ruled. Found by
-- likeness, so that the text is kept, not a digest of it.
ALTER TABLE precedent DROP COLUMN fingerprint;
ALTER TABLE precedent
  ADD COLUMN source     text NOT NULL DEFAULT 'decision',
  ADD COLUMN category   text NOT NULL DEFAULT '',
  ADD COLUMN attributes text NOT NULL DEFAULT '',
  ADD COLUMN reason     text NOT NULL DEFAULT '',
  -- Of a ruling, who gave it.
  ADD COLUMN authority  text NOT NULL DEFAULT '',
  -- By which whoever gave it finds it.
  ADD COLUMN reference  text NOT NULL DEFAULT '',
  -- The transaction that wrote it last, so that a reader asks for what it cannot have seen yet.
  ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD CONSTRAINT precedent_source_check CHECK (source IN ('decision', 'submission', 'ruling'));
CREATE INDEX precedent_title ON precedent (md5(title));
CREATE INDEX precedent_changed ON precedent (tenant, environment, changed_in);

GRANT UPDATE (changed_in) ON precedent TO pabean_review_desk;
GRANT SELECT, INSERT, UPDATE (withdrawn_at, changed_in) ON precedent TO pabean_operator;

-- A tenant's own classifiers, learnt from its precedents: which, in their order, so that every worker builds the same one.
-- Of the activations the newest of each role holds; one without a number takes the role away.
CREATE TABLE classifier_model (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  number       bigint NOT NULL,
  -- The knowledge and engine that it stands on.
  engine       text NOT NULL,
  content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
  precedents   uuid[] NOT NULL,
  -- What it and the one in force got right among precedents held back.
  quality      json NOT NULL,
  trained_by   text NOT NULL,
  trained_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, number)
);
CREATE TABLE classifier_activation (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           bigint GENERATED ALWAYS AS IDENTITY,
  role         text NOT NULL CHECK (role IN ('champion', 'challenger')),
  number       bigint,
  reason       text NOT NULL,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id),
  FOREIGN KEY (tenant, environment, number) REFERENCES classifier_model
);
-- What a challenger would have answered, beside what was answered.
CREATE TABLE challenger_answer (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  case_id      uuid NOT NULL, -- of customs_case
  case_version bigint NOT NULL,
  number       bigint NOT NULL,
  code         text,
  confidence   bigint NOT NULL, -- in millionths
  given        text,
  PRIMARY KEY (case_id, case_version)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['classifier_model', 'classifier_activation', 'challenger_answer'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
END $$;

GRANT SELECT ON classifier_model, classifier_activation TO pabean_classifier, pabean_operator;
GRANT INSERT ON classifier_model, classifier_activation TO pabean_operator;
GRANT INSERT ON challenger_answer TO pabean_classifier;
GRANT SELECT ON challenger_answer TO pabean_operator;
