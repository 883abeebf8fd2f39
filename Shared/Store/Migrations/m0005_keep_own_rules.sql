-- A tenant's own rules, as versions that never change and activations, of which the newest holds; one without a version takes
-- them out of use.
CREATE TABLE own_rules_version (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  version     bigint NOT NULL,
  content     json NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, version)
);
CREATE TABLE own_rules_activation (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           bigint GENERATED ALWAYS AS IDENTITY,
  version      bigint,
  reason       text NOT NULL,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id),
  FOREIGN KEY (tenant, environment, version) REFERENCES own_rules_version
);

-- The first cases of each supplier and of each market, written until one of them has been cleared: what a policy that holds
-- what is new goes by.
CREATE TABLE first_case (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  kind        text NOT NULL CHECK (kind IN ('supplier', 'market')),
  key         text NOT NULL,
  case_id     uuid NOT NULL, -- of customs_case
  PRIMARY KEY (key, kind, case_id, tenant, environment)
);
CREATE INDEX first_case_case ON first_case (case_id);

-- The weights of the risk score as they were learned from decisions; the newest holds.
CREATE TABLE risk_model (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          bigint NOT NULL,
  content     json NOT NULL,
  case_count  bigint NOT NULL,
  fitted_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id)
);
-- What people decided, the latest first, to learn from.
CREATE INDEX decision_by_people ON decision (tenant, environment, decided_at DESC) WHERE kind <> 'auto-cleared';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['own_rules_version', 'own_rules_activation', 'risk_model'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['own_rules_version', 'own_rules_activation', 'first_case', 'risk_model'] LOOP
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

GRANT SELECT ON own_rules_version, own_rules_activation
  TO pabean_compliance_screening, pabean_document_generation, pabean_review_desk, pabean_operator;
GRANT INSERT ON own_rules_version, own_rules_activation TO pabean_operator;
GRANT SELECT, INSERT ON first_case, risk_model TO pabean_compliance_screening;
GRANT SELECT ON first_case, risk_model TO pabean_operator;
-- What was decided for the same product in other markets, and about the first cases; and what was screened, to learn from.
GRANT SELECT ON decision, case_screening TO pabean_compliance_screening;
