-- The state of the pipeline: products and their cases, decisions, shipments, deliveries, and the records that make each
-- step happen once (inbox, outbox) and leave a trace (audit).
--
-- Every tenant table has the same two first columns, filled from the session, and the same row level security: a row is
-- visible only where app.tenant and app.environment name its owner. Forced, so that it holds for the owner of the tables too.
--
-- Keys begin with what tells rows apart, and indexes for looking up leave the tenant out. Otherwise the planner, which knows
-- nothing of a new database, takes the tenant's rows for few and walks through them all. Statements name their keys as
-- `key = ANY ($n)` even where they join, for the same reason.
--
-- Where a row is written in the transaction that has just written, moved or locked its parent, or has found it where nothing
-- is ever deleted, no foreign key repeats that: it would look up and lock every parent once more. `-- of x` names the parent.

CREATE TABLE tenant (
  -- The form is checked here alone: a check on every row of every table cost a twentieth of the database's time.
  tenant       text PRIMARY KEY CHECK (tenant ~ '^[a-z0-9]([a-z0-9-]{0,38})[a-z0-9]$'),
  display_name text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- Intake ---------------------------------------------------------------------------------------------------------------

-- One row per SKU, locked while a revision or a shipment line refers to it.
CREATE TABLE product (
  tenant          text NOT NULL DEFAULT current_setting('app.tenant'),
  environment     text NOT NULL DEFAULT current_setting('app.environment') CHECK (environment IN ('live', 'sandbox')),
  sku             text NOT NULL CHECK (length(sku) BETWEEN 1 AND 200),
  -- 0 while only a shipment has named it.
  latest_revision bigint NOT NULL DEFAULT 0,
  -- When the newest submission was made: what was made before it and comes after it changes nothing.
  submitted_at    timestamptz,
  PRIMARY KEY (sku, tenant, environment)
);

CREATE TABLE product_revision (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           uuid PRIMARY KEY,
  sku          text NOT NULL,
  revision     bigint NOT NULL CHECK (revision > 0),
  content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
  content      json NOT NULL,
  received_at  timestamptz NOT NULL,
  -- sku: of product
  UNIQUE (sku, revision, tenant, environment)
);

-- What was refused, with why, kept so that it can be corrected and sent again.
CREATE TABLE refused_submission (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('product', 'shipment')),
  reference   text,
  channel     text NOT NULL CHECK (channel IN ('amqp', 'http', 'csv')),
  body        bytea NOT NULL,
  issues      json NOT NULL,
  refused_at  timestamptz NOT NULL,
  corrected_at timestamptz
);
CREATE INDEX refused_submission_open ON refused_submission (reference, kind)
  WHERE corrected_at IS NULL;

-- Cases ----------------------------------------------------------------------------------------------------------------

CREATE TABLE customs_case (
  tenant              text NOT NULL DEFAULT current_setting('app.tenant'),
  environment         text NOT NULL DEFAULT current_setting('app.environment'),
  id                  uuid PRIMARY KEY,
  product_revision_id uuid NOT NULL, -- of product_revision
  sku                 text NOT NULL,
  market              char(2) NOT NULL,
  -- In no index, so that the four updates of a case's life stay in its page (HOT).
  state               text NOT NULL CHECK (state IN ('opened', 'classified', 'awaiting-decision', 'awaiting-information',
                        'decided', 'documented', 'written-back', 'undeliverable', 'conflicted', 'superseded')),
  version             bigint NOT NULL DEFAULT 1,
  lane                text CHECK (lane IN ('auto', 'exception', 'manual')),
  decision_id         uuid,
  opened_at           timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX customs_case_product ON customs_case (sku, market);

CREATE TABLE case_classification (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  case_id      uuid NOT NULL, -- of customs_case
  case_version bigint NOT NULL,
  content      json COMPRESSION lz4 NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (case_id, case_version)
);

CREATE TABLE case_screening (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  case_id      uuid NOT NULL, -- of customs_case
  case_version bigint NOT NULL,
  content      json COMPRESSION lz4 NOT NULL,
  routing      json COMPRESSION lz4 NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (case_id, case_version)
);

-- What waits for a person. A row lives from the moment the case is held to the moment it is decided.
CREATE TABLE review_task (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  case_id     uuid PRIMARY KEY REFERENCES customs_case,
  market      char(2) NOT NULL,
  sku         text NOT NULL,
  title       text NOT NULL,
  lane        text NOT NULL,
  roles       text[] NOT NULL,
  risk_score  integer NOT NULL,
  reason      text NOT NULL,
  opened_at   timestamptz NOT NULL
);
CREATE INDEX review_task_order ON review_task (tenant, environment, risk_score DESC, opened_at, case_id);

CREATE TABLE decision (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          uuid PRIMARY KEY,
  case_id     uuid NOT NULL, -- of customs_case
  sequence    bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('auto-cleared', 'approved', 'overridden', 'rejected')),
  code        text,
  reason      text,
  decided_by  text NOT NULL,
  decided_at  timestamptz NOT NULL,
  supersedes  uuid REFERENCES decision,
  UNIQUE (case_id, sequence),
  CHECK (kind = 'rejected' OR code IS NOT NULL),
  -- Only the router clears by itself, and only a person does the rest.
  CHECK ((kind = 'auto-cleared') = (decided_by LIKE 'system:%'))
);

