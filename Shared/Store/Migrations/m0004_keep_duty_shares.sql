-- What share of the customs value duty and tax had in cases that were cleared, so that an estimate far from it is noticed.
CREATE TABLE duty_share (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid PRIMARY KEY, -- of customs_case
  market      char(2) NOT NULL,
  heading     char(4) NOT NULL,
  share_ppm   bigint NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX duty_share_heading ON duty_share (tenant, environment, market, heading, at DESC);
ALTER TABLE duty_share ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty_share FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON duty_share
  USING (tenant = (SELECT current_setting('app.tenant', true))
    AND environment = (SELECT current_setting('app.environment', true)));
GRANT SELECT, INSERT ON duty_share TO pabean_compliance_screening;
