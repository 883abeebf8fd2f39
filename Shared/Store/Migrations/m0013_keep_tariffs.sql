-- The tariffs of markets as their authorities published them, as versions that never change and activations, of which the newest
-- of each market holds; one without a version goes back to what stands beside the product.
CREATE TABLE tariff_version (
  market     char(2) NOT NULL,
  version    text NOT NULL,
  sha256     bytea NOT NULL,
  line_count bigint NOT NULL,
  content    json COMPRESSION lz4 NOT NULL,
  loaded_by  text NOT NULL,
  loaded_at  timestamptz NOT NULL,
  PRIMARY KEY (market, version)
);
CREATE TABLE tariff_activation (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market       char(2) NOT NULL,
  version      text,
  reason       text NOT NULL,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  FOREIGN KEY (market, version) REFERENCES tariff_version
);
-- Up to which change of the tariffs a tenant's cleared cases have been looked at again.
CREATE TABLE tariff_rescreening (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  done        bigint NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tariff_version', 'tariff_activation'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  EXECUTE 'ALTER TABLE tariff_rescreening ENABLE ROW LEVEL SECURITY';
  EXECUTE 'ALTER TABLE tariff_rescreening FORCE ROW LEVEL SECURITY';
  EXECUTE 'CREATE POLICY own_rows ON tariff_rescreening
    USING (tenant = (SELECT current_setting(''app.tenant'', true))
      AND environment = (SELECT current_setting(''app.environment'', true)))';
  EXECUTE 'CREATE POLICY every_row_to_read ON tariff_rescreening FOR SELECT TO pabean_operator
    USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
      AND environment = (SELECT current_setting(''app.environment'', true)))';
END $$;
GRANT SELECT ON tariff_version, tariff_activation TO pabean_compliance_screening, pabean_review_desk, pabean_operator;
GRANT INSERT ON tariff_version, tariff_activation TO pabean_operator;
GRANT SELECT, INSERT, UPDATE ON tariff_rescreening TO pabean_compliance_screening;
GRANT SELECT ON tariff_rescreening TO pabean_operator;