-- Questions to the supplier and their answers.
CREATE TABLE information_request (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id     uuid NOT NULL REFERENCES customs_case,
  question    text NOT NULL,
  asked_by    text NOT NULL,
  asked_at    timestamptz NOT NULL,
  answer      text,
  answered_by text,
  answered_at timestamptz
);
CREATE INDEX information_request_case ON information_request (case_id);

-- What a person confirmed, for the classifier to meet again.
CREATE TABLE precedent (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  decision_id uuid PRIMARY KEY REFERENCES decision,
  fingerprint bytea NOT NULL,
  market      char(2) NOT NULL,
  title       text NOT NULL,
  code        text NOT NULL,
  outcome     text NOT NULL CHECK (outcome IN ('approved', 'corrected', 'rejected')),
  decided_at  timestamptz NOT NULL
);
CREATE INDEX precedent_fingerprint ON precedent (fingerprint);

-- Shipments and documents ----------------------------------------------------------------------------------------------

CREATE TABLE shipment (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           uuid PRIMARY KEY,
  reference    text NOT NULL,
  market       char(2) NOT NULL,
  content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
  content      json NOT NULL,
  state        text NOT NULL CHECK (state IN ('waiting', 'ready', 'documented', 'written-back', 'held', 'undeliverable')),
  -- Of what the ERP was last to be told: each time it is held, and once when it is documented.
  outcome_sequence bigint NOT NULL DEFAULT 0,
  -- Why its documents cannot be drawn. Lines that were rejected say so themselves.
  hold_reason  text,
  received_at  timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  UNIQUE (reference, tenant, environment)
);

CREATE TABLE shipment_line (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  shipment_id uuid NOT NULL REFERENCES shipment,
  number      integer NOT NULL,
  sku         text NOT NULL,
  market      char(2) NOT NULL,
  -- Absent until the product itself has arrived.
  case_id     uuid REFERENCES customs_case,
  status      text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'cleared', 'rejected')),
  PRIMARY KEY (shipment_id, number)
);
CREATE INDEX shipment_line_case ON shipment_line (case_id);
CREATE INDEX shipment_line_sku ON shipment_line (sku);

CREATE TABLE document (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          uuid PRIMARY KEY,
  subject_id  uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('decision-record', 'commercial-invoice', 'packing-list')),
  name        text NOT NULL,
  media_type  text NOT NULL,
  -- The content's address.
  sha256      bytea NOT NULL CHECK (length(sha256) = 32),
  bytes       bytea COMPRESSION lz4 NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX document_subject ON document (subject_id);

-- Write-back -----------------------------------------------------------------------------------------------------------

CREATE TABLE destination (
  tenant          text NOT NULL DEFAULT current_setting('app.tenant'),
  environment     text NOT NULL DEFAULT current_setting('app.environment'),
  name            text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('webhook', 'amqp', 'file')),
  config          json NOT NULL,
  -- Signing secrets, newest first, so that a receiver can rotate.
  secrets         text[] NOT NULL DEFAULT '{}',
  dry_run         boolean NOT NULL DEFAULT false,
  created_at      timestamptz NOT NULL DEFAULT now(),
  disabled_at     timestamptz,
  disabled_reason text,
  PRIMARY KEY (tenant, environment, name)
);

CREATE TABLE delivery (
  tenant          text NOT NULL DEFAULT current_setting('app.tenant'),
  environment     text NOT NULL DEFAULT current_setting('app.environment'),
  id              uuid PRIMARY KEY,
  destination     text NOT NULL,
  subject_kind    text NOT NULL CHECK (subject_kind IN ('case', 'shipment')),
  subject_id      uuid NOT NULL,
  -- What newer deliveries supersede older ones of: one SKU in one market, or one shipment.
  stream          text NOT NULL,
  sequence        bigint NOT NULL,
  payload         bytea NOT NULL,
  state           text NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'superseded', 'conflict', 'dry-run')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  last_status     integer,
  last_error      text,
  created_at      timestamptz NOT NULL,
  delivered_at    timestamptz,
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state = 'pending';
CREATE INDEX delivery_dead ON delivery (tenant, environment) WHERE state = 'dead';
CREATE INDEX delivery_subject ON delivery (subject_id);
CREATE INDEX delivery_stream ON delivery (stream, destination, sequence DESC);

