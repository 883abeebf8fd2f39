#!/usr/bin/env bash
# Gives each service its own login, with the password in /run/secrets. What a role may do is for the migrations to say.
# The postgres image runs this once, when the database is created.
set -euo pipefail

for service in \
  ingest classifier compliance-screening document-generation writeback review-desk maintenance operator; do
  psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set role="pabean_${service//-/_}" --set password="$(<"${SECRETS_DIRECTORY:-/run/secrets}/${service}_password")" <<'END'
CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
GRANT CONNECT ON DATABASE :"DBNAME" TO :"role";
END
done

# Nobody connects, or creates, by merely existing.
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
END
