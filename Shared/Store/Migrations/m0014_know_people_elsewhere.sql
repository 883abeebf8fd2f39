-- Sign-in by a provider outside, and cases whose right answer is known, among the second looks.

-- Whom a provider means by its subject: bound at the first sign-in by a verified address, which says nothing from then on.
CREATE TABLE person_identity (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  issuer      text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 2000),
  subject     text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  person_id   uuid NOT NULL REFERENCES person,
  bound_at    timestamptz NOT NULL,
  PRIMARY KEY (environment, issuer, subject),
  UNIQUE (person_id, issuer)
);

-- A case whose right answer a lead vouches for. Without a code the product is not to be cleared.
CREATE TABLE gold_case (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid PRIMARY KEY, -- of customs_case
  market      char(2) NOT NULL,
  code        text,
  why         text NOT NULL,
  marked_by   text NOT NULL,
  -- The first time.
  marked_at   timestamptz NOT NULL,
  -- Shown to nobody any more; what was found before still counts.
  retired_at  timestamptz
);
-- What a reviewer found who met it among the second looks. Whether that is right follows from the gold case as it stands.
CREATE TABLE gold_look (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid NOT NULL REFERENCES gold_case,
  market      char(2) NOT NULL,
  reviewer    text NOT NULL,
  code        text,
  reason      text,
  looked_at   timestamptz NOT NULL,
  PRIMARY KEY (case_id, reviewer)
);
CREATE INDEX gold_look_time ON gold_look (tenant, environment, looked_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gold_look
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of a reviewer's second looks, how many are gold cases.
ALTER TABLE quality_setting ADD COLUMN gold_ppm bigint NOT NULL DEFAULT 0 CHECK (gold_ppm BETWEEN 0 AND 1000000);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['person_identity', 'gold_case', 'gold_look'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['gold_case', 'gold_look'] LOOP
    EXECUTE format('CREATE POLICY own_markets ON %I AS RESTRICTIVE TO pabean_review_desk
      USING ((SELECT coalesce(current_setting(''app.markets'', true), '''')) = ''''
        OR market::text = ANY ((SELECT string_to_array(current_setting(''app.markets'', true), '',''))::text[]))', name);
  END LOOP;
  -- Forced row level security would hide every row from the function's owner unless it is a superuser.
  EXECUTE format('CREATE POLICY every_row_for_sign_in ON person_identity FOR SELECT TO %I USING (true)', current_user);
END $$;

-- Before the tenant is known.
CREATE FUNCTION find_person_by_identity(wanted_issuer text, wanted_subject text)
  RETURNS TABLE (tenant text, id uuid, is_disabled boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT p.tenant, p.id, p.disabled_at IS NOT NULL
    FROM public.person_identity i JOIN public.person p ON p.id = i.person_id
    WHERE i.issuer = wanted_issuer AND i.subject = wanted_subject
      AND i.environment = current_setting('app.environment')
$$;
REVOKE EXECUTE ON FUNCTION find_person_by_identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_person_by_identity TO pabean_review_desk;

GRANT SELECT, INSERT ON person_identity TO pabean_review_desk;
GRANT SELECT, DELETE ON person_identity TO pabean_operator;
GRANT SELECT, INSERT, UPDATE (code, why, marked_by, retired_at) ON gold_case TO pabean_review_desk;
GRANT SELECT, INSERT ON gold_look TO pabean_review_desk;
GRANT SELECT ON gold_case, gold_look TO pabean_operator;
-- A replay answers by the model that is in force.
GRANT SELECT ON classifier_model, classifier_activation TO pabean_review_desk;