-- The code the ERP says it holds, where it reported one: never overwritten unless it is the one we wrote.
CREATE TABLE erp_value (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  sku         text NOT NULL,
  market      char(2) NOT NULL,
  code        text,
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (sku, market, tenant, environment)
);

-- Policy and reference data --------------------------------------------------------------------------------------------

CREATE TABLE policy_version (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  version     bigint NOT NULL,
  content     json NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, version)
);

-- The newest activation is the one in force; rolling back is one more activation.
CREATE TABLE policy_activation (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  id           bigint GENERATED ALWAYS AS IDENTITY,
  version      bigint NOT NULL,
  reason       text NOT NULL,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, id),
  FOREIGN KEY (tenant, environment, version) REFERENCES policy_version
);

-- Not a tenant's: what the authorities say.
CREATE TABLE market_pack (
  market    char(2) NOT NULL,
  version   text NOT NULL,
  sha256    bytea NOT NULL,
  content   json NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (market, version)
);
CREATE TABLE market_pack_activation (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market       char(2) NOT NULL,
  version      text NOT NULL,
  reason       text NOT NULL,
  activated_by text NOT NULL,
  activated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (market, version) REFERENCES market_pack
);

-- Access ---------------------------------------------------------------------------------------------------------------

CREATE TABLE api_key (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  id          uuid PRIMARY KEY,
  -- SHA-256 of the key: a key has 256 random bits, so nothing slower is needed to keep it from being guessed.
  hash        bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  account     text NOT NULL,
  is_person   boolean NOT NULL,
  roles       text[] NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  revoked_at  timestamptz
);

CREATE TABLE idempotency_key (
  tenant       text NOT NULL DEFAULT current_setting('app.tenant'),
  environment  text NOT NULL DEFAULT current_setting('app.environment'),
  key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL,
  status       integer NOT NULL,
  body         bytea NOT NULL,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Exactly once ---------------------------------------------------------------------------------------------------------

CREATE TABLE inbox (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  consumer    text NOT NULL,
  message_id  uuid NOT NULL,
  digest      bytea NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (message_id, consumer, tenant, environment)
);
CREATE INDEX inbox_age ON inbox USING brin (received_at);

-- Messages committed together with their cause and not yet confirmed by the broker. Short-lived.
CREATE TABLE outbox (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id  uuid NOT NULL,
  exchange    text NOT NULL,
  routing_key text NOT NULL,
  headers     json,
  payload     bytea NOT NULL,
  created_at  timestamptz NOT NULL,
  claimed_until timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- What could not be handled, with why. The tenant is absent when not even that could be read.
CREATE TABLE parked_message (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      text,
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  stage       text NOT NULL,
  message_id  uuid,
  case_id     uuid,
  reason_code text NOT NULL,
  reason      text NOT NULL,
  attempts    integer NOT NULL,
  exchange    text NOT NULL,
  routing_key text NOT NULL,
  headers     json NOT NULL,
  body        bytea NOT NULL,
  digest      bytea NOT NULL,
  parked_at   timestamptz NOT NULL,
  replayed_at timestamptz,
  replayed_by text
);
-- The same rubbish delivered twice is parked once; but what fails again after it was replayed is parked again.
CREATE UNIQUE INDEX parked_message_open ON parked_message (environment, stage, routing_key, digest, message_id)
  NULLS NOT DISTINCT WHERE replayed_at IS NULL;

-- Audit ----------------------------------------------------------------------------------------------------------------

-- One row per state change, in the transaction of the change. xid orders rows by transaction, so that a reader who waits
-- for older transactions to end skips nothing.
CREATE TABLE audit_entry (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  seq         bigint GENERATED ALWAYS AS IDENTITY,
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  subject_id  uuid NOT NULL,
  -- The canonical bytes that were hashed.
  content     text NOT NULL,
  leaf_hash   bytea NOT NULL CHECK (length(leaf_hash) = 32)
);
CREATE INDEX audit_entry_order ON audit_entry (tenant, environment, xid, seq);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id);

-- The tenant's Merkle log (RFC 6962): which entry is which leaf.
CREATE TABLE audit_leaf (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  leaf_index  bigint NOT NULL,
  seq         bigint NOT NULL,
  xid         xid8 NOT NULL,
  leaf_hash   bytea NOT NULL,
  PRIMARY KEY (tenant, environment, leaf_index)
);
CREATE INDEX audit_leaf_seq ON audit_leaf (tenant, environment, seq);

CREATE TABLE audit_checkpoint (
  tenant      text NOT NULL DEFAULT current_setting('app.tenant'),
  environment text NOT NULL DEFAULT current_setting('app.environment'),
  tree_size   bigint NOT NULL,
  root_hash   bytea NOT NULL,
  -- The roots of the complete subtrees that the tree consists of, largest first: where the next seal goes on.
  subtrees    bytea NOT NULL CHECK (length(subtrees) % 32 = 0),
  -- Signed note in the tlog-checkpoint form.
  note        text NOT NULL,
  -- Of the key that signed it, to say which one: whom to trust is for the reader to know.
  public_key  bytea NOT NULL CHECK (length(public_key) = 32),
  sealed_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, tree_size)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_entry', 'audit_leaf', 'audit_checkpoint', 'decision', 'product_revision',
    'case_classification', 'case_screening', 'document', 'policy_version', 'policy_activation', 'market_pack',
    'market_pack_activation']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END $$;

