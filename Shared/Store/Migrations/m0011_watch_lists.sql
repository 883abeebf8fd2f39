-- Where published lists come from, how often they are fetched, and how the last attempt went. The operator says the former,
-- maintenance writes the latter.
CREATE TABLE party_list_source (
  name           text PRIMARY KEY,
  -- Addresses of the files of one publication, or one folder.
  places         text[] NOT NULL CHECK (cardinality(places) > 0),
  every_seconds  bigint NOT NULL CHECK (every_seconds > 0),
  age_max_days   bigint NOT NULL CHECK (age_max_days > 0),
  set_by         text NOT NULL,
  set_at         timestamptz NOT NULL,
  next_at        timestamptz NOT NULL,
  tried_at       timestamptz,
  succeeded_at   timestamptz,
  -- Why the last attempt brought nothing; absent when it did.
  failure        text,
  failing_since  timestamptz,
  -- What the servers said about the files that were taken last, and which lists they gave.
  taken          json
);

-- When an authority was last asked and still published the version in force: a list that does not change is not stale.
CREATE TABLE party_list_confirmation (
  list         text PRIMARY KEY,
  version      text NOT NULL,
  confirmed_on date NOT NULL
);

-- What an activation changed, and why a person put it into force.
ALTER TABLE party_list_activation ADD COLUMN reason text, ADD COLUMN difference json;
ALTER TABLE own_party_list_activation ADD COLUMN reason text, ADD COLUMN difference json;

GRANT SELECT, UPDATE (next_at, tried_at, succeeded_at, failure, failing_since, taken) ON party_list_source
  TO pabean_maintenance;
GRANT SELECT, INSERT, UPDATE ON party_list_confirmation TO pabean_maintenance;
GRANT SELECT, INSERT ON party_list_version, party_list_activation TO pabean_maintenance;
GRANT SELECT, INSERT, UPDATE, DELETE ON party_list_source TO pabean_operator;
GRANT SELECT ON party_list_confirmation
  TO pabean_compliance_screening, pabean_document_generation, pabean_review_desk, pabean_operator;
-- Which lists a tenant's policy asks for is asked when its shipments are screened.
GRANT SELECT ON policy_version, policy_activation TO pabean_document_generation;

-- What was decided or released, and is screened again when a list changes.
GRANT SELECT, UPDATE ON shipment, shipment_line TO pabean_compliance_screening;
GRANT SELECT (tenant, environment, id, subject_id, state), UPDATE (state, next_attempt_at, last_error) ON delivery
  TO pabean_compliance_screening;

-- Rates of exchange, as customs or a central bank published them. Those of one file come and go together.
CREATE TABLE exchange_rate_import (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market    char(2) NOT NULL,
  source    json NOT NULL,
  -- For how long each of its rates may be used.
  valid_days bigint NOT NULL CHECK (valid_days > 0),
  loaded_by text NOT NULL,
  loaded_at timestamptz NOT NULL
);
CREATE TABLE exchange_rate (
  import     bigint NOT NULL REFERENCES exchange_rate_import,
  market     char(2) NOT NULL,
  currency   char(3) NOT NULL,
  valid_from date NOT NULL,
  per_unit   numeric NOT NULL CHECK (per_unit > 0),
  PRIMARY KEY (market, currency, valid_from, import)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['exchange_rate_import', 'exchange_rate'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END $$;
GRANT SELECT ON exchange_rate_import, exchange_rate
  TO pabean_compliance_screening, pabean_document_generation, pabean_review_desk, pabean_operator;
GRANT INSERT ON exchange_rate_import, exchange_rate TO pabean_operator;
