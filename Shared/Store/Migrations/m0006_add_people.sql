-- The people who work at the review desk: who they are, their sessions, and who has which case in hand.

CREATE TABLE person (
  tenant          text NOT NULL DEFAULT current_setting('app.tenant'),
  environment     text NOT NULL DEFAULT current_setting('app.environment'),
  id              uuid PRIMARY KEY,
  -- Names the person at sign-in, before the tenant is known, and in decisions and the audit log.
  email           text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- Argon2id with its salt and cost; absent until the person has chosen one.
  password        text,
  roles           text[] NOT NULL CHECK (cardinality(roles) > 0),
  -- Empty means all.
  markets         text[] NOT NULL DEFAULT '{}',
  language        text NOT NULL DEFAULT 'en',
  created_at      timestamptz NOT NULL,
  disabled_at     timestamptz,
  failed_attempts bigint NOT NULL DEFAULT 0,
  locked_until    timestamptz,
  UNIQUE (email, environment)
);

-- A link with which a person chooses a password, once.
CREATE TABLE welcome_link (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  -- SHA-256 of the token in the link.
  hash        bytea PRIMARY KEY CHECK (length(hash) = 32),
  person_id   uuid NOT NULL REFERENCES person,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX welcome_link_person ON welcome_link (person_id);

-- Of a person, or of whoever showed a person's key.
CREATE TABLE desk_session (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  -- SHA-256 of the token in the cookie.
  hash         bytea PRIMARY KEY CHECK (length(hash) = 32),
  person_id    uuid REFERENCES person,
  api_key_id   uuid REFERENCES api_key,
  form_token   text NOT NULL,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz,
  CHECK ((person_id IS NULL) <> (api_key_id IS NULL))
);
CREATE INDEX desk_session_person ON desk_session (person_id) WHERE ended_at IS NULL;
CREATE INDEX desk_session_key ON desk_session (api_key_id) WHERE ended_at IS NULL;
CREATE INDEX desk_session_age ON desk_session (expires_at);

-- Who has a case in hand, until when. It lapses by itself.
CREATE TABLE case_claim (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid PRIMARY KEY REFERENCES customs_case,
  holder      text NOT NULL,
  holder_name text NOT NULL,
  claimed_at  timestamptz NOT NULL,
  until       timestamptz NOT NULL
);
CREATE INDEX case_claim_holder ON case_claim (holder);

-- What people arranged about a case that waits.
CREATE TABLE case_arrangement (
  tenant            text NOT NULL DEFAULT current_setting('app.tenant'),
  environment       text NOT NULL DEFAULT current_setting('app.environment'),
  case_id           uuid PRIMARY KEY REFERENCES customs_case,
  assigned_to       text,
  assigned_name     text,
  snoozed_until     timestamptz,
  escalated_by      text,
  escalated_at      timestamptz,
  escalation_reason text,
  CHECK ((escalated_at IS NULL) = (escalation_reason IS NULL))
);

CREATE INDEX case_arrangement_assigned ON case_arrangement (assigned_to) WHERE assigned_to IS NOT NULL;

-- Who does not want to be given which case again for a while.
CREATE TABLE case_skip (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid NOT NULL REFERENCES customs_case,
  person      text NOT NULL,
  until       timestamptz NOT NULL,
  PRIMARY KEY (case_id, person)
);

-- What each of two people decided about the same state of a case, kept from the other until both have.
CREATE TABLE case_opinion (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  case_id      uuid NOT NULL, -- of customs_case
  case_version bigint NOT NULL,
  sequence     bigint NOT NULL CHECK (sequence IN (1, 2)),
  person       text NOT NULL,
  kind         text NOT NULL,
  code         text,
  reason       text,
  -- With it, the digest in the audit log shows that the opinion was not changed after the second person's was known.
  salt         bytea NOT NULL,
  given_at     timestamptz NOT NULL,
  PRIMARY KEY (case_id, case_version, sequence),
  UNIQUE (case_id, case_version, person)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_opinion
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Row level security ---------------------------------------------------------------------------------------------------

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['person', 'welcome_link', 'desk_session', 'case_claim', 'case_arrangement', 'case_skip',
    'case_opinion']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
  -- At the desk, app.markets names the markets of a person who does not see all: the rest does not exist for them.
  FOREACH name IN ARRAY ARRAY['customs_case', 'review_task', 'shipment', 'shipment_line'] LOOP
    EXECUTE format('CREATE POLICY own_markets ON %I AS RESTRICTIVE TO pabean_review_desk
      USING ((SELECT coalesce(current_setting(''app.markets'', true), '''')) = ''''
        OR market::text = ANY ((SELECT string_to_array(current_setting(''app.markets'', true), '',''))::text[]))', name);
  END LOOP;
END $$;
CREATE POLICY own_markets ON document AS RESTRICTIVE TO pabean_review_desk
  USING ((SELECT coalesce(current_setting('app.markets', true), '')) = ''
    OR EXISTS (SELECT FROM customs_case c WHERE c.id = subject_id)
    OR EXISTS (SELECT FROM shipment s WHERE s.id = subject_id));

GRANT SELECT (tenant, environment, id, email, name, roles, markets, language, created_at, disabled_at, failed_attempts,
  locked_until) ON person TO pabean_review_desk, pabean_operator;
GRANT UPDATE (password, failed_attempts, locked_until) ON person TO pabean_review_desk;
GRANT INSERT, UPDATE ON person TO pabean_operator;
GRANT SELECT (tenant, environment, person_id, expires_at, used_at) ON welcome_link TO pabean_operator;
GRANT INSERT, UPDATE (used_at) ON welcome_link TO pabean_operator;
GRANT SELECT, UPDATE (used_at) ON welcome_link TO pabean_review_desk;
GRANT SELECT, INSERT, UPDATE (last_seen_at, ended_at) ON desk_session TO pabean_review_desk;
GRANT DELETE ON desk_session TO pabean_review_desk;
GRANT SELECT (tenant, environment, person_id, api_key_id, created_at, last_seen_at, expires_at, ended_at) ON desk_session
  TO pabean_operator;
GRANT UPDATE (ended_at) ON desk_session TO pabean_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_claim, case_arrangement, case_skip TO pabean_review_desk;
GRANT SELECT, INSERT ON case_opinion TO pabean_review_desk;
GRANT SELECT ON case_claim, case_arrangement TO pabean_operator;
-- To lock the row that is given to a person.
GRANT UPDATE (roles, reason) ON review_task TO pabean_review_desk;

-- The look-ups made before the tenant is known. ------------------------------------------------------------------------

CREATE FUNCTION find_person_to_sign_in(wanted text)
  RETURNS TABLE (tenant text, id uuid, password text, is_disabled boolean, locked_until timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT p.tenant, p.id, p.password, p.disabled_at IS NOT NULL, p.locked_until FROM public.person p
    WHERE p.email = lower(wanted) AND p.environment = current_setting('app.environment')
$$;

CREATE FUNCTION find_welcome_link(wanted bytea, at timestamptz)
  RETURNS TABLE (tenant text, id uuid, email text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT p.tenant, p.id, p.email, p.name FROM public.welcome_link w JOIN public.person p ON p.id = w.person_id
    WHERE w.hash = wanted AND w.used_at IS NULL AND w.expires_at > at AND p.disabled_at IS NULL
      AND w.environment = current_setting('app.environment')
$$;

-- A session ends with the person's access or the key it was begun with.
CREATE FUNCTION authenticate_desk_session(wanted bytea, at timestamptz, seen_since timestamptz)
  RETURNS TABLE (tenant text, subject uuid, is_key boolean, account text, name text, roles text[], markets text[],
    language text, form_token text, last_seen_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT s.tenant, coalesce(p.id, k.id), k.id IS NOT NULL, coalesce(p.email, k.account), coalesce(p.name, k.account),
      coalesce(p.roles, k.roles), coalesce(p.markets, '{}'), coalesce(p.language, 'en'), s.form_token, s.last_seen_at
    FROM public.desk_session s
    LEFT JOIN public.person p ON p.id = s.person_id AND p.disabled_at IS NULL
    LEFT JOIN public.api_key k ON k.id = s.api_key_id AND k.revoked_at IS NULL AND k.is_person
    WHERE s.hash = wanted AND s.ended_at IS NULL AND s.expires_at > at AND s.last_seen_at > seen_since
      AND s.environment = current_setting('app.environment') AND (p.id IS NOT NULL OR k.id IS NOT NULL)
$$;

REVOKE EXECUTE ON FUNCTION find_person_to_sign_in, find_welcome_link, authenticate_desk_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_person_to_sign_in, find_welcome_link, authenticate_desk_session TO pabean_review_desk;
DO $$
DECLARE name text;
BEGIN
  -- Forced row level security would hide every row from the functions' owner unless it is a superuser.
  FOREACH name IN ARRAY ARRAY['person', 'welcome_link', 'desk_session'] LOOP
    EXECUTE format('CREATE POLICY every_row_for_sign_in ON %I FOR SELECT TO %I USING (true)', name, current_user);
  END LOOP;
END $$;