-- Row level security ---------------------------------------------------------------------------------------------------

DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'environment'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_rows ON %I
      USING (tenant = (SELECT current_setting(''app.tenant'', true))
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
END $$;

-- Roles: one per service, with what it needs and no more. They are shared by the cluster's databases. ------------------

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['pabean_ingest', 'pabean_classifier', 'pabean_compliance_screening',
    'pabean_document_generation', 'pabean_writeback', 'pabean_review_desk', 'pabean_maintenance', 'pabean_operator']
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = name);
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    -- Advisory locks do not reach across databases; another of the cluster may have been faster.
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO pabean_ingest, pabean_classifier, pabean_compliance_screening, pabean_document_generation,
  pabean_writeback, pabean_review_desk, pabean_maintenance, pabean_operator;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- What every service does: receive once, send once, leave a trace, park.
GRANT SELECT, INSERT ON inbox, parked_message TO pabean_ingest, pabean_classifier, pabean_compliance_screening,
  pabean_document_generation, pabean_writeback;
GRANT SELECT, INSERT, DELETE ON outbox TO pabean_ingest, pabean_classifier, pabean_compliance_screening,
  pabean_document_generation, pabean_writeback, pabean_review_desk;
GRANT INSERT ON audit_entry TO pabean_ingest, pabean_classifier, pabean_compliance_screening, pabean_document_generation,
  pabean_writeback, pabean_review_desk, pabean_operator;
GRANT SELECT ON tenant TO pabean_ingest, pabean_classifier, pabean_compliance_screening, pabean_document_generation,
  pabean_writeback, pabean_review_desk, pabean_maintenance, pabean_operator;
GRANT SELECT, UPDATE ON customs_case TO pabean_ingest, pabean_classifier, pabean_compliance_screening,
  pabean_document_generation, pabean_writeback, pabean_review_desk;
GRANT SELECT ON product_revision TO pabean_ingest, pabean_classifier, pabean_compliance_screening,
  pabean_document_generation, pabean_writeback, pabean_review_desk, pabean_operator;

GRANT SELECT, INSERT, UPDATE ON product TO pabean_ingest;
GRANT INSERT ON product_revision, customs_case TO pabean_ingest;
GRANT SELECT, INSERT, UPDATE ON refused_submission, shipment, shipment_line, idempotency_key, erp_value TO pabean_ingest;
GRANT SELECT, DELETE ON review_task TO pabean_ingest;
GRANT SELECT ON case_classification, case_screening, decision, document, delivery, market_pack, market_pack_activation
  TO pabean_ingest;

GRANT INSERT ON case_classification TO pabean_classifier;
GRANT SELECT ON precedent, market_pack, market_pack_activation TO pabean_classifier;

GRANT SELECT ON case_classification, policy_version, policy_activation, market_pack, market_pack_activation
  TO pabean_compliance_screening;
GRANT INSERT ON case_screening, decision TO pabean_compliance_screening;
GRANT SELECT, INSERT ON review_task TO pabean_compliance_screening;

GRANT SELECT ON case_classification, case_screening, decision, market_pack, market_pack_activation
  TO pabean_document_generation;
GRANT SELECT, INSERT ON document TO pabean_document_generation;
GRANT SELECT, UPDATE ON shipment, shipment_line TO pabean_document_generation;

