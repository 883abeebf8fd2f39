-- Lists of parties with whom trade is denied or restricted, as versions that never change and activations, of which the
-- newest of each list holds; one without a version takes the list out of use. Published lists are not a tenant's; beside them
-- tenants keep lists of their own.

CREATE TABLE party_list_version (
  list         text NOT NULL,
  version      text NOT NULL,
  sha256       bytea NOT NULL,
  -- Authority, instrument, day of publication.
  source       json NOT NULL,
  age_max_days bigint NOT NULL CHECK (age_max_days > 0),
  entry_count  bigint NOT NULL,
  content      json NOT NULL,
  loaded_by    text NOT NULL,
  loaded_at    timestamptz NOT NULL,
  PRIMARY KEY (list, version)
);
CREATE TABLE party_list_activation (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list         text NOT NULL,
  version      text,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  FOREIGN KEY (list, version) REFERENCES party_list_version
);

CREATE TABLE own_party_list_version (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  list         text NOT NULL,
  version      text NOT NULL,
  sha256       bytea NOT NULL,
  source       json NOT NULL,
  age_max_days bigint NOT NULL CHECK (age_max_days > 0),
  entry_count  bigint NOT NULL,
  content      json NOT NULL,
  loaded_by    text NOT NULL,
  loaded_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, list, version)
);
CREATE TABLE own_party_list_activation (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           bigint GENERATED ALWAYS AS IDENTITY,
  list         text NOT NULL,
  version      text,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id),
  FOREIGN KEY (tenant, environment, list, version) REFERENCES own_party_list_version
);

-- A party that a person found to be another than the listed one. It holds for this name, this entry as it was then, and until
-- it expires; the newest row of the three is the one that counts.
CREATE TABLE cleared_party (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           bigint GENERATED ALWAYS AS IDENTITY,
  list         text NOT NULL,
  entry        text NOT NULL,
  entry_sha256 bytea NOT NULL,
  -- The name without case, accents, signs and company form.
  name_key     text NOT NULL,
  name         text NOT NULL,
  reason       text NOT NULL,
  cleared_by   text NOT NULL,
  cleared_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id)
);

-- Up to which change of the lists a tenant's open cases have been screened again.
CREATE TABLE party_rescreening (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  published   bigint NOT NULL,
  own         bigint NOT NULL,
  cleared     bigint NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['party_list_version', 'party_list_activation', 'own_party_list_version',
    'own_party_list_activation', 'cleared_party']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['own_party_list_version', 'own_party_list_activation', 'cleared_party',
    'party_rescreening'] LOOP
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

GRANT SELECT ON party_list_version, party_list_activation, own_party_list_version, own_party_list_activation, cleared_party
  TO pabean_compliance_screening, pabean_document_generation, pabean_review_desk, pabean_operator;
GRANT INSERT ON party_list_version, party_list_activation, own_party_list_version, own_party_list_activation, cleared_party
  TO pabean_operator;
GRANT INSERT ON cleared_party TO pabean_review_desk;
GRANT SELECT, INSERT, UPDATE ON party_rescreening TO pabean_compliance_screening;
GRANT SELECT ON party_rescreening TO pabean_operator;
GRANT SELECT ON case_screening TO pabean_compliance_screening;
GRANT UPDATE (roles, risk_score, reason) ON review_task TO pabean_compliance_screening;
