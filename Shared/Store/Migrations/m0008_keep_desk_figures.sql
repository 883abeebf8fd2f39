-- What the desk's dashboard shows, counted by day and market, so that a page costs the same however many cases there are.
-- What is counted is never changed afterwards, so that a day that is over stays as it was counted.
CREATE TABLE desk_figure (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  day         date NOT NULL,
  market      char(2) NOT NULL,
  measure     text NOT NULL,
  key         text NOT NULL,
  count       bigint NOT NULL,
  -- Of what, the measure says: millionths of a confidence, ten-thousandths of a currency's unit, decisions.
  total       bigint NOT NULL,
  PRIMARY KEY (tenant, environment, day, measure, market, key)
);
-- Which days were counted, when, and how long it took.
CREATE TABLE desk_figure_day (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  day          date NOT NULL,
  counted_at   timestamptz NOT NULL,
  milliseconds bigint NOT NULL,
  PRIMARY KEY (tenant, environment, day)
);
-- What one day has is found by its pages: written in the order of time, and never changed.
CREATE INDEX case_classification_day ON case_classification USING brin (at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX case_screening_day ON case_screening USING brin (at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX delivery_day ON delivery USING brin (delivered_at) WITH (pages_per_range = 16, autosummarize = on);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['desk_figure', 'desk_figure_day'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['desk_figure', 'precedent'] LOOP
    EXECUTE format('CREATE POLICY own_markets ON %I AS RESTRICTIVE TO pabean_review_desk
      USING ((SELECT coalesce(current_setting(''app.markets'', true), '''')) = ''''
        OR market::text = ANY ((SELECT string_to_array(current_setting(''app.markets'', true), '',''))::text[]))', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE ON desk_figure, desk_figure_day TO pabean_review_desk;
GRANT SELECT ON desk_figure, desk_figure_day TO pabean_operator;

-- Precedents that a person entered, beside those that decisions left; and why one was retired.
ALTER TABLE precedent RENAME COLUMN decision_id TO id;
ALTER TABLE precedent DROP CONSTRAINT precedent_decision_id_fkey;
ALTER TABLE precedent ADD COLUMN entered_by text, ADD COLUMN entered_because text, ADD COLUMN withdrawn_by text,
  ADD COLUMN withdrawn_because text, ADD CHECK ((entered_by IS NULL) = (entered_because IS NULL)),
  ADD CHECK (withdrawn_because IS NULL OR withdrawn_at IS NOT NULL);
GRANT UPDATE (withdrawn_by, withdrawn_because) ON precedent TO pabean_review_desk;
CREATE INDEX precedent_newest ON precedent (tenant, environment, decided_at DESC, id);

-- Policies and own rules are drafted, tried and activated at the desk, too.
GRANT INSERT ON policy_version, policy_activation, own_rules_version, own_rules_activation TO pabean_review_desk;

-- A case is decided once more by what is in force now, to be compared; that reads what the screening reads.
GRANT SELECT ON duty_history, first_case, risk_model TO pabean_review_desk;
CREATE INDEX shipment_newest ON shipment (tenant, environment, received_at DESC, id);