GRANT SELECT ON decision, case_classification, case_screening, document, shipment_line, erp_value TO pabean_writeback;
GRANT SELECT, UPDATE ON shipment, destination TO pabean_writeback;
GRANT SELECT, INSERT, UPDATE ON delivery TO pabean_writeback;

GRANT SELECT ON product, case_classification, case_screening, document, shipment, shipment_line, delivery, policy_version,
  policy_activation, market_pack, market_pack_activation, refused_submission TO pabean_review_desk;
GRANT SELECT, INSERT ON decision, precedent TO pabean_review_desk;
GRANT SELECT ON audit_entry, audit_leaf, audit_checkpoint TO pabean_review_desk;
GRANT SELECT, INSERT, UPDATE ON information_request, idempotency_key TO pabean_review_desk;
GRANT SELECT, INSERT, DELETE ON review_task TO pabean_review_desk;
GRANT UPDATE ON delivery TO pabean_review_desk;

-- Maintenance and the operator look across tenants, by policies of their own, where they must and while they have entered
-- no tenant.
GRANT SELECT, UPDATE (claimed_until), DELETE ON outbox TO pabean_maintenance;
GRANT SELECT, DELETE ON inbox, idempotency_key TO pabean_maintenance;
-- It seals what it cannot read.
GRANT SELECT (tenant, environment, seq, xid, leaf_hash) ON audit_entry TO pabean_maintenance;
GRANT SELECT, INSERT ON audit_leaf, audit_checkpoint, parked_message TO pabean_maintenance;
GRANT SELECT (tenant, environment, state) ON customs_case, delivery TO pabean_maintenance;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO pabean_operator;
GRANT INSERT, UPDATE ON tenant, api_key, destination, delivery TO pabean_operator;
GRANT INSERT ON policy_version, policy_activation, market_pack, market_pack_activation, outbox TO pabean_operator;
GRANT UPDATE ON parked_message, customs_case, shipment TO pabean_operator;
GRANT DELETE ON outbox, inbox TO pabean_operator;
REVOKE SELECT ON destination, api_key FROM pabean_operator;
GRANT SELECT (tenant, environment, name, kind, config, dry_run, created_at, disabled_at, disabled_reason) ON destination
  TO pabean_operator;
GRANT SELECT (tenant, environment, id, account, is_person, roles, created_at, revoked_at) ON api_key TO pabean_operator;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['outbox', 'inbox', 'idempotency_key', 'audit_entry', 'audit_leaf', 'audit_checkpoint',
    'parked_message', 'customs_case', 'delivery']
  LOOP
    EXECUTE format('CREATE POLICY every_row_for_maintenance ON %I TO pabean_maintenance
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'environment'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('CREATE POLICY every_row_to_read ON %I FOR SELECT TO pabean_operator
      USING (nullif((SELECT current_setting(''app.tenant'', true)), '''') IS NULL
        AND environment = (SELECT current_setting(''app.environment'', true)))', name);
  END LOOP;
END $$;
CREATE POLICY operator_replays ON parked_message FOR UPDATE TO pabean_operator
  USING (environment = (SELECT current_setting('app.environment', true)));
-- Rubbish has no tenant; a worker may park it and see it again to know that it has.
CREATE POLICY parked_by_workers ON parked_message TO pabean_ingest, pabean_classifier, pabean_compliance_screening,
  pabean_document_generation, pabean_writeback
  USING (tenant IS NULL AND environment = (SELECT current_setting('app.environment', true)));
-- Deliveries whose time has come are found across tenants; each is then sent in its own tenant's transaction.
CREATE POLICY due_deliveries ON delivery FOR SELECT TO pabean_writeback
  USING (nullif((SELECT current_setting('app.tenant', true)), '') IS NULL AND state = 'pending'
    AND environment = (SELECT current_setting('app.environment', true)));

-- The one look-up made before the tenant is known: from a key's hash to whom it belongs.
CREATE FUNCTION authenticate_api_key(wanted bytea)
  RETURNS TABLE (tenant text, environment text, id uuid, account text, is_person boolean, roles text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT k.tenant::text, k.environment::text, k.id, k.account, k.is_person, k.roles FROM public.api_key k
    WHERE k.hash = wanted AND k.revoked_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION authenticate_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_api_key TO pabean_ingest, pabean_review_desk;
DO $$
BEGIN
  -- Forced row level security would hide every key from the function's owner unless it is a superuser.
  EXECUTE format('CREATE POLICY every_key_for_sign_in ON api_key FOR SELECT TO %I USING (true)', current_user);
END $$;
