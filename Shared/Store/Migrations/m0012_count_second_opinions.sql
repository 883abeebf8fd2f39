-- How often a tenant's cases were put to a language model, by day: the budget that all workers share.
CREATE TABLE second_opinion_use (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  day         date NOT NULL,
  calls       bigint NOT NULL,
  tokens      bigint NOT NULL,
  PRIMARY KEY (tenant, environment, day)
);
ALTER TABLE second_opinion_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_opinion_use FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON second_opinion_use
  USING (tenant = (SELECT current_setting('app.tenant', true))
    AND environment = (SELECT current_setting('app.environment', true)));
GRANT SELECT, INSERT, UPDATE ON second_opinion_use TO pabean_classifier;
GRANT SELECT ON second_opinion_use TO pabean_review_desk;
