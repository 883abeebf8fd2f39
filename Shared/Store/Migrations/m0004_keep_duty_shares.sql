-- What share of the customs value duty and tax had in the latest cases that were cleared, so that an estimate far from it
-- is noticed. A row for a market and heading, not for a case: a batch reads and writes a handful of them.
CREATE TABLE duty_history (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  market      char(2) NOT NULL,
  heading     char(4) NOT NULL,
  shares_ppm  bigint[] NOT NULL, -- the latest first
  PRIMARY KEY (heading, market, tenant, environment)
);
ALTER TABLE duty_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty_history FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON duty_history
  USING (tenant = (SELECT current_setting('app.tenant', true))
    AND environment = (SELECT current_setting('app.environment', true)));
GRANT SELECT, INSERT, UPDATE ON duty_history TO pabean_compliance_screening;
