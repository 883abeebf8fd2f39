-- A person's key is the person: decisions given with it and decisions given after signing in are of one.

ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
ALTER TABLE person NO FORCE ROW LEVEL SECURITY;
ALTER TABLE desk_session NO FORCE ROW LEVEL SECURITY;

ALTER TABLE api_key ADD COLUMN person_id uuid REFERENCES person;
CREATE INDEX api_key_person ON api_key (person_id) WHERE person_id IS NOT NULL;

UPDATE api_key k SET person_id = p.id FROM person p
  WHERE k.is_person AND p.tenant = k.tenant AND p.environment = k.environment AND p.email = lower(k.account);
-- Of the others nobody knows who has them: they could be a second pair of eyes in the same head.
UPDATE desk_session SET ended_at = now() WHERE ended_at IS NULL
  AND api_key_id IN (SELECT id FROM api_key WHERE is_person AND person_id IS NULL);
UPDATE api_key SET revoked_at = now() WHERE is_person AND person_id IS NULL AND revoked_at IS NULL;
ALTER TABLE api_key ADD CHECK (is_person = (person_id IS NOT NULL) OR revoked_at IS NOT NULL);

-- Nor whose eyes an opinion given with such a key was: both are asked anew.
ALTER TABLE customs_case NO FORCE ROW LEVEL SECURITY;
ALTER TABLE case_opinion NO FORCE ROW LEVEL SECURITY;
UPDATE customs_case c SET version = version + 1 WHERE state = 'awaiting-decision' AND EXISTS (
  SELECT FROM case_opinion o WHERE o.case_id = c.id AND o.case_version = c.version AND NOT EXISTS (
    SELECT FROM person p WHERE p.tenant = c.tenant AND p.environment = c.environment AND o.person = 'person:' || p.email));
ALTER TABLE customs_case FORCE ROW LEVEL SECURITY;
ALTER TABLE case_opinion FORCE ROW LEVEL SECURITY;

ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
ALTER TABLE desk_session FORCE ROW LEVEL SECURITY;

GRANT SELECT (person_id) ON api_key TO pabean_operator;

-- A person's key lets in whoever the person is now: with their roles and markets, and not at all once they are disabled.
DROP FUNCTION authenticate_api_key(bytea);
CREATE FUNCTION authenticate_api_key(wanted bytea)
  RETURNS TABLE (tenant text, environment text, id uuid, account text, name text, is_person boolean, roles text[],
    markets text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT k.tenant, k.environment, k.id, coalesce(p.email, k.account), coalesce(p.name, k.account), k.is_person,
      coalesce(p.roles, k.roles), coalesce(p.markets, '{}')
    FROM public.api_key k LEFT JOIN public.person p ON p.id = k.person_id AND p.disabled_at IS NULL
    WHERE k.hash = wanted AND k.revoked_at IS NULL AND k.is_person = (p.id IS NOT NULL)
$$;
REVOKE EXECUTE ON FUNCTION authenticate_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_api_key TO pabean_ingest, pabean_review_desk;

CREATE OR REPLACE FUNCTION authenticate_desk_session(wanted bytea, at timestamptz, seen_since timestamptz)
  RETURNS TABLE (tenant text, subject uuid, is_key boolean, account text, name text, roles text[], markets text[],
    language text, form_token text, last_seen_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT s.tenant, coalesce(k.id, p.id), k.id IS NOT NULL, p.email, p.name, p.roles, p.markets, p.language,
      s.form_token, s.last_seen_at
    FROM public.desk_session s
    LEFT JOIN public.api_key k ON k.id = s.api_key_id AND k.revoked_at IS NULL
    JOIN public.person p ON p.id = coalesce(s.person_id, k.person_id) AND p.disabled_at IS NULL
    WHERE s.hash = wanted AND s.ended_at IS NULL AND s.expires_at > at AND s.last_seen_at > seen_since
      AND s.environment = current_setting('app.environment')
$$;
